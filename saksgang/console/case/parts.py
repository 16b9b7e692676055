"""Everything the template of a case is drawn from, prepared so that drawing asks nothing of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.catalogue.kinds import TicketType
from saksgang.console import held
from saksgang.console.case import banners, came, deliveries, facts, fresh, messages, reading
from saksgang.console.case.case import Case
from saksgang.console.case.forms.assessment import AssessmentForm, PriorityForm, type_cards
from saksgang.console.case.forms.box import BoxForm
from saksgang.console.case.forms.clarification import ClarificationForm
from saksgang.console.case.forms.ending import ClosureForm, DetachmentForm, ReopeningForm
from saksgang.console.case.forms.facts import DepartmentForm, PlaceForm, RequesterForm, SubjectForm
from saksgang.console.case.forms.identity import IdentityForm
from saksgang.console.case.forms.improvement import ImprovementForm
from saksgang.console.case.forms.moving import GivingForm, HandoverForm, PostponementForm, PromiseForm
from saksgang.console.case.forms.outward import OutwardForm
from saksgang.console.case.forms.restriction import RestrictionForm
from saksgang.console.case.forms.ties import LinkForm, SplitForm, SubCaseForm
from saksgang.console.case.forms.writing import AnswerForm, ConversationForm, NoteForm
from saksgang.console.models import LEAVES, STAYS
from saksgang.console.states import state_labels
from saksgang.inbound.queries import mails_of
from saksgang.lib import clock
from saksgang.tickets import merges, neighbours, queries
from saksgang.tickets.actions.reopening import can_reopen
from saksgang.tickets.actions.taking_back import can_take_back
from saksgang.tickets.actions.ties.detachment import CAME_IN
from saksgang.tickets.kinds import CloseReason, LinkKind, MessageKind
from saksgang.tickets.models import Call
from saksgang.tickets.policies import can
from saksgang.ui.addresses import url
from saksgang.ui.dates import short_when


def parts(case: Case, form: Any, opened: str, problem: str) -> dict[str, Any]:
    """The context of console/case/ticket.html. `form`: one that was refused; `opened`: the panel that stands open."""
    now = clock.now()
    opened = opened or _first_opened(case)
    allowed = _may(case)
    boxes = _boxes(case, allowed, form, opened)
    return {
        "problem": problem,
        "opened": opened,
        "writing": form if form is not None and form.box in ANSWERS else boxes.get("answer"),
        "came": _came(case, form, now),
        "then": _then(form, opened),
        "held_box": form.box if form is not None and case.request.held else "",
        "undo_seconds": settings.UNDO_SECONDS,
        **_stands(case, allowed, boxes, now),
        **_said(case, form, now),
        **_people(case, now),
    }


def standing(case: Case) -> dict[str, Any]:
    """The context of console/case/standing.html: what follows by itself on a page that stands open."""
    now = clock.now()
    # Whom a message taken back went to is not asked here: its page shows no marks, and gets none.
    told, sent = case.recipients, case.mails_sent
    lost = any(mail["state"] in deliveries.LOST for mails in sent.values() for mail in mails)
    reach = deliveries.reach(case.requesters, case.addresses) if lost else deliveries.Reach({}, {})
    said = [{"id": pk, "recipients": deliveries.marks(told[pk], sent.get(pk, []), reach, now)} for pk in told]
    nothing = {"opened": "", "came": None, "held": "", "held_box": "", "shell": {"writer": held.writer(case.person)}}
    had = case.request.GET.get("had", "").split(",")
    allowed = _may(case)
    boxes = _boxes(case, allowed, None, "", among=STANDING)
    return {**_stands(case, allowed, boxes, now, had), **nothing, "said": said}


def _stands(
    case: Case, allowed: dict[str, bool], boxes: dict[str, Any], now: datetime, had: Iterable[str] = ()
) -> dict[str, Any]:
    """How the case stands, and what can be done with it. `had`: the parts that an open page has already, as `stood` names them."""
    ticket, assignee = case.ticket, facts.assignee(case.ticket)
    told = facts.facts(ticket, queries.mailboxes(ticket), now)
    links = [*facts.part_lines(case.parts, ticket.pk), *facts.link_lines(case.links)]
    return {
        "ticket": ticket,
        "now": now,
        "may": allowed,
        "box": boxes,
        "state": facts.state_tag(ticket),
        "next_step": facts.next_step(ticket, now),
        "facts": told,
        "sentence": facts.sentence(ticket),
        "links": links,
        "assignee": assignee,
        "mine": ticket.assignee_id == case.person.pk,
        "mark": case.mark,
        "cards": type_cards(),
        # What each part follows from: drawn twice it is never the same, since its forms have tokens.
        "stood": {"acts": _named(allowed, assignee), "facts": _named(allowed, told, links)},
        "had": frozenset(had),
    }


def _named(*drawn_from: object) -> str:
    return sha256(repr(drawn_from).encode()).hexdigest()[:12]


# These write to somebody; the others only change the case.
SENDS = {
    "answer",
    "resolution",
    "waiting",
    "promise",
    "conversation",
    "outward",
    "closure",
    "clarification",
    "improvement",
}


def _came(case: Case, form: Any, now: datetime) -> dict[str, Any] | None:
    """What came while a form was written, for the place where it was sent: {box, lines, action, fields, sends, do}.

    A button without a form is pressed again with what it said the first time.
    """
    if not case.stopped:
        return None
    request, box = case.request, form.box if form is not None else ""
    asked = {**request.GET.dict(), **request.POST.dict()}
    said = {name: value for name, value in asked.items() if name not in ("seen", "csrfmiddlewaretoken")}
    return {
        "box": box,
        "lines": came.lines(case.came, case.conversation, now),
        "action": request.path,
        "fields": said if form is None else {},
        "sends": box in SENDS,
        "do": request.POST.get("do", ""),
    }


def _then(form: Any, opened: str) -> str:
    """What happens after the answer that stands in the composer: answer (nothing more), resolve, requester, others or plan."""
    if opened == "waiting":
        chosen = form["then"].value() if form is not None and form.box == "waiting" else ""
        return chosen or "requester"
    return "resolve" if opened == "resolution" else "answer"


def _first_opened(case: Case) -> str:
    """What was half written stands open; else the answer to a case that is one's own."""
    half_written = next((box for box in (LEAVES, STAYS) if case.drafts.get(box)), "")
    mine = case.ticket.assignee_id == case.person.pk and case.ticket.open and case.ticket.answers_owed
    return half_written or ("answer" if mine else "")


