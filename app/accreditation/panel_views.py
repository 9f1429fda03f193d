"""What the panel's pages show, as plain values, and the item page in its stages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.utils import cached_property

from app import db
from app.accounts.roles import Role
from app.accreditation import meeting_queries, panel_queries, queries
from app.accreditation.certificate_actions import Scheme
from app.accreditation.meeting_queries import Meeting, Member
from app.accreditation.models import Decision, PanelItem
from app.accreditation.panel_forms import (
    DecisionForm,
    InterestForm,
    SuitabilityForm,
    VoteForm,
)
from app.accreditation.panel_queries import Part
from app.accreditation.views import LINES
from app.content import framework
from app.formats import listed, today
from app.portfolio import queries as portfolio
from app.supervision import queries as supervision
from assessments.completion import Verification, award_progress
from assessments.factlines import FactLine, fact_lines
from assessments.facts import DatedFact, FactKind, FactOutcome, current
from assessments.panel import PanelStage, Relation, Seat, may_take_part
from assessments.panel_decision import DecisionOutcome, scope_sentence
from assessments.standing import blocks

#: The facts on which suitability is judged: application, sift, interview, references.
BEFORE_RESULTS = 4
STAGES = {
    PanelStage.INTERESTS: "Declare your interests",
    PanelStage.SUITABILITY: "Judge suitability",
    PanelStage.RESULTS: "Open the results",
    PanelStage.VOTE: "Vote",
}
#: Why another member stands back, as the rest of the panel reads it.
STANDS_BACK = {
    Relation.IS_THE_PERSON: "is the person",
    Relation.ASSESSED: "has assessed this person",
    Relation.VERIFIED: "has verified decisions on this person",
    Relation.SUPERVISES: "supervises this person, or has done",
    Relation.SUPERVISED_BY: "is supervised by this person, or was",
    Relation.DECLARED_INTEREST: "has declared an interest",
}
OUTCOMES = {
    DecisionOutcome.ACCREDIT: ("ok", "Accredited"),
    DecisionOutcome.CONDITIONS: ("cond", "Accredited, with conditions"),
    DecisionOutcome.DEFER: ("wait", "Deferred"),
    DecisionOutcome.DECLINE: ("withdrawn", "Declined"),
}


def scheme() -> Scheme:
    """Return who issues certificates, from the settings."""
    config = current_app.config
    return Scheme(name=config["SCHEME_NAME"], base_url=config["BASE_URL"])


def place(text: str | None) -> tuple[date, int] | None:
    """Return the place in the agenda that an address names: a day and an id."""
    if not text:
        return None
    day, _, identity = text.partition("_")
    try:
        return date.fromisoformat(day), int(identity)
    except ValueError:
        abort(400)


def outcome(decision: Decision) -> tuple[str, str]:
    """Return (shape, words) of a decision."""
    return OUTCOMES[DecisionOutcome(decision.outcome)]


def my_state(part: Part) -> tuple[str, str]:
    """Return (shape, words) of where a member stands in an item on the agenda."""
    if part.grounds:
        return "none", "You stepped back"
    if PanelStage.VOTE in part.done:
        return "ok", "You have voted"
    stage = next(one for one in STAGES if one not in part.done)
    return "notyet", STAGES[stage]


def state_of(member: Member) -> tuple[str, str]:
    """Return (shape, words) of whether a member counts towards the quorum, and why."""
    if member.relations:
        why = listed([STANDS_BACK.get(one, "stands back") for one in member.relations])
        return "none", f"Does not count: {why}"
    if member.counts:
        return "ok", "Counts: declared no interest and has voted"
    steps = {
        PanelStage.INTERESTS: "has not declared yet",
        PanelStage.SUITABILITY: "has not judged suitability yet",
        PanelStage.RESULTS: "has not opened the results yet",
        PanelStage.VOTE: "has not voted yet",
    }
    stage = next(one for one in steps if one not in member.part.done)
    return "wait", f"Does not count yet: {steps[stage]}"


def seat_words(seats: Sequence[Seat] | frozenset[Seat]) -> str:
    """Return the seats of a member in words."""
    return listed([seat.label for seat in Seat if seat in seats]) or "No seat is recorded"


class Pack:
    """The one page that opens after suitability: facts with dates and figures, no content."""

    def __init__(self, session: Session, item: PanelItem, day: date) -> None:
        self.person_id, self.day = item.record.person_id, day
        self.facts: list[DatedFact] = queries.dated_facts(session, item.record_id)
        self.registered = portfolio.registration_of(session, self.person_id)
        self.judged = portfolio.judgements(session, [self.person_id])[self.person_id]
        self.figures = supervision.figures(session, [self.person_id])[self.person_id]

    @property
    def lines(self) -> list[tuple[FactLine, str]]:
        """Return the thirteen facts with the shape of each."""
        return [(line, LINES[line.state]) for line in fact_lines(self.facts, self.day)]

    @property
    def plays(self) -> list[tuple[str, str, date, str, str]]:
        """Return (case, title, day, shape, words) of each role play, latest first."""
        cases = {case.code: case.title for case in framework().cases}
        found = [
            (
                fact.key,
                cases.get(fact.key, ""),
                fact.effective,
                *(
                    ("ok", "Passed")
                    if fact.outcome is FactOutcome.ACHIEVED
                    else ("notyet", "Not yet")
                ),
            )
            for fact in current(self.facts)
            if fact.kind is FactKind.ROLE_PLAY
        ]
        return found[::-1]

    @property
    def award(self) -> list[tuple[str, str, str, str]]:
        """Return (unit, title, shape, words) of each unit of the award."""
        if self.registered is None:
            return []
        judged = portfolio.judged(self.judged)
        progress = award_progress(framework(), self.registered.pathway_codes, judged, self.day)
        found = []
        for unit in (framework().unit(one.code) for one in progress.units):
            done = progress.unit(unit.code)
            words = "Complete" if done.achieved else f"{len(done.counted)} of {len(unit.criteria)}"
            found.append((unit.code, unit.title, "ok" if done.achieved else "wait", words))
        return found

    @property
    def verified(self) -> list[tuple[int, str, str]]:
        """Return (how many, shape, words) of decisions agreed, waiting and returned."""
        gone = {row.supersedes_id for row in self.judged}
        states = [portfolio.verification_of(row) for row in self.judged if row.id not in gone]
        words = {
            Verification.AGREED: ("ok", "agreed by the internal verifier"),
            Verification.WAITING: ("wait", "waiting for the internal verifier"),
            Verification.RETURNED: ("notyet", "returned to the assessor"),
        }
        return [(states.count(one), *words[one]) for one in words if states.count(one)]

    @property
    def blocks(self) -> list[str]:
        """Return what stands between the person and an accreditation."""
        return [block.sentence for block in blocks(self.facts, self.day)]


class ItemPage:
    """An item as one reader sees it: only the stage that they have reached."""

    def __init__(self, item: PanelItem) -> None:
        self.item, self.record, self.day = item, item.record, today()
        self.interest = InterestForm(request.form)
        self.suitability = SuitabilityForm(request.form)
        self.vote = VoteForm(request.form)

    @cached_property
    def decision(self) -> Decision | None:
        """Return the decision, once there is one."""
        return panel_queries.decision_on(db.session(), self.item.id)

    @cached_property
    def meeting(self) -> Meeting:
        """Return everybody on the panel, and how far each has come."""
        return meeting_queries.meeting(db.session(), self.item)

    @cached_property
    def part(self) -> Part:
        """Return how far the reader has come."""
        work = db.session()
        return panel_queries.my_parts(work, [self.item.id], current_user.id)[self.item.id]

    @cached_property
    def stands_back(self) -> tuple[str, ...]:
        """Return why the reader takes no part; empty: they do, or only read what was decided."""
        known = panel_queries.relations(db.session(), self.record.person_id, current_user.id)
        return may_take_part(tuple(dict.fromkeys((*known, *self.part.grounds))))

    @property
    def is_member(self) -> bool:
        """Return whether the reader sits on the panel."""
        return bool(current_user.holds(Role.PANEL_MEMBER))

    @property
    def stage(self) -> PanelStage | None:
        """Return the step that the reader takes next; None for one who only reads."""
        if not self.is_member or self.stands_back or self.decision or self.item.withdrawn_at:
            return None
        return next((one for one in PanelStage if one not in self.part.done), None)

    @property
    def opened(self) -> bool:
        """Return whether the results are open to the reader."""
        return not self.stands_back and PanelStage.RESULTS in self.part.done

    @property
    def has_voted(self) -> bool:
        """Return whether the reader may see how the others came out."""
        return not self.stands_back and PanelStage.VOTE in self.part.done

    @property
    def may_chair(self) -> bool:
        """Return whether the reader records the decision."""
        mine = next((m for m in self.meeting.members if m.person_id == current_user.id), None)
        return bool(mine and mine.chairs and self.stage is PanelStage.DECISION)

    @cached_property
    def suitability_lines(self) -> list[tuple[FactLine, str]]:
        """Return the facts on which suitability is judged, with the shape of each."""
        facts = queries.dated_facts(db.session(), self.record.id)
        lines = fact_lines(facts, self.day)[:BEFORE_RESULTS]
        return [(line, LINES[line.state]) for line in lines]

    @cached_property
    def pack(self) -> Pack:
        """Return the results. Only asked for once they are open."""
        return Pack(db.session(), self.item, self.day)

    def shown(self, refusal: str = "", status: int = 200) -> ResponseReturnValue:
        """Return the page."""
        forms = (self.interest, self.suitability, self.vote)
        if status == 200 and any(form.errors for form in forms):
            status = 422
        page = render_template(
            "accreditation/item.html",
            page=self,
            item=self.item,
            record=self.record,
            Stage=PanelStage,
            steps=list(STAGES),
            refusal=refusal,
            state_of=state_of,
            seat_words=seat_words,
            outcome=outcome,
            stands_back_words=_frozen_words,
            seat_labels=lambda values: seat_words([Seat(one) for one in values]),
        )
        return page, status


def _frozen_words(values: Sequence[str]) -> str:
    return listed([STANDS_BACK.get(Relation(one), "stood back") for one in values])


class DecisionPage:
    """The chair's form, and the page that repeats the decision in words before it is final."""

    def __init__(self, item: PanelItem, held: Meeting) -> None:
        self.item, self.meeting = item, held
        self.result = held.result()
        latest = meeting_queries.longest_validity(db.session(), item.record_id, today())
        asked = request.method == "GET"
        self.form = (
            DecisionForm(data=self._suggested(latest)) if asked else DecisionForm(request.form)
        )
        self.form.offer(tied=self.result.carried is None)
        self.latest = latest

    def _suggested(self, latest: date) -> dict[str, Any]:
        award = queries.latest_fact(db.session(), self.item.record_id, FactKind.AWARD)
        before = panel_queries.last_grant(db.session(), self.item.record_id)
        parts = before.scope_parts if before else {}
        languages = parts.get("languages")
        return {
            "pathways": award.key.split() if award else [],
            "valid_until": latest,
            "locality": parts.get("locality"),
            "working": parts.get("working"),
            "languages": ", ".join(languages) if isinstance(languages, list) else None,
        }

    def faults(self) -> tuple[str, ...]:
        """Return what keeps the decision from being recorded."""
        given = self.form.given()
        return meeting_queries.faults(db.session(), self.item, given, self.meeting, day=today())

    def shown(
        self, faults: Sequence[str] = (), status: int = 200, notice: str = ""
    ) -> ResponseReturnValue:
        """Return the form."""
        if status == 200 and (faults or self.form.errors):
            status = 422
        page = render_template(
            "accreditation/decide.html",
            page=self,
            item=self.item,
            form=self.form,
            faults=faults,
            notice_words=notice,
            state_of=state_of,
            seat_words=seat_words,
        )
        return page, status

    def checked(self) -> ResponseReturnValue:
        """Return the page that repeats the decision in words."""
        given = self.form.given()
        kept = [
            (key, value)
            for key, value in request.form.items(multi=True)
            if key not in ("csrf_token", "step", "once", "seen_votes")
        ]
        return render_template(
            "accreditation/decide_check.html",
            page=self,
            item=self.item,
            given=given,
            kept=kept,
            outcome=OUTCOMES[given.outcome],
            result=self.meeting.result(given.casting),
            sentence=scope_sentence(given.scope) if given.scope else "",
            day=today(),
            state_of=state_of,
            seat_words=seat_words,
        )
