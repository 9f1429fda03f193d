"""Loads the demonstration scheme into an empty database, and says who can sign in."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.formats import local
from app.portfolio.confidence_queries import Moment
from app.scheme.demo import answers, papers, practice, reminding, standing
from app.scheme.demo.people import EVERYBODY, MAIN, PASSWORD
from app.scheme.demo.telling import Teller
from app.store import Store
from assessments.facts import FactKind, FactOutcome


class DemonstrationRefused(Exception):
    """The database holds something that the demonstration must not touch; says what."""


def load(session: Session, store: Store, *, now: datetime, base_url: str, scheme_name: str) -> int:
    """Tell the whole demonstration; return how many people are in it.

    Raises DemonstrationRefused where there is anybody already.
    """
    if accounts.anybody(session):
        raise DemonstrationRefused("There are people here already: use an empty database")
    today = local(now).date()
    tell = Teller(
        session=session, store=store, today=today, base_url=base_url, scheme_name=scheme_name
    )
    tell.add_everybody(EVERYBODY)
    standing.seat_the_panel(tell)
    for chapter in (_applicants, _in_training, _the_learner, _ready, _accredited, _the_mentor):
        chapter(tell)
    _ended(tell)
    _open_questions(tell)
    answers.everything(tell)
    reminding.reminded(tell, 5)
    session.flush()
    return len(EVERYBODY)


def _applicants(tell: Teller) -> None:
    standing.applied(tell, "applicant1", 21)
    standing.applied(tell, "applicant2", 60)
    tell.fact("applicant2", 40, FactKind.SIFT, outcome=FactOutcome.PASSED)
    standing.applied(tell, "declined1", 200)
    tell.fact("declined1", 180, FactKind.SIFT, outcome=FactOutcome.NOT_PASSED)
    tell.fact("declined1", 178, FactKind.DECLINED, note="12 of 32; safety sense 1.")


def _in_training(tell: Teller) -> None:
    for key, pathway, ago in (
        ("training1", "P2", 150),
        ("training2", "P3", 90),
        ("training3", "P1", 45),
    ):
        standing.applied(tell, key, ago + 90)
        standing.selected(tell, key, ago + 60)
        practice.registered(tell, key, pathway, ago)
        practice.read(tell, key, 1, ago - 6)
    answers.passed(tell, "training1", 1, 140)
    practice.read(tell, "training1", 5, 120)
    answers.passed(tell, "training1", 5, 118)
    practice.allocated(tell, "training1", "assessor", 145)
    practice.judged(tell, "training1", ("M1",), 80, verify=True)
    practice.judged(tell, "training1", ("M8",), 12, verify=False)
    papers.attached(tell, "training1", "M8.1.1", 12, papers.drawing(), "Drawing.png")
    practice.allocated(tell, "training2", "assessor2", 85)
    practice.handed_in(tell, "training2", ("M1.1.1", "M1.1.3"), "Why anybody mentors", 6)
    # Nobody is allocated: the coordinator sees that it waits.
    practice.handed_in(tell, "training3", ("M1.1.1",), "What was missing in my own street", 3)


def _the_learner(tell: Teller) -> None:
    key = "learner"
    standing.applied(tell, key, 220)
    standing.selected(tell, key, 190)
    tell.fact(key, 120, FactKind.VETTING, outcome=FactOutcome.CLEAR, until=tell.day(120 - 1090))
    practice.registered(tell, key, "P1", 110)
    practice.read(tell, key, 1, 100)
    answers.passed(tell, key, 1, 99)
    practice.allocated(tell, key, "assessor", 96)
    practice.read(tell, key, 5, 30, sections=3)
    answers.confident(tell, key, "M2", Moment.START, 95, 2, 1, 3, 2)
    answers.confident(tell, key, "M3", Moment.START, 31, 2, 3, 1, 2, 3)
    practice.wrote(
        tell,
        key,
        tell.book.chapter(1).prompts[0].id,
        1,
        "My uncle never told me I was wrong about the strike. He asked who had told me, and "
        "whether they had been there. I was cross for a week. Then I went and asked.",
        98,
    )
    practice.judged(tell, key, ("M2",), 40, verify=True)
    answers.confident(tell, key, "M2", Moment.END, 38, 4, 4, 3, 5, 1)
    practice.judged(tell, key, ("M7",), 15, verify=False)
    practice.returned(tell, key, "M7.1.1", 9)
    papers.attached(tell, key, "M2.1.1", 40, papers.sheet(), "What I would say first.pdf")
    practice.handed_in(tell, key, ("M4.4.1",), "Who there is to turn to", 6)
    papers.attached(tell, key, "M4.4.1", 5, papers.drawing(), "Wheel of support.png")
    papers.attached(tell, key, "M4.4.1", 4, papers.note(), "Notes.txt", taken_back=True)
    _the_first_half_hour(tell, key)
    practice.booked(tell, (key,), "cs02-what-did-you-just-say", -5, 14, "Small hall")
    practice.booked(
        tell, ("training1", "training2"), "cs11-time-to-leave", -12, 10, "Hostel meeting room"
    )
    practice.agreement(tell, key, "supervisor", 14, signed="supervisor")


#: (second on the clock, what was seen or heard, criterion)
NOTES = (
    (131, "First name only. Says who pays her and why she has come.", "M1.3.3"),
    (215, "‘Before you tell me anything…’ Sets out what stays and what cannot.", "M3.2.1"),
    (410, "Long silence, held well. He looks up first.", "M2.2.2"),
    (560, "Edge in her voice. A breath, half a smile, back to him.", "M2.2.1"),
)


def _the_first_half_hour(tell: Teller, key: str) -> None:
    first = practice.booked(tell, (key,), "cs01-the-first-half-hour", 24, 14, "Small hall")
    practice.played(tell, first, NOTES, "M2.2.2")


def _ready(tell: Teller) -> None:
    for key, pathway, ago in (("ready1", "P1", 30), ("ready2", "P3", 16)):
        standing.applied(tell, key, ago + 240)
        standing.selected(tell, key, ago + 200)
        standing.enrolled(tell, key, ago + 160)
        standing.trained(tell, key, ago, pathway)
        practice.agreement(tell, key, "supervisor2", ago + 5)
    standing.on_the_agenda(tell, "ready1", 6)


def _become_accredited(tell: Teller, key: str, ago: int, pathway: str) -> None:
    standing.applied(tell, key, ago + 250)
    standing.selected(tell, key, ago + 210)
    standing.enrolled(tell, key, ago + 170)
    standing.trained(tell, key, ago + 4, pathway)


def _accredited(tell: Teller) -> None:
    for number, (key, ago, pathway) in enumerate(
        (
            ("accredited1", 260, "P3"),
            ("accredited2", 200, "P1"),
            ("accredited3", 140, "P2"),
            ("accredited4", 75, "P1"),
        )
    ):
        _become_accredited(tell, key, ago, pathway)
        supervisor = "supervisor" if number % 2 else "supervisor2"
        row = practice.agreement(tell, key, supervisor, ago + 5)
        standing.decided(tell, key, ago, pathway)
        for step, held in enumerate(range(ago - 20, 4, -55)):
            practice.supervised(tell, row, held, step)
    _become_accredited(tell, "conditions1", 100, "P2")
    row = practice.agreement(tell, "conditions1", "supervisor", 105)
    standing.decided(
        tell,
        "conditions1",
        100,
        "P2",
        conditions="Works in a pair until the review, with fortnightly supervision.",
        review=tell.day(-60),
    )
    practice.supervised(tell, row, 40, 1)
    _become_accredited(tell, "renewal1", 330, "P1")
    row = practice.agreement(tell, "renewal1", "supervisor2", 334)
    standing.decided(tell, "renewal1", 330, "P1", until=tell.day(-40))
    standing.signed(tell, "renewal1", 30)
    for step, held in enumerate((300, 230, 160, 90, 20)):
        practice.supervised(tell, row, held, step)


def _the_mentor(tell: Teller) -> None:
    key = "mentor"
    standing.applied(tell, key, 560)
    standing.selected(tell, key, 520)
    practice.registered(tell, key, "P1", 460)
    practice.allocated(tell, key, "assessor", 455)
    for chapter in tell.book.chapters:
        practice.read(tell, key, chapter.number, 430)
        answers.passed(tell, key, chapter.number, 420)
    units = tuple(unit.code for unit in tell.award.mandatory)
    practice.judged(tell, key, (*units, "P1"), 340, verify=True)
    papers.attached(tell, key, "M3.1.1", 340, papers.sheet(), "Opening.pdf")
    tell.fact(
        key,
        330,
        FactKind.VETTING,
        outcome=FactOutcome.CLEAR,
        until=tell.day(330 - 1090),
        note="Enhanced check. Certificate seen by the vetting officer and given back.",
    )
    for case in ("CS2", "CS11"):
        tell.fact(key, 320, FactKind.ROLE_PLAY, outcome=FactOutcome.ACHIEVED, key=case)
    standing.signed(tell, key, 300)
    row = practice.agreement(tell, key, "supervisor", 305)
    standing.decided(tell, key, 290, "P1")
    for step, held in enumerate((270, 242, 214, 186, 158, 130, 102, 74, 46)):
        practice.supervised(tell, row, held, step)
    practice.supervised(tell, row, 18, 9, signed=False)


def _ended(tell: Teller) -> None:
    for key, ago, pathway in (
        ("lapsed1", 360, "P2"),
        ("lapsed2", 300, "P1"),
        ("suspended1", 180, "P2"),
        ("withdrawn1", 400, "P3"),
    ):
        _become_accredited(tell, key, ago, pathway)
        if key == "lapsed2":
            # Nobody signed a new agreement, and nobody met: it lapsed by itself.
            standing.agreement_on_paper(tell, key, ago + 5)
            standing.decided(tell, key, ago, pathway)
            standing.supervised_on_paper(tell, key, 280, 250)
            continue
        practice.agreement(tell, key, "supervisor2", ago + 5)
        until = tell.day(90) if key == "lapsed1" else None
        standing.decided(tell, key, ago, pathway, until=until)
        agos = range(ago - 25, 20, -60)
        standing.supervised_on_paper(tell, key, *agos)
    standing.suspended(tell, "suspended1", 9)
    standing.withdrawn(tell, "withdrawn1", 70)


def _open_questions(tell: Teller) -> None:
    first = tell.book.chapter(1).open_questions[0].id
    fifth = tell.book.chapter(5).open_questions[0].id
    people = ("mentor", "training1", "training2", "accredited1", "accredited2", "ready1", "ready2")
    for question, places in ((first, (2, 3, 3, 5, 6, 4, 3)), (fifth, (1, 2, 5, 6, 2, 3, 2))):
        told = {
            key: (place, 60 - number)
            for number, (key, place) in enumerate(zip(people, places, strict=True))
        }
        practice.stood(tell, question, told)
    before = ("accredited3", "accredited4", "renewal1", "lapsed1", "lapsed2")
    earlier = zip(before, (2, 6, 3, 5, 2), strict=True)
    practice.stood(tell, first, {key: (place, 460) for key, place in earlier})
    practice.stood(tell, first, {"learner": (3, 97)})
    practice.stood(tell, first, {"learner": (5, 20)})
    # Before and after the first half hour.
    practice.stood(tell, fifth, {"learner": (2, 33)})
    practice.stood(tell, fifth, {"learner": (4, 19)})


def sign_ins() -> list[str]:
    """Return one line for each demonstration sign-in."""
    lines = [f"  {p.email:28}{p.roles[0].label}" for p in MAIN]
    return [f"Demonstration sign-ins (password {PASSWORD}):", *lines]
