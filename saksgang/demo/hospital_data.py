"""Who works at the made-up hospital. Every name is put together at random; no department is a real one."""

from __future__ import annotations

from typing import NamedTuple

from saksgang.catalogue.models import Criticality
from saksgang.demo.stories import story

DOMAIN = "sykehuset.example"
PASSWORD = "demo"  # noqa: S105 - the same for everybody who can sign in, and printed at the start

TEAMS = (
    story.SERVICE_DESK,
    story.WORKPLACE,
    story.NETWORK,
    story.SERVERS,
    story.CLINICAL,
    story.IMAGING,
    story.PRINTING,
    story.EHEALTH,
    story.SECURITY,
    story.MEDICAL,
)


class Place(NamedTuple):
    name: str
    at: str  # as it stands in a sentence
    phone: str
    mailbox: str  # of the shared address; empty where there is none
    titles: tuple[str, ...]


_WARD = ("sykepleier", "sykepleier", "helsefagarbeider", "lege", "avdelingsleder")
_XRAY = ("radiograf", "radiograf", "radiolog", "helsesekretær")
_MIND = ("vernepleier", "sykepleier", "psykologspesialist", "lege")
_CLINIC = ("lege", "sykepleier", "helsesekretær", "avdelingsleder")

PLACES = (
    Place("Akuttmottaket", "i Akuttmottaket", "41100", "akuttmottaket", _WARD),
    Place("Intensiv", "på Intensiv", "41150", "intensiv", _WARD),
    Place("Medisinsk sengepost 1", "på Medisinsk sengepost 1", "41210", "medisinsk1", _WARD),
    Place("Medisinsk sengepost 2", "på Medisinsk sengepost 2", "41220", "medisinsk2", _WARD),
    Place("Kirurgisk sengepost", "på Kirurgisk sengepost", "41230", "kirurgisk", _WARD),
    Place("Ortopedisk sengepost", "på Ortopedisk sengepost", "41240", "", _WARD),
    Place("Barneavdelingen", "på Barneavdelingen", "41250", "barn", _WARD),
    Place("Fødeavdelingen", "på Fødeavdelingen", "41260", "fode", ("jordmor", "jordmor", "lege", "barnepleier")),
    Place("Nevrologisk sengepost", "på Nevrologisk sengepost", "41270", "", _WARD),
    Place("Hjerteovervåkingen", "på Hjerteovervåkingen", "41280", "hjerte", _WARD),
    Place("Dialysen", "på Dialysen", "41290", "", _CLINIC),
    Place("Operasjonsavdelingen", "på Operasjonsavdelingen", "41310", "operasjon", ("operasjonssykepleier", "lege", "portør")),
    Place("Oppvåkningen", "på Oppvåkningen", "41320", "", _WARD),
    Place("Sterilsentralen", "på Sterilsentralen", "41330", "", ("helsefagarbeider", "avdelingsleder")),
    Place("Radiologisk avdeling", "på Radiologisk avdeling", "41410", "radiologi", _XRAY),
    Place("Laboratoriet", "på Laboratoriet", "41420", "laboratoriet", ("bioingeniør", "bioingeniør", "overbioingeniør")),
    Place("Blodbanken", "i Blodbanken", "41430", "", ("bioingeniør", "lege")),
    Place("Øyepoliklinikken", "på Øyepoliklinikken", "41510", "oye", _CLINIC),
    Place("Medisinsk poliklinikk", "på Medisinsk poliklinikk", "41520", "medpol", _CLINIC),
    Place("Kirurgisk poliklinikk", "på Kirurgisk poliklinikk", "41530", "", _CLINIC),
    Place("Psykiatrisk døgnenhet", "på Psykiatrisk døgnenhet", "41610", "dogn", _MIND),
    Place("Fysioterapien", "på Fysioterapien", "41620", "", ("fysioterapeut", "ergoterapeut", "avdelingsleder")),
    Place("Sykehusapoteket", "på Sykehusapoteket", "41630", "", ("farmasøyt", "apotektekniker")),
    Place("Personalavdelingen", "på Personalavdelingen", "41710", "personal", ("rådgiver", "lønnskonsulent", "seksjonsleder")),
    Place("Renhold og portør", "på Renhold og portør", "41720", "", ("renholder", "renholder", "portør", "driftsleder")),
)  # fmt: skip

