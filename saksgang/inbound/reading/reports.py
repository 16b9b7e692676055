"""Delivery and disposition reports (RFC 3464, RFC 8098) as fields. Never raises."""

from dataclasses import dataclass

from saksgang.inbound.reading import headers, mime

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification")
ORIGINAL_TYPES = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_MOST_RECIPIENTS = 200
_RECIPIENTS_OWN = {"final-recipient", "original-recipient", "action"}


@dataclass(frozen=True)
class Recipient:
    """One recipient's block: `action` as sent in lower case (failed, delayed, delivered ...), `status` like 5.1.1."""

    final_recipient: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_soft(self) -> bool:
        """It may go better later: 4.x.x, or a mailbox that is full (RFC 3463)."""
        return self.status.startswith("4.") or self.status in ("5.2.2", "5.7.509")


@dataclass(frozen=True)
class Report:
    """`type` is the report-type parameter in lower case; `original_message_id` is of the mail that it is about.

    `is_whole` False: the mail does not call itself a report, it only carries one. Some mail systems send theirs so, and
    people who forward one.
    """

    type: str
    recipients: tuple[Recipient, ...]
    original_message_id: str
    disposition: str
    is_whole: bool = True

    @property
    def action(self) -> str:
        """The gravest action of all recipients: failed before delayed before the rest; "" when none is told."""
        actions = [one.action for one in self.recipients if one.action]
        return next((one for one in ("failed", "delayed") if one in actions), actions[0] if actions else "")


def read(tree: mime.Tree) -> Report | None:
    """The report that a mail is, or that it carries as one of its own parts; those deeper inside are not read."""
    root = _report_part(tree.root)
    kind = headers.parameter(root.headers, "report-type").lower()
    if root.type != "multipart/report" and not (root.is_multipart and _status_part(root)):
        return None
    status = _status_part(root)
    blocks = _blocks(status) if status else []
    original = headers.message_id(_value(blocks[:1], "original-message-id")) or _original_id(root)
    return Report(
        type=kind or _type_of(status),
        recipients=tuple(_recipient(block) for block in blocks if _RECIPIENTS_OWN & block.keys()),
        original_message_id=original,
        disposition=_value(blocks[:1], "disposition").lower(),
        is_whole=tree.root.type == "multipart/report",
    )


def _report_part(root: mime.Part) -> mime.Part:
    """The part that holds the report: the mail itself, or the first part of what a gateway has wrapped with a text of its own."""
    first = root.children[0] if root.children else root
    return first if root.type != "multipart/report" and first.type == "multipart/report" else root


def _status_part(root: mime.Part) -> mime.Part | None:
    return next((part for part in root.children if part.type in _STATUS_TYPES), None)


def _type_of(status: mime.Part | None) -> str:
    if status is None:
        return ""
    return "disposition-notification" if status.type == "message/disposition-notification" else "delivery-status"


def _blocks(status: mime.Part) -> list[dict[str, str]]:
    """The groups of fields between empty lines, names in lower case; the first one speaks of the whole mail."""
    rest, blocks = mime.content(status)[0][:500_000].replace(b"\r\n", b"\n").replace(b"\r", b"\n"), []
    for block in rest.split(b"\n\n")[: _MOST_RECIPIENTS + 1]:
        fields = mime.parse(block.strip(b"\n") + b"\n\n").root.headers
        blocks.append({name.lower(): headers.words(str(value))[:1_000] for name, value in fields.items()})
    return blocks


def _value(blocks: list[dict[str, str]], name: str) -> str:
    return blocks[0].get(name, "") if blocks else ""


def _recipient(block: dict[str, str]) -> Recipient:
    address = block.get("final-recipient", "") or block.get("original-recipient", "")
    return Recipient(
        final_recipient=address.rpartition(";")[2].strip(" <>").lower()[:254],
        action=_action(block),
        status=block.get("status", "").partition(" ")[0][:20],
        diagnostic=block.get("diagnostic-code", ""),
    )


def _action(block: dict[str, str]) -> str:
    """The action as the standard words it. Some systems say «failure», «expired» or nothing: nobody reports so of what arrived."""
    told = block.get("action", "").lower().partition(" ")[0][:40]
    known = next((one for one in _ACTIONS if told.startswith(one[:4])), "")
    by_status = {"4": "delayed", "2": "delivered"}.get(block.get("status", "")[:1], "failed")
    return known or ("failed" if told else by_status)


def _original_id(root: mime.Part) -> str:
    for part in root.children:
        if part.type in ORIGINAL_TYPES:
            inner = mime.parse(mime.content(part)[0][:200_000].lstrip()).root.headers
            return headers.message_id(str(inner.get("message-id", "")))
    return ""
