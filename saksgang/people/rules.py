"""Pure rules about persons and addresses."""

from __future__ import annotations

from email.utils import parseaddr

from saksgang.lib import text


def folded_address(address: str) -> str:
    """The form in which addresses are stored and compared: `Kari@Sykehus.Example` and `kari@sykehus.example` are one."""
    return text.fold(parseaddr(address)[1] or address)[:254]


def is_address(address: str) -> bool:
    """Whether mail could go there. Strict about what could break a header, lenient about the rest."""
    local, at, domain = address.rpartition("@")
    clean = not any(
        letter.isspace() or letter in '<>,;:@"()[]\\' or not letter.isprintable() for letter in local + domain
    )
    return bool(at and local and domain.strip(".") and clean and "." in domain and len(address) <= 254)


def digits(phone: str) -> str:
    """A phone number as it is compared: digits and a leading +."""
    kept = "".join(letter for letter in phone if letter.isdigit())
    return ("+" if phone.strip().startswith("+") else "") + kept


def initials(name: str) -> str:
    """Two letters: «KN» for Kari Nordmann."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""
