"""The signs by which quotes, signatures and banners are known, in the languages that reach a Norwegian hospital.

Every pattern is tried on the first `LOOKED_AT` characters of one line and has bounded repetitions only.
"""

import re

LOOKED_AT = 400

_B = r"[*_]{0,2}"  # bold as plain text shows it

FROM = re.compile(rf"(?i)\s{{0,8}}{_B}(?:fra|frå|from|von|från){_B}\s{{0,3}}:{_B}\s{{0,8}}\S")
SENT = re.compile(rf"(?i)\s{{0,8}}{_B}(?:sendt|sent|send|gesendet|skickat){_B}\s{{0,3}}:{_B}[^\n]{{0,60}}\d")
DATED = re.compile(rf"(?i)\s{{0,8}}{_B}(?:dato|date|datum){_B}\s{{0,3}}:{_B}[^\n]{{0,60}}\d")
CLOCK = re.compile(r"(?:20\d\d|kl)\D{1,12}\d\d?[:.]\d\d")
TO = re.compile(rf"(?i)\s{{0,8}}{_B}(?:til|to|an|till){_B}\s{{0,3}}:{_B}")
SUBJECT = re.compile(rf"(?i)\s{{0,8}}{_B}(?:emne|subject|betreff|ämne){_B}\s{{0,3}}:{_B}")
COPY = re.compile(rf"(?i)\s{{0,8}}{_B}(?:kopi|cc|blindkopi|svar til|reply-to|prioritet|importance){_B}\s{{0,3}}:{_B}")
ONE_LINE_HEADER = re.compile(
    r"(?i)\s{0,8}[*_]{0,2}(?:fra|frå|from)\s?:[^\n]{1,120}?\b(?:sendt|sent)\s?:[^\n]{0,80}?\d[^\n]{0,80}?\b(?:til|to)\s?:"
    r"[^\n]{0,120}?\b(?:emne|subject)\s?:"
)
RULE = re.compile(r"\s{0,8}(?:_{10,}|-{20,}|={20,})\s{0,8}$")

ORIGINAL = re.compile(
    r"(?i)\s{0,8}[-_]{2,40}\s{0,3}(?:opprinnelig|opprinneleg|opphavleg|original|ursprungligt|ursprüngliche)[\s-]{1,3}"
    r"(?:melding|e-?post|e-postmelding|mail|message|meddelande|nachricht)\s{0,3}[-_]{2,40}\s{0,8}$"
)
FORWARDED = re.compile(
    r"(?i)\s{0,8}[-_* ]{0,40}(?:start på |begin |start på den )?"
    r"(?:videresendt (?:melding|e-?post)|vidaresendt? (?:melding|e-?post)|vidaresend melding|forwarded (?:message|mail)"
    r"|videresendt e-postmelding)\b(?: (?:fra|frå|from|by|av) [^\n]{1,100})?\s{0,3}:?[-_* ]{0,40}$"
)
FORWARD_SUBJECT = re.compile(r"(?i)\s{0,5}(?:vs|vb|fw|fwd|wg|tr|videresendt|vidaresendt)\s{0,2}(?:\[\d+\])?\s{0,2}:")

