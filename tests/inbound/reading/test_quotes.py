import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading.quotes import split

pytestmark = pytest.mark.once

HEADER = "Fra: IKT <ikt@sykehus.example>\nSendt: mandag 3. mars 2025 08:55\nTil: Ola\nEmne: Sak\n\nGammelt.\n"
PIECES = [
    "Hei\n",
    "\n",
    "> x\n",
    "Mvh\n",
    "-- \n",
    "Ola Nordlie\n",
    HEADER,
    "Den 3. mars 2025 skrev Ola <o@x.example>:\n",
    "Sendt fra min iPhone\n",
    "________________________________\n",
    "EKSTERN E-POST\n",
    "-----Original Message-----\n",
    "Går det?\n",
    "Videresendt melding\n",
]


def shown(text, **known):
    return "".join(segment.text for segment in split(text, **known) if not segment.folded)


@settings(deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)),
    st.sampled_from([None, "", "SV: a", "VS: a"]),
    st.sampled_from([None, True, False]),
)
def test_nothing_is_lost(text, subject, is_reply):
    segments = split(text, subject=subject, is_reply=is_reply)
    assert "".join(segment.text for segment in segments) == text
    assert all(a.folded != b.folded for a, b in zip(segments, segments[1:], strict=False))
    if any(letter.isalnum() for letter in text):
        assert any(letter.isalnum() for segment in segments if not segment.folded for letter in segment.text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Går dette bra?",
                "Skriveren er ødelagt.",
                "Rom 4012 er stengt.",
                "Ring meg på 5512.",
                "Haster",
                "PS: også rom 3",
            ]
        )
    )
)
def test_sentences_after_a_greeting_stay(lines):
    text = "Det virker ikke.\n\nMvh Ola\n" + "\n".join(lines)
    assert all(line in shown(text) for line in lines)


@pytest.mark.parametrize(
    "intro",
    [
        "Den 3. mars 2025 kl. 08:55 skrev Ola Nordlie:",
        "Den man. 3. mars 2025 kl. 08:55 skrev Ola Nordlie <ola@sykehus.example>:",
        "3. mars 2025 kl. 08:55 skrev Ola Nordlie <ola@sykehus.example>:",
        "På 3. mars 2025 skreiv Ola Nordlie:",
        "On Mon, Mar 3, 2025 at 8:55 AM Ola Nordlie <ola@sykehus.example>\nwrote:",
        "On 03.03.2025 08:55, Ola Nordlie wrote:",
        "Ola Nordlie <ola@sykehus.example> skrev (mandag 3. mars):",
    ],
)
def test_introductions(intro):
    assert shown(f"Nei.\n\n{intro}\n\n> Virker det?\n", subject="Re: x", is_reply=True).strip() == "Nei."


@pytest.mark.parametrize(
    "mark",
    [
        "-----Opprinnelig melding-----",
        "-----Original Message-----",
        "-------- Opprinnelig e-post --------",
        "----- Opphavleg melding -----",
    ],
)
def test_original_message(mark):
    assert shown(f"Nei.\n\n{mark}\nVirker det?\n").strip() == "Nei."


@pytest.mark.parametrize(
    "line",
    [
        "Hent Outlook for iOS",
        "Skaffe Outlook for iOS<https://aka.ms/o0ukef>",
        "Få Outlook for Android",
        "Get Outlook for iOS",
        "Sendt fra min iPhone",
        "Sent from my iPad",
        "Sendt frå min iPhone",
        "Sendt fra Outlook for Android",
        "Sent from my Galaxy",
    ],
)
def test_phone_lines(line):
    assert shown(f"Det virker ikke.\n\n{line}\n").strip() == "Det virker ikke."


def test_phone_lines_are_not_sentences():
    assert "kollega" in shown("Hei\nSendt fra min kollega i går.\n")


@pytest.mark.parametrize(
    "greeting", ["Med vennlig hilsen", "Mvh", "Vennleg helsing", "Hilsen", "Best regards,", "Mvh."]
)
def test_greetings(greeting):
    text = f"Det virker ikke.\n\n{greeting}\nKari Fjellheim\nSpesialsykepleier\nTlf. 55 00 12 34\nwww.sykehus.example\n"
    assert shown(text).strip() == "Det virker ikke."


@pytest.mark.parametrize("text", ["Hei\n\n> Innstillinger > Skriver\n", f"Fikk denne:\n\n{HEADER}"])
def test_a_fresh_mail_has_no_history(text):
    assert shown(text, subject="Feil", is_reply=False) == text


@pytest.mark.parametrize("own", ["Se svar under med rødt.", "Se mailen nedenfor.", "Videresender denne."])
def test_what_is_pointed_at_stays(own):
    text = f"{own}\n\n{HEADER}"
    assert shown(text, subject="SV: x", is_reply=True) == text


def test_forwards_stay_whole():
    text = f"Kan dere se på dette?\n\n{HEADER}"
    for subject in ("VS: x", "FW: x", "Fwd: x", "Vs: x", "Videresendt: x"):
        assert "Gammelt." in shown(text, subject=subject)
    assert "Gammelt." not in shown(text, subject="SV: VS: x", is_reply=True)


def test_long_answered_quote_shows_its_end():
    text = "Den 3. mars 2025 kl. 08:55 skrev Ola:\n" + "".join(f"> linje {n}\n" for n in range(60)) + "Svar her\n"
    visible = shown(text, is_reply=True)
    assert "linje 59" in visible
    assert "Svar her" in visible
    assert "linje 3\n" not in visible


def test_only_a_quote_is_all_visible():
    assert shown(HEADER) == HEADER
    assert shown("> x\n") == "> x\n"


def test_a_signature_of_many_lines_folds():
    text = (
        "Kan dere hjelpe?\n\nMed vennlig hilsen\n\nAnne-Grete Solbakken\nSykepleier\nMedisinsk avdeling, sengepost 3\n"
        "Helse Fjord HF\nMob: +47 55 00 12 34 | E-post: anne@sykehus.example\nBesøksadresse: Fjordveien 3, 5000 Fjord\n"
    )
    assert shown(text).strip() == "Kan dere hjelpe?"


def test_names_below_a_greeting_are_no_signature():
    text = "Disse trenger tilgang.\n\nMvh Kari\n\nAnne Hansen\nPer Olsen\n"
    assert shown(text) == text


def test_header_of_new_outlook():
    text = "Nei.\n\nFra: IKT\nDato: mandag 3. mars 2025 kl. 08:55\nTil: Ola\nEmne: Re: x\n\nGammelt\n"
    assert shown(text, is_reply=True).strip() == "Nei."
