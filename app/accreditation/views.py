"""What the register and a record show, as plain values for the templates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, request, url_for

from app.accreditation.models import Fact, StandingInterval
from app.accreditation.queries import RegisterAsked, dated
from app.addresses import whole
from app.content import framework
from app.formats import LONDON, day_and_time, local, short_day, today
from app.forms import real_date
from assessments.factlines import FactLine, FactState, fact_lines
from assessments.facts import DatedFact, FactKind, FactOutcome, current, known_on
from assessments.standing import blocks, on, standing
from assessments.statuses import Hold, Interval, Status
from assessments.timeline import next_changes

#: Shape of each status (design guide 4).
SHAPES = {
    Status.APPLICANT: "wait",
    Status.IN_TRAINING: "wait",
    Status.READY_FOR_PANEL: "wait",
    Status.ACCREDITED: "ok",
    Status.ACCREDITED_WITH_CONDITIONS: "cond",
    Status.RENEWAL_DUE: "lapsed",
    Status.LAPSED: "lapsed",
    Status.SUSPENDED: "suspended",
    Status.WITHDRAWN: "withdrawn",
    Status.DECLINED: "withdrawn",
}
LINES = {
    FactState.PRESENT: "ok",
    FactState.RUNS_OUT: "wait",
    FactState.OUT_OF_DATE: "notyet",
    FactState.NOT_MET: "notyet",
    FactState.MISSING: "none",
}
#: What ends, where somebody leaves before they were accredited.
BEFORE = {
    Status.APPLICANT: "application",
    Status.IN_TRAINING: "training",
    Status.READY_FOR_PANEL: "training",
}
#: How a fact reads in the list of what happened.
TITLES = {
    FactKind.ORDER_SUSPENDED: "Suspended while something was looked into",
    FactKind.ORDER_LIFTED: "Suspension lifted",
    FactKind.WITHDRAWN: "Ended",
    FactKind.ENROLMENT: "Enrolled on the award",
    FactKind.AWARD: "The award was completed",
    FactKind.SUPERVISION_SESSION: "Supervision was held",
    FactKind.SUPERVISION_AGREEMENT: "Supervision agreement",
}
OUTCOME_WORDS = {
    FactOutcome.DONE: "",
    FactOutcome.VOID: "taken back",
    FactOutcome.BY_MENTOR: "by the mentor’s notice",
    FactOutcome.BY_PANEL: "by the panel",
    FactOutcome.BREACH: "by the panel, after a serious breach",
}
KINDS = {
    FactKind.ORDER_SUSPENDED: "suspended",
    FactKind.WITHDRAWN: "withdrawn",
    FactKind.DECLINED: "withdrawn",
}
NOT_MET = {
    FactOutcome.NOT_PASSED,
    FactOutcome.UNSATISFACTORY,
    FactOutcome.NOT_CLEAR,
    FactOutcome.NOT_YET,
    FactOutcome.DEFERRED,
    FactOutcome.DECLINED,
}


#: What a panel member sees of a person before the panel only after their view of suitability.
RESULTS = frozenset({FactKind.AWARD, FactKind.ROLE_PLAY, FactKind.SAFETY_CRITICAL})
CLOSED = "Opens to you once you have recorded suitability"


def what_ends(status: Status) -> str:
    """Return what somebody of this standing leaves: the application, training or accreditation."""
    return BEFORE.get(status, "accreditation")


def day_asked() -> tuple[date, str | None]:
    """Return the day that a page is asked for (three boxes), and what is wrong with them."""
    texts = [request.args.get(name, "").strip() for name in ("y", "m", "d")]
    if not any(texts):
        return today(), None
    found = real_date((texts[2], texts[1], texts[0]))
    return (found, None) if found else (today(), "This needs a real date, like 30 4 2026")


def moment_asked() -> datetime | None:
    """Return the end of the day "as known on" which a record is asked for, or None for now."""
    text = request.args.get("known", "")
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.max.time(), LONDON)
    except ValueError:
        abort(400)


def place_asked(order: str) -> tuple[str, int] | None:
    """Return where in the register a page goes on: a sorting key and an id; None: at its top."""
    name, _, identity = request.args.get("after", "").rpartition("_")
    try:
        if order == "until":
            date.fromisoformat(name)
        return name, whole(identity)
    except ValueError:
        return None


def asked(day: date) -> RegisterAsked:
    """Return what the address asks of the register."""
    statuses = tuple(s for s in Status if s.value in request.args.getlist("status"))
    order = request.args.get("order", "name")
    return RegisterAsked(
        day=day,
        statuses=statuses,
        pathway=request.args.get("pathway", ""),
        words=request.args.get("words", ""),
        order=order if order in ("name", "number", "until") else "name",
        after=place_asked(order),
    )


def pathway_names(codes: str) -> str:
    """Return the pathways of "P1 P3" in words."""
    names = {unit.code: unit.pathway or unit.title for unit in framework().pathways}
    return ", ".join(names[code] for code in codes.split() if code in names) or "–"


def shape(status: str) -> tuple[str, str]:
    """Return (shape, words) of a status."""
    found = Status(status)
    return SHAPES[found], found.label


def stamp(interval: Interval | None, day: date) -> dict[str, str]:
    """Return the stamp of a record: the status, and the date that it is true for."""
    when = f"Today, {short_day(day)}" if day == today() else f"At the end of {short_day(day)}"
    if interval is None:
        return {"kind": "none", "words": "Not on the register", "when": when, "detail": ""}
    detail = [f"Since {short_day(interval.since)}."]
    if interval.valid_until and interval.status.active:
        detail.append(f"Until {short_day(interval.valid_until)}.")
    detail += [
        f"Hold: {hold.label.lower()}." for hold in sorted(interval.holds, key=list(Hold).index)
    ]
    return {
        "kind": SHAPES[interval.status],
        "words": interval.status.label,
        "when": when,
        "detail": " ".join(detail),
    }


class Picture:
    """A record on one day, as it is known now or was known then."""

    def __init__(
        self, rows: Sequence[Fact], day: date, known: datetime | None, *, results: bool
    ) -> None:
        #: Kinds that this reader does not see yet: suitability comes first (D4 rule 4).
        self.closed = frozenset() if results else RESULTS
        self.rows = {str(row.id): row for row in rows}
        facts = [dated(row) for row in rows]
        self.facts: list[DatedFact] = list(known_on(facts, known)) if known else facts
        self.day = day
        self.intervals = standing(self.facts)
        self.interval = on(self.intervals, day)

    @property
    def lines(self) -> list[tuple[FactLine, str]]:
        """Return the thirteen facts with the shape of each, results only where they are open."""
        lines = fact_lines(self.facts, self.day)
        return [
            (replace(line, words=CLOSED), "none")
            if self.closed & set(line.kinds)
            else (line, LINES[line.state])
            for line in lines
        ]

    @property
    def blocks(self) -> list[str]:
        """Return what stands between the person and the panel."""
        found = blocks(self.facts, self.day)
        return [block.sentence for block in found if block.kind not in self.closed]

    def happened(self, names: dict[int, str]) -> list[dict[str, Any]]:
        """Return what happened up to the day and what is coming, newest first."""
        ahead = [
            {"date": short_day(one.on), "title": one.words, "ahead": True}
            for one in reversed(next_changes(self.facts, self.day)[:6])
        ]
        standing_now = {fact.id for fact in current(self.facts)}
        past = sorted(
            (
                fact
                for fact in self.facts
                if fact.effective <= self.day and fact.kind not in self.closed
            ),
            key=lambda fact: (fact.effective, fact.recorded),
            reverse=True,
        )
        return ahead + [self._entry(fact, standing_now, names) for fact in past]

    def _entry(
        self, fact: DatedFact, standing_now: set[str], names: dict[int, str]
    ) -> dict[str, Any]:
        row = self.rows[fact.id]
        outcome = OUTCOME_WORDS.get(fact.outcome, fact.outcome.value.replace("_", " "))
        title = TITLES.get(fact.kind, fact.kind.label)
        if fact.kind in (FactKind.ROLE_PLAY, FactKind.SAFETY_CRITICAL):
            title = f"{title} {fact.key}"
        by = names.get(row.recorded_by_id or 0, "the site")
        note = f"Recorded {day_and_time(row.recorded_at)}, by {by}."
        if fact.effective != local(row.recorded_at).date():
            note = f"Took effect {short_day(fact.effective)}. {note}"
        if fact.until:
            note = f"Good until {short_day(fact.until)}. {note}"
        replaced = fact.id not in standing_now
        return {
            "date": short_day(fact.effective),
            "title": f"{title}: {outcome}" if outcome else title,
            "kind": "withdrawn"
            if replaced
            else KINDS.get(fact.kind, "notyet" if fact.outcome in NOT_MET else "ok"),
            "text": "Corrected by a later entry." if replaced else "",
            "note": note,
        }


def sort_links(day: date) -> list[tuple[str, str, bool]]:
    """Return (words, address, current) of each way to sort the register."""
    kept = _kept("after", "order")
    now = request.args.get("order", "name")
    return [
        (words, url_for("accreditation.register", **{**kept, "order": order}), order == now)
        for order, words in (("name", "Name"), ("number", "Number"), ("until", "What ends first"))
    ]


def next_page(rows: Sequence[tuple[Any, StandingInterval]], order: str) -> str:
    """Return the address of the page after these rows."""
    record, interval = rows[-1]
    key = {
        "name": record.person.working_name,
        "number": record.number,
        "until": (interval.valid_until or date(9999, 12, 31)).isoformat(),
    }[order]
    return url_for("accreditation.register", **_kept("after"), after=f"{key}_{record.id}")


def _kept(*without: str) -> dict[str, Any]:
    """Return what the address asks, but for some of it."""
    return {k: v for k, v in request.args.to_dict(flat=False).items() if k not in without}


def last_day(interval: StandingInterval) -> date | None:
    """Return the last day of a stored interval."""
    return interval.ends_on - timedelta(days=1) if interval.ends_on else None
