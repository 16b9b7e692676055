"""`saksgang configure`: the example file on an empty database, twice; what it tells; and that it is all or nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from saksgang.access.models import RoleGrant
from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries
from saksgang.catalogue.defaults import Target
from saksgang.catalogue.models import (
    Category,
    ImapDoor,
    Mailbox,
    MailText,
    Meeting,
    PriorityCell,
    RoutingRule,
    Service,
    Supplier,
    TargetTime,
)
from saksgang.events.models import Event
from saksgang.lib.clock import OSLO
from saksgang.lib.sealing import unseal
from saksgang.people.models import Account, Department, Membership, Person, PersonAddress, Team, TeamKind
from saksgang.upkeep import configure_command

EXAMPLE = Path(__file__).parents[2] / "docs" / "example.toml"
PASSWORDS = {
    "SAKSGANG_ADMIN_PASSWORD": "gulrot-i-skapet-7",
    "SAKSGANG_IKT_PASSWORD": "fjell-og-fjord-9",
    "SAKSGANG_EHELSE_SECRET": "lukket-konvolutt-3",
}
ALL_SO = "Everything is so already. Nothing was changed."


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    for name, secret in PASSWORDS.items():
        monkeypatch.setenv(name, secret)


@pytest.fixture
def configure(tmp_path, capsys):
    """Writes a file, runs the command on it, and gives (exit code, what it said)."""

    def run(toml: str, *options: str) -> tuple[int, list[str]]:
        path = tmp_path / "desk.toml"
        path.write_text(toml, encoding="utf-8")
        code = configure_command.run([str(path), *options])
        said = capsys.readouterr()
        return code, (said.out + said.err).splitlines()

    return run


def example(*options: str) -> int:
    return configure_command.run([str(EXAMPLE), *options])


@pytest.mark.django_db
class TestTheExample:
    def test_it_makes_a_whole_desk_of_an_empty_database(self, capsys):
        assert example() == 0
        said = capsys.readouterr().out
        assert "+ team Nettverk" in said
        assert "+ mailbox ikt" in said
        assert Team.objects.get(slug="trakta").kind == TeamKind.TRIAGE
        assert Department.objects.get(name="Sengepost 3").phone == "12345"
        assert Service.objects.get(name_nb="Telefoni").owner_team.slug == "nettverk"
        monitors = Service.objects.get(name_nb="Pasientmonitorer")
        assert (monitors.medical_device, monitors.owner_team.slug) == (True, "nettverk")
        forgotten = Category.objects.get(name_nb="Glemt passord")
        assert (forgotten.type, forgotten.service.name_nb) == ("SERVICE_REQUEST", "Pasientjournal")
        assert (forgotten.demands_proof, forgotten.words[0], forgotten.name_nn) == (
            True,
            "låst konto",
            "Gløymt passord",
        )
        first, second, third = RoutingRule.objects.order_by("position")
        assert (first.words, first.channel, first.team.slug) == (
            "telefon*\nheadset\ncallinganlegg",
            "EMAIL",
            "nettverk",
        )
        assert (second.sender, second.mailbox.slug, second.proposes) == ("lab.sykehus.example", "ikt", forgotten)
        assert (third.department.name, third.service.name_nb, third.active) == (
            "Øyepoliklinikken",
            "Pasientjournal",
            False,
        )
        assert Supplier.objects.get().domains == ["utskrift.example"]
        assert queries.mail_text("acknowledgement", "nb").subject == "IKT har fått saken din"
        assert queries.targets("2")["taken"] == Target(minutes=45)
        assert queries.matrix("incident")["departments", "important"] == 1
        assert queries.state_labels()["WAITING_THIRD_PARTY"] == "Venter på leverandør"

    def test_its_people_may_what_it_says(self):
        example()
        admin, kari = Account.objects.get_by_natural_key("admin"), Account.objects.get_by_natural_key("kari")
        assert admin.check_password(PASSWORDS["SAKSGANG_ADMIN_PASSWORD"])
        assert may(admin.person, Permission.ADMINISTER)
        assert not kari.has_usable_password()
        network = Team.objects.get(slug="nettverk")
        assert may(kari.person, Permission.WORK_TICKETS, team=network.pk)
        assert list(Membership.objects.filter(person=kari.person).values_list("team__slug", flat=True)) == [
            "servicesenter"
        ]
        assert PersonAddress.objects.filter(person=kari.person, verified_at__isnull=False).count() == 2
        left = Person.objects.get(name="Sigrid Sluttet")
        assert not left.active
        assert left.department.name == "Sengepost 3"

    def test_its_mailboxes_are_read_as_it_says(self):
        example()
        ikt, ehelse = Mailbox.objects.get(slug="ikt"), Mailbox.objects.get(slug="e-helse")
        assert (ikt.urgent_phone, ikt.heartbeat_minutes, ikt.team.name) == ("55 00 11 22", 60, "Servicesenter")
        assert unseal(ikt.imap.sealed_secret) == PASSWORDS["SAKSGANG_IKT_PASSWORD"]
        assert (ehelse.forwarding, ehelse.ignored_headers) == ("forward", ["x-gammel-post"])
        assert (ehelse.imap.sign_in, ehelse.imap.idle, ehelse.imap.port) == ("xoauth2", False, 993)
        assert not ImapDoor.objects.filter(mailbox__slug="nett").exists()

    def test_its_hours_are_kept(self):
        example()
        hours = queries.hours_of(Team.objects.get(slug="servicesenter").pk)
        assert hours.spans(date(2026, 11, 27)) == ((420, 690), (720, 900))  # a Friday
        assert hours.spans(date(2026, 11, 28)) == ()
        assert hours.spans(date(2026, 12, 24)) == ()
        assert hours.spans(date(2027, 3, 24)) == ((480, 720),)

    def test_a_second_run_changes_nothing_and_says_so(self, capsys):
        example()
        events, account = Event.objects.count(), Account.objects.get_by_natural_key("admin").password
        capsys.readouterr()
        assert example() == 0
        assert capsys.readouterr().out.strip() == ALL_SO
        assert Event.objects.count() == events
        assert Account.objects.get_by_natural_key("admin").password == account

    def test_everything_is_the_robots_act(self):
        example()
        assert set(Event.objects.values_list("by_robot", flat=True)) == {"configure"}

    def test_a_dry_run_tells_all_and_leaves_nothing(self, capsys):
        assert example("--dry-run") == 0
        dry = capsys.readouterr().out.splitlines()
        assert not Team.objects.exists()
        assert not Event.objects.exists()
        assert "Nothing was changed." in dry[-1]
        example()
        assert capsys.readouterr().out.splitlines()[:-1] == dry[:-1]

    def test_secrets_are_neither_told_nor_written_down(self, capsys, caplog):
        example()
        said = capsys.readouterr()
        for secret in PASSWORDS.values():
            assert secret not in said.out + said.err + caplog.text
            assert not any(secret in str(row) for row in Event.objects.values("before", "after", "reason"))


DESK = """
[[team]]
name = "Nettverk"