def _may(case: Case) -> dict[str, bool]:
    """Which buttons stand there."""
    ticket, works = case.ticket, case.may_work
    speaks = works and ticket.close_reason != CloseReason.MERGED  # whoever asked hears from the case that it goes on in
    return {
        "work": works,
        "take": case.can("take") and ticket.assignee_id is None,
        "take_over": case.can("take") and ticket.assignee_id not in (None, case.person.pk),
        "put_back": case.can("put_back") and ticket.assignee_id is not None,
        "answer": speaks,
        "outward": speaks,
        "resolve": case.can("resolve"),
        "wait": case.can("plan"),
        "close": case.can("close"),
        "improve": case.can("close") and not ticket.restricted,
        "resume": case.can("resume"),
        "reopen": case.can("reopen") and can_reopen(ticket),
        "assess": works and bool(ticket.open),
        "identity": works and bool(ticket.open) and ticket.proofs_lacking > 0,
        "override": works and bool(ticket.open) and ticket.assessed_at is not None,
        "drop_override": works and bool(ticket.open) and ticket.override_priority is not None,
        "postpone": works and bool(ticket.open),
        "promise": case.can("plan") and ticket.type == TicketType.ORDER,
        "note": case.holds(Permission.WRITE_NOTES),
        "hand_over": case.holds(Permission.HAND_OVER_TICKETS) and can("hand_over", ticket),
        "ask_triage": case.can("hand_over") and ticket.clarify_due_at is None,
        "one_of_many": case.holds(Permission.HAND_OVER_TICKETS)
        and bool(ticket.open)
        and not ticket.restricted
        and not ticket.major_id,
        "give": works and bool(ticket.open),
        "tie": case.can("hand_over"),
        "requester": works and bool(ticket.open),
        "detach": case.holds(Permission.SORT_MAIL),
        "restrict": may(case.person, Permission.RESTRICT_TICKETS, team=ticket.team_id),
    }


