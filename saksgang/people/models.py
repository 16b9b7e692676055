"""Everybody the desk knows: persons, their addresses, teams, departments, and the accounts some sign in with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from saksgang.lib import text
from saksgang.people import rules


class Department(models.Model):
    """A ward, clinic or office of the hospital."""

    name = models.CharField(max_length=120, unique=True)
    sort_key = models.CharField(max_length=240)
    folded = models.CharField(max_length=240)
    phone = models.CharField(max_length=30, default="")  # digits and + only, so that an extension is found as typed

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sort_key"], name="department_sorted"),
            models.Index(fields=["phone"], name="department_phone"),
        ]


class PersonKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("person kind", "Person")
    SHARED = "shared", pgettext_lazy("person kind", "Shared mailbox or phone")
    SUPPLIER = "supplier", pgettext_lazy("person kind", "Supplier")
    SYSTEM = "system", pgettext_lazy("person kind", "System")


class Language(models.TextChoices):
    NB = "nb", "Norsk bokmål"
    NN = "nn", "Norsk nynorsk"
    EN = "en", "English"


class Person(models.Model):
    """Somebody, or some place, that asks or answers. Has no password: that is an Account's."""

    kind = models.CharField(max_length=10, choices=PersonKind, default=PersonKind.PERSON)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400)
    folded = models.CharField(max_length=600)  # name, addresses and phone, for finding as one types
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    title = models.CharField(max_length=120, default="")
    phone = models.CharField(max_length=30, default="")
    language = models.CharField(max_length=2, choices=Language, default=Language.NB)
    answer_via = models.CharField(max_length=200, default="")  # a leader, a ward or a number, for those without e-mail
    external_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - unique, so empty must be NULL
    active = models.BooleanField(default=True)
    met_by_mail = models.BooleanField(default=False)  # all we know of them is that they once wrote
    written_down = models.BooleanField(default=False)  # or what they said when somebody registered their case

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sort_key"], name="person_sorted"),
            models.Index(fields=["department"], name="person_department"),
            models.Index(fields=["phone"], name="person_phone"),
        ]
        constraints: ClassVar = [models.CheckConstraint(name="person_named", condition=~Q(name=""))]

    @property
    def initials(self) -> str:
        """Two letters: «KN» for Kari Nordmann."""
        return rules.initials(self.name)


class PersonAddress(models.Model):
    """An e-mail address of a person. One address belongs to one person only."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses")
    address = models.CharField(max_length=254, unique=True)  # folded
    verified_at = models.DateTimeField(null=True)  # when an administrator or the directory vouched for it

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="address_filled", condition=~Q(address=""))]


class TeamKind(models.TextChoices):
    ORDINARY = "ordinary", pgettext_lazy("team kind", "Team")
    TRIAGE = "triage", pgettext_lazy("team kind", "Triage team of the managers")


class Section(models.TextChoices):
    """The two departments that the teams belong to, each with a head."""

    ICT = "ikt", pgettext_lazy("section", "ICT")
    EHEALTH = "ehelse", pgettext_lazy("section", "E-health")


class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    sort_key = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=TeamKind, default=TeamKind.ORDINARY)
    section = models.CharField(max_length=10, choices=Section, default="")  # empty: nobody has said
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="team_section_known", condition=Q(section__in=["", *Section.values]))
        ]


class Membership(models.Model):
    """Who works in which team."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "team"], name="membership_once")]


class Absence(models.Model):
    """Days on which a person is away, both included."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="absence_in_order", condition=Q(first_day__lte=F("last_day")))
        ]


class AccountManager(BaseUserManager["Account"]):
    def get_queryset(self) -> models.QuerySet[Account]:
        """With the person: every page needs both."""
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        """Finds an account whatever the case of the letters typed."""
        return self.get(username=text.fold(username or ""))


class Account(AbstractBaseUser):
    """What one signs in with. Made by an administrator or a sign-in service, never by a mail."""

    username = models.CharField(max_length=254, unique=True)  # folded
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def clean(self) -> None:
        self.username = text.fold(self.username)

    # Django's own templates and tests ask these; the answer is always in the room `access`.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class SignInFailure(models.Model):
    """A try to sign in that has not succeeded. Keyed hashes only: people type passwords where names belong."""

    at = models.DateTimeField()
    name_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)  # or of the browser, where that is what the name is known by
    known = models.BooleanField(default=False)  # the name has signed in from there: counted apart from strangers' tries

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_hash", "at"], name="sign_in_failure_name"),
            models.Index(fields=["address_hash", "at"], name="sign_in_failure_address"),
        ]


class SignInPlace(models.Model):
    """From where somebody has signed in: an address, or a browser. Strangers who try their name do not keep them out there."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="places")
    address_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "address_hash"], name="sign_in_place_once")]
        indexes: ClassVar = [models.Index(fields=["address_hash"], name="sign_in_place_address")]
