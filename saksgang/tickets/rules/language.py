"""Which language somebody wrote in: told by the small words that every sentence has. Pure. When in doubt it is bokmål.

It decides the language of a receipt to people who have never chosen one. Words that two of the languages share, such as «for»,
«at», «no», «me» or «i», stand in no list.
"""

from __future__ import annotations

import re

from saksgang.lib.text import words_in

ENGLISH = words_in(
    "the and is are was were my your our we you it this that these there have has had been not cannot can't don't doesn't didn't "
    "isn't won't i'm i've with from of on in but please could would should when what why how who which need needs does anyone "
    "some any into again since after before hi hello dear thanks regards sincerely working works log"
)
BOKMAAL = words_in(
    "jeg ikke en et hva hvordan hvem hvor hvorfor hvilken fra bare noe noen hun dere være vært blir ble mye sammen selv gjør nå "
    "kommer trenger sier vet mer også virker fungerer mens etter hilsen vennlig denne disse mine deres hvis kunne skulle vil "
    "gjøre siden"
)
NYNORSK = (
    words_in(
        "eg ikkje ein eit kva korleis kven kvar kvifor frå berre noko nokon nokre dykk dokker vere vore vert vart mykje saman "
        "sjølv gjer gjere kjem treng seier veit meir òg verkar medan helsing vennleg desse dykkar dersom kunne skulle "
        "hjå enno ho dei hjelpa meldinga skrivaren maskina pålogginga"
    )
    - BOKMAAL
)
NORWEGIAN = (
    BOKMAAL
    | NYNORSK
    | words_in("er og på til med som det den av om kan har å vi du min mitt hei takk får når skal må fordi eller men")
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - people write both
LOOKED_AT = 4000  # letters: the beginning of a long mail is enough
SUREST = 2


def language_of(words: str) -> str:
    """nb, nn or en. `words`: what the person wrote, without quotes."""
    said = [word.replace("’", "'") for word in _WORD.findall(words[:LOOKED_AT].casefold())]  # noqa: RUF001
    english = sum(word in ENGLISH for word in said)
    norwegian = sum(word in NORWEGIAN for word in said)
    # Norwegian mails quote English messages of programs; English ones end in a Norwegian title and ward.
    if english >= SUREST and english >= SUREST * norwegian:
        return "en"
    nynorsk = sum(word in NYNORSK for word in said)
    return "nn" if nynorsk > sum(word in BOKMAAL for word in said) else "nb"