FORMS: dict[str, Callable[[Case], BoxForm | SafeString]] = {
    "answer": AnswerForm,
    "note": NoteForm,
    "conversation": ConversationForm,
    "outward": OutwardForm,
    "assessment": AssessmentForm,
    "identity": IdentityForm,
    "priority": PriorityForm,
    "subject": SubjectForm,
    "place": PlaceForm,
    "department": DepartmentForm,
    "requester": RequesterForm,
    "giving": GivingForm,
    "handover": HandoverForm,
    "clarification": ClarificationForm,
    "waiting": fresh.waiting,
    "postponement": PostponementForm,
    "promise": PromiseForm,
    "resolution": fresh.resolution,
    "closure": ClosureForm,
    "improvement": ImprovementForm,
    "reopening": ReopeningForm,
    "restriction": RestrictionForm,
    "subcase": SubCaseForm,
    "split": SplitForm,
    "link": LinkForm,
}
# Box → which answer of _may shows it. The others are named alike.
SHOWN_BY = {
    "conversation": "note",
    "assessment": "assess",
    "priority": "override",
    "subject": "work",
    "place": "work",
    "department": "work",
    "giving": "give",
    "handover": "hand_over",
    "clarification": "ask_triage",
    "waiting": "wait",
    "postponement": "postpone",
    "resolution": "resolve",
    "closure": "close",
    "improvement": "improve",
    "reopening": "reopen",
    "restriction": "restrict",
    "subcase": "tie",
    "split": "tie",
    "link": "tie",
}


# Panels that are fetched when they are opened: building them all costs more than the rest of the page.
FETCHED = {
    "conversation", "outward", "assessment", "giving", "handover", "clarification", "closure", "improvement", "restriction",
    "subject", "place", "department", "requester", "priority", "postponement", "subcase", "split", "link",
}  # fmt: skip
# Those that stand in what follows by itself.
STANDING = ("promise", "reopening")
# One panel holds all three.
TIES = frozenset({"subcase", "split", "link"})
# One composer holds all three: what was refused stands in it as it was filled in.
ANSWERS = ("answer", "resolution", "waiting")


def _boxes(
    case: Case, allowed: dict[str, bool], form: Any, opened: str, *, among: Iterable[str] = FORMS
) -> dict[str, Any]:
    """Each panel's form: the one that was refused as it was filled in, the others empty or with their draft."""
    wanted = set(FORMS) - FETCHED | (TIES if opened in TIES else {opened})
    if case.ticket.assessed_at is None:
        wanted.add("assessment")
    boxes: dict[str, Any] = {
        name: FORMS[name](case) for name in among if name in wanted and allowed[SHOWN_BY.get(name, name)]
    }
    if form is not None and form.box in FORMS:
        boxes[form.box] = form
    return boxes


def _said(case: Case, form: Any, now: datetime) -> dict[str, Any]:
    sent, mails = case.mails_sent, mails_of(case.ticket.pk)
    sees_mail = case.holds(Permission.READ_MAIL)
    about = messages.About(
        files=queries.files(case.ticket),
        recipients=case.recipients,
        viewer_id=case.person.pk,
        deliveries=sent,
        mails=mails if sees_mail else {},
        sees_mail=sees_mail,
        unread_since=case.ticket.new_message_at,
        fresh=came.message_ids(case.came),
        reach=deliveries.reach(case.requesters, case.addresses),
        now=now,
        came_with=_came_with(case),
        calls=_calls(case),
    )
    rows = messages.rows(case.conversation, about)
    reading.arrange(rows, case.conversation, case.seen_until, now)
    if case.holds(Permission.SORT_MAIL):
        _offer_detaching(rows, case, form)
    if case.may_work:
        _offer_settling(rows, case)
    return {
        "said": rows,
        "receipts": deliveries.receipts(sent.get(None, []), now),
        **banners.banners(case, rows, mails if sees_mail else {}),
    }


