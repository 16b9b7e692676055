"""How often a password may be guessed (S27): per name and per address, whether or not anybody has that name.

A hospital stands behind one address. So who has signed in from there, or in that browser, is counted apart: strangers' tries slow
strangers down and nobody else (docs/decisions/0014-sign-in-limits.md).
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from saksgang.lib import clock, text
from saksgang.lib.claiming import CLOCKS_APART
from saksgang.people.models import Account, SignInFailure, SignInPlace

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
PER_NAME = 5
PER_ADDRESS = 30
# Tries in the names of those who sign in from an address, for each of them: of five hundred some mistype every morning.
PER_KNOWN_NAME = 3
KEEP_FAILURES = timedelta(days=1)
KEEP_PLACES = timedelta(days=90)
BROWSER_SALT = "saksgang.people.signing_in.browser"

_hashing = threading.Lock()


@dataclass(frozen=True)
class Attempt:
    """A try that may look at the password."""

    row: SignInFailure
    places: tuple[str, ...]  # hashes of address and browser
    sounds_held_back: bool  # a stranger's would have been held back here: if it fails, it must sound the same


def begin(*, username: str, address: str, browser: str = "") -> Attempt | None:
    """Notes a try before any password is compared, so that many at once are counted too. None when there were too many.

    What is refused here is not counted: whoever goes on guessing does not keep the owner out for longer. `browser`: the cookie
    that new_browser() made.
    """
    name = text.fold(username)
    places = _places(address, browser)
    known_at = _known_at(name, places)
    row = SignInFailure.objects.create(
        at=clock.now(), name_hash=_hashed("name", name), address_hash=known_at or places[0], known=bool(known_at)
    )
    strangers_wait = _strangers_wait(row, places[0])
    if _too_many_of_known(row) if row.known else strangers_wait:
        row.delete()
        logger.warning("too many tries to sign in; held back one from %s", address)
        return None
    return Attempt(row, places, sounds_held_back=strangers_wait)


def failed(*, address: str) -> None:
    """The try that begin() noted stays. The log names no user: the field may hold a password."""
    logger.warning("a sign-in from %s failed", address)


def take_as_long(password: str) -> None:
    """A try that is held back takes as long as one that is looked at. One at a time, so that a flood of them costs little."""
    if _hashing.acquire(blocking=False):
        try:
            Account().set_password(password)
        finally:
            _hashing.release()


@transaction.atomic
def succeeded(attempt: Attempt, account: Account) -> None:
    """Clears what was counted against the name, and remembers the address and the browser."""
    SignInFailure.objects.filter(name_hash=attempt.row.name_hash).delete()
    for place in attempt.places:
        _remember(account, place)


def new_browser(account: Account | None = None) -> str:
    """What a browser is known by again, from now on for this account: a signed number that says nothing of anybody."""
    number = secrets.token_urlsafe(18)
    if account:
        _remember(account, _hashed("browser", number))
    return signing.dumps(number, salt=BROWSER_SALT)


def _remember(account: Account, place: str) -> None:
    SignInPlace.objects.update_or_create(account=account, address_hash=place, defaults={"seen_at": clock.now()})


def is_browser(cookie: str) -> bool:
    return bool(_browser(cookie))


@transaction.atomic
def forget_old() -> int:
    """Deletes what is of no more use. Returns how many rows."""
    now = clock.now()
    failures, _by_model = SignInFailure.objects.filter(at__lt=now - KEEP_FAILURES).delete()
    places, _by_model = SignInPlace.objects.filter(seen_at__lt=now - KEEP_PLACES).delete()
    return failures + places


def _places(address: str, browser: str) -> tuple[str, ...]:
    places = [_hashed("address", _place(address))]
    if number := _browser(browser):
        places.append(_hashed("browser", number))
    return tuple(places)


def _known_at(name: str, places: tuple[str, ...]) -> str:
    """Where this name has signed in before: the browser rather than the address, since only one person sits there. Empty: nowhere."""
    seen = SignInPlace.objects.filter(account__username=name, address_hash__in=places)
    known = set(seen.values_list("address_hash", flat=True))
    return next((place for place in reversed(places) if place in known), "")


def _too_many_of_known(row: SignInFailure) -> bool:
    """For each name five tries from one place; and for an address as many as its people may well mistype."""
    tries = _recent(row.at).filter(address_hash=row.address_hash, known=True)
    if tries.filter(name_hash=row.name_hash).count() > PER_NAME:
        return True
    names = SignInPlace.objects.filter(address_hash=row.address_hash).count()
    return tries.count() > max(PER_ADDRESS, PER_KNOWN_NAME * names)


def _strangers_wait(row: SignInFailure, address_hash: str) -> bool:
    """Whether a stranger who tries this name from this address has to wait: asked of everybody, so that nobody stands out."""
    strangers = _recent(row.at).filter(known=False)
    own = int(row.known)  # its own row is not among them
    return (
        strangers.filter(address_hash=address_hash).count() + own > PER_ADDRESS
        or strangers.filter(name_hash=row.name_hash).count() + own > PER_NAME
    )


def _recent(moment: datetime) -> QuerySet[SignInFailure]:
    """Those of the window. What a clock wrote that was ahead keeps nobody out."""
    return SignInFailure.objects.filter(at__gt=moment - WINDOW, at__lte=moment + CLOCKS_APART)


def _browser(cookie: str) -> str:
    try:
        return str(signing.loads(cookie, salt=BROWSER_SALT, max_age=KEEP_PLACES)) if cookie else ""
    except signing.BadSignature:
        return ""


def _hashed(what: str, value: str) -> str:
    return salted_hmac(f"saksgang.people.signing_in.{what}", value, algorithm="sha256").hexdigest()


def _place(address: str) -> str:
    """The address; of IPv6 the network of 64 bits, since each machine has that many addresses to choose from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
