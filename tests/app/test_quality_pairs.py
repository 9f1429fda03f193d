"""Who may verify what, several decisions at once, and what comes back to the assessor."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.roles import Role
from app.quality import actions
from app.quality.models import Verification
from assessments.sampling import Tie
from tests.client import words
from tests.factories import a_user
from tests.factories_roleplay import (
    a_judgement,
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
