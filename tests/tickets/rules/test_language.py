"""Which language somebody wrote in, by mails as nurses and others write them."""

from __future__ import annotations

import pytest

from saksgang.tickets.rules.language import language_of

pytestmark = pytest.mark.once

BOKMAAL = [
    "Hei! Skriveren på vaktrommet virker ikke. Kan noen se på den? Hilsen Nora",
    "Får ikke logget på",
    "pc treg",
    "HASTER!!! ALT STÅR",
    "",
    "12345",
    "Jeg får denne meldingen: The user name or password is incorrect. Please try again.",
    "Outlook sier at the server is not available. Hva gjør jeg?",
    "Hei, eg er fra Bergen, men skriver jeg ikke nynorsk. Hva nå?",
    "Bonjour, mon ordinateur ne fonctionne pas.",
    "Mangler tilgang til fellesområdet for ny turnuslege, begynner mandag i team 3.",
    "DIPS henger. Vi er to på vakt og har ikke journal. Ring 12345 så fort som mulig.",
    "Hej, min dator fungerar inte idag.",
]
NYNORSK = [
    "Hei! Skrivaren på vaktrommet verkar ikkje. Kan nokon sjå på han? Helsing Nora",
    "Får ikkje logga på",
    "Eg treng tilgang til fellesområdet.",
    "Kva gjer eg når maskina berre står og heng? Vi har ikkje journal på sengeposten.",
    "Det kjem ei feilmelding frå DIPS: «Access is denied». Korleis kjem eg vidare?",
    "Takk! Men det verkar ikkje enno.",
]
ENGLISH = [
    "Hello, I cannot log in to my computer since this morning. Could you please help?",
    "Printer on ward 3 is down",
    "My password does not work",
    "Hi! The screen is black and I don't know what to do.\n\nMed vennlig hilsen\nJohn Smith\nSykepleier, Sengepost 3",
    "Outlook doesn’t open, can’t print",
    "I’m a new doctor and need access to the shared folder. Who do I ask?",
]
ALL = [("nb", one) for one in BOKMAAL] + [("nn", one) for one in NYNORSK] + [("en", one) for one in ENGLISH]


@pytest.mark.parametrize(("language", "words"), ALL)
def test_the_language_of_a_mail(language, words):
    assert language_of(words) == language


def test_a_long_mail_costs_no_more_than_its_beginning():
    assert language_of("Eg treng hjelp. " + "a" * 10_000_000) == "nn"
