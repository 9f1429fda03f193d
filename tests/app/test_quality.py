"""Internal verification: what waits, who may decide, agreeing, returning, what comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.formats import today
from app.mail import OutboxMessage
from app.portfolio import queries as portfolio
from app.quality import actions
from app.quality.actions import working_days_after
from app.quality.models import Verification
from app.roleplay.models import NoteCriterion, TimedNote
from assessments.completion import Verification as State
from assessments.sampling import Tie
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import (
    a_booking,
    a_judgement,
    a_registration,
    a_sheet,
    some_evidence,
)

SAMPLING = "/quality/sampling"
RETURN = {"decision": "returned", "reason": "Means were not explored"}
AGREE = {"decision": "agreed", "reason": ""}


class Case:
    """A learner, the assessor who judged them, and a verifier who is signed in."""

    def __init__(self, session, browser):
        self.learner = a_user(session, working_name="Nasreen")
        self.assessor = a_user(session, Role.ASSESSOR, working_name="Hannah")
        self.verifier = a_user(session, Role.INTERNAL_VERIFIER, working_name="Sue")
        self.registration = a_registration(session, self.learner)
        session.commit()
        self.session = session
        browser.sign_in(self.verifier)

    def judged(self, criterion="M3.2.1", **given):
        row = a_judgement(self.session, self.learner, self.assessor, criterion, **given)
        self.session.commit()
        return row

    def said(self):
        self.session.expire_all()
        return self.session.scalars(select(Verification).order_by(Verification.id)).all()


@pytest.fixture
def case(session, browser):
    return Case(session, browser)


def page_of(row):
    return f"/quality/judgements/{row.id}"


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


@pytest.mark.row("F43")
class TestTheRuleOfPairs:
    def refused(self, browser, case, row, words_of_it):
        page = words(browser.get(page_of(row)))
        reply = browser.post(page_of(row), AGREE)

        assert words_of_it in page
        assert "Another internal verifier looks at it" in page
        assert reply.status_code == 409
        assert words_of_it in words(reply)
        assert not case.said()

    def test_never_ones_own_decision(self, browser, session, case):
        row = a_judgement(session, case.learner, case.verifier)
        session.commit()

        self.refused(browser, case, row, "You made this decision yourself.")

    def test_never_as_the_second_assessor(self, browser, case):
        row = case.judged(with_assessor_id=case.verifier.id)

        self.refused(browser, case, row, "You made this decision yourself.")

    def test_never_about_oneself(self, browser, session, case):
        row = a_judgement(session, case.verifier, case.assessor)
        session.commit()

        self.refused(browser, case, row, "This is your own work.")

    def test_never_a_learner_whom_one_judged_in_the_same_unit(self, browser, session, case):
        a_judgement(session, case.learner, case.verifier, "M3.1.2")
        row = case.judged("M3.2.1")

        self.refused(browser, case, row, "You have judged this learner in the same unit.")

    def test_another_unit_is_no_hindrance(self, browser, session, case):
        a_judgement(session, case.learner, case.verifier, "M1.1.1")

        assert browser.post(page_of(case.judged("M3.2.1")), AGREE).status_code == 303

    @pytest.mark.parametrize(
        ("tie", "says"),
        [
            (Tie.SUPERVISES, "You supervise this learner."),
            (Tie.SUPERVISED_BY, "This learner supervises you."),
        ],
    )
    def test_never_ones_supervisee_or_supervisor(self, browser, case, monkeypatch, tie, says):
        monkeypatch.setattr(
            actions, "RELATIONS", [lambda s, me, other: {tie} if other == case.learner.id else ()]
        )

        self.refused(browser, case, case.judged(), says)

    def test_nor_a_decision_of_ones_supervisee(self, browser, case, monkeypatch):
        monkeypatch.setattr(
            actions,
            "RELATIONS",
            [lambda s, me, other: {Tie.SUPERVISES} if other == case.assessor.id else ()],
        )

        self.refused(browser, case, case.judged(), "You supervise the assessor")

    def test_it_holds_for_several_at_once_as_well(self, browser, session, case):
        play = some_evidence(session, case.learner, ["M3.2.1", "M2.2.2"])
        mine = case.judged("M3.2.1", evidence=play, with_assessor_id=case.verifier.id)
        other = case.judged("M2.2.2", evidence=play)
        address = f"/quality/evidence/{play.id}"

        page = browser.get(address).get_data(as_text=True)
        reply = browser.post(address, {"judgement": [str(mine.id), str(other.id)]})

        assert f'value="{mine.id}"' not in page
        assert "You cannot verify this one" in page
        assert reply.status_code == 409
        assert not case.said()


class TestSeveralAtOnce:
    @pytest.fixture
    def play(self, session, case):
        made = some_evidence(session, case.learner, ["M3.2.1", "M2.2.2", "M1.3.3"])
        self.rows = [case.judged(ref, evidence=made) for ref in ("M3.2.1", "M2.2.2", "M1.3.3")]
        return made

    def test_each_is_ticked_by_itself(self, browser, case, play):
        ticked = [str(one.id) for one in self.rows[:2]]

        reply = browser.post(f"/quality/evidence/{play.id}", {"judgement": ticked})

        assert reply.status_code == 303
        assert [str(one.judgement_id) for one in case.said()] == ticked or len(case.said()) == 2
        assert "1 decision waits" in words(browser.get(SAMPLING))

    def test_nothing_is_ticked_beforehand(self, browser, play):
        page = browser.get(f"/quality/evidence/{play.id}").get_data(as_text=True)

        assert page.count('type="checkbox"') == 3
        assert " checked" not in page

    def test_no_tick_does_nothing(self, browser, case, play):
        reply = browser.post(f"/quality/evidence/{play.id}", {})

        assert reply.status_code == 409
        assert not case.said()

    def test_all_or_nothing_where_one_is_gone(self, browser, case, play):
        browser.post(page_of(self.rows[0]), AGREE)

        reply = browser.post(
            f"/quality/evidence/{play.id}", {"judgement": [str(one.id) for one in self.rows]}
        )

        assert reply.status_code == 409
        assert len(case.said()) == 1

    def test_a_decision_of_another_play_cannot_be_slipped_in(self, browser, case, play):
        stranger = case.judged("M3.1.2")

        reply = browser.post(f"/quality/evidence/{play.id}", {"judgement": [str(stranger.id)]})

        assert reply.status_code == 409
        assert not case.said()


class TestWhatWasReturned:
    ADDRESS = "/quality/actions"

    def test_an_assessor_finds_their_own_with_age_and_a_way_to_judge_again(
        self, browser, session, case
    ):
        row = case.judged()
        session.add(
            Verification(
                judgement_id=row.id, verifier_id=case.verifier.id, decision="returned",
                reason="Means were not explored", due_on=date(2026, 1, 15),
                recorded_at=datetime.now(UTC) - timedelta(days=20),
            )
        )  # fmt: skip
        session.commit()
        browser.sign_in(case.assessor)

        page = words(browser.get(self.ADDRESS))

        assert "Means were not explored" in page
        assert "20 days ago, by Sue" in page
        assert "Was due 15 Jan 2026" in page
        reply = browser.get(f"{page_of(row)}/again")
        assert reply.location == f"/learners/{case.registration.id}/criteria/M3.2.1"

    def test_another_assessor_sees_none_of_it(self, browser, session, case):
        row = case.judged()
        browser.post(page_of(row), RETURN)
        other = a_user(session, Role.ASSESSOR)
        session.commit()
        browser.sign_in(other)

        assert "Nothing is returned" in words(browser.get(self.ADDRESS))

    def test_a_verifier_sees_all_of_it_until_it_is_judged_again(self, browser, case):
        row = case.judged()
        browser.post(page_of(row), RETURN)
        assert "M3.2.1" in words(browser.get(self.ADDRESS))

        case.judged(supersedes_id=row.id)

        assert "Nothing is returned" in words(browser.get(self.ADDRESS))

    def test_a_learner_does_not_open_it(self, browser, case):
        browser.sign_in(case.learner)

        assert browser.get(self.ADDRESS).status_code == 403


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
