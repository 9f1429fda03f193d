"""Loads the role-play cases: one folder each, and one file for each of the people in the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from modules.casefiles import (
    AssessorModel,
    Conventions,
    DrillModel,
    GridRowModel,
    HeadModel,
    LearnerModel,
    PlayerModel,
    SceneModel,
)
from modules.linter import text_faults
from modules.manual import (
    AssessorGuide,
    Background,
    Card,
    Case,
    DebriefQuestion,
    Drill,
    DrillScreen,
    DrillWindow,
    GridRow,
    LearnerBrief,
    PlantedFact,
    PlayerBrief,
    Scene,
)
from modules.markup import Renderer
from modules.yamlfile import Report, front_matter, read_model

FILES = ("case.yaml", "learner.md", "player.md", "assessor.md")
_PLAYER_PARTS = ("## Persona", "## How to play")


def load_conventions(text: str, report: Report) -> Conventions | None:
    """What every case shares; or None, with its faults in the report."""
    report.faults.extend(text_faults(report.file, text))
    return read_model(Conventions, text, report)


def load_case(
    texts: Mapping[str, str], shared: Conventions, reports: Mapping[str, Report]
) -> Case | None:
    """The case in a folder's four files; or None, with every fault in the reports, one a file."""
    for name, text in texts.items():
        reports[name].faults.extend(text_faults(reports[name].file, text))
    head = read_model(HeadModel, texts["case.yaml"], reports["case.yaml"])
    learner = _learner(texts["learner.md"], shared, reports["learner.md"])
    player = _player(texts["player.md"], head, shared, reports["player.md"])
    assessor = _assessor(texts["assessor.md"], head, shared, reports["assessor.md"])
    if head is None or learner is None or player is None or assessor is None:
        return None
    version = sha256("\0".join(texts[name] for name in FILES).encode()).hexdigest()[:12]
    case = _case(head, version, (learner, player, assessor), reports["case.yaml"])
    return None if reports["case.yaml"].faults else case


def _case(
    head: HeadModel,
    version: str,
    briefs: tuple[LearnerBrief, PlayerBrief, AssessorGuide],
    report: Report,
) -> Case:
    renderer = Renderer(report)
    learner, player, assessor = briefs
    return Case(
        slug=head.slug,
        code=head.code,
        title=renderer.words(head.title, line=1),
        pathway=head.pathway,
        minutes=head.minutes,
        debrief_minutes=head.debrief_minutes,
        rounds=head.rounds,
        pair=head.pair,
        tension=tuple(head.tension),
        trust_start=head.trust_start,
        setting=renderer.words(head.setting, line=1),
        observes=tuple(head.observes),
        version=version,
        learner=learner,
        player=player,
        assessor=assessor,
        drill=_drill(head.drill, renderer) if head.drill else None,
        place=report.place(1),
    )


def _drill(drill: DrillModel, renderer: Renderer) -> Drill:
    window = drill.window
    return Drill(
        intro_html=renderer.html(drill.intro, line=1),
        screens=tuple(
            DrillScreen(number=number, html=renderer.html(text, line=1))
            for number, text in enumerate(drill.screens, 1)
        ),
        window=DrillWindow(
            consult_by=window.consult_by,
            break_from=window.break_from,
            break_by=window.break_by,
            early_html=renderer.html(window.early, line=1),
            in_time_html=renderer.html(window.in_time, line=1),
            late_html=renderer.html(window.late, line=1),
        ),
    )


def _cards(shared: Conventions, renderer: Renderer) -> tuple[Card, ...]:
    return tuple(
        Card(
            name=card.name,
            meaning=renderer.words(card.meaning, line=1),
            what_happens=renderer.words(card.what_happens, line=1),
        )
        for card in shared.cards
    )


def _learner(text: str, shared: Conventions, report: Report) -> LearnerBrief | None:
    yaml, body, line = front_matter(text, report)
    read_model(LearnerModel, yaml, report, first_line=2)
    renderer = Renderer(report)
    if not body.strip():
        report.fault(line, "the learner's brief is empty")
    brief = LearnerBrief(html=renderer.html(body, line=line), cards=_cards(shared, renderer))
    return None if report.faults else brief