# «Den ... skrev ...:», «... kl. ... skrev ...:», «On ... wrote:»: joined from up to three lines before it is tried.
ATTRIBUTION = re.compile(
    r"(?i)\s{0,8}(?:(?:den|på|on|le|am)\b[^\n]{0,160}?|[^\n]{0,100}?\bkl\.?\s?\d\d?[.:]\d\d[^\n]{0,80}?|"
    r"\d[^\n]{0,60}?\d{4}[^\n]{0,60}?|(?:man|tir|tirs|tor|tors|ons|fre|lør|laur|søn|sun|mon|tue|wed|thu|fri|sat)[^\n]{0,80}?)"
    r"\b(?:skrev|skreiv|wrote|schrieb|skriver)\b[^\n]{0,160}:\s{0,8}$"
)
ATTRIBUTION_START = re.compile(
    r"(?i)\s{0,8}(?:den|på|on|\d|man|tir|ons|tor|fre|lør|laur|søn|sun|mon|tue|wed|thu|fri|sat|[^\n]{0,60}\bkl\.?\s?\d)"
)
ATTRIBUTION_VERB = re.compile(r"(?i)\b(?:skrev|skreiv|wrote|schrieb|skriver)\b")
NAMED_ATTRIBUTION = re.compile(
    r"(?i)\s{0,8}[^\n>]{2,80}(?:<[^\s<>]+@[^\s<>]+>)?\s(?:skrev|skreiv|wrote)\b[^\n]{0,60}:\s{0,8}$"
)
ATTRIBUTED_TO_WRITER = re.compile(
    r"(?i)\b(?:skrev|skreiv|skriver|wrote)\s+(?:jeg|eg|vi|me|du|dere|de|i|we|you)\b|\b(?:i|we|you) wrote\b"
)
ADDRESS = re.compile(r"[^\s<>@\[\]():]{1,100}@[^\s<>@\[\]():]{1,150}")

QUOTED = re.compile(r"\s{0,3}>")

# Words that send the reader on to what stands below: then it is part of the message.
POINTS_BELOW = re.compile(
    r"(?i)\b(?:se|sjå|les|svar\w{0,6}|kommentar\w{0,6}|spørsmål\w{0,6}|mail\w{0,4}|e-?post\w{0,4}|melding\w{0,4}|tråd\w{0,3}"
    r"|feil\w{0,8}|sak\w{0,3}|info\w{0,8}|see|answers?|replies|comments?|fikk|fekk|mottok|henvendelse\w{0,3})\b"
    r"[^\n.?!]{0,60}\b(?:under|nedenfor|nedanfor|nedunder|inline|i teksten|below|rødt|raudt|blått|grønt)\b"
    r"|\b(?:i|med) (?:rødt|raudt|blått|grønt|rød skrift|blå skrift)\b|\bvideresender\b|\bvidaresender\b|\bsee below\b|\bfyi\b"
    r"|\b(?:nedenfor|nedanfor)\b|\b(?:til|for) (?:info|orientering)\b"
)

# Who only greets above a quote has said the rest below.
ONLY_GREETS = re.compile(
    r"(?i)(?:hei(?:sann|san)?|hallo|halla|heia|god (?:dag|morgen|kveld)|morn|hi|hello|dear|kjære)(?:\W{1,10}\w{1,20}){0,2}\W{0,20}"
)

PHONE_LINE = re.compile(
    r"(?i)\s{0,8}[*_]{0,2}(?:hent|skaff(?:e)?(?: deg)?|få|get|last ned)\s+outlook\s+(?:for|til)\s+(?:ios|android|mac|mobil\w{0,6})"
    r"\s{0,3}(?:[<(\[]\S{0,200}[>)\]])?\s{0,8}$"
    r"|\s{0,8}(?:sendt|send|sent)\s+(?:fra|frå|from|via|med)\s+(?:min\s+|mitt\s+|my\s+|mi\s+|the\s+|en\s+)?"
    r"(?:iphone|ipad|ipod|android\S{0,8}|samsung|galaxy|huawei|oneplus|nokia|sony|xperia|htc|pixel|mobil\w{0,8}|smart\w{0,8}"
    r"|telefon\w{0,4}|nettbrett\w{0,4}|mac|macbook|outlook|yahoo|mail|e-?post|windows|proton\s?mail|gmail|phone|mobile|tablet)"
    r"(?:[ -](?:for|til|på|on|i|ios|android|windows|10|11|mail|e-?post|galaxy|samsung|smartphone|smarttelefon|mobile|phone"
    r"|device|pro|mini|ipad|iphone|app|appen|outlook)){0,6}\s{0,3}(?:[<(\[]\S{0,200}[>)\]])?\.?\s{0,8}$"
)

