"""The stories as data: every way that a story can go has its words, and every brace is known."""

from __future__ import annotations

import re

import pytest

from saksgang.catalogue.kinds import TicketType
from saksgang.demo import courses, filling, hospital_data
from saksgang.demo.stories import STORIES
from saksgang.demo.stories.kinds import KINDS, OF_STORY
from saksgang.demo.stories.story import TRIAGE

pytestmark = pytest.mark.once

TEXTS = (
    "answer", "solution", "technical", "ask", "reply", "told", "plan", "plan_reason", "handover", "complaint", "fix", "note",
    "decline", "question_to_triage",
)  # fmt: skip
KNOWN = {"avd", "hos", "rom", "pc", "skriver", "utstyr", "tlf", "kollega", "kl", "dato", "ref"}


def texts_of(story):
    return [*story.subjects, *story.words, *(getattr(story, name) for name in TEXTS)]


def test_there_are_many_and_no_two_alike():
    assert len(STORIES) >= 60
    assert len({story.slug for story in STORIES}) == len(STORIES)
    assert {story.type for story in STORIES} == set(TicketType)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_story_is_whole(story):
    assert story.service in hospital_data.SERVICES
    assert story.team in hospital_data.TEAMS
    assert len(story.subjects) == len(story.words)
    assert (story.consequence is not None) == (story.type == TicketType.INCIDENT)
    assert bool(story.ask) == bool(story.reply)
    assert bool(story.supplier) == bool(story.told)
    assert bool(story.plan) == bool(story.plan_reason)
    assert bool(story.complaint) == bool(story.fix)
    for text in texts_of(story):
        assert set(re.findall(r"\{(\w+)\}", text)) <= KNOWN
        assert filling.fill(text, dict.fromkeys(KNOWN, "x")).count("{") == 0


def test_no_address_of_the_world_outside():
    for story in STORIES:
        for text in texts_of(story):
            assert "@" not in text
            assert "http" not in text
    assert hospital_data.DOMAIN.endswith(".example")


def test_every_course_can_be_gone_by_some_story():
    for course in courses.COURSES:
        assert any(courses.fits(story, course) for story in STORIES), course
    assert set(courses.WEIGHTS) == set(courses.DONE)
    assert set(courses.PATIENCE) == set(courses.OPEN)


def test_the_hospital_has_what_the_demo_promises():
    assert len(hospital_data.TEAMS) >= 6
    assert TRIAGE in hospital_data.OTHERS
    assert 35 <= len(hospital_data.SIGN_INS) + sum(hospital_data.OTHERS.values()) <= 50
    assert len(hospital_data.PLACES) >= 20


def test_some_forty_kinds_of_case_are_told_of_and_each_agrees_with_its_stories():
    assert len(KINDS) >= 40
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    known = {story.slug: story for story in STORIES}
    told = {kind.name: kind for kind in KINDS}
    for slug, name in OF_STORY.items():
        assert (known[slug].type, known[slug].service) == (told[name].type, told[name].service), slug
    assert any(kind.demands_proof for kind in KINDS)