def _calls(case: Case) -> dict[int, list[Call]]:
    by_message: dict[int, list[Call]] = {}
    for one in case.calls:
        by_message.setdefault(one.message_id, []).append(one)
    return by_message


def _came_with(case: Case) -> dict[int, int]:
    """Message → the merged case that it came with."""
    if not any(one["kind"] == LinkKind.MERGED and not one["forward"] for one in case.links):
        return {}
    parts = merges.absorbed_seen(case.person, case.ticket)
    return {message: part.ticket_id for part in reversed(parts) for message in part.message_ids}


def _offer_settling(rows: list[dict[str, Any]], case: Case) -> None:
    """What one click settles: not only thanks, the answer past the desk, what one has just sent oneself."""
    first = min((message.pk for message in case.conversation), default=0)
    for row, message in zip(rows, case.conversation, strict=True):
        if message.settled_at is None and message.kind in (MessageKind.THANKS, MessageKind.DIRECT):
            row["settle"] = message.kind.lower()
        if message.settled_at is None and message.unverified and message.kind == MessageKind.INCOMING:
            # The message that opened the case waits for no word: the case itself is looked at.
            row["settle"] = "" if message.pk == first else "sender"
        # After anything newer it is refused; what was only said was not sent.
        mailed = message.pk == case.last_message_id and message.pk in case.recipients
        row["withdrawal"] = mailed and can_take_back(message, case.person)


def _offer_detaching(rows: list[dict[str, Any]], case: Case, form: Any) -> None:
    """What came in can leave again, save the message that the case began with."""
    first = min((message.pk for message in case.conversation), default=0)
    came = {m.pk for m in case.conversation if m.kind in CAME_IN} - {first}
    for row in rows:
        refused = form if form is not None and form.box == f"detachment-{row['id']}" else None
        if row["id"] in came or refused:
            row["detachment"] = refused or DetachmentForm(case, row["id"])


def _people(case: Case, now: datetime) -> dict[str, Any]:
    people = [
        {
            "row": one,
            "person": one.person,
            "addresses": case.addresses.get(one.person_id, []),
            "proof": case.proofs.get(one.person_id),
        }
        for one in case.requesters
    ]
    said = {message.pk for message in case.conversation if message.taken_back_at is None}
    return {
        "people": people,
        "reached": [one for one in people if one["addresses"]],
        "unreached": [one for one in people if not one["addresses"]],
        "copied": sorted({told.address for pk in said for told in case.recipients.get(pk, []) if told.copy}),
        **_beside(case, now),
    }


def _beside(case: Case, now: datetime) -> dict[str, Any]:
    """Other cases worth a look. Each stands on the page once: a linked one among the facts, the requester's before the ward's."""
    shown = {row["id"] for row in case.links}
    theirs = [one for one in neighbours.other_cases(case.person, case.ticket) if one.id not in shown]
    shown |= {one.id for one in theirs}
    of_ward = [one for one in neighbours.department_cases(case.person, case.ticket) if one.id not in shown]
    return {"other_cases": _lines(theirs, now), "department_cases": _lines(of_ward, now)}


def _lines(cases: list[neighbours.ShortCase], now: datetime) -> list[dict[str, Any]]:
    """Other cases as a line each: state, who has it, when it came."""
    labels = state_labels() if cases else {}
    return [
        {
            "id": one.id,
            "subject": one.subject,
            "url": url("console:ticket", one.id),
            "told": ", ".join(filter(None, [labels[one.state], one.who, short_when(one.received_at, now)])),
        }
        for one in cases
    ]
