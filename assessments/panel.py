"""The panel's meeting: who may sit, whether it has its quorum, the order of steps, the vote.

Source: award specification D4 (docs/sources.md).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from assessments.errors import DecisionRefused

QUORUM = 4


class Seat(StrEnum):
    """What a member brings to the panel. Source: award specification D4 rule 1."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    COUNCIL = "council"
    PROBATION = "probation"
    POLICE = "police"
    SAFEGUARDING = "safeguarding"
    PRACTITIONER = "practitioner"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        """Return the seat as pages write it."""
        return {"deputy": "Deputy chair", "practitioner": "Practitioner mentor"}.get(
            self.value, self.value.capitalize()
        )


@dataclass(frozen=True, kw_only=True)
class Present:
    """A member in the meeting. One who withdrew for an interest does not count."""

    person_id: int
    seats: frozenset[Seat]
    voting: bool = True
    withdrew: bool = False


def quorum(present: Iterable[Present]) -> tuple[str, ...]:
    """Return what the meeting lacks to decide, in sentences; empty: it has its quorum.

    Four voting members; chair or deputy; a safeguarding or probation voice; a community or
    practitioner voice; police members not a majority. Source: award specification D4 rule 2.
    """
    voting = {one.person_id: one.seats for one in present if one.voting and not one.withdrew}
    seats = {seat for held in voting.values() for seat in held}
    police = sum(Seat.POLICE in held for held in voting.values())
    checks = (
        (len(voting) >= QUORUM, f"Four voting members are needed, and {len(voting)} can vote."),
        (seats & {Seat.CHAIR, Seat.DEPUTY}, "The chair or the deputy chair is needed."),
        (
            seats & {Seat.SAFEGUARDING, Seat.PROBATION},
            "A member from safeguarding or probation is needed.",
        ),
        (
            seats & {Seat.COMMUNITY, Seat.PRACTITIONER},
            "A community member or a practitioner mentor is needed.",
        ),
        (2 * police <= len(voting), "Police members may not be the majority."),
    )
    return tuple(sentence for met, sentence in checks if not met)


class Relation(StrEnum):
    """How a member stands to the person decided on."""

    IS_THE_PERSON = "is_the_person"
    ASSESSED = "assessed"
    VERIFIED = "verified"
    SUPERVISES = "supervises"
    SUPERVISED_BY = "supervised_by"
    TRAINS = "trains"
    MANAGES = "manages"
    PAIRED_WITH = "paired_with"
    DECLARED_INTEREST = "declared_interest"


_REASONS = {
    Relation.IS_THE_PERSON: "This is about you.",
    Relation.ASSESSED: "You have assessed this person.",
    Relation.VERIFIED: "You have verified decisions on this person.",
    Relation.SUPERVISES: "You supervise this person, or have done.",
    Relation.SUPERVISED_BY: "This person supervises you, or has done.",
    Relation.TRAINS: "You have trained this person.",
    Relation.MANAGES: "You manage this person.",
    Relation.PAIRED_WITH: "You work in a pair with this person.",
    Relation.DECLARED_INTEREST: "You have declared an interest.",
}


def may_take_part(relations: Collection[Relation]) -> tuple[str, ...]:
    """Return why a member cannot take part in this decision; empty: they can.

    Source: award specification D4 rule 3.
    """
    return tuple(sentence for relation, sentence in _REASONS.items() if relation in relations)


class PanelStage(StrEnum):
    """The steps of one member, in their order. Suitability comes before any result."""

    INTERESTS = "interests"
    SUITABILITY = "suitability"
    RESULTS = "results"
    VOTE = "vote"
    DECISION = "decision"


def next_stage(done: Collection[PanelStage]) -> PanelStage | None:
    """Return the one step that a member may take next; None after the last.

    A member declares interests, records suitability, only then opens the results, votes, and the
    decision follows. Nothing computes one from another. Source: award specification D4 rules 3-5.
    """
    for stage in PanelStage:
        if stage not in done:
            return stage
    return None


def check_stage(stage: PanelStage, done: Collection[PanelStage]) -> None:
    """Raise DecisionRefused if a step before ``stage`` is still open, or it is done already."""
    if stage in done:
        raise DecisionRefused([f"{_STEPS[stage]} stands already, and is not changed."])
    first = next(earlier for earlier in PanelStage if earlier not in done)
    if first is not stage:
        raise DecisionRefused([f"{_STEPS[first]} comes first."])


_STEPS = {
    PanelStage.INTERESTS: "Your declaration of interests",
    PanelStage.SUITABILITY: "Your judgement of suitability",
    PanelStage.RESULTS: "Reading the assessment results",
    PanelStage.VOTE: "Your vote",
    PanelStage.DECISION: "The decision",
}


class Vote(StrEnum):
    """A member's vote."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, kw_only=True)
class VoteResult:
    """What a vote came to. ``carried`` is None while a tie waits for the chair's casting vote."""

    carried: bool | None
    in_favour: int
    against: int
    abstained: int
    by_casting_vote: bool
    sentence: str


def vote_result(votes: Iterable[Vote], casting: Vote | None = None) -> VoteResult:
    """Return the result by simple majority of the votes cast.

    ``votes`` holds every member's vote, the chair's own among them; ``casting`` is the chair's
    second vote, which counts in a tie only. Source: award specification D4 rule 5.
    """
    given = list(votes)
    yes, no = given.count(Vote.FOR), given.count(Vote.AGAINST)
    tied = yes == no
    decides = casting if tied and casting in (Vote.FOR, Vote.AGAINST) else None
    carried = None if tied and decides is None else yes > no or decides is Vote.FOR
    return VoteResult(
        carried=carried,
        in_favour=yes,
        against=no,
        abstained=len(given) - yes - no,
        by_casting_vote=decides is not None,
        sentence=_result_words(yes, no, carried, by_casting=decides is not None),
    )


def _result_words(yes: int, no: int, carried: bool | None, *, by_casting: bool) -> str:
    votes = f"{yes} for, {no} against"
    if carried is None:
        return f"{votes}. A tie: the chair has a casting vote."
    word = "Carried" if carried else "Not carried"
    return f"{word}: {votes}, by the chair's casting vote." if by_casting else f"{word}: {votes}."
