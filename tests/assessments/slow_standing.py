"""Standing worked out the slow, obvious way: every single day, straight from the tables.

Written from the award specification, not from the code under test, and sharing none of it but
the names of kinds, outcomes, statuses and holds.
"""

import calendar
from datetime import date, timedelta

from assessments.facts import DatedFact, FactKind, FactOutcome
from assessments.statuses import Hold, Status

K, Says, S = FactKind, FactOutcome, Status
DAY = timedelta(days=1)
GOOD = {K.APPLICATION: 12, K.SIFT: 12, K.INTERVIEW: 24, K.REFERENCE_ONE: 24, K.REFERENCE_TWO: 24,
        K.VETTING: 36, K.ROLE_PLAY: 24, K.CODE_OF_CONDUCT: 12, K.SUPERVISION_AGREEMENT: 12,
        K.TRAINING: 12, K.INTERESTS: 12, K.PANEL_DECISION: 24}  # fmt: skip


def plus(day: date, months: int) -> date:
    """Step month by month."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def expired(fact: DatedFact, day: date) -> bool:
    """Whether the fact no longer holds on the day."""
    if fact.kind in GOOD and day >= plus(fact.effective, GOOD[fact.kind]):
        return True
    return fact.until is not None and day > fact.until


def last_holding_day(fact: DatedFact, newer: list[DatedFact]) -> date | None:
    """The last day on which a signed paper holds, by stepping through the days."""
    ends = [fact.until] if fact.until else []
    if fact.kind in GOOD:
        ends.append(plus(fact.effective, GOOD[fact.kind]) - DAY)
    ends += [one.effective - DAY for one in newer]
    return min(ends) if ends else None


class Slow:
    """One person's days, one after the other."""

    def __init__(self, facts):
        gone = {fact.supersedes for fact in facts}
        kept = [fact for fact in facts if fact.id not in gone and fact.outcome is not Says.VOID]
        self.facts = sorted(kept, key=lambda fact: (fact.effective, fact.recorded, fact.id))
        self.state = "applying"
        self.application = self.last_event = self.decision = self.start = self.lapse = None
        self.over = self.kept_ready = False

    def known(self, kind, day, key=None):
        return [
            fact
            for fact in self.facts
            if fact.kind is kind and fact.effective <= day and key in (None, fact.key)
        ]

    def last(self, kind, day, key=None):
        found = self.known(kind, day, key)
        return found[-1] if found else None

    def days(self, last):
        if not self.facts:
            return
        day = self.facts[0].effective
        while day <= last:
            yield day, *self.one_day(day)
            day += DAY

    def one_day(self, day):
        if self.lapse is not None and (day - self.lapse).days > 30:
            self.over = True
        for fact in self.facts:
            if fact.effective == day:
                self.happens(fact, day)
        if self.state == "applying" and self.has_begun(day):
            self.state = "training"
        if self.state == "training":
            return (S.IN_TRAINING if self.first_missing(day) else S.READY_FOR_PANEL), frozenset()
        if self.state == "accredited":
            return self.accredited(day)
        words = {"applying": S.APPLICANT, "declined": S.DECLINED, "withdrawn": S.WITHDRAWN}
        return words[self.state], frozenset()

    def happens(self, fact, day):
        ended = self.state in ("declined", "withdrawn")
        if fact.kind is K.WITHDRAWN:
            self.state, self.last_event = "withdrawn", fact
            self.lapse, self.over, self.kept_ready = None, False, False
        elif fact.kind is K.APPLICATION and self.may_apply(day):
            self.state, self.application = "applying", fact
            self.lapse, self.over, self.kept_ready = None, False, False
        elif fact.kind is K.PANEL_DECISION and fact.outcome in (Says.ACCREDITED, Says.CONDITIONS):
            if not ended:
                if self.state != "accredited" or self.over:
                    self.start, self.lapse, self.over, self.kept_ready = day, None, False, False
                self.state, self.decision = "accredited", fact
        elif not ended and self.is_refusal(fact):
            self.state, self.last_event = "declined", fact
            self.lapse, self.over, self.kept_ready = None, False, False

    def is_refusal(self, fact):
        if fact.kind in (K.SIFT, K.INTERVIEW):
            return self.state == "applying" and fact.outcome is Says.NOT_PASSED
        return fact.kind is K.DECLINED or fact.outcome is Says.DECLINED

    def may_apply(self, day):
        if self.state == "applying":
            return self.application is None or expired(self.application, day)
        if self.state == "accredited":
            return self.over and not self.kept_ready and day >= plus(self.lapse, 6)
        if self.state == "training":
            return False
        waits = self.state == "declined" or self.last_event.outcome is Says.BREACH
        return day >= plus(self.last_event.effective, 12 if waits else 0)

    def selection_missing(self, day, old_interview_will_do):
        if self.application is None:
            return True
        since = self.application.effective
        interviews = [f for f in self.known(K.INTERVIEW, day) if f.effective >= since]
        sifts = [f for f in self.known(K.SIFT, day) if f.effective >= since]
        enrolments = [f for f in self.known(K.ENROLMENT, day) if f.effective >= since]
        if not (interviews and sifts and enrolments):
            return True
        if interviews[-1].outcome is not Says.PASSED or sifts[-1].outcome is not Says.PASSED:
            return True
        first = next(f.effective for f in interviews if f.outcome is Says.PASSED)
        if expired(self.application, first) or expired(sifts[-1], first):
            return True
        return expired(interviews[-1], first if old_interview_will_do else day)

    def has_begun(self, day):
        return not self.selection_missing(day, True)

    def papers_missing(self, day):
        for kind in (K.CODE_OF_CONDUCT, K.SUPERVISION_AGREEMENT, K.TRAINING, K.INTERESTS):
            paper = self.last(kind, day)
            if paper is None:
                return True
            end = last_holding_day(paper, self.newer_codes(paper, day))
            if end is not None and day > end:
                return True
        return False

    def newer_codes(self, paper, day):
        if paper.kind is not K.CODE_OF_CONDUCT:
            return []
        return [
            f for f in self.known(K.CODE_PUBLISHED, day)
            if f.effective > paper.effective and f.key != paper.key
        ]  # fmt: skip

    def vetting_wrong(self, day):
        vetting = self.last(K.VETTING, day)
        return vetting is None or vetting.outcome is Says.NOT_CLEAR or expired(vetting, day)

    def safety_open(self, day):
        refs = {fact.key for fact in self.known(K.SAFETY_CRITICAL, day)}
        return any(self.last(K.SAFETY_CRITICAL, day, ref).outcome is Says.NOT_YET for ref in refs)

    def suspended(self, day):
        orders = [f for f in self.facts if f.effective <= day
                  and f.kind in (K.ORDER_SUSPENDED, K.ORDER_LIFTED)]  # fmt: skip
        in_force = set()
        for order in orders:
            if order.kind is K.ORDER_SUSPENDED:
                in_force.add(order.key)
            else:
                in_force.discard(order.key)
        return bool(in_force)

    def first_missing(self, day):
        for kind in (K.REFERENCE_ONE, K.REFERENCE_TWO):
            reference = self.last(kind, day)
            if reference is None or reference.outcome is not Says.SATISFACTORY:
                return True
            if expired(reference, day):
                return True
        before = [f for f in self.known(K.PANEL_DECISION, day)
                  if self.application and f.effective <= self.application.effective
                  and f.outcome in (Says.ACCREDITED, Says.CONDITIONS)]  # fmt: skip
        for case in ("CS2", "CS11"):
            play = self.last(K.ROLE_PLAY, day, case)
            if play is None or play.outcome is Says.NOT_YET or expired(play, day):
                return True
            if before and play.effective < self.application.effective:
                return True
        return (
            self.selection_missing(day, False) or self.vetting_wrong(day) or self.safety_open(day)
            or self.last(K.AWARD, day) is None or self.papers_missing(day) or self.suspended(day)
        )  # fmt: skip

    def renewal_missing(self, day):
        plays = [self.last(K.ROLE_PLAY, day, case) for case in ("CS2", "CS11")]
        fresh = [
            play for play in plays
            if play and play.outcome is Says.ACHIEVED and play.effective > self.decision.effective
            and not expired(play, day)
        ]  # fmt: skip
        return (
            not fresh or self.vetting_wrong(day) or self.last(K.AWARD, day) is None
            or self.papers_missing(day) or self.safety_open(day) or self.suspended(day)
            or self.gap(day) == "lapse"
        )  # fmt: skip

    def case_open(self, day):
        open_now = set()
        for fact in self.facts:
            if fact.effective <= day and fact.kind is K.CASE_OPENED:
                open_now.add(fact.key)
            if fact.effective <= day and fact.kind is K.CASE_CLOSED:
                open_now.discard(fact.key)
        return bool(open_now)

    def gap(self, day):
        """Walk from the last meeting to today and keep the worst that was reached."""
        meetings = [f.effective for f in self.known(K.SUPERVISION_SESSION, day)]
        base = max([self.start, *meetings])
        walk, worst, counted_from = base, "", None
        while walk <= day:
            if self.case_open(walk):
                if counted_from is None:
                    counted_from = base if (walk - base).days <= 28 else walk
                days = (walk - counted_from).days
                if days >= 46:
                    return "lapse"
                if days >= 36:
                    worst = "no new work"
            elif (walk - base).days >= 121:
                return "lapse"
            walk += DAY
        return worst

    def without(self, kind, day):
        """How many days in a row, up to and with today, the paper has not held."""
        paper = self.last(kind, day)
        if paper is None:
            return (day - self.start).days + 1
        end = last_holding_day(paper, self.newer_codes(paper, day))
        return max(0, (day - end).days) if end else 0

    def ends(self, day):
        """The ends that the decision and its conditions set, then that of the vetting."""
        first = plus(self.decision.effective, 24) - DAY
        ends = [min(first, self.decision.until or first)]
        met = {fact.key for fact in self.known(K.CONDITION_MET, day)}
        for condition in self.known(K.CONDITION, day):
            if condition.effective >= self.decision.effective and condition.key not in met:
                ends += [condition.until] if condition.until else []
        return ends

    def accredited(self, day):
        if self.suspended(day) and not self.over:
            self.lapse = None
            return S.SUSPENDED, frozenset()
        wrong = (
            day > min(self.ends(day)) or self.vetting_wrong(day) or self.gap(day) == "lapse"
            or self.without(K.SUPERVISION_AGREEMENT, day) > 30
        )  # fmt: skip
        if not wrong and not self.over:
            self.lapse = None
            return self.active(day), self.holds(day)
        if self.lapse is None:
            self.lapse = day
        if self.over:
            in_time = self.kept_ready or day < plus(self.lapse, 6)
            self.kept_ready = in_time and not self.renewal_missing(day)
            if self.kept_ready:
                return S.READY_FOR_PANEL, frozenset()
        return S.LAPSED, frozenset()

    def active(self, day):
        vetting = self.last(K.VETTING, day)
        cleared = plus(vetting.effective, 36) - DAY
        last = min([*self.ends(day), cleared, vetting.until or cleared])
        if day >= last - timedelta(days=90):
            return S.RENEWAL_DUE
        mine = [f for f in self.known(K.CONDITION, day) if f.effective >= self.decision.effective]
        met = {fact.key for fact in self.known(K.CONDITION_MET, day)}
        if any(condition.key not in met for condition in mine):
            return S.ACCREDITED_WITH_CONDITIONS
        if self.decision.outcome is Says.CONDITIONS and not mine:
            return S.ACCREDITED_WITH_CONDITIONS
        return S.ACCREDITED

    def holds(self, day):
        found = set()
        for kind, hold, patience in (
            (K.CODE_OF_CONDUCT, Hold.CODE_OF_CONDUCT, 30), (K.TRAINING, Hold.TRAINING, 30),
            (K.SUPERVISION_AGREEMENT, Hold.SUPERVISION_AGREEMENT, 0),
            (K.INTERESTS, Hold.INTERESTS, 0), (K.CONTRACT, Hold.CONTRACT, 0),
        ):  # fmt: skip
            if self.without(kind, day) > patience:
                found.add(hold)
        if self.gap(day) == "no new work":
            found.add(Hold.SUPERVISION_GAP)
        return frozenset(found)
