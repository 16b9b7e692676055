import pytest

from saksgang.access.queries import NotAllowed
from saksgang.events.models import Event
from saksgang.lib import files
from saksgang.tickets.actions import answering, assignment, redaction
from saksgang.tickets.actions.messages import keep_file
from saksgang.tickets.models import Attachment, Message
from saksgang.tickets.policies import Refused


@pytest.fixture
def said(cast, django_capture_on_commit_callbacks) -> Message:
    picture = keep_file(name="navn og fødselsdato.png", content_type="image/png", content=b"patient")
    return answering.note(ticket=cast.case(), by=cast.kari, words="Gjelder pasienten på rom 3.", kept=[picture])


def test_words_and_files_go_and_the_tombstone_says_who_and_when(cast, said, django_capture_on_commit_callbacks):
    sha256 = said.attachments.get().sha256
    with django_capture_on_commit_callbacks(execute=True):
        redaction.redact_message(message=said, by=cast.kari, reason="Pasientopplysninger")
    said.refresh_from_db()
    attachment = Attachment.objects.get()
    assert "rom 3" not in said.text + str(said.segments) + said.html
    assert (said.redacted_by, attachment.redacted_by) == (cast.kari, cast.kari)
    assert "fødselsdato" not in attachment.name
    assert not files.path_of(sha256).exists()
    assert Event.objects.filter(kind="message_redacted", reason="Pasientopplysninger").count() == 1


def test_a_file_that_hangs_elsewhere_too_stays_there(cast, said, django_capture_on_commit_callbacks):
    picture = keep_file(name="samme.png", content_type="image/png", content=b"patient")
    answering.note(ticket=said.ticket, by=cast.kari, words="Samme fil", kept=[picture])
    with django_capture_on_commit_callbacks(execute=True):
        redaction.redact_attachment(attachment=said.attachments.get(), by=cast.kari, reason="Feil fil")
    assert files.path_of(picture.sha256).exists()


def test_a_reason_in_the_history_can_go_too(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Pasient Ola på rom 3")
    event = Event.objects.get(kind="ticket_handed_over")
    redaction.redact_event_reason(event=event, by=cast.nils, reason="Pasientopplysninger")
    event.refresh_from_db()
    assert "Ola" not in event.reason
    assert event.after["team_id"] == cast.network.pk, "what happened stays"


def test_not_without_a_reason_not_twice_and_not_by_another_team(cast, said):
    with pytest.raises(Refused):
        redaction.redact_message(message=said, by=cast.kari, reason=" ")
    with pytest.raises(NotAllowed):
        redaction.redact_message(message=said, by=cast.nils, reason="Pasientopplysninger")
    redaction.redact_message(message=said, by=cast.kari, reason="Pasientopplysninger")
    said.refresh_from_db()
    with pytest.raises(Refused):
        redaction.redact_message(message=said, by=cast.kari, reason="En gang til")
