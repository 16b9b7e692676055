from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

pytestmark = pytest.mark.once

# Times that do not end in «_at», each with its reason.
OTHER_TIMES = {
    "at": "the one moment that the row is about",
    "*_since": "when something began that still lasts",
    "*_until": "when something ends",
    "*_after": "not before this",
    "needed_by": "the requester's own limit",
    "promised_by": "the date told to the requester",
    "postponed_to": "where a person moved the next step",
    "last_login": "Django's own name",
    "told_from": "the demo's own clock",
}
OWN = [model for model in apps.get_models() if model.__module__.startswith("saksgang.")]


def is_known(name: str) -> bool:
    return name.endswith("_at") or any(
        name == known or (known.startswith("*") and name.endswith(known[1:])) for known in OTHER_TIMES
    )


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_times_are_named_as_times_and_nothing_else_is(model):
    for field in model._meta.concrete_fields:
        if isinstance(field, models.DateTimeField):
            assert is_known(field.name), f"{model.__name__}.{field.name}"
        else:
            assert not field.name.endswith("_at"), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_text_is_empty_or_null_but_never_both(model):
    """A text column that may be NULL needs a reason that it cannot be empty: it is unique, or one of fixed values."""
    allowed = {("InboundMail", "envelope_from")}  # empty means a bounce, NULL that nobody said
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and field.null:
            assert field.unique or field.choices or (model.__name__, field.name) in allowed, (
                f"{model.__name__}.{field.name}"
            )


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_nothing_disappears_with_something_else(model):
    """Only drafts go with their case; everything else keeps what it hangs on from being deleted."""
    for field in model._meta.concrete_fields:
        if field.remote_field and model.__name__ != "Draft":
            assert field.remote_field.on_delete is models.PROTECT, f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_constraints_and_indexes_have_names_of_their_own(model):
    for one in (*model._meta.constraints, *model._meta.indexes):
        assert one.name
        assert len(one.name) <= 30
