"""The panel's agenda: who is put on it, who takes no part, who sits, and what it costs to show."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.accreditation import actions, panel_queries, queries
from app.accreditation.models import Decision, PanelItem, PanelSeat
from app.formats import today
from app.portfolio.models import Evidence, Judgement
from app.quality.models import Verification
from app.supervision.models import Agreement
from assessments.facts import FactKind
from assessments.panel import Seat
from tests.client import Browser, Queries, words
from tests.factories import a_user
from tests.factories_accreditation import (
    a_panel,
    a_ready_record,
    a_record,
    an_accreditation,
    an_item,
    has_come_to_vote,
)
from tests.panel_steps import a_decision, at, boxes, step

LATER = today() + timedelta(days=7)


def a_judgement(session: Session, person: User, assessor: User) -> Judgement:
    """Return a judgement on a person."""
    now = datetime.now(UTC)
    evidence = Evidence(
        person_id=person.id, method="WR", title="Essay", shown_on=today(), added_at=now
    )
    session.add(evidence)
    session.flush()
    row = Judgement(
        person_id=person.id,
        criterion="M1.1.1",
        wording="…",
        award_version="1",
        verdict="achieved",
        method="WR",
        evidence_id=evidence.id,
        assessor_id=assessor.id,
        feedback="Clear.",
        observed_on=today(),
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def an_agreement(session: Session, mentor: User, supervisor: User) -> None:
    """Make two people mentor and supervisor, in the past."""
    session.add(
        Agreement(
            mentor_id=mentor.id,
            supervisor_id=supervisor.id,
            starts_on=date(2024, 1, 1),
            review_on=date(2024, 12, 1),
            monthly_minutes=60,
            cover="Somebody",
            formats="One to one",
            made_at=datetime.now(UTC),
            made_by_id=supervisor.id,
            ended_on=date(2024, 6, 1),
        )
    )
    session.flush()


class TestTheAgenda:
    def test_is_empty_at_first_and_says_what_opens_it(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        session.commit()
        page = words(at(app, chair).get("/panel/"))
        assert "Nothing waits for the panel." in page
        assert "The panel has decided nothing yet." in page

    def test_shows_where_a_member_stands(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        steps = [
            ("Declare your interests", "interests", {"answer": "no"}),
            ("Judge suitability", "suitability", {"view": "not yet", "reasons": "Too soon."}),
            ("Open the results", "results", {}),
            ("Vote", "vote", {"vote": "abstain"}),
        ]
        for shown, name, data in steps:
            assert shown in words(member.get("/panel/"))
            step(member, item, name, **data)
        assert "You have voted" in words(member.get("/panel/"))

    def test_is_not_for_mentors_or_strangers(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        mentor = a_user(session, Role.MENTOR)
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session, mentor), chair)
        session.commit()
        assert browser.get("/panel/").status_code in (302, 303)
        signed_in = Browser(app).sign_in(mentor)
        assert signed_in.get("/panel/").status_code == 403
        assert signed_in.get(f"/panel/items/{item.id}").status_code == 404
        assert step(signed_in, item, "interests", answer="no").status_code == 404
        assert browser.post(f"/panel/items/{item.id}/vote", {"vote": "for"}).status_code == 401

    @pytest.mark.parametrize("number", [10, 200])
    def test_takes_a_constant_number_of_queries(
        self, app: Flask, session: Session, queries: Queries, number: int
    ) -> None:
        chair, *_ = a_panel(session)
        for _ in range(number):
            item = an_item(session, a_record(session), chair, LATER)
            if item.id % 2:
                session.add(_a_plain_decision(item, chair))
        session.commit()
        browser = at(app, chair)
        browser.get("/panel/")
        queries.reset()
        reply = browser.get("/panel/")
        assert reply.status_code == 200
        assert queries.number <= 12

    def test_goes_on_over_pages_without_leaving_anybody_out(
        self, app: Flask, session: Session
    ) -> None:
        chair, *_ = a_panel(session)
        numbers = [
            an_item(session, a_record(session), chair, LATER).record.number for _ in range(25)
        ]
        session.commit()
        browser = at(app, chair)
        first = browser.get("/panel/").get_data(as_text=True)
        after = f"{LATER.isoformat()}_{20}"
        assert after in first
        second = words(browser.get(f"/panel/?after={after}"))
        assert all((number in first) != (number in second) for number in numbers)
        assert browser.get("/panel/?after=nonsense").status_code == 400


def _a_plain_decision(item: PanelItem, chair: User) -> Decision:
    return Decision(
        item_id=item.id,
        outcome="decline",
        reasons="Not yet.",
        vote="Not carried: 0 for, 4 against.",
        present=[],
        withdrew=[],
        scope_parts={},
        decided_on=today(),
        recorded_at=datetime.now(UTC),
        recorded_by_id=chair.id,
    )


class TestMakingAnItem:
    def send(self, browser: Browser, number: str, day: date = LATER) -> object:
        return browser.post("/panel/new", {"number": number, **boxes("meets_on", day)})

    def test_puts_a_ready_record_on_the_agenda(self, app: Flask, session: Session) -> None:
        coordinator = a_user(session, Role.COORDINATOR)
        record = a_ready_record(session)
        session.commit()
        browser = Browser(app).sign_in(coordinator)
        assert record.number in words(browser.get("/panel/new"))
        reply = self.send(browser, record.number.lower())
        assert reply.status_code == 303  # type: ignore[attr-defined]
        page = words(browser.get("/panel/"))
        assert record.person.working_name in page
        again = self.send(browser, record.number)
        assert "on the agenda already" in words(again)  # type: ignore[arg-type]

    def test_says_what_stands_in_the_way(self, app: Flask, session: Session) -> None:
        coordinator = a_user(session, Role.COORDINATOR)
        record = a_ready_record(session, without=(FactKind.AWARD, FactKind.TRAINING))
        session.commit()
        reply = self.send(Browser(app).sign_in(coordinator), record.number)
        assert reply.status_code == 422  # type: ignore[attr-defined]
        said = words(reply)  # type: ignore[arg-type]
        assert "in training today" in said
        assert "The award is not confirmed." in said
        assert "training is not recorded" in said
        assert session.scalar(select(PanelItem)) is None

    def test_refuses_a_day_gone_by_and_an_unknown_number(
        self, app: Flask, session: Session
    ) -> None:
        coordinator = a_user(session, Role.COORDINATOR)
        record = a_ready_record(session)
        session.commit()
        browser = Browser(app).sign_in(coordinator)
        past = self.send(browser, record.number, today() - timedelta(days=1))
        assert "Choose today or a day to come" in words(past)  # type: ignore[arg-type]
        assert "No record has this number" in words(self.send(browser, "M-9"))  # type: ignore[arg-type]

    def test_is_never_done_for_oneself(self, app: Flask, session: Session) -> None:
        member = a_user(session, Role.PANEL_MEMBER)
        record = a_ready_record(session, member)
        session.commit()
        reply = self.send(Browser(app).sign_in(member), record.number)
        assert "This is your own record" in words(reply)  # type: ignore[arg-type]

    def test_can_be_taken_back_before_it_is_decided(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        coordinator = a_user(session, Role.COORDINATOR)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        browser = Browser(app).sign_in(coordinator)
        assert "Closed until it is decided" in words(browser.get(f"/panel/items/{item.id}"))
        assert "CS11" not in words(browser.get(f"/panel/items/{item.id}"))
        assert step(browser, item, "take-off").status_code == 303
        assert "Nothing waits for the panel." in words(browser.get("/panel/"))
        refused = step(at(app, chair), item, "interests", answer="no")
        assert refused.status_code == 409
        assert "taken off the agenda" in words(refused)


class TestAMemberWhoIsTied:
    @pytest.mark.parametrize("tie", ["assessed", "verified", "supervises", "is supervised by"])
    def test_takes_no_part_without_being_asked(
        self, app: Flask, session: Session, tie: str
    ) -> None:
        chair, other, *rest = a_panel(session)
        record = a_ready_record(session)
        if tie == "assessed":
            a_judgement(session, record.person, other)
        elif tie == "verified":
            judgement = a_judgement(session, record.person, a_user(session, Role.ASSESSOR))
            session.add(
                Verification(
                    judgement_id=judgement.id,
                    verifier_id=other.id,
                    decision="agreed",
                    recorded_at=datetime.now(UTC),
                )
            )
        elif tie == "supervises":
            an_agreement(session, record.person, other)
        else:
            an_agreement(session, other, record.person)
        item = an_item(session, record, chair)
        has_come_to_vote(session, item, chair, *rest)
        session.commit()
        said = {
            "assessed": "You have assessed this person.",
            "verified": "You have verified decisions on this person.",
            "supervises": "You supervise this person, or have done.",
            "is supervised by": "This person supervises you, or has done.",
        }[tie]
        page = words(at(app, other).get(f"/panel/items/{item.id}"))
        assert said in page
        assert "Who counts" not in page
        refused = step(at(app, other), item, "suitability", view="suitable", reasons="x")
        assert refused.status_code == 409
        short = at(app, chair).post(f"/panel/items/{item.id}/decision", a_decision())
        assert "Four voting members are needed, and 3 can vote." in words(short)

    def test_after_the_vote_is_no_longer_counted(self, app: Flask, session: Session) -> None:
        members = a_panel(session)
        record = a_ready_record(session)
        item = an_item(session, record, members[0])
        has_come_to_vote(session, item, *members)
        a_judgement(session, record.person, members[2])
        session.commit()
        reply = at(app, members[0]).post(f"/panel/items/{item.id}/decision", a_decision())
        assert reply.status_code == 422
        assert "3 can vote" in words(reply)
        assert "Does not count: has assessed this person" in words(reply)


class TestTheSeats:
    def test_are_given_by_the_coordinator(self, app: Flask, session: Session) -> None:
        coordinator = a_user(session, Role.COORDINATOR)
        member = a_user(session, Role.PANEL_MEMBER, working_name="Ada Finch")
        session.commit()
        browser = Browser(app).sign_in(coordinator)
        assert "No seat is recorded" in words(browser.get("/panel/members"))
        reply = browser.post(f"/panel/members/{member.id}", {"seats": ["police", "deputy"]})
        assert reply.status_code == 303
        assert "Deputy chair and Police" in words(browser.get("/panel/members"))
        assert panel_queries.seats(session)[member.id] == {Seat.POLICE, Seat.DEPUTY}
        assert "checked" in browser.get(f"/panel/members/{member.id}").get_data(as_text=True)
        browser.post(f"/panel/members/{member.id}", {})
        assert session.scalar(select(PanelSeat)) is None

    def test_are_not_given_by_members_nor_to_others(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        coordinator, learner = a_user(session, Role.COORDINATOR), a_user(session)
        session.commit()
        assert at(app, chair).get("/panel/members").status_code == 403
        browser = Browser(app).sign_in(coordinator)
        assert browser.post(f"/panel/members/{learner.id}", {"seats": ["chair"]}).status_code == 404


class TestResultsElsewhere:
    def test_are_closed_until_suitability_while_an_item_waits(
        self, app: Flask, session: Session
    ) -> None:
        chair, other, third, _ = a_panel(session)
        record = a_ready_record(session)
        session.commit()
        assert panel_queries.results_open(session, record.id, chair.id)
        item = an_item(session, record, chair)
        has_come_to_vote(session, item, other)
        session.commit()
        step(at(app, third), item, "interests", answer="yes", nature="A cousin.")
        open_to = [
            panel_queries.results_open(session, record.id, m.id) for m in (chair, other, third)
        ]
        assert open_to == [False, True, False]


class TestALaterDecision:
    def decide(
        self, app: Flask, session: Session, members: list[User], item: PanelItem, days: int
    ) -> object:
        has_come_to_vote(session, item, *members)
        session.commit()
        until = boxes("valid_until", today() + timedelta(days=days))
        sent = {"step": "record", "seen_votes": "4", **a_decision(**until)}
        return at(app, members[0]).post(f"/panel/items/{item.id}/decision", sent)

    @pytest.mark.row("F54")
    def test_on_somebody_suspended_lifts_the_suspension_but_prolongs_nothing(
        self, app: Flask, session: Session
    ) -> None:
        members = a_panel(session)
        record = a_ready_record(session)
        an_accreditation(session, record, members[0], ago=40, days=300)
        now = datetime.now(UTC)
        yesterday = today() - timedelta(days=1)
        actions.suspend(session, record, "A concern.", on=yesterday, now=now, by_id=members[0].id)
        item = an_item(session, record, members[0])
        too_long = self.decide(app, session, members, item, 365)
        assert "can run until" in words(too_long)  # type: ignore[arg-type]
        until = boxes("valid_until", today() + timedelta(days=200))
        sent = {"step": "record", "seen_votes": "4", **a_decision(**until)}
        reply = at(app, members[0]).post(f"/panel/items/{item.id}/decision", sent)
        assert reply.status_code == 303
        session.expire_all()
        standing = queries.interval_on(session, record.id, today())
        assert standing is not None
        assert standing.status == "accredited"
        assert standing.valid_until == today() + timedelta(days=200)

    def test_cannot_accredit_somebody_whose_paper_ran_out_meanwhile(
        self, app: Flask, session: Session
    ) -> None:
        members = a_panel(session)
        record = a_ready_record(session)
        item = an_item(session, record, members[0])
        vetting = queries.latest_fact(session, record.id, FactKind.VETTING)
        assert vetting is not None
        void = actions.NewFact(
            kind=FactKind.VETTING,
            outcome=actions.FactOutcome.NOT_CLEAR,
            effective=vetting.effective_on,
        )
        now = datetime.now(UTC)
        actions.correct_fact(session, record, vetting, void, now=now, by_id=members[0].id)
        refused = self.decide(app, session, members, item, 300)
        assert refused.status_code == 422  # type: ignore[attr-defined]
        assert "in training today" in words(refused)  # type: ignore[arg-type]
        assert session.scalar(select(Decision)) is None