[[mailbox]]
slug = "ikt"
address = "ikt@sykehus.example"
name = "IKT"
team = "Nettverk"
"""


@pytest.mark.django_db
class TestChanges:
    def test_what_differs_is_told_with_old_and_new(self, configure):
        configure(DESK)
        _, said = configure(DESK + 'urgent_phone = "12345"\ntagged_returns = false\n', "--dry-run")
        assert said[0] == "~ mailbox ikt: tagged_returns «yes» → «no», urgent_phone «» → «12345»"
        assert Mailbox.objects.get().urgent_phone == ""
        configure(DESK + 'urgent_phone = "12345"\n')
        assert Mailbox.objects.get().urgent_phone == "12345"
        assert Event.objects.get(kind="mailbox_changed").after == {"fields": ["urgent_phone"]}

    def test_what_the_file_leaves_out_is_left_alone(self, configure):
        configure(DESK + 'urgent_phone = "12345"\n')
        assert configure(DESK) == (0, [ALL_SO])
        assert configure("") == (0, [ALL_SO])
        assert Mailbox.objects.get().urgent_phone == "12345"

    def test_a_team_keeps_its_short_name_when_it_is_renamed(self, configure):
        configure('[[team]]\nname = "Nett"\nslug = "nett"\n')
        _, said = configure(
            '[[team]]\nname = "Nettverk"\nslug = "nett"\nactive = false\n[[team_hours]]\nteam = "Nettverk"\nmonday = "8.00-12:00"\n'
        )
        assert said[:2] == [
            "~ team Nett: name «Nett» → «Nettverk», active «yes» → «no»",
            "~ hours of Nettverk: monday 08:00-12:00; tuesday closed; wednesday closed; thursday closed; friday closed; "
            "saturday closed; sunday closed",
        ]
        team = Team.objects.get()
        assert (team.name, team.slug, team.active) == ("Nettverk", "nett", False)

    def test_a_person_known_from_a_mail_is_vouched_for(self, configure, cast):
        assert cast.nora.addresses.get().verified_at is None
        _, said = configure(
            '[[person]]\nname = "Nora Nord"\naddresses = ["Nora@Sykehus.example", "nn@sykehus.example"]\nphone = "55 44"\n'
            'external_id = "77"\n'
        )
        assert said == [
            "~ person Nora Sykepleier: name «Nora Sykepleier» → «Nora Nord», phone «4444» → «5544», external_id «» → «77»",
            "~ person Nora Nord: has the address nora@sykehus.example",
            "~ person Nora Nord: has the address nn@sykehus.example",
            "3 lines changed.",
        ]
        cast.nora.refresh_from_db()
        assert (cast.nora.folded, cast.nora.sort_key) == (
            "nora nord nora@sykehus.example nn@sykehus.example 5544",
            "nora nord",
        )
        assert cast.nora.addresses.filter(verified_at__isnull=False).count() == 2

    def test_whoever_has_left_signs_in_no_more_and_is_out_at_once(self, configure, cast, client):
        client.force_login(cast.kari.account)
        assert client.get("/").status_code == 200
        kari = '[[person]]\nname = "Kari Nordmann"\nusername = "kari"\nactive = {}\n'
        code, said = configure(kari.format("false"))
        assert (code, said[1]) == (0, "~ account kari: is closed")
        account = Account.objects.get_by_natural_key("kari")
        assert (account.is_active, account.person.active) == (False, False)
        assert client.get("/").status_code == 302
        configure(kari.format("true"))
        account.refresh_from_db()
        assert account.is_active

    def test_an_account_keeps_its_own_password(self, configure, cast):
        file = '[[person]]\nname = "Kari Nordmann"\nusername = "kari"\npassword_env = "SAKSGANG_NOT_THERE"\n'
        assert configure(file) == (0, [ALL_SO])

    def test_an_account_without_one_gets_it(self, configure):
        kari = '[[person]]\nname = "Kari"\nusername = "kari"\n'
        configure(kari)
        _, said = configure(kari + 'password_env = "SAKSGANG_ADMIN_PASSWORD"\n')
        assert said[0] == "~ account kari: has a password (not shown)"

    def test_a_new_mailbox_password_arrives(self, configure, monkeypatch, tmp_path):
        door = DESK + '[mailbox.imap]\nhost = "mail.sykehus.example"\nuser = "ikt"\npassword_file = "secret"\n'
        (tmp_path / "secret").write_text("første\n", encoding="utf-8")
        configure(door)
        (tmp_path / "secret").write_text("andre\n", encoding="utf-8")
        assert configure(door)[1] == ["~ mailbox ikt, imap: has another secret (not shown)", "1 line changed."]
        assert unseal(ImapDoor.objects.get().sealed_secret) == "andre"
        assert configure(door + "poll_seconds = 30\n")[1][0] == "~ mailbox ikt, imap: poll_seconds «60» → «30»"
        assert configure(door + "poll_seconds = 30\n")[1] == [ALL_SO]

    def test_a_door_with_starttls_has_the_port_of_that(self, configure):
        configure(DESK + '[mailbox.imap]\nhost = "m.example"\nuser = "ikt"\nsecurity = "starttls"\n')
        assert ImapDoor.objects.get().port == 143

    def test_back_at_the_default_the_row_goes(self, configure):
        target = '[[target]]\nlevel = "2"\nstep = "taken"\nminutes = {}\n'
        cell = '[[priority]]\nmatrix = "other"\nimpact = "individuals"\ncriticality = "critical"\npriority = {}\n'
        configure(target.format(45) + cell.format(2))
        assert (TargetTime.objects.get().minutes, PriorityCell.objects.get().priority) == (45, 2)
        _, said = configure(target.format(60) + cell.format(3))
        assert said[0] == "~ target taken of level 2: 45 minutes → 60 minutes"
        assert said[1] == "~ priority of other / individuals / critical: 2 → 3"
        assert not TargetTime.objects.exists()
        assert not PriorityCell.objects.exists()

    def test_a_routing_rule_is_known_by_what_it_asks_and_changes_where_it_sends(self, configure):
        teams = '[[team]]\nname = "Nettverk"\n[[team]]\nname = "Servicesenter"\n'
        rule = '[[routing]]\nwords = ["VPN", "heimekontor*"]\nteam = "nettverk"\n'
        configure(teams + rule)
        assert configure(teams + rule)[1] == [ALL_SO]
        assert configure(teams + rule.replace("nettverk", "servicesenter") + "active = false\n")[1][:-1] == [
            "~ routing rule vpn heimekontor*: team «Nettverk» → «Servicesenter»",
            "~ routing rule vpn heimekontor*: active «yes» → «no»",
        ]
        assert RoutingRule.objects.filter(replaced_at__isnull=True).count() == 1

    def test_a_rule_asks_the_triage_team(self, configure):
        file = (
            '[[team]]\nname = "Trakta"\nkind = "triage"\n'
            '[[routing]]\nwords = ["fagsystem"]\nteam = "trakta"\nquestion = "Skal vi ta det?"\n'
        )
        configure(file)
        assert configure(file)[1] == [ALL_SO]
        assert RoutingRule.objects.get().question == "Skal vi ta det?"

    def test_services_suppliers_days_texts_and_departments_change_too(self, configure):
        before = (
            '[[team]]\nname = "Nettverk"\n[[service]]\nname = "Telefoni"\ncriticality = "ordinary"\nowner_team = "Nettverk"\n'
            '[[supplier]]\nname = "Utskrift AS"\ndomains = ["b.example", "A.example"]\n'
            '[[special_day]]\nday = "2026-12-24"\nname = "Julaften"\n[[department]]\nname = "Sengepost"\nphone = "1"\n'
            '[[mail_text]]\nkind = "answer"\nlanguage = "en"\nsubject = "{subject}"\nbody = "{answer}"\n'
            '[[state_label]]\nstate = "NEW"\nlabel = "Ny sak"\n'
        )
        after = before
        for old, new in (
            ("ordinary", "critical"), ('"b.example", ', ""), ('phone = "1"', 'phone = "2"'), ("Ny sak", "Fersk"),
            ('"Julaften"', '"Julaften"\nopens = 08:00:00\ncloses = "12:00"'), ('"{answer}"', '"{answer} -- {team}"'),
        ):  # fmt: skip
            after = after.replace(old, new)
        configure(before)
        assert configure(before)[1] == [ALL_SO]
        assert configure(after)[1][:-1] == [
            "~ department Sengepost: phone «1» → «2»",
            "~ service Telefoni: criticality «ordinary» → «critical»",
            "~ supplier Utskrift AS: domains «a.example, b.example» → «a.example»",
            "~ special day 2026-12-24: Julaften, closed → Julaften, 08:00-12:00",
            "~ mail text answer in en: body «{answer}» → «{answer} -- {team}»",
            "~ state NEW: label_nb «Ny sak» → «Fersk»",
        ]
        assert configure(after)[1] == [ALL_SO]
        assert MailText.objects.get().body == "{answer} -- {team}"

    def test_roles_are_given_once_and_never_taken(self, configure):
        file = (
            DESK
            + '[[person]]\nname = "Kari"\nusername = "kari"\nroles = [{role = "agent", team = "nettverk"}]\nteams = ["Nettverk"]\n'
        )
        configure(file)
        assert configure(file)[1] == [ALL_SO]
        assert configure(file.replace('roles = [{role = "agent", team = "nettverk"}]', "roles = []"))[1] == [ALL_SO]
        assert RoleGrant.objects.get().team == Team.objects.get()


MEETS = """
[[team]]
name = "Trakta"
kind = "triage"

