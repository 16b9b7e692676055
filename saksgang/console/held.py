"""Forms that came when nobody was signed in, or from a page older than the last sign-in: held back with their words, never carried out.

The words stand sealed in the page that asks to sign in, and nowhere on the server. When the one who wrote them is in, the same form
is shown with all that was filled in, for one more press. docs/decisions/0015-posted-forms.md says why.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from saksgang.people.models import Person

FIELD = "held"
WRITER = "by"
SALT = "held-form"
# Longer than every field of the longest form filled to its limit is not carried along.
LONGEST = 1_000_000
NEVER_HELD = {"csrfmiddlewaretoken", FIELD}
# The fields that hold what somebody has written themselves.
WORDS = ("words", "reason", "note", "technical", "what", "text", "solution")


class Held(NamedTuple):
    """What a page held back: its fields, and the names of files that could not come along."""

    path: str
    fields: str  # as a form is encoded
    files: list[str]


def writer(person: Person) -> str:
    """Who a page was made for, so that nobody sends or sees what somebody else wrote in it."""
    return signing.Signer(salt=WRITER).sign(str(person.pk))


def written_by_another(request: HttpRequest, person: Person) -> bool:
    """Whether the page that this comes from was made for somebody else. One that does not say is taken for one's own."""
    said = request.POST.get(WRITER) or request.headers.get("X-Writer")
    if not said:
        return False
    try:
        return signing.Signer(salt=WRITER).unsign(said) != str(person.pk)
    except signing.BadSignature:
        return True


def seal(request: HttpRequest) -> str:
    """What was sent, for the page that asks to sign in. Empty when it is too long to come along."""
    kept = request.POST.copy()
    for name in NEVER_HELD:
        kept.pop(name, None)
    files = [file.name or "" for _name, chosen in request.FILES.lists() for file in chosen]
    sealed = signing.dumps([request.get_full_path(), kept.urlencode(), files], salt=SALT, compress=True)
    return sealed if len(sealed) <= LONGEST else ""


def opened(request: HttpRequest) -> Held | None:
    """What this request brings back; nothing when it was changed, is too old or belongs to another address."""
    try:
        path, fields, files = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Held(path, fields, files) if path == request.get_full_path() else None


def give_back(request: Any, held: Held) -> None:
    """Makes the request what it was before one had to sign in, save that it is only shown."""
    request.POST = QueryDict(held.fields, encoding=request.encoding)
    request.held = notice(held.files)


def notice(files: list[str]) -> str:
    """What the page says above a form that was held back."""
    words = _("You were signed out, so nothing is sent. All that you wrote stands here: press once more.")
    if files:
        words += " " + _("Choose the files again: %(names)s.") % {"names": ", ".join(files)}
    return words


def old_page_notice() -> str:
    return _(
        "You have signed in since this page was made, so nothing is sent yet. All that you wrote stands here: press once more."
    )
