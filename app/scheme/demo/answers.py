"""What people of the demonstration have answered: checks, drills, how confident they are."""

from app.content import manual
from app.learning import check_actions as checks
from app.learning import drill_actions as drills
from app.learning import drill_queries
from app.portfolio import confidence_actions as confidence
from app.portfolio import confidence_queries, tutorial_actions, tutorial_queries
from app.portfolio.confidence_queries import Moment
from app.scheme.demo.telling import Teller
from modules import Answer, Chapter, Kind

DRILL = "cs02-what-did-you-just-say"
LISTEN, CONSULT, BREAK = drill_queries.LISTEN, drill_queries.CONSULT, drill_queries.BREAK


def passed(tell: Teller, key: str, number: int, ago: int) -> None:
    """Tell a knowledge check with everything right."""
    chapter = tell.book.chapter(number)
    _counted(tell, key, chapter, ago, {one.id: one.key.answer for one in chapter.questions})


def not_passed(tell: Teller, key: str, number: int, *agos: int) -> None:
    """Tell counted attempts that were not passed: only the questions on safety were right."""
    chapter = tell.book.chapter(number)
    answers = {
        one.id: one.key.answer if one.safety_critical else _another(chapter, one.id)
        for one in chapter.questions
    }
    for ago in agos:
        _counted(tell, key, chapter, ago, answers)


def _another(chapter: Chapter, question_id: str) -> Answer:
    """Return an answer that is not the right one."""
    question = chapter.question(question_id)
    key = question.key.answer
    if question.kind is Kind.SINGLE:
        return next(one.id for one in question.options if one.id != key)
    if question.kind is Kind.SEVERAL:
        return frozenset(one.id for one in question.options if one.id not in set(key))
    if isinstance(key, tuple):
        return tuple(reversed(key))
    return {one.id: question.options[0].id for one in question.items}


def _counted(
    tell: Teller, key: str, chapter: Chapter, ago: int, answers: dict[str, Answer]
) -> None:
    now = tell.at(ago, 20)
    begun = checks.begin(tell.session, tell.ids[key], chapter, now=now)
    checks.answer(tell.session, begun, answers, now=now)


def practised(tell: Teller, key: str, number: int, ago: int) -> None:
    """Tell practice in which the first question was not right."""
    chapter = tell.book.chapter(number)
    answers = {one.id: one.key.answer for one in chapter.questions}
    first = chapter.questions[0].id
    checks.practise(
        tell.session,
        tell.ids[key],
        chapter,
        {**answers, first: _another(chapter, first)},
        made=0,
        now=tell.at(ago, 19, 30),
    )


def tutorial_held(tell: Teller, key: str, assessor: str, ago: int, covered: str) -> None:
    """Tell that an assessor recorded the tutorial that was due to a learner."""
    row = tutorial_queries.of_person(tell.session, tell.ids[key])[0]
    tutorial_actions.hold(
        tell.session,
        row,
        held_on=tell.day(ago),
        covered=covered,
        by_id=tell.ids[assessor],
        now=tell.at(ago, 16),
        due_on=tell.day(ago),
    )


def drilled(tell: Teller, key: str, ago: int, *choices: str, why: str = "") -> None:
    """Tell a go at the drill, screen by screen. ``why`` stands with the last decision."""
    case = manual().case(DRILL)
    run = drills.begin(tell.session, tell.ids[key], case, now=tell.at(ago, 18))
    for number, choice in enumerate(choices, 1):
        words = why if number == len(choices) else ""
        drills.decide(tell.session, run, number, choice, words, now=tell.at(ago, 18, number))


def filed(tell: Teller, key: str, ago: int) -> None:
    """Tell that somebody put their latest go at the drill into their portfolio."""
    run = drill_queries.runs_of(tell.session, tell.ids[key], DRILL)[0]
    drills.file(tell.session, run, now=tell.at(ago, 19))


def confident(tell: Teller, key: str, unit: str, moment: Moment, ago: int, *steps: int) -> None:
    """Tell how confident somebody was with a unit; the steps are repeated over its criteria."""
    person = tell.ids[key]
    standing = confidence_queries.by_unit(tell.session, person, [unit])[unit]
    criteria = tell.award.unit(unit).criteria
    confidence.rate(
        tell.session,
        person,
        standing,
        moment,
        {one.ref: steps[number % len(steps)] for number, one in enumerate(criteria)},
        award_version=tell.award.award.version,
        now=tell.at(ago, 21),
    )


def everything(tell: Teller) -> None:
    """Tell what everybody answered, apart from the checks that came with their reading."""
    for key, ago, at in (
        ("mentor", 200, (3, 5)),
        ("accredited1", 150, (4, 5)),
        ("accredited2", 140, (3, 4)),
        ("accredited3", 120, (4, 5)),
        ("conditions1", 95, (5, 6)),
        ("renewal1", 80, (3, 5)),
    ):
        told, ends = at
        choices = [CONSULT if n == told else LISTEN for n in range(1, ends)]
        drilled(tell, key, ago, *choices, BREAK)
    why = "He had one person in mind, and his bike was given away. I would not have slept."
    drilled(tell, "learner", 12, LISTEN, LISTEN, CONSULT, LISTEN, BREAK, why=why)
    filed(tell, "learner", 12)
    drilled(tell, "training1", 20, LISTEN, LISTEN, LISTEN, LISTEN, LISTEN, LISTEN)
    practised(tell, "learner", 5, 27)
    not_passed(tell, "learner", 5, 26)
    not_passed(tell, "training2", 1, 70, 66, 63)
    tutorial_held(
        tell, "training2", "assessor2", 55,
        "What befriending adds to what services give already, and where it stops.",
    )  # fmt: skip
    not_passed(tell, "training1", 2, 30, 24, 18)
