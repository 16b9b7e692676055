"""A bounce without a usable report, told by who wrote it and by what the letter says and carries.

Mail systems word their letters in hundreds of ways, and many send no report (RFC 3464). So no single sign decides: the
less the sender looks like a mail system, the more the letter itself must show. What a person writes about a bounce, or
passes on of one, stays a person's mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from saksgang.inbound.reading.mail import ReadMail
from saksgang.inbound.reading.reports import ORIGINAL_TYPES

LOOKED_AT = 20_000

# Nobody writes as one of these.
_NOBODY = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|mmdf|microsoftexchange[\w.+-]*|mail(?:er)?-?(?:delivery|system)[\w.-]*)"
)
# A person may answer as these.
_POSTMASTER = re.compile(r"(?:post[-_.]?master|mail[-_.]?(?:master|admin|administrator))[\w.+-]*")
_SYSTEM_NAME = re.compile(
    r"(?i)\W{0,5}(?:the )?(?:system ?administrat|(?:inter)?(?:net )?mail ?(?:deliver|system|administrat)"
    r"|microsoft (?:outlook|exchange)|mail(?:er)?.?daemon|e-?postsystem|courier mail server)"
)
_FAILED_SUBJECT = re.compile(
    r"(?i)\W{0,5}(?:ikke leverbar|ikkje leverbar|kan ikke leveres|undeliver|delivery (?:status|failure|report|notification)"
    r"|delivery (?:has )?failed|failed (?:mail|delivery|message)|mail (?:delivery|error|failure|failed)|mail system error|failure notice"
    r"|returned (?:mail|message|to sender)|(?:e-?post )?returnert|leveringsfeil|bounced|message status|notice: mail deliver"
    r"|nondeliverable|non-delivery|ndn:|unable to deliver|feil ved levering|mislyk(?:ka|ket) levering|levering\w{0,4} mislyk\w{1,6}"
    r"|fejl ved levering|leveransfel|olevererat|unzustellbar|zustellung|nicht zugestellt|non remis|mancat\w recapito|devolu|notificaci"
    r"|niet bezorg|(?:[\wæøå-]{1,20}\s){0,4}(?:kan|kunne|ble|blei|vart|er) (?:ikke|ikkje) (?:lever|send)"
    r"|(?:[\w-]{1,20}\s){0,4}(?:could|can|was|were)(?: ?not|n't) (?:be )?(?:deliver|sent))"
)
# What the letters themselves say, where the subject is that of the mail that could not be delivered.
_FAILED_WORDS = re.compile(
    r"(?i)\b(?:(?:could|can|was|were)(?: ?not|n't) (?:be )?(?:deliver|sent to|forward)|(?:wasn't|not|un)\s?able to (?:be )?deliver"
    r"|undeliver(?:able|ed)|did not reach|delivery (?:to .{1,200} )?(?:has )?failed|failed (?:permanently|recipient)"
    r"|fail(?:ed|ure) to deliver|has been returned|permanent (?:fatal )?errors?|giv(?:en|ing) up"
    r"|(?:user|recipient|host|address|mailbox) (?:is )?(?:unknown|not found|unavailable|rejected|disabled|full|inactive)"
    r"|(?:unknown|invalid|no such|illegal|bad) (?:user|recipient|address|host|mailbox|alias)"
    r"|no mailbox here|over (?:its )?quota|quota exceeded|not (?:listed in|recogni[sz]ed|a valid)|does not exist"
    r"|account (?:is|has been|that you)|relay(?:ing)? denied|5\d\d[ -]5\.\d{1,3}\.\d{1,3}|55[0-4][ -]"
    r"|(?:kan|kunne|ble|blei|vart|er) (?:ikke|ikkje) (?:bli |verte )?(?:lever(?:es|e|ast|a|t)|sendes|sendast)|nådde ikk[je]{1,2}"
    r"|(?:mottak|adress|konto|postboks)\w{0,6} (?:\S{1,100} )?(?:finnes|finst) (?:ikke|ikkje)|levering\w{0,4} mislyk\w{1,6}"
    r"|kunde inte levereras|ei voitu toimittaa|(?:konnte|kann) nicht .{0,80}(?:zugestellt|ausgeliefert)"
    r"|kon niet worden (?:bezorgd|afgeleverd)|n'a pas pu .{0,60}(?:remis|délivr|distribu)|no (?:se )?(?:pudo|ha podido) .{0,60}entreg"
    r"|non .{0,60}(?:recapitat|consegnat)|não (?:pôde|foi) .{0,60}entreg)"
    r"|не (?:был[оа]? )?доставлен|送信できません|送信できなかった|配信できません|配信不能|届けることができません"
    r"|退信|无法(?:投递|送达)|無法(?:投遞|送達)"
)
# A piece of the mail that is spoken of, or of what was told between the mail systems.
_CARRIED = re.compile(
    r"(?im)^[> \t]{0,4}(?:final-recipient|original-recipient|reporting-mta|diagnostic-code|received|message-id|return-path|x-mailer)[ \t]?:"
    r"|\b(?:original message (?:was|follow|head)|copy of (?:the|your) (?:message|mail|original)|your message follows"
    r"|transcript of session|remote host said)"
)
_ADDRESS_LINE = re.compile(r"(?m)^[> \t]{0,8}<?[\w.+-]{1,64}@[\w.-]{1,200}>?[ \t]{0,4}:?[ \t]{0,4}$")
_DELAYED_SUBJECT = re.compile(
    r"(?i)\s*(?:delayed mail|delivery delayed|mail delayed|levering(?:en)? (?:er )?(?:forsinket|forseinka)|(?:warning|advarsel|åtvaring)"
    r"\W{1,3}(?:message|meldingen|meldinga|could not|kunne ikk))|.{0,60}\b(?:still being retried|delivery status notification \(delay\))"
)
_DELAYED_WORDS = re.compile(
    r"(?i)\b(?:this is a warning message only|(?:do|does) not need to resend|has not yet been delivered"
    r"|will (?:be retried|keep trying|continue to (?:try|be))"
    r"|delivery attempts will continue|trenger ikke (?:å )?sende (?:\S{1,20} ){0,3}på nytt)"
)
_ARRIVED_SUBJECT = re.compile(
    r"(?i).{0,60}\b(?:delivery status notification \((?:success|relay)|(?<!not )delivered:|successful)"
)


@dataclass(frozen=True)
class Sender:
    """Who wrote, as far as the headers tell. `is_silent`: nobody reads what is answered."""

    local_part: str
    name: str
    is_silent: bool

    @property
    def is_nobody(self) -> bool:
        """No person, whatever the other headers say."""
        if not self.local_part:
            return self.has_system_name
        return bool(_NOBODY.fullmatch(self.local_part))

    @property
    def is_postmaster(self) -> bool:
        """Perhaps a mail system, perhaps the person who minds it."""
        return bool(_POSTMASTER.fullmatch(self.local_part))

    @property
    def is_person(self) -> bool:
        """Nothing in the headers speaks against it."""
        doubts = (self.is_silent, self.is_nobody, self.is_postmaster, self.has_system_name)
        return bool(self.local_part) and not any(doubts)

    @property
    def has_system_name(self) -> bool:
        return bool(_SYSTEM_NAME.match(self.name[:200]))


@dataclass(frozen=True)
class _Letter:
    names_it: bool
    says_it: bool
    carries: bool
    lists_addresses: bool


def told(mail: ReadMail, sender: Sender, *, is_marked: bool) -> Literal["failed", "delayed", ""]:
    """Whether the letter tells of a mail that failed or is late; "" when it is no bounce.

    `is_marked`: a header that only bounces bear stands in it.
    """
    if (sender.is_person and not is_marked) or _ARRIVED_SUBJECT.match(mail.subject):
        return ""
    text = mail.text[:LOOKED_AT]
    is_late = bool(_DELAYED_SUBJECT.match(mail.subject))
    letter = _Letter(
        names_it=is_late or bool(_FAILED_SUBJECT.match(mail.subject)),
        says_it=bool(_FAILED_WORDS.search(text)),
        carries=any(one.type in ORIGINAL_TYPES for one in mail.attachments) or bool(_CARRIED.search(text)),
        lists_addresses=bool(_ADDRESS_LINE.search(text)),
    )
    is_enough = not sender.is_person and _is_enough(sender, letter)
    if not (is_enough or (is_marked and (sender.is_silent or letter.names_it))):
        return ""
    return "delayed" if is_late or _DELAYED_WORDS.search(text) else "failed"


def _is_enough(sender: Sender, letter: _Letter) -> bool:
    """Asked of senders that may be machines: the surer that is, the less the letter must show."""
    shows = letter.carries or letter.lists_addresses
    if sender.is_nobody:
        return letter.names_it or letter.says_it or shows
    if sender.is_postmaster and (sender.is_silent or sender.has_system_name):
        return letter.names_it or (letter.says_it and shows)
    if sender.has_system_name or not sender.local_part:
        return letter.names_it and (letter.says_it or shows if sender.is_silent else letter.says_it and shows)
    return letter.names_it and letter.says_it and letter.carries
