"""Dated facts, suspension, and what the site records by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.accreditation import actions, queries
from app.accreditation.actions import NewFact
from app.accreditation.models import Fact, Record
from app.formats import today
from assessments.facts import FactKind as K
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_accreditation import (
    a_ready_record,
    a_record,
)
from tests.factories_portfolio import a_registration
from tests.factories_supervision import an_agreement, log_form


def fact_form(day, **given):
    return {
        "effective-day": day.day,
        "effective-month": day.month,
        "effective-year": day.year,
        **given,
    }


@pytest.mark.row("F52")
class TestFacts:
    def test_the_record_shows_every_dated_fact_and_what_blocks_readiness(self, session, panel):
        record = a_ready_record(session, without=(K.VETTING, K.TRAINING))
        session.commit()

        page = words(panel.get(f"/register/{record.id}"))

        for line in ("1. Application", "4. References", "5. Vetting", "7. Role play",
                     "13. Panel decision"):  # fmt: skip
            assert line in page
        assert "Vetting is not recorded." in page
        assert "Data protection and safeguarding training is not recorded." in page
        assert "In training" in page

    @pytest.mark.row("F58")
    def test_vetting_keeps_what_was_seen_by_whom_and_until_when_never_the_content(
        self, session, coordinator
    ):
        record = a_ready_record(session, without=(K.VETTING,))
        session.commit()
        day = today() - timedelta(days=5)
        last = today() + timedelta(days=1000)
        form = fact_form(
            day, outcome="clear", note="Enhanced; seen by J. Tierney",
            **{"until-day": last.day, "until-month": last.month, "until-year": last.year},
        )  # fmt: skip

        asked = words(coordinator.get(f"/register/{record.id}/facts/vetting"))
        reply = coordinator.post(f"/register/{record.id}/facts/vetting", form)

        assert "The document itself is not kept" in asked
        assert reply.status_code == 303
        page = words(coordinator.get(f"/register/{record.id}"))
        assert "Clear from" in page
        assert "Ready for panel" in page
        assert "seen by J. Tierney" not in page
        raw = session.execute(text("select note from facts where note is not null")).scalar()
        assert b"Tierney" not in bytes(raw)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"outcome": ""}, "Choose what it says"),
            ({"outcome": "accredited"}, "not"),
            ({"effective-day": "32"}, "needs a real date"),
            ({"effective-year": "2199"}, "This day is still to come"),
            ({"note": "x" * 1001}, "Shorten this by 1 character"),
        ],
    )
    def test_a_fault_is_said_and_every_word_comes_back(self, session, coordinator, given, message):
        record = a_record(session)
        session.commit()
        form = fact_form(today(), **{"outcome": "passed", "note": "24 of 32", **given})

        reply = coordinator.post(f"/register/{record.id}/facts/sift", form)

        assert reply.status_code == 422
        assert message in words(reply)
        assert form["note"] in words(reply)
        assert session.scalar(select(Fact)) is None

    def test_a_fact_is_never_changed_or_removed(self, session, accredited):
        for statement in ("update facts set outcome = 'void'", "delete from facts"):
            with pytest.raises(DBAPIError, match="only grows"):
                session.execute(text(statement))
            session.rollback()

    def test_a_corrected_fact_stays_readable_beside_its_correction(
        self, session, panel, accredited
    ):
        record = session.get(Record, accredited.id)
        wrong = queries.latest_fact(session, record.id, K.TRAINING)
        new = NewFact(
            kind=K.TRAINING, effective=today() - timedelta(days=10), supersedes_id=wrong.id
        )
        actions.add_fact(session, record, new, now=datetime.now(UTC), by_id=None)
        session.commit()

        page = words(panel.get(f"/register/{accredited.id}"))

        assert page.count("Data protection and safeguarding training") >= 3
        assert "Corrected by a later entry" in page

    def test_nobody_records_facts_about_themselves(self, session, coordinator):
        own = a_record(session, coordinator.user)
        session.commit()

        reply = coordinator.post(
            f"/register/{own.id}/facts/interests", fact_form(today(), outcome="done")
        )

        assert reply.status_code == 404
        assert session.scalar(select(Fact)) is None

    def test_what_the_site_records_itself_is_not_recorded_by_hand(self, session, coordinator):
        record = a_record(session)
        session.commit()

        for kind in ("award", "role_play", "panel_decision", "nonsense"):
            assert coordinator.get(f"/register/{record.id}/facts/{kind}").status_code == 404

    def test_sending_twice_records_once(self, session, coordinator):
        record = a_record(session)
        session.commit()
        for _ in range(2):
            coordinator.post(
                f"/register/{record.id}/facts/application",
                fact_form(today(), outcome="done", once="t"),
            )

        assert len(session.scalars(select(Fact)).all()) == 1


@pytest.mark.row("F52")
class TestSuspension:
    def test_it_takes_effect_on_the_next_request_and_can_be_lifted(
        self, session, coordinator, panel, accredited
    ):
        path = f"/register/{accredited.id}"
        coordinator.post(f"{path}/suspend", {"reason": "Something is being looked into."})

        assert "Suspended" in words(panel.get("/register/?status=suspended"))
        assert "a neutral step" in words(panel.get(path)).lower()
        coordinator.post(f"{path}/lift", {"reason": "It was not upheld."})
        assert "Aoife Brennan" in words(panel.get("/register/?status=accredited"))

    def test_a_reason_is_needed(self, session, coordinator, accredited):
        reply = coordinator.post(f"/register/{accredited.id}/suspend", {"reason": ""})

        assert reply.status_code == 422
        assert "Write the reason" in words(reply)

    def test_only_somebody_accredited_can_be_suspended(self, session, coordinator):
        record = a_ready_record(session)
        session.commit()

        reply = coordinator.post(f"/register/{record.id}/suspend", {"reason": "Something."})

        assert reply.status_code == 422
        assert "Only somebody who is accredited now" in words(reply)

    def test_the_mentors_notice_ends_it(self, session, coordinator, panel, accredited):
        coordinator.post(
            f"/register/{accredited.id}/withdraw", {"outcome": "by_mentor", "reason": "Moving."}
        )

        assert "Withdrawn" in words(panel.get("/register/?status=withdrawn"))

    def test_who_is_in_training_ends_the_training(self, session, coordinator):
        record = a_ready_record(session, without=(K.AWARD,))
        session.commit()

        assert "End the training" in words(coordinator.get(f"/register/{record.id}"))
        page = words(coordinator.get(f"/register/{record.id}/withdraw"))
        assert "End the training" in page
        assert "accreditation" not in page

    def test_what_has_ended_cannot_end_again(self, coordinator, accredited):
        path, sent = f"/register/{accredited.id}/withdraw", {"outcome": "by_mentor", "reason": "So"}
        coordinator.post(path, sent)

        again = coordinator.post(path, sent)

        assert again.status_code == 422
        assert "it has ended already" in words(again)


class TestWhatTheSiteRecordsItself:
    def test_enrolment_follows_from_registration(self, session, coordinator):
        person = a_user(session)
        session.commit()
        day = today() - timedelta(days=2)

        coordinator.post(
            f"/people/{person.id}/register",
            {"pathways": ["P1"], "on-day": day.day, "on-month": day.month, "on-year": day.year},
        )

        fact = session.scalar(select(Fact))
        assert (fact.kind, fact.effective_on) == ("enrolment", day)

    @pytest.mark.row("F74")
    def test_supervision_feeds_standing_with_dates_and_no_content(self, app, session):
        agreement = an_agreement(session, signed=False, starts_on=today())
        session.commit()
        mentor = Browser(app).sign_in(agreement.mentor)
        supervisor = Browser(app).sign_in(agreement.supervisor)
        for browser in (mentor, supervisor):
            browser.post(f"/supervision/agreements/{agreement.id}/sign")
        held, following = today(), today() + timedelta(days=20)
        form = log_form(**{
            "held_on-day": held.day, "held_on-month": held.month, "held_on-year": held.year,
            "next_on-day": following.day, "next_on-month": following.month,
            "next_on-year": following.year,
        })  # fmt: skip
        path = mentor.post(f"/supervision/agreements/{agreement.id}/logs/new", form).location
        for browser in (mentor, supervisor):
            version = session.execute(text("select max(version) from session_logs")).scalar()
            browser.post(f"{path}/sign", {"version": version})

        kinds = session.scalars(select(Fact.kind).order_by(Fact.id)).all()
        assert kinds == ["supervision_agreement", "supervision_session"]
        assert all(note is None for note in session.scalars(select(Fact.note)))

    def test_a_mentor_sees_their_own_record_and_who_looked(self, app, session, panel, accredited):
        panel.get(f"/register/{accredited.id}")
        mentor = Browser(app).sign_in(accredited.person)

        assert "Your record" in words(mentor.get("/record/"))
        assert "Opened the record" in words(mentor.get("/account/who-looked"))
        assert "Suspend" not in words(mentor.get("/record/"))

    def test_somebody_without_a_record_is_told_so(self, app, session):
        registered = a_registration(session)
        session.commit()

        page = words(Browser(app).sign_in(registered.person).get("/record/"))

        assert "You have no entry in the register yet" in page
