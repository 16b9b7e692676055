"""The priority's truth tables (clauses P1 to P5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.utils import translation

from saksgang.catalogue.defaults import MATRICES
from saksgang.lib.clock import OSLO
from saksgang.tickets.rules.priority import Inputs, compute, sentence

# The procedure's own tables, written out once more so that a slip in the product's defaults is seen.
TABLE = """
incident organisation critical  1
incident organisation important 1
incident organisation ordinary  2
incident departments  critical  1
incident departments  important 2
incident departments  ordinary  3
incident individuals  critical  2
incident individuals  important 3
incident individuals  ordinary  4
other    organisation critical  2
other    organisation important 3
other    organisation ordinary  3
other    departments  critical  3
other    departments  important 3
other    departments  ordinary  4
other    individuals  critical  3
other    individuals  important 4
other    individuals  ordinary  4
"""
CELLS = [
    (matrix, impact, level, int(value)) for matrix, impact, level, value in map(str.split, TABLE.split("\n")[1:-1])
]
MATRIX = {
    name: {(impact, level): value for matrix, impact, level, value in CELLS if matrix == name} for name in MATRICES
}
INCIDENTS = [(impact, level, value) for matrix, impact, level, value in CELLS if matrix == "incident"]
DUE = datetime(2026, 3, 20, 12, 0, tzinfo=OSLO)
BEFORE, AFTER = DUE - timedelta(hours=1), DUE + timedelta(hours=1)
IMPACTS = ("organisation", "departments", "individuals", "unknown")
LEVELS = ("critical", "important", "ordinary", None)
CONSEQUENCES = ("stops", "degraded", "nuisance", "unknown", None)

pytestmark = pytest.mark.once


def result(inputs: Inputs):
    matrix = MATRIX["incident" if inputs.type == "INCIDENT" else "other"]
    return compute(inputs, matrix, lambda priority: DUE)


def priority(**answers) -> int:
    facts = {"type": "INCIDENT", "impact": "individuals", "criticality": "ordinary", "consequence": "stops"}
    return result(Inputs(**(facts | answers))).priority


def test_the_product_starts_with_the_procedures_own_tables():
    found = [
        (matrix, impact, level, value)
        for matrix, rows in MATRICES.items()
        for impact, row in rows.items()
        for level, value in zip(LEVELS[:3], row, strict=True)
    ]
    assert found == CELLS


@pytest.mark.parametrize(("impact", "criticality", "value"), INCIDENTS)
def test_an_incident_that_stops_the_work_has_the_matrix_value(impact, criticality, value):
    assert priority(impact=impact, criticality=criticality) == value


@pytest.mark.parametrize("type", ["SERVICE_REQUEST", "ORDER"])
@pytest.mark.parametrize(("impact", "criticality", "value"), [cell[1:] for cell in CELLS if cell[0] == "other"])
def test_requests_and_orders_have_their_own_matrix_and_no_consequence(type, impact, criticality, value):
    for consequence in CONSEQUENCES:
        assert priority(type=type, impact=impact, criticality=criticality, consequence=consequence) == value


@pytest.mark.parametrize(("consequence", "lowered"), [("stops", 0), ("degraded", 1), ("nuisance", 2)])
@pytest.mark.parametrize(("impact", "criticality", "value"), INCIDENTS)
def test_the_consequence_lowers_but_never_below_4(impact, criticality, value, consequence, lowered):
    got = priority(impact=impact, criticality=criticality, consequence=consequence)
    assert got == min(value + lowered, 4)


@pytest.mark.parametrize(
    ("ordinary", "lifted"),
    [
        ({"impact": "individuals", "criticality": "ordinary"}, (4, 3)),
        ({"impact": "departments", "criticality": "ordinary"}, (3, 2)),
        ({"impact": "individuals", "criticality": "critical"}, (2, 2)),
        ({"impact": "organisation", "criticality": "critical"}, (1, 1)),
        ({"impact": "organisation", "criticality": "critical", "consequence": "nuisance"}, (3, 2)),
    ],
)
def test_time_critical_lifts_one_step_only_and_never_to_1(ordinary, lifted):
    before, after = lifted
    assert priority(**ordinary) == before
    assert priority(**ordinary, needed_by=BEFORE) == after


@pytest.mark.parametrize("needed_by", [DUE, AFTER])
def test_time_critical_changes_nothing_when_the_ordinary_target_is_early_enough(needed_by):
    assert priority(needed_by=needed_by) == 4


def test_the_ordinary_target_is_that_of_the_priority_without_the_lift():
    asked = []

    def due(value: int) -> datetime:
        asked.append(value)
        return DUE

    compute(Inputs("INCIDENT", "departments", "ordinary", "stops", BEFORE), MATRIX["incident"], due)
    assert set(asked) == {3}


UNKNOWN = [
    ("impact", {"impact": "unknown"}),
    ("service", {"criticality": None}),
    ("consequence", {"consequence": "unknown"}),
    ("consequence not asked", {"consequence": None}),
]


@pytest.mark.parametrize(("what", "answers"), UNKNOWN, ids=[what for what, _ in UNKNOWN])
@pytest.mark.parametrize("criticality", ["critical", "ordinary"])
@pytest.mark.parametrize("needed_by", [None, BEFORE])
def test_dont_know_is_exactly_3(what, answers, criticality, needed_by):
    assert priority(**({"impact": "organisation", "criticality": criticality, "needed_by": needed_by} | answers)) == 3


def test_danger_to_life_and_health_is_1_also_where_something_is_unknown():
    assert priority(danger=True, consequence="nuisance") == 1
    assert priority(danger=True, impact="unknown") == 1
    assert priority(danger=True, type="ORDER") == 1


@pytest.mark.parametrize("value", [1, 2, 3, 4])
def test_a_person_has_the_last_word(value):
    assert priority(override=value, danger=True) == value
    assert priority(override=value, impact="unknown") == value


def test_every_combination_gives_1_to_4_and_tells_how():
    for type, impact, criticality, consequence, needed_by, danger in product(
        ("INCIDENT", "SERVICE_REQUEST", "ORDER"), IMPACTS, LEVELS, CONSEQUENCES, (None, BEFORE, AFTER), (False, True)
    ):
        got = result(Inputs(type, impact, criticality, consequence, needed_by, danger))
        assert got.priority in (1, 2, 3, 4)
        assert got.steps
        assert got.steps[-1][1] == got.priority
        order = ["matrix", "consequence", "time_critical", "unknown", "danger", "override"]
        places = [order.index(rule) for rule, _value in got.steps]
        assert places == sorted(places)


WORDS = {
    "impact": "Enkelte avdelinger er påvirket",
    "service": "DIPS",
    "criticality": "Kritisk",
    "consequence": "Til bry",
    "override_reason": "Direktøren venter",
}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_step_can_be_told_in_one_sentence(language):
    inputs = Inputs("INCIDENT", "departments", "ordinary", "degraded", BEFORE, danger=True, override=2)
    known = result(inputs)
    unknown = result(replace(inputs, impact="unknown"))
    assert {rule for rule, _ in known.steps + unknown.steps} == {
        "matrix", "consequence", "time_critical", "unknown", "danger", "override",
    }  # fmt: skip
    with translation.override(language):
        for got in (known, unknown):
            told = sentence(got.steps, **WORDS)
            assert told.endswith(".")
            assert told[0].isupper()
            assert "%(" not in told
            assert "Direktøren venter" in told
        assert "DIPS" in sentence(known.steps, **WORDS)


STEPS = [
    ("matrix", "Enkelte avdelinger er påvirket and DIPS (kritisk) give 3."),
    ("consequence", "The consequence «til bry» makes it 3."),
    ("time_critical", "Needed before the ordinary time, so 3."),
    ("unknown", "In doubt: taken in turn, 3."),
    ("danger", "Danger to life and health makes it 3."),
    ("override", "Set to 3 by hand: Direktøren venter."),
]


@pytest.mark.parametrize(("rule", "told"), STEPS, ids=[rule for rule, _told in STEPS])
def test_a_step_alone_begins_with_a_capital_letter_and_names_what_it_went_by(rule, told):
    with translation.override("en"):
        assert sentence([[rule, 3]], **WORDS) == told


def test_steps_are_told_in_their_order_in_one_sentence():
    with translation.override("en"):
        told = sentence((("matrix", 2), ("consequence", 3), ("danger", 1)), **WORDS)
    assert told == (
        "Enkelte avdelinger er påvirket and DIPS (kritisk) give 2; the consequence «til bry» makes it 3; "
        "danger to life and health makes it 1."
    )


def test_no_steps_are_told_as_nothing():
    assert sentence([], **WORDS) == ""
