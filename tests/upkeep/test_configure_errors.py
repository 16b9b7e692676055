"""What is wrong with a configuration is told at once, with line and cure, before anything is changed."""

from __future__ import annotations

import pytest

from saksgang.events.models import Event
from saksgang.people.models import Department, Team
from saksgang.upkeep import configure_command
from saksgang.upkeep.configuring.lines import places


@pytest.fixture
def complaints(db, tmp_path, capsys):
    """Writes a file, runs the command on it, and gives its complaints without the file's name."""

    def run(toml: str, *, passes: bool = False) -> list[str]:
        path = tmp_path / "desk.toml"
        path.write_text(toml, encoding="utf-8")
        before = Event.objects.count()
        assert configure_command.run([str(path)]) == (0 if passes else 1)
        said = capsys.readouterr().err.splitlines()
        if passes:
            return said
        assert said[-1] == "Nothing was changed."
        assert Event.objects.count() == before
        assert all(line.startswith("desk.toml:") for line in said[:-1])
        return [line.removeprefix("desk.toml:") for line in said[:-1]]

    return run


TEAM = '[[team]]\nname = "Nettverk"\n'
MAILBOX = '[[mailbox]]\nslug = "ikt"\naddress = "ikt@sykehus.example"\nname = "IKT"\nteam = "Nettverk"\n'
DOOR = '[mailbox.imap]\nhost = "mail.sykehus.example"\nuser = "ikt"\n'
KARI = '[[person]]\nname = "Kari"\nusername = "kari"\n'


ON_CALL = KARI + '[[on_call]]\nduty = "triage"\nperson = "kari"\nstarts_at = 2026-12-01T08:00:00\n'


def test_lines_are_found_past_texts_lists_and_comments():
    toml = '''# [[team]]
[[ team ]]  # [[team]]
name = "[[team]]"

[[mail_text]]
body = """
[[team]]
kind = "no key" \\""" "quoted"
"""""
kind = 'answer'
roles = [
  { role = "x" },
  [ "team" ],
]
language = "nb"
[[team]]
name = \'\'\'
[x]\'\'\'
"slug" = "x"
kind = "triage"
[team.inner]
x.y = 1
'''
    found = places(toml)
    assert found["team", 0] == {"": 2, "name": 3}
    assert found["mail_text", 0] == {"": 5, "body": 6, "kind": 10, "roles": 11, "language": 15}
    assert found["team", 1] == {"": 16, "name": 17, "kind": 20}
    assert found["team.inner", 1] == {"": 21, "x": 22}


def test_windows_line_ends_count_once():
    assert places('[[team]]\r\nname = """a\r\nb"""\r\nslug = "x"\r\n')["team", 0] == {"": 1, "name": 2, "slug": 4}


class TestTheFileItself:
    def test_all_errors_at_once_in_the_order_of_their_lines(self, complaints):
        said = complaints('[[team]]\nnaem = "Nettverk"\n\n[[team]]\nname = 7\nkind = "x"\n')
        assert said == [
            "1: The team has no name. Write name = … below it.",
            "2: naem: This key is not known here. Did you mean «name»?",
            "5: name: «7» is not text. Put it in quotes.",
            "6: kind: «x» is not known here. Write one of: ordinary, triage.",
        ]

    def test_what_is_not_toml(self, complaints):
        (said,) = complaints('[[team]]\nname = "Nett\n')
        assert said.startswith("2: This is not TOML: ")

    def test_a_file_that_is_not_there(self, db, tmp_path, capsys):
        assert configure_command.run([str(tmp_path / "no.toml")]) == 1
        assert "no.toml:1: The file cannot be read: No such file" in capsys.readouterr().err

    def test_a_file_of_another_encoding(self, db, tmp_path, capsys):
        (tmp_path / "desk.toml").write_bytes('[[team]]\nname = "Øye"\n'.encode("latin-1"))
        assert configure_command.run([str(tmp_path / "desk.toml")]) == 1
        assert "Save it as UTF-8" in capsys.readouterr().err

    def test_sections(self, complaints):
        said = complaints('[[teem]]\nname = "x"\n[team]\nname = "y"\n[mailbox.imap]\nhost = "z"\n')
        cure = "with two brackets, once for each, and its keys on the lines below."
        assert said == [
            "1: There is no section «teem». Did you mean «team»?",
            f"3: «team» is not written as a section. Write [[team]] {cure}",
            f"5: «mailbox» is not written as a section. Write [[mailbox]] {cure}",
        ]
        assert complaints('name = "x"\n')[0].startswith("1: «name» is not written as a section.")

    def test_the_same_twice(self, complaints):
        assert complaints(TEAM + TEAM)[0].startswith("3: This team is written twice. It stands on line 1 already.")
        assert "the person on line 1" in complaints(KARI + KARI.replace("Kari", "Knut"))[0].lower()
        other = MAILBOX.replace('"ikt"', '"nett"')
        assert complaints(TEAM + MAILBOX + other) == [
            "10: ikt@sykehus.example is the address of the mailbox «ikt». Give each mailbox its own."
        ]

    def test_names_that_nothing_has(self, complaints):
        said = complaints(
            MAILBOX + KARI + 'teams = ["Nett"]\nroles = [{role = "agent", team = "x"}]\ndepartment = "y"\n'
        )
        assert [line.partition(". ")[0] for line in said] == [
            "5: There is no team «Nettverk»", "9: There is no team «Nett»", "10: There is no team «x»",
            "11: There is no department «y»",
        ]  # fmt: skip

    def test_a_kind_of_case_names_a_service_that_there_is(self, complaints):
        kind = '[[category]]\nname = "Toner"\ntype = "order"\nservice = "Utskrift"\n'
        assert complaints(kind)[0].startswith("4: There is no service «Utskrift».")
        assert "one of: incident, service_request, order" in complaints(kind.replace('"order"', '"ordre"'))[0]

    def test_a_routing_rule_says_when_and_names_what_there_is(self, complaints):
        rule = '[[routing]]\nteam = "nettverk"\n'
        assert "The rule would hold for every case." in complaints(TEAM + rule)[0]
        wrong = complaints(
            TEAM + rule + 'mailbox = "ikt"\nproposes = "Toner"\nchannel = "brev"\nwords = ["!"]\nsender = "lab"\n'
        )
        assert [one.partition(": ")[2].partition(". ")[0] for one in wrong] == [
            "There is no mailbox «ikt»",
            "There is no category «Toner»",
            "channel: «brev» is not known here",
            "words: There is no word in this",
            "sender: «lab» is no mail domain",
        ]

    def test_a_rule_asks_the_triage_team_and_no_other(self, complaints):
        rule = '[[routing]]\nteam = "nettverk"\nwords = ["fagsystem"]\n'
        assert "Only the triage team is asked" in complaints(TEAM + rule + 'question = "Hva nå?"\n')[0]
        trakta = TEAM + 'kind = "triage"\n'
        assert "The triage team is sent nothing without a question." in complaints(trakta + rule)[0]


