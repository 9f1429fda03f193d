"""Going through one person's facts day by day of change, as they happened.

What a day means can depend on what came before it (a lapse remembers when it began), so the
facts are replayed in order; ``standing`` turns the replay into intervals.
Source: award specification D3 (docs/sources.md).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessments import readiness, validity
from assessments.dates import ONE_DAY, add_months, say
from assessments.facts import DatedFact, FactKind, FactOutcome, good_until
from assessments.record import Record, good_on
from assessments.statuses import Hold, Reason, Status

#: Restored within these, an accreditation goes on unbroken, or the way back is the panel.
GRACE = timedelta(days=30)
MONTHS_TO_RESTORE = 6
#: After a refusal or a breach, a new application waits this long.
MONTHS_TO_REAPPLY = 12


class Phase(StrEnum):
    """Which part of the way a person is on; the status says more."""

    APPLYING = "applying"
    TRAINING = "training"
    ACCREDITED = "accredited"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What holds on one day, and until the next day of change."""

    status: Status
    reasons: tuple[Reason, ...]
    holds: frozenset[Hold] = frozenset()
    valid_from: date | None = None
    valid_until: date | None = None


class Replay:
    """The memory that standing needs. Give it every day of change, in order."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.phase = Phase.APPLYING
        #: The application that counts, and the fact that brought the present phase.
        self.cycle: DatedFact | None = None
        self.cause: DatedFact | None = None
        #: Of an accreditation: the decision in force, and the day from which it is unbroken.
        self.decision: DatedFact | None = None
        self.started = date.min
        self.lapsed_on: date | None = None
        #: The grace has passed: only the panel can accredit again.
        self.broken = False
        self.restored = False

    def picture(self, day: date) -> Picture:
        """Return what holds on ``day``, taking in the facts that take effect on it."""
        if self.lapsed_on is not None and day > self.lapsed_on + GRACE:
            self.broken = True
        for fact in self._arrivals(day):
            self._take_in(fact, day)
        if self.phase is Phase.APPLYING and readiness.enrolled(self.record, day, self.cycle):
            self.phase, self.cause = Phase.TRAINING, self.record.latest(FactKind.ENROLMENT, day)
        if self.phase is Phase.ACCREDITED and self.decision is not None:
            return self._accredited(day, self.decision)
        return self._outside(day)

    def blocks(self, day: date) -> tuple[readiness.Block, ...]:
        """Return what stands between the person and the panel, as the last picture left them."""
        if self.phase is Phase.ACCREDITED and self.decision is not None:
            return readiness.renewal_blocks(self.record, day, self.decision, self.started)
        return readiness.first_blocks(self.record, day, self.cycle)

    def next_day(self) -> date | None:
        """Return the day on which the grace will have passed, while it runs."""
        if self.lapsed_on is None or self.broken:
            return None
        return self.lapsed_on + GRACE + ONE_DAY

    def _arrivals(self, day: date) -> list[DatedFact]:
        return [fact for fact in self.record.on_day(day) if fact.kind in _MILESTONES]

    def _take_in(self, fact: DatedFact, day: date) -> None:
        if fact.kind is FactKind.WITHDRAWN:
            self._leave(Phase.WITHDRAWN, fact)
        elif fact.kind is FactKind.APPLICATION:
            self._apply(fact, day)
        elif fact.kind is FactKind.PANEL_DECISION and fact.outcome in _GRANTED:
            self._accredit(fact)
        elif self._declines(fact):
            self._leave(Phase.DECLINED, fact)

    def _leave(self, phase: Phase, fact: DatedFact) -> None:
        self.phase, self.cause = phase, fact
        self.decision, self.lapsed_on, self.broken, self.restored = None, None, False, False

    def _apply(self, fact: DatedFact, day: date) -> None:
        if self._may_apply(day):
            self._leave(Phase.APPLYING, fact)
            self.cycle = fact

    def _may_apply(self, day: date) -> bool:
        """Return whether a new application begins a new way on ``day``."""
        if self.phase is Phase.APPLYING:
            return self.cycle is None or not good_on(self.cycle, day)
        if self.phase is Phase.ACCREDITED:
            return self.broken and not self.restored and self._too_late(day)
        if self.phase is Phase.TRAINING or self.cause is None:
            return False
        waits = self.phase is Phase.DECLINED or self.cause.outcome is FactOutcome.BREACH
        return day >= add_months(self.cause.effective, MONTHS_TO_REAPPLY if waits else 0)

    def _accredit(self, fact: DatedFact) -> None:
        if self.phase in (Phase.DECLINED, Phase.WITHDRAWN):
            return  # only a new application leads back
        if self.phase is not Phase.ACCREDITED or self.broken:
            self.started = fact.effective
            self.lapsed_on, self.broken, self.restored = None, False, False
        self.phase, self.decision, self.cause = Phase.ACCREDITED, fact, fact

    def _declines(self, fact: DatedFact) -> bool:
        if self.phase in (Phase.DECLINED, Phase.WITHDRAWN):
            return False
        if fact.kind in (FactKind.SIFT, FactKind.INTERVIEW):
            return self.phase is Phase.APPLYING and fact.outcome is FactOutcome.NOT_PASSED
        return fact.kind is FactKind.DECLINED or fact.outcome is FactOutcome.DECLINED

    def _too_late(self, day: date) -> bool:
        return self.lapsed_on is not None and day >= add_months(self.lapsed_on, MONTHS_TO_RESTORE)

    def _outside(self, day: date) -> Picture:
        fact = self.cycle if self.phase is Phase.APPLYING else self.cause
        if fact is None:
            return Picture(status=Status.APPLICANT, reasons=(Reason(text="No application yet."),))
        text = f"{_HAPPENED[self.phase]} on {say(fact.effective)}."
        reason = Reason(text=text, fact_ids=(fact.id,))
        if self.phase is Phase.TRAINING:
            return self._training(day, reason)
        return Picture(status=_STATUS[self.phase], reasons=(reason,))

    def _training(self, day: date, enrolled: Reason) -> Picture:
        blocks = readiness.first_blocks(self.record, day, self.cycle)
        if not blocks:
            return Picture(status=Status.READY_FOR_PANEL, reasons=(enrolled,))
        ran_out = (
            Reason(text=block.sentence, fact_ids=(block.fact_id,))
            for block in blocks
            if block.ran_out is not None and block.fact_id is not None
        )
        return Picture(status=Status.IN_TRAINING, reasons=(enrolled, *ran_out))

    def _accredited(self, day: date, decision: DatedFact) -> Picture:
        order = self.record.order_in_force(day)
        if order is not None and not self.broken:
            # Time stands still: on the day it is lifted the facts are read afresh.
            self.lapsed_on = None
            return self._suspended(day, decision, order)
        lapses = validity.lapses(self.record, day, decision, self.started)
        if not self.broken and not lapses:
            self.lapsed_on = None
            return self._active(day, decision)
        self.lapsed_on = self.lapsed_on or day
        if self.broken and self._is_restored(day, decision):
            text = "Everything is restored since the lapse. The panel decides on a renewal."
            return Picture(status=Status.READY_FOR_PANEL, reasons=(Reason(text=text),))
        return self._lapsed(day, decision, self.lapsed_on, lapses)

    def _is_restored(self, day: date, decision: DatedFact) -> bool:
        complete = not readiness.renewal_blocks(self.record, day, decision, self.started)
        self.restored = complete and (self.restored or not self._too_late(day))
        return self.restored

    def _suspended(self, day: date, decision: DatedFact, order: DatedFact) -> Picture:
        text = f"Suspended on {say(order.effective)} while something is looked into."
        return Picture(
            status=Status.SUSPENDED,
            reasons=(Reason(text=text, fact_ids=(order.id,)),),
            valid_from=decision.effective,
            valid_until=validity.end_of(self.record, day, decision).last_day,
        )

    def _lapsed(
        self, day: date, decision: DatedFact, lapsed_on: date, lapses: tuple[Reason, ...]
    ) -> Picture:
        reasons = {reason.text: reason for reason in lapses}
        if self.broken:
            for block in readiness.renewal_blocks(self.record, day, decision, self.started):
                ids = (block.fact_id,) if block.fact_id else ()
                reasons.setdefault(block.sentence, Reason(text=block.sentence, fact_ids=ids))
        since = Reason(text=f"Lapsed on {say(lapsed_on)}.")
        way_back = Reason(text=_way_back(lapsed_on, self.broken))
        return Picture(
            status=Status.LAPSED,
            reasons=(since, *reasons.values(), way_back),
            valid_from=decision.effective,
            valid_until=lapsed_on - ONE_DAY,
        )

    def _active(self, day: date, decision: DatedFact) -> Picture:
        end = validity.end_of(self.record, day, decision)
        conditions = self.record.open_conditions(day, decision.effective)
        held = validity.holds(self.record, day, self.started)
        ids = (decision.id,)
        text = f"Accredited by the panel on {say(decision.effective)}."
        reasons = [Reason(text=text, fact_ids=ids), Reason(text=end.text, fact_ids=(end.fact_id,))]
        reasons += [_condition_reason(condition) for condition in conditions]
        return Picture(
            status=self._active_status(day, end.last_day, decision, conditions),
            reasons=(*reasons, *(held[hold] for hold in sorted(held))),
            holds=frozenset(held),
            valid_from=decision.effective,
            valid_until=end.last_day,
        )

    def _active_status(
        self, day: date, last_day: date, decision: DatedFact, conditions: list[DatedFact]
    ) -> Status:
        if last_day - day <= validity.RENEWAL_WINDOW:
            return Status.RENEWAL_DUE
        unspecified = decision.outcome is FactOutcome.CONDITIONS and not self._has_conditions(
            day, decision
        )
        if conditions or unspecified:
            return Status.ACCREDITED_WITH_CONDITIONS
        return Status.ACCREDITED

    def _has_conditions(self, day: date, decision: DatedFact) -> bool:
        latest = self.record.latest(FactKind.CONDITION, day)
        return latest is not None and latest.effective >= decision.effective


_MILESTONES = frozenset(
    {
        FactKind.APPLICATION,
        FactKind.SIFT,
        FactKind.INTERVIEW,
        FactKind.PANEL_DECISION,
        FactKind.DECLINED,
        FactKind.WITHDRAWN,
    }
)
_GRANTED = (FactOutcome.ACCREDITED, FactOutcome.CONDITIONS)
_STATUS = {
    Phase.APPLYING: Status.APPLICANT,
    Phase.DECLINED: Status.DECLINED,
    Phase.WITHDRAWN: Status.WITHDRAWN,
}
_HAPPENED = {
    Phase.APPLYING: "Applied",
    Phase.TRAINING: "Enrolled",
    Phase.DECLINED: "Declined",
    Phase.WITHDRAWN: "Withdrawn",
}


def _condition_reason(condition: DatedFact) -> Reason:
    review = condition.review or good_until(condition)
    words = f", to be reviewed by {say(review)}" if review else ""
    text = f"A condition was set on {say(condition.effective)}{words}."
    return Reason(text=text, fact_ids=(condition.id,))


def _way_back(lapsed_on: date, broken: bool) -> str:
    last = add_months(lapsed_on, MONTHS_TO_RESTORE) - ONE_DAY
    if broken:
        return (
            f"Restored by {say(last)}, it goes to the panel. After that, a new application with "
            "CS2 and CS11 again."
        )
    return f"Restored by {say(lapsed_on + GRACE)}, the accreditation goes on unbroken."
