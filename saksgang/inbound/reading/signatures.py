"""Where a signature begins at the end of somebody's own words. Sure signs only: a sentence is never a signature."""

from saksgang.inbound.reading import quote_signs as signs

_MOST_LINES = 12
_LONGEST_LINE = 120
_MOST_NAME_WORDS = 8


def start(lines: list[str]) -> int:
    """Index of the first line of the signature that ends `lines`; their number when there is none."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    found = _first_line(lines, filled)
    before = next((lines[place] for place in reversed(filled) if place < found), "")
    # «Disse skal ha tilgang:» is about what follows, even when that looks like a signature.
    return len(lines) if before.rstrip(" *_").endswith(":") else found


def _first_line(lines: list[str], filled: list[int]) -> int:
    people = 0
    for place in reversed(filled[-_MOST_LINES:]):
        line = lines[place]
        if line.rstrip() == "--":
            return place
        if _is_greeting(line):
            return place if _signs_one(line, lines[place:], people) else len(lines)
        if not is_contact(line) and not signs.PHONE_LINE.match(line):
            return len(lines)
        people += _is_person(line)
    return len(lines)


def _signs_one(greeting: str, lines: list[str], people: int) -> bool:
    """Whether one person signs. More names are what the mail is about: «disse trenger tilgang»."""
    signed = bool(_rest_of_greeting(greeting))
    return people + signed <= 1 or (signed and people == 1 and _repeats(greeting, lines))


def _rest_of_greeting(line: str) -> str:
    """The name after the greeting; «Med vennlig hilsen / Beste helsing» is one greeting in two languages."""
    match = signs.GREETING.match(line)
    rest = match["rest"].strip(" ,.!:/-") if match else ""
    second = signs.GREETING.match(rest) if rest else None
    return second["rest"].strip(" ,.!:/-") if second else rest


def _repeats(line: str, lines: list[str]) -> bool:
    """«Mvh Kari» above «Kari Fjellheim»."""
    name = _rest_of_greeting(line).split()[0]
    return any(name in other.split() for other in lines[1:])


def _is_person(line: str) -> bool:
    words = line.split()
    return len(words) > 1 and _is_name(line) and not any(signs.UNIT.fullmatch(word.strip(".,")) for word in words)


def _is_greeting(line: str) -> bool:
    """«Med vennlig hilsen», «Mvh Kari»; what follows on the line may only be a name."""
    match = signs.GREETING.match(line)
    if not match:
        return False
    rest = _rest_of_greeting(line)
    return not rest or (len(rest.split()) <= 5 and _is_name(rest.removeprefix("fra ").removeprefix("frå ")))


def is_contact(line: str) -> bool:
    """Whether the line can be nothing but a name, title, place, number or address of a signature."""
    if len(line) > _LONGEST_LINE or "?" in line or "!" in line:
        return False
    words = {word.strip(".,:;()").lower() for word in line.split()}
    if words & signs.NOT_A_NAME:
        return False
    pieces = [piece for piece in line.split("|") if piece.strip()]
    if len(pieces) > 1:
        return all(is_contact(piece) for piece in pieces)
    if signs.NUMBER_ONLY.match(line):
        return _is_phone_number(line)
    if any(sign.match(line) for sign in (signs.WEB, signs.MAIL, signs.POST)):
        return True
    labelled = signs.CONTACT.match(line) and signs.HAS_NUMBER_OR_ADDRESS.search(line)
    if labelled or signs.TITLE.match(line):
        return not _tells_something(line)
    return _is_name(line) or _is_unit(line)


def _is_phone_number(line: str) -> bool:
    """Eight digits, or with the country's number. Longer ones are of parcels, patients and machines."""
    number = "".join(letter for letter in line if letter.isdigit() or letter == "+")
    return len(number) <= 8 or number.startswith(("+", "00"))


def _tells_something(line: str) -> bool:
    """«Mobil 900 00 000 stjålet i natt», «Vikar Anne Lund starter mandag»: small words that no signature has."""
    return any(
        word.islower() and word.isalpha() and not signs.QUIET_WORD.fullmatch(word)
        for word in (word.strip(".,:;()/") for word in line.split()[1:])
    )


def _is_unit(line: str) -> bool:
    """«Medisinsk avdeling, sengepost 3»: a unit's word, and beside it only names, small words and short numbers."""
    words = [word.strip(".,()") for word in line.split()]
    units = sum(1 for word in words if signs.UNIT.fullmatch(word))
    fitting = [
        word
        for word in words
        if signs.UNIT.fullmatch(word)
        or word[:1].isupper()
        or word.lower() in signs.SMALL_WORDS
        or word.endswith("sk")
        or (word.isdigit() and len(word) <= 2)
    ]
    return units > 0 and len(fitting) == len(words) <= _MOST_NAME_WORDS


def _is_name(line: str) -> bool:
    """Capitalised words with small ones between, no digits, no end of sentence: «Avdeling for radiologi» included."""
    words = line.strip(" *_|").split()
    if not words or len(words) > _MOST_NAME_WORDS or any(letter.isdigit() for letter in line):
        return False
    if not words[0][:1].isupper() or (line.rstrip().endswith((".", ":")) and len(words) > 2):
        return False
    if {word.strip(".,:;()").lower() for word in words} & signs.NOT_A_NAME:
        return False
    small = [word for word in words if not word[:1].isupper() and word.lower() not in signs.SMALL_WORDS]
    return len(small) <= _small_words_allowed(words)


def _small_words_allowed(words: list[str]) -> int:
    """Units are called «Avdeling for bildediagnostikk»: one small noun, and only after a small word that leads to it."""
    leads = any(
        before.lower() in signs.SMALL_WORDS and not after[:1].isupper()
        for before, after in zip(words, words[1:], strict=False)
    )
    known = (
        "avdeling",
        "seksjon",
        "enhet",
        "eining",
        "klinikk",
        "senter",
        "post",
        "poliklinikk",
        "stab",
        "team",
        "fag",
    )
    return 2 if leads and words[0].lower().startswith(known) else 0