class TestValues:
    @pytest.mark.parametrize(
        ("section", "line", "wrong"),
        [
            (MAILBOX, 'tagged_returns = "no"', "neither true nor false"),
            (MAILBOX, "silent_after_minutes = -1", "whole number from 0"),
            (MAILBOX, "heartbeat_minutes = true", "whole number"),
            (MAILBOX, 'forwarder = "nobody"', "no e-mail address"),
            (MAILBOX, 'ignored_headers = "x"', "is not a list"),
            (MAILBOX, 'urgent_phone = "1234567890123456789012345678901"', "30 is the most"),
            (MAILBOX, 'urgent_phone = "12\\n34"', "on one line"),
            (MAILBOX, 'imap = "x"', "is not a section"),
            (MAILBOX, "urgent_phone = {a = 1}", "section within a section"),
            (MAILBOX + DOOR, "port = 0", "whole number from 1"),
            (MAILBOX + DOOR, 'security = "plain"', "goes over the network readable"),
            (MAILBOX + DOOR, 'sign_in = "xoauth2"', "needs token_url"),
            (MAILBOX + DOOR, 'token_url = "http://login.example"', "with https://"),
            (MAILBOX + DOOR, 'password = "hemmelig"', "A secret never stands in the file"),
            (MAILBOX + DOOR, 'password_env = "SAKSGANG_NOT_SET"', "SAKSGANG_NOT_SET is empty or not there"),
            (MAILBOX + DOOR, 'password_file = "not-there"', "not-there cannot be read"),
            (MAILBOX, 'password = "hemmelig"', "has no place here"),
            (KARI, 'password = "hemmelig"', 'password_env = "NAME"'),
            (KARI, 'roles = [{role = "chief"}]', "Write one of: agent"),
            (KARI, 'roles = ["agent"]', "A role is written as"),
            (KARI, 'roles = [{rolle = "agent"}]', "A role has no «rolle»"),
            (KARI, 'roles = [{team = "x"}]', "A role without its name"),
            (KARI, 'language = "se"', "nb, nn, en"),
            ("[[supplier]]\n" 'name = "x"\n', 'domains = ["a@b.example"]', "no mail domain"),
            ("[[special_day]]\n" 'name = "x"\n', 'day = "24.12.2026"', "no date"),
            ("[[meeting]]\n", "starts_at = 2026-12-02", "no date with a time"),
            ("[[meeting]]\n", 'starts_at = "2026-12-02"', "no date with a time"),
            (ON_CALL, "ends_at = 2026-12-01T08:00:00", "ends before it begins"),
            (ON_CALL.replace('person = "kari"\n', ""), 'person = "ola"', "There is no person «ola»"),
            ("[[special_day]]\n" 'name = "x"\nday = 2026-12-24\n', 'opens = "08:00"', "opens and closes, or neither"),
            ("[[special_day]]\n" 'name = "x"\nday = 2026-12-24\nopens = "12:00"\n', 'closes = "08:00"', "closes before"),
            ("[[team_hours]]\n" 'team = "Nettverk"\n', 'monday = "8-16"', "no time of the day"),
            ("[[team_hours]]\n" 'team = "Nettverk"\n', 'monday = "16:00-08:00"', "goes backwards"),
            ("[[team_hours]]\n" 'team = "Nettverk"\n', 'monday = "08:00"', "are no hours"),
            ("[[target]]\n" 'level = "1"\n', 'step = "taken"', "minutes or days"),
        ],
    )  # fmt: skip
    def test_each_names_its_line(self, complaints, section, line, wrong):
        said = complaints(TEAM + section + line + "\n")
        wanted = (TEAM + section).count("\n") + 1
        assert any(one.startswith(f"{wanted}: ") and wrong in one for one in said), said
        assert not any("hemmelig" in one for one in said)

    def test_plain_is_good_enough_on_this_machine(self, complaints):
        near = DOOR.replace("mail.sykehus.example", "127.0.0.1")
        complaints(TEAM + MAILBOX + near + 'security = "plain"\n', passes=True)

    def test_a_team_that_never_opens(self, complaints):
        assert "would never be open" in complaints(TEAM + '[[team_hours]]\nteam = "Nettverk"\nmonday = "closed"\n')[0]

    def test_a_secret_in_two_places(self, complaints, monkeypatch):
        monkeypatch.setenv("SAKSGANG_A", "hemmelig")
        said = complaints(TEAM + MAILBOX + DOOR + 'password_env = "SAKSGANG_A"\npassword_file = "b"\n')
        assert said == ["12: The secret has two places, password_env and password_file. Keep one."]