FIRST_NAMES = (  # noqa: SIM905 - names are read more easily as a text
    "Ane Astri Aurora Berit Camilla Dina Eli Elin Frida Gro Guri Hanne Heidi Helene Ingeborg Iselin Jorunn Kaja Karin Lene "
    "Linnea Mari Mona Nina Oda Randi Runa Sara Signe Siri Thea Tiril Torill Unni Vilde Åse Anders Aksel Asbjørn Brage "
    "Christian Dag Eivind Emil Espen Finn Fredrik Geir Gunnar Halvor Harald Ivar Jakob Jens Kristian Lars Magnus Mats "
    "Oddvar Olav Pål Rune Sigurd Simen Stein Sverre Tarjei Tore Ulrik Vetle Øystein Amina Leila Samir Omar Zofia Piotr Linh "
    "Daniel Maria Nadia Ewa"
).split()
LAST_NAMES = (  # noqa: SIM905
    "Aasen Aune Bakken Berge Birkeland Bjerke Brekke Bråten Dahlen Ekeland Engen Fjeld Fossum Foss Furuseth Gjerde Granli "
    "Grønli Hagen Haugland Heggen Helland Hovland Huseby Kalland Kleven Kvamme Langeland Lien Lindås Lunde Løken Myhre Mæland "
    "Myrvold Nesheim Nordby Nygård Næss Opdal Prestegard Raknes Reitan Rud Rønning Sandvik Sletten Skaar Skogstad Solbakken Solli "
    "Stokke Storhaug Sunde Sætre Tangen Tveit Ulvestad Vassbotn Vestby Viken Volden Østby Øverland Ali Hassan Khan Kowalski Nguyen"
).split()

# Those one signs in as: name, login, team, role, title. The password is the same for all.
SIGN_INS = (
    ("Ingrid Solbakken", "ingrid", story.SERVICE_DESK, "agent", "konsulent"),
    ("Jonas Tveit", "jonas", story.SERVICE_DESK, "agent", "konsulent"),
    ("Marte Lunde", "marte", story.SERVICE_DESK, "dispatcher", "koordinator"),
    ("Berit Haugland", "berit", story.SERVICE_DESK, "team_leader", "teamleder"),
    ("Henrik Foss", "henrik", story.NETWORK, "agent", "nettverksingeniør"),
    ("Silje Kvamme", "silje", story.CLINICAL, "agent", "systemforvalter"),
    ("Trond Myhre", "trond", story.EHEALTH, "team_leader", "teamleder"),
    ("Astrid Reitan", "astrid", story.TRIAGE, "team_leader", "avdelingssjef"),
    ("Arne Nygård", "arne", "", "administrator", "systemansvarlig"),
)
# Heads of the two departments: name, login, section, title.
HEADS = (
    ("Gudrun Aasland", "gudrun", "ikt", "avdelingssjef IKT"),
    ("Torbjørn Ravndal", "torbjorn", "ehelse", "avdelingssjef e-helse"),
)
# How many agents each team has beside those.
OTHERS = {
    story.SERVICE_DESK: 5,
    story.WORKPLACE: 4,
    story.NETWORK: 4,
    story.SERVERS: 4,
    story.CLINICAL: 4,
    story.IMAGING: 3,
    story.PRINTING: 3,
    story.EHEALTH: 3,
    story.SECURITY: 2,
    story.TRIAGE: 2,
    story.MEDICAL: 3,
}

