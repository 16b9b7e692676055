"""What holds until the hospital says otherwise: hours, matrices, targets and mail texts. The tables hold only what was changed."""

from __future__ import annotations

from typing import NamedTuple

from saksgang.catalogue.working_time import Week

# 08.00–15.30, Monday to Friday.
OFFICE_WEEK: Week = (((480, 930),),) * 5 + ((), ())

# matrix → impact → (critical, important, ordinary service). Source: clause P1, tickets.md.
MATRICES: dict[str, dict[str, tuple[int, int, int]]] = {
    "incident": {
        "organisation": (1, 1, 2),
        "departments": (1, 2, 3),
        "individuals": (2, 3, 4),
    },
    "other": {
        "organisation": (2, 3, 3),
        "departments": (3, 3, 4),
        "individuals": (3, 4, 4),
    },
}


class Target(NamedTuple):
    """How soon: working minutes, or working days."""

    minutes: int | None = None
    days: int | None = None


# level → step → target. Priority 1 runs around the clock, the others in the team's hours.
TARGETS: dict[str, dict[str, Target]] = {
    "1": {"taken": Target(15), "answered": Target(30), "solved": Target(240)},
    "2": {"taken": Target(60), "answered": Target(120), "solved": Target(days=1)},
    "3": {"taken": Target(240), "answered": Target(days=1), "solved": Target(days=3)},
    "4": {"taken": Target(days=1), "answered": Target(days=2), "solved": Target(days=10)},
    "order": {"taken": Target(days=1), "answered": Target(days=2), "solved": Target(days=10)},
}


class Text(NamedTuple):
    subject: str
    body: str


