"""What each role's home page shows: where they are, what is next, what is coming."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.accreditation import queries as accreditation
from app.accreditation.views import shape
from app.content import manual
from app.formats import clock, day, local, plural, short_day, today
from app.learning import queries as learning
from app.learning.views import carry_on
from app.portfolio import allocation_queries as allocations
from app.portfolio import queries as portfolio
from app.portfolio import tutorial_queries as tutorials
from app.portfolio import views as portfolio_views
from app.quality import queries as quality
from app.roleplay import queries as roleplay
from app.scheme import legal, reminder_views
from app.scheme import queries as scheme
from app.supervision import queries as supervision
from app.supervision.views import STATES, with_figures
from assessments.statuses import Status
from assessments.supervision_time import rhythm

#: A play that ended this long ago still stands under "coming up": there is something to do.
JUST_OVER = timedelta(hours=12)
#: On whose home pages stands what they are reminded of.
REMINDED = (Role.LEARNER, Role.MENTOR, Role.SUPERVISOR)


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next, and why it was chosen."""

    title: str
    text: str
    href: str
    button: str
    reason: str
    kicker: str = ""


def home(session: Session, user: Any, role: Role | None, now: datetime) -> dict[str, Any]:
    """Return what the home page of a role shows."""
    build = HOMES.get(role or Role.LEARNER, _plain)
    found = build(session, user, now)
    if role in REMINDED:
        found |= {
            "waits": reminder_views.waiting_for(session, user, now),
            "most": reminder_views.SHOWN,
        }
    return found