[[person]]
name = "Liv"
username = "liv"

[[meeting]]
starts_at = 2026-12-02T08:15:00
place = "Møterom 4"

[[on_call]]
duty = "triage"
person = "liv"
starts_at = 2026-12-01T08:00:00
ends_at = 2026-12-02T08:00:00
"""


@pytest.mark.django_db
def test_when_the_triage_team_meets_and_whose_day_it_is(configure):
    code, said = configure(MEETS)
    assert code == 0
    assert {"+ meeting 2026-12-02 08:15", "+ on call triage 2026-12-01 08:00: Liv"} <= set(said)
    assert configure(MEETS) == (0, [ALL_SO])
    now = datetime(2026, 12, 1, 9, tzinfo=OSLO)
    assert queries.next_meeting(now).place == "Møterom 4"
    assert queries.on_call("triage", now, now + timedelta(hours=1)).name == "Liv"
    _, said = configure(MEETS.replace('place = "Møterom 4"', "called_off = true"))
    assert said[0] == "~ meeting 2026-12-02 08:15: called_off «no» → «yes»"
    assert queries.next_meeting(now) is None
    assert Meeting.objects.get().place == "Møterom 4", "what the file leaves out is left alone"


HEADS = """
[[team]]
name = "Nettverk"
section = "ikt"

[[person]]
name = "Gudrun"
username = "gudrun"
roles = [{ role = "department_head", section = "ikt" }]
"""


@pytest.mark.django_db
def test_a_section_has_a_head_and_then_another(configure):
    code, said = configure(HEADS)
    assert (code, Team.objects.get().section) == (0, "ikt")
    assert "~ person Gudrun: is department_head of ikt" in said
    assert configure(HEADS) == (0, [ALL_SO])
    _, said = configure(HEADS.replace("Gudrun", "Torbjørn").replace("gudrun", "torbjorn"))
    assert "~ person Gudrun: is department_head of ikt no longer" in said
    assert RoleGrant.objects.get().person.name == "Torbjørn"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ['{ role = "department_head" }', '{ role = "agent", section = "ikt" }'])
def test_only_a_head_has_a_section(configure, role):
    code, said = configure(HEADS.replace('{ role = "department_head", section = "ikt" }', role))
    assert code != 0
    assert any("no other role has a section" in line for line in said)
