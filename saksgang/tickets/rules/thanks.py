"""Whether a message says thanks and nothing else (mail.md 11). When in doubt it does not: then the case opens again."""

from __future__ import annotations

import re

from saksgang.lib.text import words_in

THANKS = words_in("takk takker takkar takksam takknemlig thanks thank thx tusentakk")

# Any of these means that something is still wanted, whatever else is said.
STILL_WANTS = words_in(
    "men fortsatt ikke ikkje framleis fremdeles likevel enda ennå dessverre diverre venter ventar nei still but not however yet "
    "unfortunately"
)

# What else people say when all is well. Every word of a thank-you stands here, or is a name.
PLEASANT = words_in(
    "tusen mange hjertelig hjarteleg så veldig kjempe for hjelp hjelpa hjelpen hjelpsom hjelpsomme svar svaret tilbakemelding "
    "tilbakemeldingen tilbakemeldinga innsats innsatsen service servicen rask raskt raske kjapp kjapt god godt gode fin fint flott "
    "supert super topp bra kjempefint kjempebra perfekt nydelig herlig strålende utmerket dette det den da nå no virker verkar virka "
    "virket fungerer fungerte funker funka ordnet ordna seg i orden ok okei okay alt igjen og er var vart ble blei løst løyst kan dere "
    "de du lukke lukkes lukkast saken saka setter set pris på stor fornøyd nøgd ha en ei eit et dag kveld helg uke veke videre "
    "vidare hei heisann hallo kjære deg dykk til med vennlig vennleg beste hilsen helsing hilsning mvh vh klem fra frå jeg eg vi "
    "you so much very many a lot for the your help it is works working now great perfect excellent good all again kind best regards "
    "hi hello dear have nice day weekend cheers quick fast reply response"
)
_WORD = re.compile(r"[^\W\d_]+")
MOST_WORDS = 40
LONGEST = 600  # letters; no thank-you is longer, and no pattern here meets a long text
CLOSINGS = re.compile(
    r"(?im)^\W*(?:med )?(?:vennlig|vennleg|beste|mange)?\s*(?:hilsen|helsing|hilsning|mvh|vh|kind regards|regards)\b.*"
)
LONGEST_SIGNATURE = 12


def is_only_thanks(words: str, *, sender: str) -> bool:
    """`words`: what the sender wrote, without quotes and folded signature; `sender`: their name, which they may sign with."""
    words = words.strip()
    if len(words) > LONGEST or "?" in words or any(letter.isdigit() for letter in _before_closing(words)):
        return False
    said = _WORD.findall(words.casefold())
    if len(said) > MOST_WORDS or not THANKS & set(said) or STILL_WANTS & set(said):
        return False
    names = set(_WORD.findall(sender.casefold()))
    meant = _WORD.findall(_before_closing(words).casefold())
    signed = len(said) - len(meant)
    return signed <= LONGEST_SIGNATURE and all(word in THANKS or word in PLEASANT or word in names for word in meant)


def _before_closing(words: str) -> str:
    """What stands above «Hilsen …»: below it come name and title."""
    closing = CLOSINGS.search(words)
    return words[: closing.start()] if closing else words
