"""A panel member's steps in their order, and when somebody takes no part."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accreditation.models import PanelVote
from app.audit import AuditEvent
from app.formats import today
from app.portfolio.models import Registration
from tests.client import Browser, words
from tests.factories_accreditation import a_panel, a_ready_record, an_item, has_come_to_vote
from tests.panel_steps import at, step, takes_every_step


@pytest.mark.row("N15")
class TestAMembersSteps:
    def test_go_from_interests_to_the_vote(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        assert "Do you have an interest" in words(member.get(f"/panel/items/{item.id}"))
        takes_every_step(member, item)
        assert "does not have its quorum yet" in words(member.get(f"/panel/items/{item.id}"))

    def test_show_only_application_to_references_before_the_view_is_kept(
        self, app: Flask, session: Session
    ) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        before = words(member.get(f"/panel/items/{item.id}"))
        step(member, item, "interests", answer="no")
        during = words(member.get(f"/panel/items/{item.id}"))
        assert "Interview" not in before
        assert "Interview" in during
        assert "Passed on" in during
        for closed in ("CS11", "Vetting", "Sessions signed by both", "Role play"):
            assert closed not in before
            assert closed not in during

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("suitability", {"view": "suitable", "reasons": "Why not."}),
            ("results", {}),
            ("vote", {"vote": "for"}),
        ],
    )
    def test_cannot_be_skipped_by_sending_a_later_one(
        self, app: Flask, session: Session, name: str, data: dict[str, str]
    ) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        refused = step(member, item, name, **data)
        assert refused.status_code == 409
        assert "Your declaration of interests comes first." in words(refused)
        step(member, item, "interests", answer="no")
        if name != "suitability":
            refused = step(member, item, name, **data)
            assert refused.status_code == 409
            assert "Your judgement of suitability comes first." in words(refused)
            assert "CS11" not in words(refused)

    def test_cannot_be_taken_twice(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        takes_every_step(member, item)
        again = step(member, item, "vote", vote="against")
        assert again.status_code == 409
        assert "stands already" in words(again)
        assert [v.vote for v in session.scalars(select(PanelVote))] == ["for"]

    def test_pressed_twice_act_once(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        for _ in range(2):
            reply = step(member, item, "interests", answer="no", once="same")
            assert reply.status_code == 303
        assert "saved already" in words(member.get(f"/panel/items/{item.id}"))

    def test_need_answers_and_keep_what_was_written(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, chair)
        assert step(member, item, "interests").status_code == 422
        vague = step(member, item, "interests", answer="yes")
        assert vague.status_code == 422
        assert "Write in a sentence" in words(vague)
        step(member, item, "interests", answer="no")
        half = step(member, item, "suitability", reasons="Half a thought")
        assert half.status_code == 422
        assert "Half a thought" in words(half)

    def test_of_the_results_tell_the_person_who_looked(self, app: Flask, session: Session) -> None:
        chair, *_ = a_panel(session)
        record = a_ready_record(session)
        item = an_item(session, record, chair)
        session.commit()
        member = at(app, chair)
        takes_every_step(member, item)
        member.get(f"/panel/items/{item.id}")
        seen = session.scalars(select(AuditEvent).where(AuditEvent.action == "panel-pack.viewed"))
        assert {(e.actor_id, e.about_id) for e in seen} == {(chair.id, record.person_id)}
        person = Browser(app).sign_in(record.person)
        assert "Read the results on the panel" in words(person.get("/account/who-looked"))


@pytest.mark.row("F51")
class TestTheResults:
    def test_show_facts_award_and_supervision_as_figures_on_one_page(
        self, app: Flask, session: Session
    ) -> None:
        chair, *_ = a_panel(session)
        record = a_ready_record(session)
        session.add(
            Registration(
                person_id=record.person_id,
                award_version="1",
                pathways="P2",
                enrolled_on=today(),
                ends_on=today(),
            )
        )
        item = an_item(session, record, chair)
        session.commit()
        member = at(app, chair)
        takes_every_step(member, item)
        page = words(member.get(f"/panel/items/{item.id}"))
        for shown in (
            "7 Role play CS2: passed on",
            "5 Vetting Clear from",
            "Time to leave",
            "The purpose and values of one-to-one mentoring",
            "Sessions signed by both 0",
            "Nothing. Everything that the panel needs is there and in date.",
        ):
            assert shown in page


class TestAnInterest:
    def test_makes_a_member_step_back_and_see_nothing_more(
        self, app: Flask, session: Session
    ) -> None:
        chair, other, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        member = at(app, other)
        step(member, item, "interests", answer="yes", nature="We are cousins.")
        page = words(member.get(f"/panel/items/{item.id}"))
        assert "You have declared an interest." in page
        assert "you do not count towards the quorum" in page
        for closed in ("Interview", "CS11", "Who counts"):
            assert closed not in page
        refused = step(member, item, "suitability", view="suitable", reasons="x")
        assert refused.status_code == 409
        assert "Interview" not in words(refused)
        assert "You stepped back" in words(member.get("/panel/"))

    def test_is_told_to_the_rest_with_its_nature_for_the_chair_alone(
        self, app: Flask, session: Session
    ) -> None:
        chair, other, third, _ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        has_come_to_vote(session, item, chair, third)
        session.commit()
        step(at(app, other), item, "interests", answer="yes", nature="We are cousins.")
        seen_by_chair = words(at(app, chair).get(f"/panel/items/{item.id}"))
        seen_by_third = words(at(app, third).get(f"/panel/items/{item.id}"))
        for page in (seen_by_chair, seen_by_third):
            assert "Does not count: has declared an interest" in page
        assert "We are cousins." in seen_by_chair
        assert "We are cousins." not in seen_by_third

    def test_is_known_where_the_member_is_the_person(self, app: Flask, session: Session) -> None:
        chair, other, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session, other), chair)
        session.commit()
        member = at(app, other)
        assert "This is about you." in words(member.get(f"/panel/items/{item.id}"))
        assert "This is about you" in words(member.get("/panel/"))
        refused = step(member, item, "take-off")
        assert "Somebody else takes it off" in words(member.get(refused.location))
