"""What the ledger's codes mean, in sentences. A code that is not known here is shown as it is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# (decision, finding) → what happened. The codes are those of saksgang.inbound.decisions, and of its reader of senders.
SENTENCES: dict[tuple[str, str], str | Promise] = {
    ("seen_before", "same_mail"): _("The same mail had come before."),
    ("seen_before", "other_words"): _("The same mail had come to another mailbox, in other words."),
    ("seen_before", "other_mailbox"): _("It came to another mailbox too: the case names both."),
    ("readable", "not_whole"): _("The mail is damaged, or built so that it could not be read whole."),
    ("readable", "not_all_decoded"): _("Not all of it could be decoded. Look at the raw mail, or ask the sender to send it another way."),
    ("readable", "too_long"): _("Its text is longer than anybody can read on a page."),
    ("bounce", "our_mail"): _("It says that a mail from us was not delivered, and we know which one."),
    ("bounce", "hard"): _("It did not arrive, and will not: the answer is owed again."),
    ("bounce", "soft"): _("It did not arrive this time, for a reason that may pass: the answer is owed again."),
    ("bounce", "delayed"): _("It is late, and is still being tried. Nothing needs to be done."),
    ("bounce", "unknown_mail"): _("It says that a mail was not delivered, but not which one of ours."),
    ("sender", "inner_sender"): _("It was forwarded: the requester is the one who wrote the mail inside."),
    ("sender", "no_address"): _("It has no sender whom we could answer."),
    ("sender", "person"): _("A person sent it."),
    ("sender", "machine"): _("A machine sent it, so there is no requester."),
    ("sender", "agent_forwards"): _("One of us forwarded it: the case page asks whose case it is."),
    ("voice", "thanks"): _("It says thanks and nothing else, so no answer is owed."),
    ("voice", "supplier"): _("A supplier wrote it: it joined as theirs, not as the requester's."),
    ("voice", "direct"): _("One of us sent it straight to the requester, with our mailbox on copy."),
    ("heartbeat", "came_back"): _("Our own test mail came back, as it should."),
    ("ticket", "our_message_id"): _("It answers a mail that we sent on the case."),
    ("ticket", "known_message_id"): _("It answers a mail that already lies on the case."),
    ("ticket", "signed_subject"): _("Its subject carries our signed case number."),
    ("ticket", "supplier_reference"): _("It names the supplier's number that the case waits for."),
    ("ticket", "number_and_known_sender"): _("Its subject names the case, and the sender is on the case already."),
    ("ticket", "old_number_and_known_sender"): _("Its subject names the case by its number in the old system, and the sender is on it."),
    ("ticket", "number_only"): _("Its subject names a case, but the sender is not on it: it became a case of its own, linked to that one."),
    ("ticket", "repeats"): _("The same sender wrote the same words before, and that case is still open."),
    ("ticket", "other_words"): _("It is another mailbox's copy of a mail that became this case, with words of its own."),
    ("ticket", "no_reference"): _("It refers to no case that we know."),
    ("ticket", "lives_on"): _("Its case was merged into another, and goes on there."),
    ("ticket", "closed_too_long_ago"): _("Its case was closed too long ago to open again: it became a new case, linked to the old one."),
    ("team", "rule"): _("A routing rule decides the team. The case tells which."),
    ("team", "mailbox"): _("The mailbox decides the team."),
    ("acknowledgement", "forged"): _("Our mail server says that the sender is forged."),
    ("acknowledgement", "sender_unknown"): _("Nobody knows yet who wrote it."),
    ("acknowledgement", "enough_for_this_address"): _("This address has had several within the hour. It is sent when an hour has passed."),
    ("acknowledgement", "enough_in_all"): _("Very many have been sent within the hour. It is sent when the flood is over."),
    ("voice", "unverified"): _("Our mail server says that the sender is forged: it moves nothing until somebody confirms who wrote it."),
    ("sender", "rewritten"): _("A forwarder had put our own address in the sender's place. Who wrote it is offered on the case."),
    ("sender", "reply_to"): _("It wants its replies sent to somebody else, who is offered as the requester."),
    ("worker", "failed"): _("We tried several times and did not manage to read it."),
    ("person", "registered"): _("An agent registered it as a case."),
    ("person", "detached"): _("An agent took it out of the case that it had joined."),
}  # fmt: skip

# What showed that a machine, a loop or a report wrote it.
ROBOT: dict[str, str | Promise] = {
    "own_loop_mark": _("It carries our own mark: it is a mail of ours that came back."),
    "own_message_id": _("It is a mail of ours that came back."),
    "own_address": _("It came from one of our own addresses."),
    "own_address_in_loop_header": _("It has passed through one of our own addresses before."),
    "foreign_loop_mark": _("Another system's loop mark is on it."),
    "delivery_report": _("It is a report that a mail was not delivered."),
    "delivery_delayed": _("It is a report that a mail is delayed."),
    "failed_recipients_header": _("It is a report that a mail was not delivered."),
    "mail_system_without_return_path": _("A mail system sent it."),
    "delivery_confirmed": _("It confirms that a mail was delivered."),
    "read_receipt": _("It is a read receipt."),
    "other_report": _("It is an automatic report."),
    "calendar_answer": _("It is an answer to a meeting request."),
    "absence_header": _("It is an absence reply."),
    "absence_subject": _("It is an absence reply."),
    "auto_replied": _("It is an automatic reply."),
    "auto_generated": _("A machine wrote it."),
    "auto_header": _("A machine wrote it."),
    "mailing_list": _("It came through a mailing list."),
    "bulk_precedence": _("It was sent to many at once."),
    "no_return_path": _("Its sender takes no replies."),
    "no_reply_address": _("Its sender takes no replies."),
}

SET_ASIDE: dict[str, str | Promise] = {
    "unreadable": _("It could not be read whole. Look at the raw mail."),
    "too_long": _("Its text is longer than anybody can read on a page. As a case, the text lies beside it as a file."),
    "failed": _("Something failed on our side, several times. Try again, or register it as a case."),
    "bounce_without_case": _("A mail was not delivered, but we do not know which case it belongs to."),
    "automatic_without_case": _("An automatic reply that belongs to no case we know."),
    "raw_damaged": _(
        "Its file on our disk is damaged. It is fetched again where the mailbox still has it; else take it from the backup."
    ),
    "no_sender": _("It has no sender whom we could answer."),
    "loop": _("A mail of ours came back to us."),
}


def reason_words(reason: list[str]) -> str:
    """[decision, finding] as a sentence."""
    decision, finding = (str(part) for part in [*reason, "", ""][:2])
    known = ROBOT.get(finding) if decision == "robot" else SENTENCES.get((decision, finding))
    return str(known) if known else ": ".join(part for part in (decision, finding) if part)


def set_aside_words(code: str) -> str:
    return str(SET_ASIDE.get(code, code))
