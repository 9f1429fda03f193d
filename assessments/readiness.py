"""What stands between a person and the panel: the blocks of D1, and of renewal.

Source: award specification D1 (column "If missing"), D3 and D5 (docs/sources.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.dates import ONE_DAY, say
from assessments.facts import DatedFact, FactKind, FactOutcome, good_until
from assessments.record import Record, good_on
from assessments.supervisionclock import Stage, clock_of

#: The role plays that must be recent. Source: award specification D1 fact 7.
RECENT_CASES = ("CS2", "CS11")

_CLEAR = (FactOutcome.CLEAR, FactOutcome.CLEAR_WITH_NOTE)

#: Facts 8 to 11, with what to say when there is none.
_SIGNED = (
    (FactKind.CODE_OF_CONDUCT, "The code of conduct is not signed."),
    (FactKind.SUPERVISION_AGREEMENT, "There is no supervision agreement."),
    (FactKind.TRAINING, "Data protection and safeguarding training is not recorded."),
    (FactKind.INTERESTS, "Interests are not declared."),
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One thing that must be put right first."""

    kind: FactKind
    sentence: str
    #: The fact in the way, where there is one.
    fact_id: str | None = None
    #: The first day without a good fact, where one ran out.
    ran_out: date | None = None


def first_blocks(record: Record, day: date, cycle: DatedFact | None) -> tuple[Block, ...]:
    """Return what is missing before a first decision by the panel, in the order of D1.

    ``cycle`` is the application that counts; sift, interview and enrolment come after it.
    """
    since = cycle.effective if cycle else None
    again = since if _after_a_lapse(record, since) else None
    found: list[Block] = [*_selection(record, day, cycle), *_references(record, day)]
    found += [*vetting_block(record, day), *_award(record, day)]
    found += [*_role_plays(record, day, again), *_open_safety(record, day)]
    found += [*_signed(record, day), *_order(record, day)]
    return tuple(found)


def renewal_blocks(
    record: Record, day: date, decision: DatedFact, started: date
) -> tuple[Block, ...]:
    """Return what is missing before a renewal: facts 5 and 8 to 11, one fresh role play,
    supervision, no open safety-critical decision.

    Fresh: CS2 or CS11 achieved since the decision that ends, and in date.
    Source: award specification D5.
    """
    found: list[Block] = [*vetting_block(record, day), *_award(record, day)]
    found += [*_fresh_role_play(record, day, decision), *_open_safety(record, day)]
    found += [*_signed(record, day), *_supervision(record, day, started), *_order(record, day)]
    return tuple(found)


def enrolled(record: Record, day: date, cycle: DatedFact | None) -> bool:
    """Return whether training has begun: sift and interview passed in time, and enrolled.

    Source: award specification D1 facts 1 to 3, D3 row 1.
    """
    return not any(_selection(record, day, cycle, interview_may_be_old=True))


def code_good_until(record: Record, signed: DatedFact, day: date) -> date | None:
    """Return the last good day of a signed code: 12 months, or until a new version came out."""
    until = good_until(signed)
    for version in record.upto(FactKind.CODE_PUBLISHED, day):
        if version.effective > signed.effective and version.key != signed.key:
            replaced = version.effective - ONE_DAY
            return replaced if until is None else min(until, replaced)
    return until


def last_good(record: Record, fact: DatedFact, day: date) -> date | None:
    """Return the last good day of a fact as it looks on ``day``; None if it does not run out."""
    if fact.kind is FactKind.CODE_OF_CONDUCT:
        return code_good_until(record, fact, day)
    return good_until(fact)


def vetting_block(record: Record, day: date) -> Iterator[Block]:
    """Yield what is wrong with the latest vetting on ``day``, if anything."""
    vetting = record.latest(FactKind.VETTING, day)
    if vetting is not None and vetting.outcome not in _CLEAR:
        sentence = f"Vetting of {say(vetting.effective)} is not clear."
        yield Block(kind=vetting.kind, sentence=sentence, fact_id=vetting.id)
    else:
        yield from _dated(record, vetting, day, FactKind.VETTING, "Vetting is not recorded.")


def _after_a_lapse(record: Record, since: date | None) -> bool:
    """Return whether an accreditation came before this application: then CS2 and CS11 again."""
    if since is None:
        return False
    granted = (FactOutcome.ACCREDITED, FactOutcome.CONDITIONS)
    earlier = record.upto(FactKind.PANEL_DECISION, since)
    return any(decision.outcome in granted for decision in earlier)


def _selection(
    record: Record, day: date, cycle: DatedFact | None, *, interview_may_be_old: bool = False
) -> Iterator[Block]:
    if cycle is None:
        yield Block(kind=FactKind.APPLICATION, sentence="There is no application.")
        return
    interview = _passed(record, FactKind.INTERVIEW, day, cycle)
    reached = _first_interview(record, day, cycle) or day
    sift = _passed(record, FactKind.SIFT, day, cycle)
    yield from _dated(record, cycle, reached, FactKind.APPLICATION, "")
    yield from _dated(record, sift, reached, FactKind.SIFT, "The sift has not been passed.")
    asked = reached if interview_may_be_old else day
    words = "The interview has not been passed."
    yield from _dated(record, interview, asked, FactKind.INTERVIEW, words)
    enrolment = record.latest(FactKind.ENROLMENT, day)
    if enrolment is None or enrolment.effective < cycle.effective:
        yield Block(kind=FactKind.ENROLMENT, sentence="Enrolment is not recorded.")


