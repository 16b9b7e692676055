"""How cases go: the steps of each course, with the working minutes since the step before."""

from __future__ import annotations

from saksgang.catalogue.kinds import TicketType
from saksgang.demo.stories import Story

Course = tuple[tuple[str, int], ...]

# Ends with the case done.
DONE: dict[str, Course] = {
    "straight": (("assess", 8), ("take", 7), ("solve", 40)),
    "answered": (("assess", 10), ("take", 12), ("answer", 20), ("solve", 210)),
    "asked": (("assess", 9), ("take", 15), ("ask", 12), ("reply", 170), ("solve", 45)),
    "supplier": (("assess", 10), ("take", 20), ("supplier", 45), ("resume", 1100), ("solve", 70)),
    "planned": (("assess", 12), ("take", 30), ("plan", 20), ("resume", 1900), ("solve", 90)),
    "reopened": (("assess", 8), ("take", 10), ("solve", 60), ("complaint", 500), ("answer_again", 25), ("fix", 240)),
    "noted": (("assess", 6), ("take", 5), ("note", 6), ("answer", 8), ("solve", 120)),
    "oral": (("assess", 1), ("oral", 7)),
    "no_answer": (("assess", 6), ("take", 10), ("no_answer", 30), ("oral", 75)),
    "put_back": (("assess", 9), ("take", 12), ("put_back", 300), ("take", 60), ("solve", 90)),
    "declined": (("assess", 10), ("take", 40), ("decline", 120)),
    "withdrawn": (("assess", 15), ("take", 30), ("withdraw", 100)),
    "triage_said_no": (("assess", 15), ("triage", 30), ("triage_no", 760)),
    "triage_back": (("assess", 15), ("triage", 30), ("back", 690), ("take", 60), ("answer", 30), ("solve", 300)),
}  # fmt: skip
# Ends with the case open.
OPEN: dict[str, Course] = {
    "fresh": (),
    "sorted": (("assess", 9),),
    "taken": (("assess", 8), ("take", 10)),
    "working": (("assess", 8), ("take", 10), ("answer", 25)),
    "noted_open": (("assess", 8), ("take", 10), ("note", 12), ("answer", 10)),
    "asking": (("assess", 9), ("take", 12), ("ask", 20)),
    "replied": (("assess", 9), ("take", 12), ("ask", 20), ("reply", 190)),
    "with_supplier": (("assess", 10), ("take", 20), ("supplier", 60)),
    "dated": (("assess", 12), ("take", 30), ("plan", 30)),
    "promised": (("assess", 12), ("take", 40), ("promise", 60)),
    "back_again": (("assess", 8), ("take", 10), ("solve", 60), ("complaint", 420)),
    "calling": (("assess", 8), ("take", 15), ("no_answer", 20)),
    "at_triage": (("assess", 12), ("triage", 25)),
    "alarm": (("assess", 2), ("take", 3), ("answer", 6)),
}
COURSES = DONE | OPEN

# How common each way is among the done ones, where the story can go it.
WEIGHTS = {
    "straight": 30, "answered": 20, "asked": 14, "supplier": 9, "planned": 8, "reopened": 7, "noted": 8, "oral": 16,
    "no_answer": 4, "put_back": 3, "declined": 5, "withdrawn": 2, "triage_said_no": 2, "triage_back": 3,
}  # fmt: skip

# What a course needs its story to have.
NEEDS: dict[str, tuple[str, ...]] = {
    "asked": ("ask",),
    "asking": ("ask",),
    "replied": ("ask", "reply"),
    "supplier": ("supplier",),
    "with_supplier": ("supplier",),
    "planned": ("plan",),
    "dated": ("plan",),
    "promised": ("plan",),
    "reopened": ("complaint", "fix"),
    "back_again": ("complaint",),
    "noted": ("note",),
    "noted_open": ("note",),
    "declined": ("decline",),
    "triage_said_no": ("question_to_triage", "decline"),
    "triage_back": ("question_to_triage",),
    "at_triage": ("question_to_triage",),
}
# Only who speaks with the desk at once has it solved on the phone.
SPOKEN = {"oral"}
SPOKEN_SERVICES = {
    "Innlogging",
    "Utskrift",
    "E-post",
    "Mobil",
    "PC og utstyr",
    "Vaktliste",
    "Telefoni",
    "Personalsystem",
}

# Until how many working minutes after the last step an open case is not yet late: course → priority → minutes.
PATIENCE: dict[str, dict[int, int]] = {
    "fresh": {2: 24, 3: 24, 4: 24},
    "sorted": {2: 30, 3: 170, 4: 330},
    "taken": {2: 60, 3: 330, 4: 700},
    "working": {2: 320, 3: 1000, 4: 3200},
    "noted_open": {2: 300, 3: 900, 4: 3000},
    "replied": {2: 50, 3: 250, 4: 500},
    "back_again": {2: 50, 3: 250, 4: 500},
    "calling": {2: 30, 3: 40, 4: 40},
    "at_triage": {2: 30, 3: 150, 4: 330},
    "asking": {2: 300, 3: 800, 4: 900},
    "with_supplier": {2: 300, 3: 700, 4: 800},
    "dated": {2: 300, 3: 900, 4: 1200},
    "promised": {3: 900, 4: 1500},
    "alarm": {1: 25},
}
# And when it certainly is.
LATE = {"fresh": 62, "sorted": 520, "taken": 950, "working": 1500}


def fits(story: Story, course: str) -> bool:
    """Whether the story has the words that the course needs."""
    if any(not getattr(story, name) for name in NEEDS.get(course, ())):
        return False
    if course in SPOKEN:
        return story.service in SPOKEN_SERVICES and story.type != TicketType.ORDER
    return course != "promised" or story.type == TicketType.ORDER
