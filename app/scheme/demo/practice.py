"""What people of the demonstration have done: reading, evidence, role plays, supervision."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.learning import actions as learning
from app.learning import reading_actions as reading
from app.portfolio import actions as portfolio
from app.portfolio import allocation_actions as allocations
from app.portfolio import queries as portfolios
from app.quality import actions as quality
from app.roleplay import actions as roleplay
from app.roleplay import agreement_actions, marking_actions, rules
from app.scheme.demo.telling import Teller
from app.supervision import actions as supervision
from app.supervision import queries as supervisions
from assessments.completion import Verdict
from assessments.completion import Verification as State
from assessments.roleplay import Mark, Overall
from assessments.supervision import (
    ActionKind,
    BoundaryAnswer,
    Format,
    InfluenceAnswer,
    Medium,
    RiskFlag,
    Theme,
    Wellbeing,
)
from assessments.unitfile import Method
from modules import Answer, Chapter

if TYPE_CHECKING:
    from app.roleplay.models import Booking, MarkSheet
    from app.supervision.models import Agreement

TITLES = {
    Method.WR: "A written account",
    Method.PD: "Professional discussion",
    Method.SR: "Supervisor’s statement",
    Method.WT: "Witness testimony",
    Method.RPL: "Earlier practice, mapped",
    Method.RO: "Role play, from the pilot’s papers",
}


def read(tell: Teller, key: str, number: int, ago: int, sections: int | None = None) -> None:
    """Tell that somebody read a chapter, or its first sections."""
    chapter = tell.book.chapter(number)
    ids = [section.id for section in chapter.sections][:sections]
    person, now = tell.ids[key], tell.at(ago, 19)
    reading.read_sections(tell.session, person, chapter, ids, now=now)
    reading.keep_place(tell.session, person, chapter, ids[-1], now=now)


def passed(tell: Teller, key: str, number: int, ago: int) -> None:
    """Tell a knowledge check with everything right."""
    chapter = tell.book.chapter(number)
    learning.answer_check(
        tell.session, tell.ids[key], chapter, _right(chapter), now=tell.at(ago, 20)
    )


def _right(chapter: Chapter) -> dict[str, Answer]:
    return {question.id: question.key.answer for question in chapter.questions}


def wrote(tell: Teller, key: str, prompt: str, number: int, words: str, ago: int) -> None:
    """Tell a reflection."""
    asked = next(one for one in tell.book.chapter(number).prompts if one.id == prompt)
    learning.save_reflection(
        tell.session, tell.ids[key], number, asked, words, version=0, now=tell.at(ago, 20, 30)
    )


def stood(tell: Teller, question: str, places: dict[str, tuple[int, int]]) -> None:
    """Tell where people placed themselves: person to (place, days ago)."""
    for key, (place, ago) in places.items():
        learning.take_place(tell.session, tell.ids[key], question, place, "", now=tell.at(ago, 18))


def registered(tell: Teller, key: str, pathway: str, ago: int) -> None:
    """Tell a registration on the award."""
    portfolio.register(
        tell.session,
        tell.ids[key],
        [pathway],
        tell.award,
        on=tell.day(ago),
        now=tell.at(ago, 14),
        by_id=tell.ids["coordinator"],
    )


def allocated(tell: Teller, key: str, assessor: str, ago: int) -> None:
    """Tell that the coordinator allocated an assessor to a learner."""
    allocations.allocate_all(
        tell.session,
        tell.ids[key],
        [tell.ids[assessor]],
        now=tell.at(ago, 15),
        by_id=tell.ids["coordinator"],
    )


def handed_in(tell: Teller, key: str, refs: tuple[str, ...], title: str, ago: int) -> None:
    """Tell that a learner handed in a text that nobody has judged yet."""
    portfolio.file_evidence(
        tell.session,
        tell.ids[key],
        method=Method.WR,
        title=title,
        words="I had to write this three times before it said what I do, and not what I hope.",
        criteria=refs,
        shown_on=tell.day(ago),
        declared=True,
        now=tell.at(ago, 20),
        by_id=tell.ids[key],
    )


def judged(tell: Teller, key: str, units: tuple[str, ...], ago: int, *, verify: bool) -> None:
    """Tell that every criterion of some units was shown and judged, and perhaps verified."""
    for code in units:
        for criterion in tell.award.unit(code).criteria:
            _judge_one(tell, key, criterion.ref, ago)
    if verify:
        verified(tell, key, ago - 4)


def _judge_one(tell: Teller, key: str, ref: str, ago: int) -> None:
    criterion = tell.award.criterion(ref)
    method = next(
        (m for m in (Method.WR, Method.RO, Method.PD) if m in criterion.methods),
        criterion.methods[0],
    )
    now = tell.at(ago, 11)
    evidence = portfolio.file_evidence(
        tell.session,
        tell.ids[key],
        method=method,
        title=f"{TITLES.get(method, method.label)}, {ref}",
        words="" if method is Method.RO else "In my own words, with nobody’s name in it.",
        criteria=[ref],
        shown_on=tell.day(ago),
        declared=method is not Method.RO,
        now=now,
        by_id=tell.ids[key],
    )
    portfolio.judge(
        tell.session,
        criterion,
        tell.award.award.version,
        evidence,
        Verdict.ACHIEVED,
        feedback="Specific, fair to the person, and clear about what you would do next time.",
        assessor_id=tell.ids["assessor"],
        method=method,
        observed_on=tell.day(ago),
        now=now,
    )


def verified(tell: Teller, key: str, ago: int) -> None:
    """Tell that everything judged so far was agreed by the internal verifier."""
    ties = quality.Ties(tell.session, tell.ids["verifier"])
    for row in portfolios.judgements(tell.session, [tell.ids[key]])[tell.ids[key]]:
        if not row.verifications:
            quality.verify(
                tell.session,
                row,
                State.AGREED,
                "",
                ties=ties,
                now=tell.at(ago, 16),
                on=tell.day(ago),
            )


def returned(tell: Teller, key: str, ref: str, ago: int) -> None:
    """Tell that the internal verifier returned one decision."""
    row = portfolios.history(tell.session, tell.ids[key], ref)[0]
    quality.verify(
        tell.session,
        row,
        State.RETURNED,
        "The evidence shows one reason. The criterion asks for two. Look again, and say which.",
        ties=quality.Ties(tell.session, tell.ids["verifier"]),
        now=tell.at(ago, 16),
        on=tell.day(ago),
    )


def booked(
    tell: Teller, learners: tuple[str, ...], slug: str, ago: int, hour: int, room: str, **given: int
) -> "Booking":
    """Tell a booking; ``ago`` below nought lies ahead."""
    starts = tell.at(ago, hour)
    plan = rules.Plan(
        case=tell.book.case(slug),
        round=given.get("round", 1),
        starts=starts,
        room=room,
        role_player_id=tell.ids["player"],
        learner_ids=tuple(tell.ids[key] for key in learners),
        assessor_ids=(tell.ids["assessor"], tell.ids["assessor2"]),
        briefs_open_at=starts - timedelta(days=7 if ago < 0 else 1),
        override_reason="The written criteria were shown on paper in the pilot.",
    )
    made = tell.at(max(ago, 0) + 12, 9)
    return roleplay.book(
        tell.session,
        plan,
        tell.award,
        titles={case.slug: case.title for case in tell.book.cases},
        by_id=tell.ids["coordinator"],
        now=made,
        on=made.date(),
        choose=lambda options: options[0],
    )


def played(
    tell: Teller, booking: "Booking", notes: tuple[tuple[int, str, str], ...], differs: str
) -> None:
    """Tell a play that was marked twice, agreed and released; one mark differed at first."""
    session, starts = tell.session, booking.starts_at
    case = tell.book.case(booking.case)
    refs = rules.sheet_refs([row.ref for row in case.assessor.grid], booking.delivery)
    for assessor in ("assessor", "assessor2"):
        sheet = marking_actions.open_sheet(session, booking, tell.ids[assessor], now=starts)
        marking_actions.run_clock(session, sheet, "start", now=starts)
        for number, (second, words, ref) in enumerate(notes if assessor == "assessor" else ()):
            sent = marking_actions.Sent(
                client_key=f"demo-{booking.id}-{number}",
                words=words,
                refs=(ref,),
                first_typed_at=starts + timedelta(seconds=second),
                at_seconds=second,
            )
            marking_actions.add_note(
                session, sheet, sent, refs, now=starts + timedelta(seconds=second + 20)
            )
        _mark_everything(tell, sheet, refs, differs if assessor == "assessor2" else "")
        marking_actions.finish(session, sheet, (), now=booking.ends_at)
    _agree(tell, booking, differs)


def _mark_everything(tell: Teller, sheet: "MarkSheet", refs: tuple[str, ...], differs: str) -> None:
    now = sheet.booking.ends_at - timedelta(minutes=10)
    for learner_id in sheet.booking.learner_ids:
        for ref in refs:
            mark = Mark.NOT_YET if ref == differs else Mark.ACHIEVED
            comment = "Moved on a little early." if ref == differs else "Seen, and unhurried."
            sent = marking_actions.Judged(
                learner_id=learner_id, ref=ref, mark=mark.value, comment=comment, version=0
            )
            marking_actions.record_mark(tell.session, sheet, sent, refs, now=now)
        whole = marking_actions.Whole(
            learner_id=learner_id,
            overall=Overall.CLEAR.value,
            strength="You waited, and the silence did the work.",
            next_step="Ask once more what he makes of it before you offer anything.",
            version=0,
        )
        marking_actions.record_overall(tell.session, sheet, whole, now=now)
    tell.session.flush()
    tell.session.refresh(sheet)


def _agree(tell: Teller, booking: "Booking", differs: str) -> None:
    session, later = tell.session, booking.ends_at + timedelta(hours=1)
    pair = agreement_actions.both_sheets(session, booking)
    for learner_id in booking.learner_ids if differs else ():
        proposal = agreement_actions.propose(
            session,
            pair,
            learner_id,
            differs,
            Mark.ACHIEVED.value,
            "The second note shows the question was asked, two minutes later.",
            by_id=tell.ids["assessor"],
            now=later,
        )
        agreement_actions.stand_by(
            session, pair, proposal.id, by_id=tell.ids["assessor2"], now=later
        )
    case = tell.book.case(booking.case)
    names = {p.id: p.working_name for p in (*booking.learners, *booking.assessors)}
    agreement_actions.release(
        session,
        pair,
        tell.award,
        agreement_actions.Words(title=case.title, code=case.code, names=names),
        by_id=tell.ids["assessor"],
        seen_on=booking.starts_at.date(),
        now=later,
    )


def agreement(
    tell: Teller, mentor: str, supervisor: str, ago: int, signed: str = "both"
) -> "Agreement":
    """Tell a supervision agreement, signed by both unless told otherwise."""
    row = supervision.make_agreement(
        tell.session,
        tell.ids[mentor],
        tell.ids[supervisor],
        starts_on=tell.day(ago),
        review_on=tell.day(ago - 360),
        monthly_minutes=60,
        cover="Anneka Vos" if supervisor == "supervisor" else "Delroy Simmonds",
        formats="One to one, in person; by telephone when needed",
        now=tell.at(ago, 10),
        by_id=tell.ids["coordinator"],
    )
    tell.session.flush()
    for key in (mentor, supervisor) if signed == "both" else (supervisor,):
        supervision.sign_agreement(tell.session, row, tell.ids[key], now=tell.at(ago, 12))
    return row


#: (themes, note, wellbeing) of the sessions told, over and over.
TALKS = (
    ((Theme.TRUST, Theme.SILENCE), "how long a silence may last before it turns cold.", 4),
    ((Theme.BOUNDARIES,), "being asked where one lives, and saying no kindly.", 3),
    ((Theme.GRIEVANCE, Theme.CHALLENGE), "agreeing with a grievance without its remedy.", 2),
    ((Theme.RECORDING,), "writing up the same day, in four parts.", 4),
    ((Theme.ENDING, Theme.SELF_CARE), "endings, and not being needed any more.", 5),
)


def supervised(
    tell: Teller, row: "Agreement", ago: int, number: int, *, signed: bool = True
) -> None:
    """Tell one supervision session, signed by both unless told otherwise."""
    session, now = tell.session, tell.at(ago, 18)
    names = {
        row.mentor_id: row.mentor.working_name,
        row.supervisor_id: row.supervisor.working_name,
    }
    log = supervision.begin_log(
        session, row, _written(tell, row, ago, number), row.mentor_id, now=now
    )
    session.flush()
    for earlier in supervisions.carried_over(session, log):
        earlier.done_on = log.held_on
    for person in (row.supervisor_id, row.mentor_id) if signed else (row.supervisor_id,):
        supervision.sign_log(
            session, log, person, version=log.version, now=now + timedelta(hours=1), names=names
        )
        session.flush()


def _written(tell: Teller, row: "Agreement", ago: int, number: int) -> supervision.Written:
    themes, note, wellbeing = TALKS[number % len(TALKS)]
    return supervision.Written(
        held_on=tell.day(ago),
        minutes=60 if number % 3 else 75,
        format=Format.ONE_TO_ONE,
        medium=Medium.TELEPHONE if number % 4 == 2 else Medium.IN_PERSON,
        case_references=("K7-204",),
        next_on=tell.day(ago - 24),
        themes=themes,
        risk_flags=(RiskFlag.MENTOR_SAFETY,) if number == 2 else (RiskFlag.NONE,),
        boundary=BoundaryAnswer.DISCUSSED if number == 1 else BoundaryAnswer.CLEAR,
        shared_note=f"we talked about {note}",
        screening_reason="",
        new_actions=(
            supervision.NewAction(
                kind=ActionKind.TRY_IN_SESSION,
                words="ask once more before answering",
                owner_id=row.mentor_id,
                due_on=tell.day(ago - 21),
            ),
        ),
        wellbeing=Wellbeing(wellbeing),
        influence=InfluenceAnswer.NO,
    )
