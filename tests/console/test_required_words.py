"""A field that was left out is named: no form says the sentence that fits every field and tells nobody anything."""

from __future__ import annotations

from html import unescape

import pytest
from django import forms
from django.test import Client

import saksgang.console.urls  # noqa: F401 - every view, and with them every form
import saksgang.demo.forms  # noqa: F401
from tests.console.test_strange_input import ADDRESSES, Desk, acts

pytestmark = pytest.mark.once

GENERIC = str(forms.Field.default_error_messages["required"])


def every_form():
    def below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return sorted(
        {one for one in below(forms.Form) if one.__module__.startswith("saksgang.")},
        key=lambda one: (one.__name__, one.__module__),
    )


FIELDS = [
    pytest.param(field, id=f"{form.__name__}.{name}")
    for form in every_form()
    if form.__module__ != "saksgang.ui.samples"
    for name, field in form.base_fields.items()
    if field.required and form.__name__ != "SignInForm"  # its fields are made with each form; the pages below have them
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_required_field_has_its_own_sentence(field):
    assert str(field.error_messages["required"]) != GENERIC


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name.startswith("console:")])
def test_no_page_says_the_sentence_that_fits_every_field(cast, name):
    desk = Desk(cast)
    desk.client.cookies["language"] = "en"
    desk.cookies = desk.client.cookies.copy()
    for do in acts(name):
        answer = desk.ask("POST", desk.address(name), body={"do": do})
        assert GENERIC not in unescape(answer.content.decode())


def test_signing_in_says_what_is_missing(db):
    html = Client(headers={"cookie": "language=en"}).post("/sign-in", {}).content.decode()
    assert "Write your user name." in html
    assert "Write your password." in html
    assert GENERIC not in html
