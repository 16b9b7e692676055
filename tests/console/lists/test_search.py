import pytest

from saksgang.people.models import Person
from saksgang.people.queries import find_persons
from saksgang.tickets.actions import restriction
from tests.console.desk import numbers, signed_in


def test_a_number_leads_to_its_case(cast):
    ticket = cast.case()
    client = signed_in(cast.kari)
    for written in (f"{ticket.pk}", f"#{ticket.pk}", f" # {ticket.pk} "):
        response = client.get("/search", {"q": written})
        assert (response.status_code, response["Location"]) == (303, f"/tickets/{ticket.pk}")


def test_cases_are_found_by_requester_department_phone_and_subject(cast):
    ticket = cast.case(subject="Skriveren på vaktrommet står")
    cast.case(requesters=[cast.dag], subject="Noe annet", department=cast.clinic)
    client = signed_in(cast.kari)
    for words in ("nora sykepleier", "SENGEPOST 3", "12345", "vaktrommet skriveren", "på"):
        assert numbers(client.get("/search", {"q": words})) == [ticket.pk], words


def test_persons_stand_beside(cast):
    response = signed_in(cast.kari).get("/search", {"q": "nora"})
    assert [person["name"] for person in response.context["persons"]] == ["Nora Sykepleier"]


def test_nothing_found_and_nothing_asked(cast):
    client = signed_in(cast.kari)
    assert b'class="empty"' in client.get("/search", {"q": "finnes ikke"}).content
    assert b'class="empty"' in client.get("/search").content


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "%%%", "' OR 1=1 --", "\x00", "\ud800", "a" * 5000, "9" * 30, "٣", "<script>x</script>"]
)
def test_s30_signs_with_a_meaning_to_the_database_mean_nothing(cast, words):
    cast.case()
    response = signed_in(cast.kari).get("/search", {"q": words.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert numbers(response) == []
    assert b"<script>x" not in response.content


def test_s21_restricted_cases_are_not_found(cast):
    secret = cast.case(subject="Lønn og permisjon")
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    stranger, leader = signed_in(cast.kari), signed_in(cast.liv)
    assert stranger.get("/search", {"q": str(secret.pk)}).status_code == 200
    assert numbers(stranger.get("/search", {"q": "permisjon"})) == []
    assert numbers(stranger.get("/search", {"q": str(secret.pk)})) == []
    assert numbers(leader.get("/search", {"q": "permisjon"})) == [secret.pk]


def test_the_lookup_finds_persons_as_one_types(cast):
    page = signed_in(cast.kari).get("/persons", {"q": "nora"}).content.decode()
    assert f'data-id="{cast.nora.pk}"' in page
    assert 'role="option"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("nora", ["Nora Sykepleier"]),
        ("sengepost 3 nora", ["Nora Sykepleier"]),
        ("nora 12345", ["Nora Sykepleier"]),
        ("12345 nora", ["Nora Sykepleier"]),
        ("dag@sykehus.example", ["Dag Lege"]),
        ("12345", ["Nora Sykepleier", "Ragnhild Renhold", "Sengepost 3"]),
        ("%", []),
        ("", []),
    ],
)
def test_every_word_must_fit(cast, words, names):
    assert [person["name"] for person in find_persons(words, Person.objects.all())] == names


def test_s01_names_are_written_as_text(cast):
    cast.nora.name = '<img src=x onerror=alert(1)>"'
    cast.nora.save(update_fields=["name"])
    page = signed_in(cast.kari).get("/persons", {"q": "nora"}).content
    assert b"<img" not in page
