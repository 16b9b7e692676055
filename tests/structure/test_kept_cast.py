"""The cast that is put back is the cast that is made."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models, transaction

from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.people.models import Person, Team
from tests.cast import PASSWORD, SETUP, make_cast
from tests.kept_cast import the_cast
from tests.tickets.steps import WEDNESDAY

PLAIN = (models.CharField, models.TextField, models.DateTimeField, models.BooleanField)


def everything() -> dict[str, list[tuple[str, ...]]]:
    """Every row of the product, without its numbers and the salted hash of its password."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("saksgang."):
            fields = [one for one in model._meta.concrete_fields if isinstance(one, PLAIN) and one.name != "password"]
            rows = model._base_manager.all()
            found[model.__name__] = sorted(tuple(str(getattr(row, one.attname)) for one in fields) for row in rows)
    return found


def made_and_undone(make):
    with transaction.atomic():
        cast = make()
        found = everything()
        transaction.set_rollback(True)
    return cast, found


def test_the_same_rows_stand_there_however_often(db):
    with clock.at(WEDNESDAY):
        _cast, plain = made_and_undone(make_cast)
        assert plain["Person"]
        for _nth in range(2):
            cast, put_back = made_and_undone(the_cast)
            assert put_back == plain
    assert cast.kari.account.check_password(PASSWORD)


def test_its_people_are_those_in_the_database_and_others_can_be_added(db):
    for nth in range(2):
        with transaction.atomic():
            cast = the_cast()
            assert Person.objects.get(name="Kari Nordmann") == cast.kari
            cast.kari.name = f"Kari {nth}"
            cast.kari.save()
            newcomer = people.add_person(by=SETUP, name="Ny", addresses=("ny@sykehus.example",))
            assert Person.objects.filter(pk__in=[newcomer.pk, cast.kari.pk]).count() == 2
            assert cast.case().requesters.exists()
            transaction.set_rollback(True)


def test_rows_bear_the_moment_at_which_the_clock_is_held(cast):
    assert not Event.objects.filter(at=WEDNESDAY).exists()


def test_where_somebody_was_before_it_is_made_anew(db):
    before = people.add_team(by=SETUP, name="Først")
    cast = the_cast()
    assert before.pk not in {cast.service_desk.pk, cast.network.pk, cast.triage.pk}
    assert Team.objects.count() == 4


def test_numbers_that_a_test_has_set_back_do_not_meet_those_of_the_cast(db):
    with transaction.atomic():
        the_cast()
        transaction.set_rollback(True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('people_person', 'id'), 1, false)")
    the_cast()
    assert people.add_person(by=SETUP, name="Ny Ansatt").pk not in Person.objects.exclude(name="Ny Ansatt").values_list(
        "pk", flat=True
    )
