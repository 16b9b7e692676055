"""The made-up hospital's cases, as data. Each file is a theme; Norwegian, because they are what the product is shown with."""

from saksgang.demo.stories import (
    clinical,
    ehealth,
    equipment,
    imaging_and_lab,
    network,
    office,
    printing,
    security,
    sign_in,
    surgery_and_ward,
)
from saksgang.demo.stories.story import Story

STORIES: tuple[Story, ...] = (
    *clinical.STORIES,
    *surgery_and_ward.STORIES,
    *imaging_and_lab.STORIES,
    *sign_in.STORIES,
    *network.STORIES,
    *printing.STORIES,
    *equipment.STORIES,
    *office.STORIES,
    *ehealth.STORIES,
    *security.STORIES,
)

__all__ = ["STORIES", "Story"]
