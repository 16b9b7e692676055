"""The kinds of case at the made-up hospital, with what people call them, and the stories that are of each."""

from __future__ import annotations

from typing import NamedTuple

from saksgang.demo.stories.story import FAULT, ORDER, REQUEST


class Kind(NamedTuple):
    name: str
    name_nn: str
    name_en: str
    service: str
    type: str
    words: tuple[str, ...]
    stories: tuple[str, ...] = ()  # slugs
    demands_proof: bool = False


KINDS = (
    Kind("Glemt passord", "Gløymt passord", "Forgotten password", "Innlogging", REQUEST,
         ("passord virker ikke", "nytt passord", "får ikke logget på"), ("passord-glemt",), demands_proof=True),
    Kind("Låst konto", "Låst konto", "Locked account", "Innlogging", FAULT, ("utestengt", "låst ute"), ("konto-last",)),
    Kind("Kortet logger ikke på", "Kortet loggar ikkje på", "Card does not sign in", "Innlogging", FAULT,
         ("kortleser", "smartkort"), ("kort-virker-ikke",)),
    Kind("Ny bruker", "Ny brukar", "New user", "Innlogging", ORDER, ("nyansatt", "begynner", "tilgang"),
         ("ny-bruker",), demands_proof=True),
    Kind("Ansatt slutter", "Tilsett sluttar", "Employee leaves", "Innlogging", REQUEST, ("sluttet", "fjern tilgang"), ("slutter",)),
    Kind("Kode til ny telefon", "Kode til ny telefon", "Code for a new phone", "Innlogging", REQUEST,
         ("tofaktor", "engangskode", "authenticator"), ("tofaktor",), demands_proof=True),
    Kind("Mistet adgangskort", "Mista tilgangskort", "Lost access card", "Adgangskort", ORDER,
         ("nøkkelkort", "nytt kort"), ("adgangskort",)),
    Kind("Dør åpner ikke", "Dør opnar ikkje", "Door does not open", "Adgangskort", FAULT, ("kortleser", "lås"), ("dor-apnes-ikke",)),
    Kind("Tilgang til Journal", "Tilgang til Journal", "Access to Journal", "Journal", REQUEST,
         ("rolle", "rettighet"), ("journal-tilgang",), demands_proof=True),
    Kind("Journal er treg", "Journal er treg", "Journal is slow", "Journal", FAULT, ("henger", "tregt"), ("journal-treg",)),
    Kind("Feil i mal", "Feil i mal", "Fault in a template", "Journal", FAULT, ("epikrise", "brevmal"), ("journal-feil-mal",)),
    Kind("Rapport", "Rapport", "Report", "Journal", REQUEST, ("statistikk", "tall", "uttrekk"), ("statistikk",)),
    Kind("Kurve viser feil", "Kurve viser feil", "Kurve shows wrong data", "Kurve", FAULT, ("doser", "medisin"), ("kurve-doser",)),
    Kind("e-resept sendes ikke", "e-resept blir ikkje send", "Prescription is not sent", "e-resept", FAULT,
         ("resept",), ("eresept-sendes-ikke",)),
    Kind("Monitor kommer ikke i overvåkingen", "Monitor kjem ikkje i overvakinga", "Monitor is not in the overview",
         "Pasientmonitorer", FAULT, ("pasientmonitor", "skop"), ("monitor-sender-ikke",)),
    Kind("Feil i time", "Feil i time", "Wrong appointment", "Timebok", FAULT, ("dobbelbooket",), ("timebok-dobbel",)),
    Kind("Nytt rom i Timebok", "Nytt rom i Timebok", "New room in Timebok", "Timebok", ORDER,
         ("ressurs", "kalender"), ("timebok-ny-ressurs",)),
    Kind("Diktat uten lyd", "Diktat utan lyd", "Dictation without sound", "Diktat", FAULT, ("mikrofon",), ("diktat-lyd",)),
    Kind("Melding fra pasient kommer ikke", "Melding frå pasient kjem ikkje", "Patient's message missing", "Digital dialog", FAULT,
         ("helsenorge",), ("dialog-svar",)),
    Kind("Opplæring", "Opplæring", "Training", "Digital dialog", REQUEST, ("kurs", "hvordan"), ("dialog-opplaering",)),
    Kind("Henvisning kommer feil", "Tilvising kjem feil", "Referral goes astray", "Henvisning", FAULT, ("fastlege",), ("henvisning-feil",)),
    Kind("Endre skjema", "Endre skjema", "Change a form", "Skjema", REQUEST, ("felt", "innkomst"), ("skjema-endring",)),
    Kind("PC starter ikke", "PC startar ikkje", "PC does not start", "PC og utstyr", FAULT, ("svart skjerm", "død"), ("pc-starter-ikke",)),
    Kind("PC er treg", "PC er treg", "PC is slow", "PC og utstyr", FAULT, ("henger", "tregt"), ("pc-treg",)),
    Kind("Ny PC", "Ny PC", "New PC", "PC og utstyr", ORDER, ("bærbar", "laptop", "maskin"), ("ny-pc",)),
    Kind("Skjerm eller dokking", "Skjerm eller dokking", "Monitor or dock", "PC og utstyr", FAULT,
         ("blinker",), ("dokking", "skjerm-blinker")),
    Kind("Flytte utstyr", "Flytte utstyr", "Move equipment", "PC og utstyr", REQUEST, ("nytt kontor", "flytting"), ("flytte-kontor",)),
    Kind("Program", "Program", "Software", "Programvare", ORDER, ("lisens", "installere"), ("programvare",)),
    Kind("Bilder kommer ikke", "Bilete kjem ikkje", "Images do not arrive", "Bildearkiv", FAULT,
         ("røntgen", "pacs"), ("bilder-kommer-ikke",)),
    Kind("Hente bilder utenfra", "Hente bilete utanfrå", "Fetch images from outside", "Bildearkiv", REQUEST,
         ("annet sykehus",), ("bilder-ekstern",)),
    Kind("Prøvesvar mangler", "Prøvesvar manglar", "Test result missing", "Labsystem", FAULT, ("lab", "blodprøve"), ("lab-svar-mangler",)),
    Kind("Trådløst nett faller ut", "Trådlaust nett fell ut", "Wireless drops", "Trådløst nett", FAULT,
         ("wifi", "wi-fi"), ("tradlost-faller",)),
    Kind("Gjestenett", "Gjestenett", "Guest network", "Trådløst nett", REQUEST, ("wifi", "kurs"), ("nett-gjest",)),
    Kind("Ikke nett", "Ikkje nett", "No network", "Nettverk", FAULT, ("internett", "frakoblet"), ("nett-nede-post",)),
    Kind("Telefon virker ikke", "Telefon verkar ikkje", "Phone is dead", "Telefoni", FAULT, ("ringe", "summetone"), ("telefon-dod",)),
    Kind("Ny mobil", "Ny mobil", "New mobile phone", "Mobil", ORDER, ("telefon", "iphone"), ("mobil-bestilling",)),
    Kind("Hjemmekontor virker ikke", "Heimekontor verkar ikkje", "Working from home fails", "Hjemmekontor", FAULT,
         ("vpn", "hjemmefra"), ("hjemmekontor",)),
    Kind("Full postkasse", "Full postkasse", "Mailbox is full", "E-post", FAULT, ("får ikke sendt",), ("epost-full",)),
    Kind("Felles postkasse", "Felles postkasse", "Shared mailbox", "E-post", ORDER, ("fellespostkasse",), ("epost-felles",)),
    Kind("Tilgang til andres e-post", "Tilgang til e-posten til andre", "Access to another's e-mail", "E-post", REQUEST,
         ("innsyn", "syk", "sluttet"), ("epost-innsyn",), demands_proof=True),
    Kind("Slettet fil", "Sletta fil", "Deleted file", "Fellesområder", REQUEST, ("gjenopprette", "mappe borte"), ("fil-slettet",)),
    Kind("Tilgang til mappe", "Tilgang til mappe", "Access to a folder", "Fellesområder", REQUEST, ("rettighet",),
         ("mappe-tilgang",), demands_proof=True),
    Kind("Skriver skriver ikke ut", "Skrivar skriv ikkje ut", "Printer does not print", "Utskrift", FAULT,
         ("printer", "tomme ark", "papirstopp"), ("skriver-tomme-ark", "skriver-papirstopp")),
    Kind("Toner", "Toner", "Toner", "Utskrift", ORDER, ("blekk", "printer"), ("toner",)),
    Kind("Mistenkelig e-post", "Mistenkeleg e-post", "Suspicious e-mail", "Informasjonssikkerhet", REQUEST,
         ("svindel", "phishing"), ("svindel-epost",)),
)  # fmt: skip
OF_STORY = {slug: kind.name for kind in KINDS for slug in kind.stories}
