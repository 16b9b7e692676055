"""Pure rules about persons and addresses."""

from __future__ import annotations

import unicodedata
from email.utils import parseaddr

from saksgang.lib import text


def folded_address(address: str) -> str:
    """The form in which addresses are stored and compared: `Kari@Sykehus.Example` and `kari@sykehus.example` are one.

    The domain stands in letters, however it came; the local part is kept as it is written, in small letters.
    """
    bare = text.strip_controls(parseaddr(address)[1] or address).strip()
    local, at, domain = bare.rpartition("@")
    return f"{_small(local)}{at}{folded_domain(domain)}"[:254]


def folded_domain(domain: str) -> str:
    """A mail domain in small letters: `xn--hndverk-exa.example` is `håndverk.example`. What is none stays as it is."""
    small = _small(domain.strip())
    return ".".join(map(_in_letters, small.split("."))) if "xn--" in small else small


def travelling_address(address: str) -> str:
    """A folded address as it goes over the wire: the domain as `xn--…`. Raises UnicodeError when it cannot be written so."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_on_the_wire(domain)}"


def _on_the_wire(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna  # its tables take longer to load than most mails to read, and few need them

    return idna.encode(domain).decode("ascii")


def _in_letters(label: str) -> str:
    """One part of a domain, decoded; as it was when it is not what its letters would be written as."""
    if not label.startswith("xn--"):
        return label
    import idna

    try:
        letters = idna.decode(label)
        return letters if idna.encode(letters).decode("ascii") == label else label
    except UnicodeError:
        return label


def _small(word: str) -> str:
    """Small letters, composed. A letter outside ASCII never becomes one inside: «ſ» and the Kelvin sign are not s and k, or
    a stranger's address would be taken for somebody else's.
    """
    if word.isascii():
        return word.lower()
    if not any(not letter.isascii() and unicodedata.normalize("NFC", letter).isascii() for letter in word):
        word = unicodedata.normalize("NFC", word)
    return "".join(map(_small_letter, word))


def _small_letter(letter: str) -> str:
    small = letter.lower()
    return letter if not letter.isascii() and any(part.isascii() for part in small) else small


def untagged(address: str) -> str:
    """The mailbox behind an address with a mark: `ikt@` of `ikt+mark@`."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_address(address: str) -> bool:
    """Whether mail could go there. Strict about what could break a header, lenient about the rest."""
    local, at, domain = address.rpartition("@")
    clean = not any(
        letter.isspace() or letter in '<>,;:@"()[]\\' or not letter.isprintable() for letter in local + domain
    )
    return bool(
        at and local and domain.strip(".") and clean and "." in domain and len(address) <= 254 and _can_travel(domain)
    )


def _can_travel(domain: str) -> bool:
    try:
        return bool(_on_the_wire(domain))
    except UnicodeError:
        return False


def digits(phone: str) -> str:
    """A phone number as it is compared: digits and a leading +."""
    kept = "".join(letter for letter in phone if letter.isdigit())
    return ("+" if phone.strip().startswith("+") else "") + kept


def initials(name: str) -> str:
    """Two letters: «KN» for Kari Nordmann."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""
