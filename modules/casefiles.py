"""What may stand in the files of a role-play case, key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.yamlfile import Criterion, Slug, Strict, Words


class CardModel(Strict):
    name: Words
    meaning: Words
    what_happens: Words


class BackgroundModel(Strict):
    pathway: Literal["P1", "P2", "P3"]
    name: Words
    text: Words


class GridRowModel(Strict):
    ref: Criterion
    achieved: Words
    not_yet: Words


class SceneModel(Strict):
    #: Counted from 1; 0 is a time of preparation before the client comes.
    number: int = Field(ge=0)
    title: Words
    starts: int = Field(ge=0)
    ends: int = Field(ge=1)
    cue: Words


class DebriefModel(Strict):
    who: Words
    text: Words


class Conventions(Strict):
    """What holds in every case: cards, background cards, and rows that every grid shares."""

    cards: list[CardModel] = Field(min_length=4)
    backgrounds: list[BackgroundModel] = Field(min_length=3, max_length=3)
    trust_opens_at: int = Field(ge=0, le=10)
    grid: list[GridRowModel]


class WindowModel(Strict):
    consult_by: int
    break_from: int
    break_by: int
    early: Words
    in_time: Words
    late: Words


class DrillModel(Strict):
    intro: Words
    screens: list[Words] = Field(min_length=3)
    window: WindowModel


class HeadModel(Strict):
    code: Annotated[str, Field(pattern=r"^CS\d+$")]
    slug: Slug
    title: Words
    pathway: Literal["common", "P1", "P2", "P3"]
    backgrounds: list[Literal["P1", "P2", "P3"]] = Field(min_length=1)
    minutes: int = Field(ge=10, le=60)
    debrief_minutes: int = Field(ge=10, le=60)
    rounds: int = Field(ge=1, le=2)
    pair: bool
    tension: list[Annotated[str, Field(pattern=r"^OQ\d+[a-z]?$")]] = Field(min_length=1)
    trust_start: int = Field(ge=0, le=10)
    setting: Words
    observes: list[Criterion] = Field(min_length=1)
    drill: DrillModel | None = None


class LearnerModel(Strict):
    pass


class PlayerModel(Strict):
    if_trusted: Words
    escalates: Words
    softens: Words
    test_line: Words
    delivery_p: Words
    delivery_r: Words
    facts: list[Words] = Field(min_length=3)
    names: list[Words] = Field(min_length=4)


class AssessorModel(Strict):
    scenes: list[SceneModel] = Field(min_length=3)
    grid: list[GridRowModel] = Field(min_length=1)
    stops: list[Words] = Field(min_length=1)
    debrief: list[DebriefModel] = Field(min_length=3)
