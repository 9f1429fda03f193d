"""What the pages of supervision show and read, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db, kept
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.addresses import whole
from app.errors import wants_json
from app.forms import choices
from app.screening import screened
from app.supervision import queries
from app.supervision.actions import NewAction, Written
from app.supervision.forms import ActionForm, AgreementForm, LogForm, OwnBoxForm, ThoughtForm
from app.supervision.models import Agreement, LogAction, SessionLog
from assessments.dates import add_months
from assessments.supervision import (
    ActionKind,
    BoundaryAnswer,
    Format,
    InfluenceAnswer,
    Medium,
    PanelFigures,
    RiskFlag,
    Theme,
    Wellbeing,
)
from assessments.supervision_time import Month, Rhythm, RhythmState, months, rhythm
from assessments.supervision_time import Session as Held

#: How many new actions a log's page has room for at a time.
ROWS = 3
MONTHS_SHOWN = 4
STATES = {
    RhythmState.IN_DATE: "ok",
    RhythmState.DUE_SOON: "wait",
    RhythmState.OVERDUE: "notyet",
}


def key(text: str | None) -> tuple[date, int] | None:
    """Return the place in the list that an address names: a day and an id."""
    if not text:
        return None
    day, _, identity = text.partition("_")
    try:
        return date.fromisoformat(day), whole(identity)
    except ValueError:
        abort(400)


def last_months(held: Sequence[Held], agreement: Agreement, on: date) -> list[Month]:
    """Return the latest calendar months under an agreement, newest first."""
    found = months(held, agreement.monthly_minutes, agreement.starts_on, on)
    return list(reversed(found[-MONTHS_SHOWN:]))


def with_figures(
    session: Session, agreements: Sequence[Agreement], on: date
) -> list[tuple[Agreement, PanelFigures, Rhythm]]:
    """Return agreements with the figures that the coordinator sees, and no content."""
    mentors = [one.mentor_id for one in agreements]
    figures, held = queries.figures(session, mentors), queries.held_by(session, mentors)
    return [
        (
            one,
            figures[one.mentor_id],
            rhythm(held[one.mentor_id], [], one.starts_on, on),
        )
        for one in agreements
    ]


def log_state(log: SessionLog, person_id: int) -> tuple[str, str]:
    """Return (shape, words) of where a log stands, as one of its two people reads it."""
    if log.locked:
        return "ok", "Signed by both"
    if not log.signed_by:
        return "wait", "Being written"
    if log.signed_by[0].person_id == person_id:
        return "wait", "Signed by you"
    return "notyet", "Waiting for you to sign"


def offer_people(form: AgreementForm) -> None:
    """Fill the lists of mentors and supervisors."""
    work = db.session()
    mentors = {p.id: p for r in (Role.MENTOR, Role.LEARNER) for p in accounts.people_with(work, r)}
    named = sorted(mentors.values(), key=lambda person: person.working_name)
    form.mentor.choices = choices([(p.id, p.working_name) for p in named])
    supervisors = accounts.people_with(work, Role.SUPERVISOR)
    form.supervisor.choices = choices([(p.id, p.working_name) for p in supervisors])


def review_in_time(form: AgreementForm) -> bool:
    """Return whether the review comes after the start and within twelve months of it."""
    starts, review = form.starts_on.data, form.review_on.data
    if starts < review <= add_months(starts, 12):
        return True
    form.review_on.faults = ["Choose a day after the start and within twelve months of it"]
    return False


@dataclass(frozen=True)
class Part:
    """A log, and which of its two people is looking."""

    log: SessionLog

    @property
    def agreement(self) -> Agreement:
        """Return the agreement that the log stands under."""
        return self.log.agreement

    @property
    def mentor_id(self) -> int:
        """Return whose supervision it is."""
        return self.agreement.mentor_id

    @property
    def supervisor_id(self) -> int:
        """Return who supervises."""
        return self.agreement.supervisor_id

    @property
    def is_mentor(self) -> bool:
        """Return whether the mentor is looking."""
        return bool(current_user.id == self.mentor_id)

    @property
    def other_name(self) -> str:
        """Return the name of the other of the two."""
        other = self.agreement.supervisor if self.is_mentor else self.agreement.mentor
        return other.working_name

    @property
    def own_box(self) -> str:
        """Return what stands in the box that only the one who is looking reads."""
        mine = self.log.private_reflection if self.is_mentor else self.log.supervisor_note
        return mine or ""


class LogPage:
    """The form of a log: filled from a row, read back, refused with every word kept."""

    def __init__(self, agreement: Agreement, log: SessionLog | None) -> None:
        self.agreement, self.log = agreement, log
        self.is_mentor = current_user.id == agreement.mentor_id
        self.form = LogForm(request.form, data=_filled(log) if log else {"risk_flags": ["none"]})
        self.rows = [
            ActionForm(request.form, prefix=f"new-{number}-") for number in range(1, ROWS + 1)
        ]
        for row in self.rows:
            row.owner.choices = choices(
                [(p.id, p.working_name) for p in (agreement.mentor, agreement.supervisor)]
            )

    @cached_property
    def open_actions(self) -> Sequence[LogAction]:
        """Return what is still open from earlier sessions, and what this log agreed before."""
        if self.log is None:
            return []
        return [*queries.carried_over(db.session(), self.log), *self.log.actions]

    def is_right(self) -> bool:
        """Return whether everything sent can be kept."""
        rows_right = [row.validate() for row in self.rows]
        texts = [self.form.shared_note, *(row.words for row in self.rows)]
        right = self.form.validate() and all(rows_right)
        # A list: every text is looked at, so that every warning shows at once.
        return right and all([screened(t, self.form.screening_reason) for t in texts])  # noqa: C419

    def written(self) -> Written:
        """Return what was sent, as plain values."""
        form = self.form
        return Written(
            held_on=form.held_on.data,
            minutes=form.minutes.data,
            format=Format(form.format.data),
            medium=Medium(form.medium.data),
            case_references=tuple((form.case_references.data or "").replace(",", " ").split()),
            next_on=form.next_on.data,
            themes=tuple(Theme(one) for one in form.themes.data),
            risk_flags=tuple(RiskFlag(one) for one in form.risk_flags.data),
            boundary=BoundaryAnswer(form.boundary.data) if form.boundary.data else None,
            shared_note=form.shared_note.data or "",
            screening_reason=form.screening_reason.data or "",
            new_actions=tuple(self._new_actions()),
            done=request.form.getlist("done", type=whole),
            wellbeing=Wellbeing(int(form.wellbeing.data)) if form.wellbeing.data else None,
            influence=InfluenceAnswer(form.influence.data) if form.influence.data else None,
        )

    def _new_actions(self) -> list[NewAction]:
        return [
            NewAction(
                kind=ActionKind(row.kind.data),
                words=row.words.data or "",
                owner_id=row.owner.data,
                due_on=row.due_on.data,
            )
            for row in self.rows
            if row.kind.data
        ]

    def overtaken(self, race: kept.Overtaken, now: datetime) -> ResponseReturnValue:
        """Keep the words, and show both versions with the form still filled as it was sent."""
        assert self.log is not None  # noqa: S101 (a log that does not exist cannot be overtaken)
        with db.transaction() as work:
            kept.keep(
                work,
                f"session_logs:{self.log.id}",
                "shared note",
                race.mine,
                writer_id=current_user.id,
                now=now,
            )
        other = self.agreement.supervisor if self.is_mentor else self.agreement.mentor
        return self.shown(race=race, by=other.working_name, status=409)

    def shown(
        self, race: kept.Overtaken | None = None, by: str = "", status: int | None = None
    ) -> ResponseReturnValue:
        """Return the page."""
        faults = bool(self.form.errors or any(row.errors for row in self.rows))
        page = render_template(
            "supervision/log_form.html",
            page=self,
            form=self.form,
            rows=self.rows,
            agreement=self.agreement,
            log=self.log,
            is_mentor=self.is_mentor,
            race=race,
            by=by,
            labels=LABELS,
        )
        return page, status or (422 if faults else 200)


def _filled(log: SessionLog) -> dict[str, Any]:
    return {
        "held_on": log.held_on,
        "minutes": log.minutes,
        "format": log.format,
        "medium": log.medium,
        "case_references": log.case_references,
        "themes": log.themes,
        "wellbeing": log.wellbeing,
        "influence": log.influence,
        "boundary": log.boundary,
        "risk_flags": log.risk_flags,
        "shared_note": log.shared_note,
        "screening_reason": log.screening_reason,
        "next_on": log.next_on,
    }


def log_page(
    part: Part, thought: ThoughtForm, missing: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:
    """Return the page of one log, as one of its two people reads it."""
    log = part.log
    mine = kept.unsettled(db.session(), f"session_logs:{log.id}", current_user.id)
    page = render_template(
        "supervision/log.html",
        part=part,
        log=log,
        carried=queries.carried_over(db.session(), log),
        names={
            part.mentor_id: part.agreement.mentor.working_name,
            part.supervisor_id: part.agreement.supervisor.working_name,
        },
        labels=LABELS,
        missing=missing,
        thought=thought,
        kept=mine,
        state=log_state(log, current_user.id),
        own_form=OwnBoxForm(data={"text": part.own_box}),
        i_signed=any(one.person_id == current_user.id for one in log.signed_by),
    )
    return page, status


def own_box_refused(part: Part, form: OwnBoxForm, status: int = 422) -> ResponseReturnValue:
    """Return the refusal of one's own box, with every word in it."""
    if wants_json():
        return {"error": " ".join(form.text.errors)}, status
    flash(" ".join(form.text.errors), "wait")
    page = render_template("supervision/own_box.html", part=part, form=form)
    return page, status


#: value -> words of every fixed list, for showing a log.
LABELS = {
    one.value: one.label
    for kind in (Format, Medium, Theme, BoundaryAnswer, RiskFlag, InfluenceAnswer, ActionKind)
    for one in kind
} | {str(one.value): one.label for one in Wellbeing}
