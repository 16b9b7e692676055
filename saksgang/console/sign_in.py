"""Signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from saksgang.people import signing_in
from saksgang.people.models import Account

BROWSER_COOKIE = "known_browser"
LONGEST_PASSWORD = 1000  # longer ones only cost hashing


class SignInForm(AuthenticationForm):
    """One answer for an unknown name, a wrong password and a closed account: Django hashes in each case, so time tells nothing."""

    error_messages = {  # noqa: RUF012 - Django's own class has it so
        "invalid_login": _("The user name and the password do not belong together. Check both and try again."),
        "inactive": _("The user name and the password do not belong together. Check both and try again."),
        "too_many": _(
            "There have been too many tries to sign in. Wait 15 minutes and try again. If you have forgotten your password, "
            "ask an administrator for a new one."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].error_messages["required"] = _("Write your user name.")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=LONGEST_PASSWORD,
            error_messages={"required": _("Write your password.")},
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )

    def clean(self) -> dict[str, Any]:
        """Compares the password, unless there were too many tries: then it says so, whether or not anybody has that name."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        browser = self.request.COOKIES.get(BROWSER_COOKIE, "") if self.request else ""
        attempt = signing_in.begin(username=username, address=address, browser=browser)
        if attempt is None:
            signing_in.take_as_long(password)
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            signing_in.failed(address=address)
            if attempt.sounds_held_back:
                raise ValidationError(self.error_messages["too_many"], code="too_many") from None
            raise
        signing_in.succeeded(attempt, self.get_user())
        return cleaned

    def confirm_login_allowed(self, user: Account) -> None:
        """A person who has left signs in no more, even where the account was forgotten."""
        super().confirm_login_allowed(user)
        if not user.person.active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")