# kind → language → text. `{number}` `{subject}` `{team}` `{name}` `{closing_days}` `{answer}` are filled in.
MAIL_TEXTS: dict[str, dict[str, Text]] = {
    "acknowledgement": {
        "nb": Text(
            "Vi har fått saken din",
            "Hei!\n\nVi har fått henvendelsen din, og den har saksnummer {number}. {team} tar den derfra, og du får svar på e-post.\n"
            "Har du mer å fortelle, kan du svare på denne e-posten.",
        ),
        "nn": Text(
            "Vi har fått saka di",
            "Hei!\n\nVi har fått meldinga di, og ho har saksnummer {number}. {team} tek henne derfrå, og du får svar på e-post.\n"
            "Har du meir å fortelje, kan du svare på denne e-posten.",
        ),
        "en": Text(
            "We have received your case",
            "Hello,\n\nWe have received your message, and its case number is {number}. {team} will handle it, and you will get the "
            "answer by e-mail.\nIf you have more to tell, reply to this e-mail.",
        ),
    },
    "acknowledgement_of_several": {
        "nb": Text(
            "Vi har fått sakene dine",
            "Hei!\n\nVi har fått flere henvendelser fra deg. De har disse saksnumrene: {numbers}. Du får svar på hver av dem på e-post.",
        ),
        "nn": Text(
            "Vi har fått sakene dine",
            "Hei!\n\nVi har fått fleire meldingar frå deg. Dei har desse saksnumra: {numbers}. Du får svar på kvar av dei på e-post.",
        ),
        "en": Text(
            "We have received your cases",
            "Hello,\n\nWe have received several messages from you. Their case numbers are: {numbers}. You will get an answer to each "
            "of them by e-mail.",
        ),
    },
    # To colleagues. `{link}` leads to the question; nothing of the case stands in the mail.
    "clarification_urgent": {
        "nb": Text(
            "Trakta er spurt, og det haster",
            "Hei {name}!\n\nTrakta er spurt om sak {number}, og det haster. Du har vakten i dag.\n{link}",
        ),
        "nn": Text(
            "Trakta er spurd, og det hastar",
            "Hei {name}!\n\nTrakta er spurd om sak {number}, og det hastar. Du har vakta i dag.\n{link}",
        ),
        "en": Text(
            "The triage team is asked, and it is urgent",
            "Hello {name},\n\nThe triage team is asked about case {number}, and it is urgent. You are the manager of the day.\n{link}",
        ),
    },
    "clarification_waits": {
        "nb": Text(
            "Trakta har ikke avgjort en sak",
            "Hei {name}!\n\nTrakta har hatt to møter uten å avgjøre spørsmålet om sak {number}. Derfor går det til deg.\n{link}",
        ),
        "nn": Text(
            "Trakta har ikkje avgjort ei sak",
            "Hei {name}!\n\nTrakta har hatt to møte utan å avgjere spørsmålet om sak {number}. Derfor går det til deg.\n{link}",
        ),
        "en": Text(
            "The triage team has not decided a case",
            "Hello {name},\n\nThe triage team has met twice without deciding the question about case {number}. So it goes to you.\n{link}",
        ),
    },
    # These stand below a receipt's text where they fit. `{opens}` `{phone}` `{what}` are filled in; they have no subject of their own.
    "off_hours": {
        "nb": Text("", "Vi leser e-post igjen {opens}."),
        "nn": Text("", "Vi les e-post igjen {opens}."),
        "en": Text("", "We read mail again {opens}."),
    },
    "off_hours_urgent": {
        "nb": Text("", "Kan det ikke vente av hensyn til pasienter eller drift? Ring {phone}."),
        "nn": Text("", "Kan det ikkje vente av omsyn til pasientar eller drift? Ring {phone}."),
        "en": Text("", "If patients or operations cannot wait, ring {phone}."),
    },
    "outage": {
        "nb": Text("", "Dette vet vi om akkurat nå, og vi jobber med det: {what}"),
        "nn": Text("", "Dette veit vi om akkurat no, og vi arbeider med det: {what}"),
        "en": Text("", "We know about this just now, and are working on it: {what}"),
    },
    "downtime": {
        "nb": Text("", "Planlagt nedetid akkurat nå: {what}"),
        "nn": Text("", "Planlagd nedetid akkurat no: {what}"),
        "en": Text("", "Planned downtime just now: {what}"),
    },
    "answer": {
        "nb": Text(
            "{subject}",
            "{answer}\n\nVennlig hilsen\n{name}\n{team}\n\nSaksnummer {number}. Svar gjerne på denne e-posten.",
        ),
        "nn": Text(
            "{subject}",
            "{answer}\n\nVennleg helsing\n{name}\n{team}\n\nSaksnummer {number}. Svar gjerne på denne e-posten.",
        ),
        "en": Text(
            "{subject}",
            "{answer}\n\nKind regards\n{name}\n{team}\n\nCase number {number}. You may reply to this e-mail.",
        ),
    },
    "solution": {
        "nb": Text(
            "{subject}",
            "{answer}\n\nVennlig hilsen\n{name}\n{team}\n\nSaksnummer {number} er løst. Er noe fortsatt galt, svarer du bare på denne "
            "e-posten, så åpner vi saken igjen. Hører vi ikke noe, lukkes den om {closing_days} dager.",
        ),
        "nn": Text(
            "{subject}",
            "{answer}\n\nVennleg helsing\n{name}\n{team}\n\nSaksnummer {number} er løyst. Er noko framleis gale, svarer du berre på denne "
            "e-posten, så opnar vi saka igjen. Høyrer vi ikkje noko, blir ho lukka om {closing_days} dagar.",
        ),
        "en": Text(
            "{subject}",
            "{answer}\n\nKind regards\n{name}\n{team}\n\nCase number {number} is solved. If something is still wrong, just reply to this "
            "e-mail and we will open the case again. If we hear nothing, it closes in {closing_days} days.",
        ),
    },
    "reminder": {
        "nb": Text(
            "{subject}",
            "Hei!\n\nVi trenger svar fra deg for å komme videre med saken. Dette spurte vi om:\n\n{answer}\n\n"
            "Svar gjerne på denne e-posten.\n\nVennlig hilsen\n{team}\n\nSaksnummer {number}.",
        ),
        "nn": Text(
            "{subject}",
            "Hei!\n\nVi treng svar frå deg for å kome vidare med saka. Dette spurde vi om:\n\n{answer}\n\n"
            "Svar gjerne på denne e-posten.\n\nVennleg helsing\n{team}\n\nSaksnummer {number}.",
        ),
        "en": Text(
            "{subject}",
            "Hello,\n\nWe need your answer to go on with the case. This is what we asked:\n\n{answer}\n\n"
            "You may reply to this e-mail.\n\nKind regards\n{team}\n\nCase number {number}.",
        ),
    },
    "outward": {
        "nb": Text(
            "{subject}",
            "{answer}\n\nVennlig hilsen\n{name}\n{team}\n\nVår referanse: sak {number}. Svar på denne e-posten, "
            "så kommer svaret til saken.",
        ),
        "nn": Text(
            "{subject}",
            "{answer}\n\nVennleg helsing\n{name}\n{team}\n\nVår referanse: sak {number}. Svar på denne e-posten, "
            "så kjem svaret til saka.",
        ),
        "en": Text(
            "{subject}",
            "{answer}\n\nKind regards\n{name}\n{team}\n\nOur reference: case {number}. Reply to this e-mail, and your answer comes to "
            "the case.",
        ),
    },
    "conversation": {
        "nb": Text(
            "{subject}", "Som avtalt på telefon:\n\n{answer}\n\nVennlig hilsen\n{name}\n{team}\n\nSaksnummer {number}."
        ),
        "nn": Text(
            "{subject}", "Som avtalt på telefon:\n\n{answer}\n\nVennleg helsing\n{name}\n{team}\n\nSaksnummer {number}."
        ),
        "en": Text(
            "{subject}", "As agreed on the phone:\n\n{answer}\n\nKind regards\n{name}\n{team}\n\nCase number {number}."
        ),
    },
}