class TestMailTexts:
    TEXT = '[[mail_text]]\nkind = "{}"\nlanguage = "nb"\nsubject = "Hei"\nbody = "{}"\n'

    def test_a_placeholder_that_nothing_fills(self, complaints):
        (said,) = complaints(self.TEXT.format("answer", "{answer} {tema}"))
        assert said.startswith("5: {tema} is not filled in in this text. Use only {answer}, {name}, {number}")

    def test_a_receipt_holds_none_of_the_reporters_words(self, complaints):
        """S18: whoever forges a sender must not be able to send their words to a third person through the desk."""
        (said,) = complaints(self.TEXT.format("acknowledgement", "Du skrev: {answer}"))
        assert said.startswith("5: {answer} is not filled in in this text. Use only {number}, {team}.")

    def test_an_answer_holds_the_agents_words(self, complaints):
        (said,) = complaints(self.TEXT.format("answer", "Hei fra {name}"))
        assert said.startswith("5: The agent's words would not be in the mail.")


class TestPersons:
    def test_nothing_to_know_them_by(self, complaints):
        assert complaints('[[person]]\nname = "Kari"\n')[0].startswith("2: Nothing tells this person from others.")

    def test_marks_of_two_persons(self, complaints, cast):
        (said,) = complaints('[[person]]\nname = "Kari"\nusername = "kari"\naddresses = ["nora@sykehus.example"]\n')
        assert "belong to different persons: «Kari Nordmann» and «Nora Sykepleier»" in said

    def test_an_address_that_went_to_a_new_employee(self, complaints, cast):
        cast.nora.external_id = "1"
        cast.nora.save()
        (said,) = complaints('[[person]]\nname = "Ny"\nexternal_id = "2"\naddresses = ["nora@sykehus.example"]\n')
        assert "«Nora Sykepleier» has the external id «1» and not «2»" in said

    def test_another_username(self, complaints, cast):
        (said,) = complaints(KARI.replace('"kari"', '"kari2"') + 'addresses = ["kari@ikt.sykehus.example"]\n')
        assert said.startswith("3: The person signs in as «kari».")

    def test_a_weak_or_missing_first_password(self, complaints, monkeypatch):
        file = KARI + 'password_env = "SAKSGANG_KARI"\n'
        assert "SAKSGANG_KARI is empty or not there" in complaints(file)[0]
        monkeypatch.setenv("SAKSGANG_KARI", "kort")
        (said,) = complaints(file)
        assert said.startswith("4: The password will not do: This password is too short.")
        assert "kort" not in said

    def test_a_password_without_a_username(self, complaints, monkeypatch):
        monkeypatch.setenv("SAKSGANG_KARI", "gulrot-i-skapet-7")
        said = complaints('[[person]]\nname = "K"\nexternal_id = "1"\npassword_env = "SAKSGANG_KARI"\n')
        assert said == ["4: A password without a username. Write username = … too."]


def test_what_the_database_refuses_leaves_nothing_behind(complaints, cast):
    """A name that another team has: the checks before let it pass, since the short name is a new one."""
    (said,) = complaints('[[department]]\nname = "Ny"\n[[team]]\nname = "Nettverk"\nslug = "nett2"\n')
    assert said.startswith("3: The database refuses this team: ")
    assert not Department.objects.filter(name="Ny").exists()
    assert not Team.objects.filter(slug="nett2").exists()