def _player(
    text: str, head: HeadModel | None, shared: Conventions, report: Report
) -> PlayerBrief | None:
    yaml, body, line = front_matter(text, report)
    brief = read_model(PlayerModel, yaml, report, first_line=2)
    renderer = Renderer(report)
    persona, how_to_play = _player_parts(body, line, renderer)
    if brief is None or head is None or report.faults:
        return None
    words = renderer.words
    return PlayerBrief(
        persona_html=persona,
        how_to_play_html=how_to_play,
        if_trusted=words(brief.if_trusted, line=1),
        trust_opens_at=shared.trust_opens_at,
        escalates=words(brief.escalates, line=1),
        softens=words(brief.softens, line=1),
        test_line=words(brief.test_line, line=1),
        delivery_p=words(brief.delivery_p, line=1),
        delivery_r=words(brief.delivery_r, line=1),
        facts=tuple(
            PlantedFact(id=f"{head.code}-F{number}", text=words(fact, line=1))
            for number, fact in enumerate(brief.facts, 1)
        ),
        cards=_cards(shared, renderer),
        names=tuple(brief.names),
        backgrounds=tuple(
            Background(pathway=card.pathway, name=card.name, text=words(card.text, line=1))
            for card in shared.backgrounds
            if card.pathway in head.backgrounds
        ),
    )


def _player_parts(body: str, first_line: int, renderer: Renderer) -> tuple[str, str]:
    """Persona and how to play it, as HTML."""
    lines = body.split("\n")
    at = [lines.index(heading) if heading in lines else -1 for heading in _PLAYER_PARTS]
    if not 0 <= at[0] < at[1]:
        parts = " and ".join(repr(heading) for heading in _PLAYER_PARTS)
        renderer.report.fault(first_line, f"the player's brief needs {parts}, in this order")
        return "", ""
    if any(line.strip() for line in lines[: at[0]]):
        renderer.report.fault(first_line, f"text before {_PLAYER_PARTS[0]!r}")
    persona, how = lines[at[0] + 1 : at[1]], lines[at[1] + 1 :]
    return (
        renderer.html("\n".join(persona), line=first_line + at[0] + 1),
        renderer.html("\n".join(how), line=first_line + at[1] + 1),
    )


def _assessor(
    text: str, head: HeadModel | None, shared: Conventions, report: Report
) -> AssessorGuide | None:
    yaml, body, line = front_matter(text, report)
    guide = read_model(AssessorModel, yaml, report, first_line=2)
    renderer = Renderer(report)
    intro = renderer.html(body, line=line)
    if guide and head:
        _check_scenes(guide.scenes, head.minutes, report)
    if guide is None or head is None or report.faults:
        return None
    words = renderer.words
    return AssessorGuide(
        intro_html=intro,
        scenes=tuple(
            Scene(
                number=scene.number,
                title=words(scene.title, line=1),
                starts=scene.starts,
                ends=scene.ends,
                cue=words(scene.cue, line=1),
            )
            for scene in guide.scenes
        ),
        grid=_grid(guide.grid, head.observes, shared.grid, renderer),
        stops=tuple(words(stop, line=1) for stop in guide.stops),
        debrief=tuple(
            DebriefQuestion(who=one.who, text=words(one.text, line=1)) for one in guide.debrief
        ),
    )


def _check_scenes(scenes: Sequence[SceneModel], minutes: int, report: Report) -> None:
    """Scenes follow one another without a gap, from the first minute to the last."""
    clock = 0
    line = 1
    for index, scene in enumerate(scenes):
        line = report.lines["scenes", index]
        if scene.starts != clock or scene.ends <= scene.starts:
            report.fault(line, f"scene {scene.title!r} must start at minute {clock}, and end later")
        clock = scene.ends
    if clock != minutes:
        report.fault(line, f"the scenes end at minute {clock}, the case at {minutes}")


def _grid(
    rows: Sequence[GridRowModel],
    observes: Sequence[str],
    shared: Sequence[GridRowModel],
    renderer: Renderer,
) -> tuple[GridRow, ...]:
    """The case's own rows, and the shared row of every other criterion that it observes."""
    own = {row.ref for row in rows}
    general = [row for row in shared if row.ref in observes and row.ref not in own]
    return tuple(
        GridRow(
            ref=row.ref,
            achieved=renderer.words(row.achieved, line=1),
            not_yet=renderer.words(row.not_yet, line=1),
        )
        for row in [*rows, *general]
    )