CRITICAL, IMPORTANT, ORDINARY = Criticality.CRITICAL, Criticality.IMPORTANT, Criticality.ORDINARY
# name: criticality, owner, nynorsk, English
SERVICES = {
    "Journal": (CRITICAL, story.CLINICAL, "Journal", "Patient record"),
    "Kurve": (CRITICAL, story.CLINICAL, "Kurve", "Medication chart"),
    "e-resept": (CRITICAL, story.CLINICAL, "e-resept", "E-prescription"),
    "Operasjonsplan": (CRITICAL, story.CLINICAL, "Operasjonsplan", "Theatre plan"),
    "Bildearkiv": (CRITICAL, story.IMAGING, "Biletarkiv", "Image archive"),
    "Labsystem": (CRITICAL, story.IMAGING, "Labsystem", "Laboratory system"),
    "Innlogging": (CRITICAL, story.SERVERS, "Innlogging", "Sign-in"),
    "Nettverk": (CRITICAL, story.NETWORK, "Nettverk", "Network"),
    "Pasientvarsling": (CRITICAL, story.NETWORK, "Pasientvarsling", "Patient call system"),
    "Pasientmonitorer": (CRITICAL, story.MEDICAL, "Pasientmonitorar", "Patient monitors"),
    "Timebok": (IMPORTANT, story.CLINICAL, "Timebok", "Appointments"),
    "Diktat": (IMPORTANT, story.CLINICAL, "Diktat", "Dictation"),
    "Etikettskriver": (IMPORTANT, story.PRINTING, "Etikettskrivar", "Label printing"),
    "Trådløst nett": (IMPORTANT, story.NETWORK, "Trådlaust nett", "Wireless network"),
    "Telefoni": (IMPORTANT, story.NETWORK, "Telefoni", "Telephony"),
    "Adgangskort": (IMPORTANT, story.SERVERS, "Tilgangskort", "Access cards"),
    "Fellesområder": (IMPORTANT, story.SERVERS, "Fellesområde", "Shared folders"),
    "E-post": (IMPORTANT, story.SERVERS, "E-post", "E-mail"),
    "Digital dialog": (IMPORTANT, story.EHEALTH, "Digital dialog", "Digital dialogue"),
    "Henvisning": (IMPORTANT, story.EHEALTH, "Tilvising", "Referrals"),
    "Vaktliste": (IMPORTANT, story.WORKPLACE, "Vaktliste", "Rota"),
    "Informasjonssikkerhet": (IMPORTANT, story.SECURITY, "Informasjonstryggleik", "Information security"),
    "Personalsystem": (ORDINARY, story.EHEALTH, "Personalsystem", "Staff system"),
    "Skjema": (ORDINARY, story.EHEALTH, "Skjema", "Forms"),
    "Videomøte": (ORDINARY, story.EHEALTH, "Videomøte", "Video meetings"),
    "Hjemmekontor": (ORDINARY, story.NETWORK, "Heimekontor", "Working from home"),
    "Mobil": (ORDINARY, story.NETWORK, "Mobil", "Mobile phones"),
    "PC og utstyr": (ORDINARY, story.WORKPLACE, "PC og utstyr", "PCs and equipment"),
    "Programvare": (ORDINARY, story.WORKPLACE, "Programvare", "Software"),
    "Utskrift": (ORDINARY, story.PRINTING, "Utskrift", "Printing"),
}
# Nobody touches these from afar without agreement with the team that looks after them.
MEDICAL_DEVICES = frozenset({"Pasientmonitorer"})


class Ruled(NamedTuple):
    """A routing rule: when, and then the team."""

    team: str
    words: str = ""
    channel: str = ""
    sender: str = ""
    department: str = ""
    active: bool = True
    question: str = ""


ROUTING = (
    Ruled(story.SECURITY, "mistenkelig*, svindel*, phishing", channel="EMAIL"),
    Ruled(story.IMAGING, "bildearkiv, røntgenbilde*", channel="EMAIL"),
    Ruled(story.IMAGING, "prøvesvar, labsystem, prøvepakke*", department="Laboratoriet"),
    Ruled(story.PRINTING, "toner, papirstopp", channel="EMAIL"),
    Ruled(story.NETWORK, "trådløst nett, hjemmekontor*", channel="EMAIL"),
    Ruled(
        story.TRIAGE,
        "eget fagsystem, ny app*",
        channel="EMAIL",
        question="Skal vi ta imot ønsket, og hvem tar det videre?",
    ),
    Ruled(story.SERVERS, sender=f"drift.{DOMAIN}", active=False),
)
# Somebody who has left: mail to this address is refused.
LEFT_ADDRESS = f"sluttet@{DOMAIN}"
ROBOT_ADDRESS = f"overvaking@drift.{DOMAIN}"
