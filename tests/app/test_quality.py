"""Internal verification: what waits, agreeing, returning."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.formats import today
from app.mail import OutboxMessage
from app.portfolio import queries as portfolio
from app.quality.actions import working_days_after
from app.quality.models import Verification
from app.roleplay.models import NoteCriterion, TimedNote
from assessments.completion import Verification as State
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import (
    a_booking,
    a_judgement,
    a_sheet,
    some_evidence,
)
from tests.scenes import (
    AGREE,
    RETURN,
    SAMPLING,
    Case,
    page_of,
)


@pytest.fixture
def case(session, browser):
    return Case(session, browser)


class TestSampling:
    def test_every_decision_waits_oldest_first_by_learner_and_play(self, browser, session, case):
        play = some_evidence(session, case.learner, ["M3.2.1", "M2.2.2"])
        case.judged("M3.2.1", evidence=play)
        other = a_user(session, working_name="Kemi")
        a_judgement(session, other, case.assessor, "M1.3.3")
        case.judged("M2.2.2", evidence=play)

        page = words(browser.get(SAMPLING))

        assert "3 decisions wait" in page
        assert page.index("M2.2.2") < page.index("M3.2.1") < page.index("Kemi")
        assert page.count("Nasreen") == 1

    def test_what_was_looked_at_or_made_again_is_gone(self, browser, session, case):
        old = case.judged("M3.2.1")
        case.judged("M3.2.1", supersedes_id=old.id)
        done = case.judged("M2.2.2")
        browser.post(page_of(done), AGREE)

        page = browser.get(SAMPLING).get_data(as_text=True)

        assert page_of(old) + '"' not in page
        assert page_of(done) + '"' not in page
        assert "1 decision waits" in page

    def test_an_empty_list_says_what_comes(self, browser, case):
        assert "Nothing waits" in words(browser.get(SAMPLING))

    def test_pages_go_on_where_the_last_one_ended(self, browser, session, case):
        rows = [case.judged("M3.2.1") for _ in range(43)]

        first = browser.get(SAMPLING).get_data(as_text=True)
        second = browser.get(f"{SAMPLING}?after={rows[39].id}").get_data(as_text=True)

        assert f"after={rows[39].id}" in first
        assert page_of(rows[39]) + '"' in first
        assert page_of(rows[40]) + '"' in second
        assert page_of(rows[39]) + '"' not in second

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.LEARNER, Role.COORDINATOR])
    def test_only_verifiers_open_it(self, browser, session, case, role):
        row = case.judged()
        other = a_user(session, role)
        session.commit()
        browser.sign_in(other)

        assert browser.get(SAMPLING).status_code == 403
        assert browser.get(page_of(row)).status_code == 404
        assert browser.post(page_of(row), AGREE).status_code == 404
        assert browser.get(f"/quality/evidence/{row.evidence_id}").status_code == 404
        assert not case.said()

    def test_a_post_of_somebody_signed_out_keeps_the_words(self, app, case):
        reply = Browser(app).post(page_of(case.judged()), RETURN)

        assert reply.status_code == 401
        assert "Means were not explored" in reply.get_data(as_text=True)


class TestOneDecision:
    def test_its_page_shows_what_it_rests_on(self, browser, session, case):
        booking = a_booking(
            session,
            learners=[case.learner],
            assessors=[case.assessor, a_user(session, Role.ASSESSOR, working_name="Gareth")],
        )
        for person in booking.assessors:
            sheet = a_sheet(session, booking, person, comment=f"Comment of {person.working_name}")
        session.add(
            TimedNote(
                sheet_id=sheet.id, client_key="k", first_typed_at=sheet.opened_at, at_seconds=805,
                words="Asked what was meant", saved_at=sheet.opened_at,
                criteria=[NoteCriterion(criterion="M3.2.1")],
            )
        )  # fmt: skip
        play = some_evidence(session, case.learner, ["M3.2.1"], source=f"bookings:{booking.id}")
        row = case.judged(evidence=play, wording="The wording of then")

        page = words(browser.get(page_of(row)))

        assert "The wording of then" in page
        assert "Version 1.0" in page
        assert "13:25 Asked what was meant" in page
        assert "Comment of Hannah" in page
        assert "Comment of Gareth" in page
        assert "You said the limits before" in page

    def test_agreeing_makes_it_count(self, browser, session, case):
        row = case.judged()

        reply = browser.post(page_of(row), AGREE)

        assert reply.status_code == 303
        (said,) = case.said()
        assert (said.decision, said.verifier_id, said.due_on) == ("agreed", case.verifier.id, None)
        fresh = portfolio.judgement(session, row.id)
        assert portfolio.verification_of(fresh) is State.AGREED
        actions_done = session.scalars(select(AuditEvent.action)).all()
        assert "judgement.agreed" in actions_done

    def test_returning_needs_a_reason(self, browser, case):
        row = case.judged()

        reply = browser.post(page_of(row), {"decision": "returned", "reason": "  "})

        assert reply.status_code == 422
        assert "Write what the assessor should look at again" in words(reply)
        assert not case.said()

    def test_saying_nothing_is_refused(self, browser, case):
        assert browser.post(page_of(case.judged()), {}).status_code == 422

    def test_returning_gives_ten_working_days_and_writes_to_both_assessors(
        self, browser, session, case
    ):
        gareth = a_user(session, Role.ASSESSOR)
        row = case.judged(with_assessor_id=gareth.id)

        browser.post(page_of(row), RETURN)

        (said,) = case.said()
        assert said.reason == "Means were not explored"
        assert said.due_on > today() + timedelta(days=11)
        messages = session.scalars(select(OutboxMessage)).all()
        assert {one.recipient for one in messages} == {case.assessor.email, gareth.email}
        assert not any("Means" in one.body for one in messages)

    def test_working_days_leave_weekends_out(self):
        assert working_days_after(date(2026, 6, 5), 1) == date(2026, 6, 8)
        assert working_days_after(date(2026, 6, 1), 10) == date(2026, 6, 15)

    def test_it_is_decided_once(self, browser, case):
        row = case.judged()
        browser.post(page_of(row), AGREE)

        reply = browser.post(page_of(row), RETURN)

        assert reply.status_code == 409
        assert "looked at already" in words(reply)
        assert len(case.said()) == 1

    def test_pressed_twice_it_is_decided_once(self, browser, case):
        row = case.judged()

        for _ in range(2):
            assert browser.post(page_of(row), {**AGREE, "once": "same"}).status_code == 303

        assert len(case.said()) == 1

    def test_what_was_made_again_is_not_decided(self, browser, case):
        old = case.judged()
        case.judged(supersedes_id=old.id)

        assert browser.post(page_of(old), AGREE).status_code == 409
        assert "A later decision stands in its place" in words(browser.get(page_of(old)))

    def test_what_was_said_is_never_changed(self, browser, session, case):
        browser.post(page_of(case.judged()), AGREE)
        said = case.said()[0]

        said.decision = "returned"
        with pytest.raises(sa.exc.DBAPIError):
            session.commit()

    def test_its_history_shows_earlier_decisions_and_what_was_said_of_them(self, browser, case):
        old = case.judged(verdict="not_yet")
        browser.post(page_of(old), RETURN)
        new = case.judged(supersedes_id=old.id, reason="Looked at the notes again")

        page = words(browser.get(page_of(new)))

        assert "Returned by Sue" in page
        assert "Means were not explored" in page
        assert "Looked at the notes again" in page

    def test_a_decision_that_does_not_exist_is_not_there(self, browser, case):
        assert browser.get("/quality/judgements/9999").status_code == 404
        assert browser.get("/quality/evidence/9999").status_code == 404


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("what", ["sampling", "judgement", "play", "actions"])
    def test_it_does_not_grow(self, browser, session, case, queries, what):
        play = some_evidence(session, case.learner, ["M3.2.1"])
        row = case.judged(evidence=play)
        address = {
            "sampling": SAMPLING,
            "judgement": page_of(row),
            "play": f"/quality/evidence/{play.id}",
            "actions": "/quality/actions",
        }[what]
        counted = []
        for many in (2, 58):
            for _ in range(many):
                evidence = play if what == "play" else None
                new = case.judged(evidence=evidence)
                if what == "actions":
                    session.add(
                        Verification(
                            judgement_id=new.id, verifier_id=case.verifier.id,
                            decision="returned", reason="Again", recorded_at=datetime.now(UTC),
                        )
                    )  # fmt: skip
            session.commit()
            browser.get(address)
            queries.reset()
            assert browser.get(address).status_code == 200
            counted.append(queries.number)

        assert counted[0] == counted[1]
        assert counted[1] <= 12