def _first_interview(record: Record, day: date, cycle: DatedFact) -> date | None:
    """Return when the interview was first passed: application and sift need to last until then."""
    for interview in record.upto(FactKind.INTERVIEW, day):
        passed = interview.outcome is FactOutcome.PASSED
        if passed and interview.effective >= cycle.effective:
            return interview.effective
    return None


def _passed(record: Record, kind: FactKind, day: date, cycle: DatedFact) -> DatedFact | None:
    fact = record.latest(kind, day)
    if fact is None or fact.effective < cycle.effective:
        return None
    return fact if fact.outcome is FactOutcome.PASSED else None


def _references(record: Record, day: date) -> Iterator[Block]:
    for kind in (FactKind.REFERENCE_ONE, FactKind.REFERENCE_TWO):
        reference = record.latest(kind, day)
        if reference is not None and reference.outcome is not FactOutcome.SATISFACTORY:
            sentence = f"{kind.label} of {say(reference.effective)} is not satisfactory."
            yield Block(kind=kind, sentence=sentence, fact_id=reference.id)
        else:
            yield from _dated(record, reference, day, kind, f"{kind.label} is not recorded.")


def _award(record: Record, day: date) -> Iterator[Block]:
    if record.latest(FactKind.AWARD, day) is None:
        yield Block(kind=FactKind.AWARD, sentence="The award is not confirmed.")


def _role_plays(record: Record, day: date, again: date | None) -> Iterator[Block]:
    for case in RECENT_CASES:
        play = record.latest(FactKind.ROLE_PLAY, day, case)
        if play is not None and again is not None and play.effective < again:
            sentence = f"Role play {case} is to be played again, after the new application."
            yield Block(kind=FactKind.ROLE_PLAY, sentence=sentence, fact_id=play.id)
        elif play is not None and play.outcome is not FactOutcome.ACHIEVED:
            sentence = f"Role play {case} of {say(play.effective)} was not yet."
            yield Block(kind=FactKind.ROLE_PLAY, sentence=sentence, fact_id=play.id)
        else:
            words = f"Role play {case} has not been passed."
            yield from _dated(record, play, day, FactKind.ROLE_PLAY, words)


def _fresh_role_play(record: Record, day: date, decision: DatedFact) -> Iterator[Block]:
    for case in RECENT_CASES:
        play = record.latest(FactKind.ROLE_PLAY, day, case)
        if play is None or play.effective <= decision.effective:
            continue
        if play.outcome is FactOutcome.ACHIEVED and good_on(play, day):
            return
    words = f"CS2 or CS11 has not been passed since the decision of {say(decision.effective)}."
    yield Block(kind=FactKind.ROLE_PLAY, sentence=words)


def _open_safety(record: Record, day: date) -> Iterator[Block]:
    """Yield each safety-critical criterion whose latest decision is not yet."""
    latest = {fact.key: fact for fact in record.upto(FactKind.SAFETY_CRITICAL, day)}
    for ref in sorted(latest):
        fact = latest[ref]
        if fact.outcome is FactOutcome.NOT_YET:
            sentence = f"{ref} is safety-critical and was not yet on {say(fact.effective)}."
            yield Block(kind=fact.kind, sentence=sentence, fact_id=fact.id)


def _signed(record: Record, day: date) -> Iterator[Block]:
    for kind, words in _SIGNED:
        yield from _dated(record, record.latest(kind, day), day, kind, words)


def _supervision(record: Record, day: date, started: date) -> Iterator[Block]:
    gap = clock_of(record, day, started)
    if gap.stage is Stage.LAPSED:
        yield Block(
            kind=FactKind.SUPERVISION_SESSION, sentence=gap.sentence, fact_id=gap.meeting_id
        )


def _order(record: Record, day: date) -> Iterator[Block]:
    order = record.order_in_force(day)
    if order is not None:
        sentence = f"A suspension has been in force since {say(order.effective)}."
        yield Block(kind=order.kind, sentence=sentence, fact_id=order.id)


def _dated(
    record: Record, fact: DatedFact | None, day: date, kind: FactKind, missing: str
) -> Iterator[Block]:
    if fact is None:
        yield Block(kind=kind, sentence=missing)
        return
    until = last_good(record, fact, day)
    if until is not None and day > until:
        what = f"Role play {fact.key}" if kind is FactKind.ROLE_PLAY else kind.label
        yield Block(
            kind=kind,
            sentence=f"{what} ran out on {say(until)}.",
            fact_id=fact.id,
            ran_out=until + timedelta(days=1),
        )