def _plain(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    return {"coming": []}


def coming(session: Session, user: Any, now: datetime) -> list[dict[str, Any]]:
    """Return the role plays that a person has a part in, soonest first."""
    found = []
    for booking in roleplay.coming(session, user.id, now - JUST_OVER, bare=True)[:5]:
        if booking.cancelled_at:
            continue
        here = local(booking.starts_at)
        title = next((c.title for c in manual().cases if c.slug == booking.case), booking.case)
        opened = booking.briefs_open_at <= now
        found.append(
            {
                "day": here.day,
                "month": f"{here:%B}",
                "title": f"Role play: {title}",
                "url": url_for("roleplay.booking", booking_id=booking.id),
                "text": f"{here:%A}, {clock(booking.starts_at)}, {booking.room}",
                "status": ("ok", "Briefs are open")
                if opened
                else ("none", f"Briefs open {day(booking.briefs_open_at)}"),
            }
        )
    return found


def _learner(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    states = learning.chapter_states(session, user.id, manual())
    registered = portfolio.registration_of(session, user.id)
    plays = coming(session, user, now)
    record, interval = accreditation.standing_of(session, user.id, today()) or (None, None)
    rows = portfolio.judgements(session, [user.id])[user.id]
    progress = portfolio_views.progress_of(registered, rows, today()) if registered else None
    reading = carry_on(states, learning.place_kept(session, user.id))
    agreement = supervision.open_agreement(session, user.id)
    status = Status(interval.status) if interval else None
    return {
        "stages": stages(status, registered, interval, judged=bool(rows)),
        "lead": lead(status, progress),
        "next": next_step(reading, states, registered, agreement, progress),
        "coming": plays,
        "units": _units(registered, progress, states),
        "journal": _last_words(session, user.id),
        "record": record,
        "status": shape(interval.status) if interval else None,
        "agreement": agreement,
        "registered": registered,
    }


#: Where a status stands on the five stages of the path; the stage that is "now".
STAGE_OF = {
    None: 0,
    Status.APPLICANT: 0,
    Status.IN_TRAINING: 1,
    Status.READY_FOR_PANEL: 3,
    Status.DECLINED: 0,
    Status.WITHDRAWN: 0,
}


def stages(
    status: Status | None, registered: Any, interval: Any, *, judged: bool
) -> list[dict[str, Any]]:
    """Return the five stages of the path, solid behind and dashed ahead."""
    at = STAGE_OF.get(status, 4)
    if registered and at < 2:
        at = 2 if judged else 1
    notes = [
        "Accepted" if at else "With the panel’s scorers",
        f"Enrolled {short_day(registered.enrolled_on)}" if registered else "Opens with a place",
        "Role plays and criteria",
        "Meets once everything is in date",
        f"Since {short_day(interval.valid_from)}"
        if interval and interval.valid_from
        else "For two years at most, with supervision",
    ]
    names = ("Application", "Training", "Assessment", "Panel", "Accredited")
    return [
        {
            "label": name,
            "state": "done" if place < at else "now" if place == at else "ahead",
            "note": notes[place],
        }
        for place, name in enumerate(names)
    ]


def lead(status: Status | None, progress: Any) -> str:
    """Return where a learner is, in a sentence."""
    if status and status.active:
        return status.meaning
    if progress is None:
        return "You can read the manual now. The coordinator registers you once you have a place."
    return f"{plural(progress.credits, 'credit')} so far. {progress.sentence}"


def next_step(
    reading: dict[str, Any] | None,
    states: list[learning.ChapterState],
    registered: Any,
    agreement: Any,
    progress: Any,
) -> NextStep | None:
    """Return the one next step. What somebody else waits for comes first, then reading."""
    if agreement and not agreement.mentor_signed_at:
        return NextStep(
            "Sign your supervision agreement",
            f"It names {agreement.supervisor.working_name} as your supervisor. It counts once "
            "both have signed.",
            url_for("supervision.agreement", agreement_id=agreement.id),
            "Read and sign",
            "Chosen because somebody waits for you.",
        )
    if reading:
        return _reading_step(reading)
    unchecked = next((s for s in states if s.done and not s.check_passed), None)
    if unchecked:
        return NextStep(
            "Check your understanding",
            f"You have read ‘{unchecked.chapter.title}’. Its check is still to be passed.",
            url_for("learning.check", slug=unchecked.chapter.slug),
            "Begin the check",
            "Chosen because you have read every chapter.",
            f"Chapter {unchecked.chapter.number}",
        )
    if progress and not progress.achieved:
        return NextStep(
            "Gather evidence",
            progress.sentence,
            url_for("portfolio.mine"),
            "Open your portfolio",
            "Chosen because the reading is done.",
        )
    return None


def _reading_step(reading: dict[str, Any]) -> NextStep:
    state = reading["state"]
    where = f"‘{reading['title']}’. About {plural(state.minutes_left, 'minute')} left."
    return NextStep(
        state.chapter.title,
        f"You stopped at {where}" if reading["begun"] else f"It begins with {where}",
        url_for("learning.chapter", slug=state.chapter.slug, _anchor=reading["anchor"]),
        "Carry on reading" if reading["begun"] else "Begin reading",
        "Chosen because it is where you stopped."
        if reading["begun"]
        else "Chosen because it is the first chapter that you have not read.",
        f"Chapter {state.chapter.number}",
    )


def _units(
    registered: Any, progress: Any, states: list[learning.ChapterState]
) -> list[dict[str, Any]]:
    if registered is None or progress is None:
        return []
    found = []
    for unit in portfolio_views.units_of(registered.pathway_codes):
        one = progress.unit(unit.code)
        refs = {criterion.ref for criterion in unit.criteria}
        chapters = [state for state in states if refs & set(state.chapter.criteria)]
        found.append(
            {
                "unit": unit,
                "read": sum(state.done for state in chapters),
                "chapters": len(chapters),
                "counted": len(one.counted),
                "criteria": len(unit.criteria),
                "where": ("ok", "Unit complete")
                if one.achieved
                else ("wait", "In progress")
                if one.counted
                else ("none", "Not begun"),
            }
        )
    return found


def _last_words(session: Session, person_id: int) -> Any:
    rows = learning.reflections(session, person_id)
    return next((row for row in rows.values() if row.words.strip()), None)


def _mentor(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    record, interval = accreditation.standing_of(session, user.id, today()) or (None, None)
    agreement = supervision.open_agreement(session, user.id)
    held = supervision.held(session, user.id)
    on = rhythm(held, [], agreement.starts_on, today()) if agreement else None
    return {
        "record": record,
        "interval": interval,
        "status": shape(interval.status) if interval else None,
        "meaning": Status(interval.status).meaning if interval else "",
        "agreement": agreement,
        "rhythm": on,
        "rhythm_shape": STATES[on.state] if on else "none",
        "coming": coming(session, user, now),
        "next": next_step(None, [], None, agreement, None),
    }


#: So many learners stand on an assessor's home page; all of them stand in the list.
LEARNERS = 10


def _assessor(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    own = portfolio.registrations(session, most=LEARNERS, of=user.id)[:LEARNERS]
    pieces = allocations.unmarked(session, [one.person_id for one in own])
    return {
        "learners": [(one, pieces.get(one.person_id, 0)) for one in own],
        "coming": coming(session, user, now),
        "returned": len(quality.returned(session, of=user.id)),
        "unsettled": unsettled(session, user, now),
        "tutorials": tutorials.due(session, of=user.id, most=5),
    }


def unsettled(session: Session, user: Any, now: datetime) -> list[tuple[Any, str]]:
    """Return the latest role plays that an assessor has still something to do on, and what."""
    past = [one for one in roleplay.past(session, user.id, now) if not one.cancelled_at]
    open_plays = [b for b in past if b.settled_at is None and user.id in b.assessor_ids]
    done = roleplay.finished(session, [one.id for one in open_plays])
    return [(one, _to_do(user.id, one.assessor_ids, done.get(one.id, set()))) for one in open_plays]


def _to_do(person_id: int, assessors: list[int], done: set[int]) -> str:
    if person_id not in done:
        return "Your sheet is not finished"
    return "Marks to agree" if len(done) == len(assessors) else "The other sheet is not finished"


def _verifier(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    oldest = quality.waiting(session, most=1)
    return {
        "waiting": quality.count_waiting(session),
        "oldest": oldest[0].recorded_at if oldest else None,
        "returned": len(quality.returned(session, of=None)),
    }


def _supervisor(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    agreements = [
        one
        for one in supervision.agreements_of(session, user.id)
        if one.supervisor_id == user.id and one.ended_on is None
    ]
    return {
        "mentors": with_figures(session, agreements, today()),
        "shapes": STATES,
        "unsigned": [one for one in agreements if not one.supervisor_signed_at],
    }


def _panel(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    return {
        "items": accreditation.items_to_decide(session)[:10],
        "counts": _counts(session),
    }


def _counts(session: Session) -> list[tuple[int, str, str, str]]:
    counts = accreditation.counts(session, today())
    return [
        (counts[s], *shape(s.value), url_for("accreditation.register", status=s.value))
        for s in Status
        if counts.get(s)
    ]


def _coordinator(session: Session, user: Any, now: datetime) -> dict[str, Any]:
    return {
        "counts": _counts(session),
        "coming": scheme.plays_coming(session, now),
        "invited": len(accounts.open_invitations(session, now)),
        "waiting_mail": scheme.unsent(session),
        "unsigned": scheme.unsigned_agreements(session),
        "to_verify": quality.count_waiting(session),
        "legal": len(legal.open_points(session)),
        "registered": portfolio.count_registered(session),
        "stranded": allocations.nobody_to_mark(session, most=5),
        "tutorials": tutorials.nobody_to_hold(session, most=5),
    }


HOMES: dict[Role, Callable[[Session, Any, datetime], dict[str, Any]]] = {
    Role.LEARNER: _learner,
    Role.MENTOR: _mentor,
    Role.ROLE_PLAYER: lambda session, user, now: {"coming": coming(session, user, now)},
    Role.ASSESSOR: _assessor,
    Role.INTERNAL_VERIFIER: _verifier,
    Role.SUPERVISOR: _supervisor,
    Role.PANEL_MEMBER: _panel,
    Role.COORDINATOR: _coordinator,
}