GREETING = re.compile(
    r"(?i)\s{0,8}(?:(?:med\s+)?(?:ven[n]?li[g]?|vennleg|hjertelig|hjarteleg|beste|best|kind|warm|god|gode|varm|varme)"
    r"\s+(?:hilsen|hilsing|hilsner|helsing|helsingar|regards|wishes)|hilsen|helsing|mvh|m\.?\s?v\.?\s?h\.?|vh|v\.h\.|bh|regards"
    r"|sincerely|cheers|ha en (?:fin|god) (?:dag|helg|kveld|uke|vakt))(?P<rest>\s{0,3}[,.!:/-]?(?:\s[^\n]{0,60}|\s{0,8}))$"
)
CONTACT = re.compile(
    r"(?i)\s{0,8}[*_]{0,2}(?:tlf|telefon|tel|mob|mobil|mobiltelefon|phone|mobile|sentralbord|dir|direkte|fax|faks|calling|e-?post|mail"
    r"|e-?mail|epost|web|nett|besøksadresse|postadresse|adresse|[tmef])\b\.?\s{0,3}:?\s{0,3}[\w+(<@.,:/ \[\]()>|-]{3,150}$"
)
HAS_NUMBER_OR_ADDRESS = re.compile(r"\d{2}|@|www\.|https?:|\bvei\b|gate|postboks", re.IGNORECASE)
WEB = re.compile(
    r"(?i)\s{0,8}<?(?:https?://|www\.)?[\w.-]{2,100}\.(?:no|com|org|net|example|eu)(?:/[^\W\d./?-]{0,30}){0,3}/?>?(?:\s{0,3}<\S{1,250}>)?\s{0,8}$"
)
MAIL = re.compile(r"(?i)\s{0,8}<?[\w.+-]{1,64}@[\w.-]{1,150}>?(?:\s{0,3}<(?:mailto:)?\S{1,250}>)?\s{0,8}$")
NUMBER_ONLY = re.compile(r"\s{0,8}\(?\+?[\d() ]{7,20}\s{0,8}$")
POST = re.compile(
    r"\s{0,8}(?:[A-ZÆØÅ][\w .-]{2,40}\d{0,4}\s?[A-Z]?,\s?)?(?:Postboks \d{1,5},?\s?)?(?:N-|NO-)?\d{4} [A-ZÆØÅ][\wæøåÆØÅ -]{1,40}$"
)
TITLE = re.compile(
    r"(?i)\s{0,8}[\wæøå-]{0,30}(?:lege|pleier|leder|leiar|sekretær|konsulent|ingeniør|rådgiver|rådgjevar|fysiker|arbeider|sjef"
    r"|direktør|terapeut|student|vikar|assistent|koordinator|farmasøyt|radiograf|jordmor|professor|utvikler|medarbeider)"
    r"(?:[ ,/|]{1,3}(?:og|i|ved|for|[\wæøå.-]{1,30})){0,6}\s{0,8}$"
)
# Small letters that may stand behind a title or a label without telling anything.
QUIET_WORD = re.compile(
    r"for|og|i|av|ved|på|til|the|of|and|at|in|m|tlf|telefon|tel|mob|mobil|direkte|dir|vakt|sentralbord|e-?post|epost|faks|fax|nr"
    r"|\w{0,40}(?:lege|pleier|leder|leiar|sekretær|konsulent|ingeniør|rådgiver|rådgjevar|fysiker|sjef|direktør|terapeut|student"
    r"|assistent|koordinator|farmasøyt|radiograf|jordmor|professor|utvikler|medarbeider)"
    r"|\w{0,40}(?:avdeling\w{0,3}|seksjon\w{0,3}|enhet\w{0,3}|eining\w{0,3}|klinikk\w{0,3}|senter|stab|sykehus\w{0,3}|sjukehus\w{0,3}"
    r"|tjeneste\w{0,3}|teneste\w{0,3}|divisjon\w{0,3}|område|team|post|hf|helse|ikt|medisin|logi|isk|kirurgi|psykiatri|diagnostikk"
    r"|pleie|terapi|drift|innkjøp|økonomi|personal|forskning|forsking|utvikling|teknologi|informatikk|kvalitet|farmasi|analyse)"
)
UNIT = re.compile(
    r"(?i)(?:\w{0,30}avdeling\w{0,3}|\w{0,30}seksjon\w{0,3}|\w{0,30}enhet|\w{0,30}eining|\w{0,30}klinikk\w{0,3}|\w{0,20}post"
    r"|\w{0,30}sent(?:er|eret)|\w{0,30}stab|sykehus\w{0,3}|sjukehus\w{0,3}|\w{0,30}universitets?\w{0,20}|hf|as|helse|kommune|ikt"
    r"|divisjon\w{0,3}|område|team|e-helse|legekontor|\w{0,30}tjeneste\w{0,3}|\w{0,30}teneste\w{0,3})"
)
_SMALL = "for og i av ved på til the of and at in | / - – · & avd avd. seksjon"
SMALL_WORDS = frozenset(_SMALL.split())
_NO_NAMES = (
    "haster viktig takk tusen urgent asap hjelp nb ps akutt obs snarest please thanks ring ringe svar kritisk er var har kan"
    " skal må vil virker fungerer får ikke ikkje jeg eg vi du dere det den dette at når hvis om men ingen mangler feil ødelagt"
    " nede stopper trenger treng ønsker is are can not no nei ja gjelder gjeld også står finnes både samt trengs hos stengt"
)
NOT_A_NAME = frozenset(_NO_NAMES.split())

