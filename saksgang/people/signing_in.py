"""How often a password may be guessed (S27): per name and per address, whether or not anybody has that name."""

from __future__ import annotations

import ipaddress
import logging
from datetime import timedelta

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
KEEP_FAILURES = timedelta(days=1)
KEEP_PLACES = timedelta(days=90)


def begin(*, username: str, address: str) -> SignInFailure | None:
    """Notes a try before any password is compared, so that many at once are counted too. None when there were too many.

    What is refused here is not counted: whoever goes on guessing does not keep the owner out for longer.
    """
    attempt = SignInFailure.objects.create(
        at=clock.now(), name_hash=_hashed("name", text.fold(username)), address_hash=_hashed("address", _place(address))
    )
    if _too_many(attempt, text.fold(username)):
        attempt.delete()
        logger.warning("too many tries to sign in; held back one from %s", address)
        return None
    return attempt


def failed(*, address: str) -> None:
    """The try that begin() noted stays. The log names no user: the field may hold a password."""
    logger.warning("a sign-in from %s failed", address)


@transaction.atomic
def succeeded(attempt: SignInFailure, account: Account) -> None:
    """Clears what was counted against the name, and remembers the place."""
    SignInFailure.objects.filter(name_hash=attempt.name_hash).delete()
    SignInPlace.objects.update_or_create(
        account=account, address_hash=attempt.address_hash, defaults={"seen_at": clock.now()}
    )


@transaction.atomic
def forget_old() -> int:
    """Deletes what is of no more use. Returns how many rows."""
    now = clock.now()
    failures, _by_model = SignInFailure.objects.filter(at__lt=now - KEEP_FAILURES).delete()
    places, _by_model = SignInPlace.objects.filter(seen_at__lt=now - KEEP_PLACES).delete()
    return failures + places


def _too_many(attempt: SignInFailure, username: str) -> bool:
    recent = SignInFailure.objects.filter(at__gt=attempt.at - WINDOW, at__lte=attempt.at + CLOCKS_APART)
    if recent.filter(address_hash=attempt.address_hash).count() > PER_ADDRESS:
        return True
    return _against(attempt, username, recent).count() > PER_NAME


def _against(attempt: SignInFailure, username: str, recent: QuerySet[SignInFailure]) -> QuerySet[SignInFailure]:
    """The tries that count for this name: at a place of its owner's those from there, else all."""
    tries = recent.filter(name_hash=attempt.name_hash)
    known = SignInPlace.objects.filter(account__username=username, address_hash=attempt.address_hash)
    return tries.filter(address_hash=attempt.address_hash) if known.exists() else tries


def _hashed(what: str, value: str) -> str:
    return salted_hmac(f"saksgang.people.signing_in.{what}", value, algorithm="sha256").hexdigest()


def _place(address: str) -> str:
    """The address; of IPv6 the network of 64 bits, since each machine has that many addresses to choose from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