BANNER_START = re.compile(
    r"[^\w\n]{0,10}(?:EKSTERN|EXTERNAL|ADVARSEL|ÅTVARING|CAUTION|WARNING|OBS|NB|VARSEL|Ekstern|External|Advarsel|Caution|Denne e-?posten"
    r"|This e-?mail|You don't often|Du får ikke ofte|Noen mottakere)(?!\w)"
)
BANNER_OUTSIDE = re.compile(
    r"(?i)\b(?:utenfor|utanfor|utsiden|utsida|outside|ikke ofte|ikkje ofte|don't often|external|ekstern\w{0,2})\b"
)
BANNER_WARNING = re.compile(
    r"(?i)\b(?:avsendar\w{0,3}|avsender\w{0,3}|sender|lenker|lenkjer|vedlegg|links?|attachments?|klikk\w{0,3}|click"
    r"|organisa[st]jon\w{0,4}|organi[sz]ation|innholdet)\b"
)
# A banner tells where the mail is from or what not to do; «ekstern avsender mister alle vedlegg» does neither.
BANNER_CARES = re.compile(
    r"(?i)\b(?:ikke|ikkje|not|aldri|never)\s(?:\w{1,10}\s)?(?:klikk\w{0,2}|åpn\w{1,2}|opn\w{1,2}|trykk\w{0,2}|click|open|stol\w{0,2}|kjenner"
    r"|trust|know|recogni[sz]e|gjenkjenner|ventet|venta|expect)\b"
    r"|\b(?:forsiktig|forsiktige|varsom|varsam|aktsom|careful|cautious|care|unless|med mindre)\b"
    r"|\b(?:kommer|kom|kjem|er|sendt|sent|came|comes|originated|is)\s(?:sendt\s|sent\s)?(?:fra|frå|from)\b"
    r"|\b(?:ikke|ikkje) ofte\b|\bdon't often\b"
)
# Whoever warns about a mail in the first person is a reporter and no banner.
FIRST_PERSON = re.compile(r"(?i)\b(?:jeg|eg|meg|vi|oss|min|mitt|mine|i|we|my|our|fikk|fekk)\b")
BANNER_ALONE = re.compile(
    r"[^\w\n]{0,10}(?:EKSTERN|EXTERNAL)(?:[ -](?:E-?POST|MAIL|EMAIL|E-MAIL|AVSENDER|SENDER|MELDING))?[^\w\n]{0,10}$"
)
