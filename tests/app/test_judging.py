"""Evidence, and judgements that are never overwritten."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.roles import Role
from app.content import framework
from app.learning.models import CheckAttempt
from app.portfolio.models import Evidence, Judgement
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import (
    RECORDED,
    a_judgement,
    a_registration,
    an_allocation,
    some_evidence,
)


def decision(evidence, **given):
    return {
        "evidence": f"evidence:{evidence.id}",
        "verdict": "achieved",
        "feedback": "You named what you saw.",
        "observed_on-day": "5",
        "observed_on-month": "10",
        "observed_on-year": "2026",
        **given,
    }


def page_of(registered, ref):
    return f"/learners/{registered.id}/criteria/{ref}"


@pytest.mark.usefixtures("allocated")
@pytest.mark.row("B7", "F34")
class TestJudging:
    def test_a_decision_with_evidence_and_feedback_reaches_the_learner(
        self, session, registered, learner, assessor
    ):
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()

        reply = assessor.post(page_of(registered, "M1.1.1"), decision(evidence))

        assert reply.status_code == 303
        page = words(learner.get("/portfolio/criteria/M1.1.1"))
        assert "Achieved" in page
        assert "You named what you saw." in page
        assert "Hannah Oduya" in page
        assert "A written account" in page

    @pytest.mark.row("F27")
    def test_it_keeps_the_wording_and_version_that_it_was_made_against(
        self, app, session, registered, assessor
    ):
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()

        assessor.post(page_of(registered, "M1.1.1"), decision(evidence))

        row = session.scalar(select(Judgement))
        with app.app_context():
            assert row.wording == framework().criterion("M1.1.1").text
            assert row.award_version == framework().award.version

    def test_a_second_decision_needs_a_reason_and_leaves_the_first_readable(
        self, session, registered, learner, assessor
    ):
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()
        assessor.post(page_of(registered, "M1.1.1"), decision(evidence))

        bare = assessor.post(page_of(registered, "M1.1.1"), decision(evidence, verdict="not_yet"))
        assert bare.status_code == 422
        assert "Say why the decision is made again" in words(bare)
        again = decision(evidence, verdict="not_yet", reason="I read the wrong page.",
                         feedback="The second reason is missing.")  # fmt: skip
        assessor.post(page_of(registered, "M1.1.1"), again)

        page = words(learner.get("/portfolio/criteria/M1.1.1"))
        assert "The second reason is missing." in page
        assert "You named what you saw." in page
        assert "I read the wrong page." in page
        assert "Replaced by a later decision" in page
        first, second = session.scalars(select(Judgement).order_by(Judgement.id)).all()
        assert second.supersedes_id == first.id

    def test_the_database_itself_refuses_to_change_a_judgement(self, session, registered):
        a_judgement(session, some_evidence(session, registered, "M1.1.1"), "M1.1.1")
        session.commit()

        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text("update judgements set verdict = 'not_yet'"))
        session.rollback()
        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text("delete from judgements"))

    def test_an_observed_criterion_is_not_shown_in_writing(self, session, registered, assessor):
        evidence = some_evidence(session, registered, "M3.2.1")
        session.commit()

        reply = assessor.post(page_of(registered, "M3.2.1"), decision(evidence))

        assert reply.status_code == 422
        assert "M3.2.1 is shown by role-play observation" in words(reply)
        assert "You named what you saw." in words(reply)

    def test_evidence_towards_another_criterion_or_of_another_learner_is_refused(
        self, session, registered, assessor
    ):
        some_evidence(session, registered, "M1.1.1")
        stranger = some_evidence(session, a_registration(session), "M1.1.1")
        session.commit()

        reply = assessor.post(page_of(registered, "M1.1.1"), decision(stranger))

        assert reply.status_code == 422
        assert session.scalar(select(Judgement)) is None

    def test_a_passed_check_is_filed_the_moment_it_is_used(self, session, registered, assessor):
        session.add(
            CheckAttempt(
                person_id=registered.person_id, chapter=5, chapter_version="x", answers={}, right=6,
                total=6, passed=True, safety_missed=[], answered_at=RECORDED,
            )
        )  # fmt: skip
        session.commit()
        attempt = session.scalar(select(CheckAttempt.id))
        sent = {"evidence": f"check_attempts:{attempt}", "verdict": "achieved", "feedback": "Yes",
                "observed_on-day": "5", "observed_on-month": "10",
                "observed_on-year": "2026"}  # fmt: skip

        reply = assessor.post(page_of(registered, "M3.1.1"), sent)

        assert reply.status_code == 303
        assert session.scalar(select(Evidence.source)) == f"check_attempts:{attempt}"

    def test_nobody_judges_their_own_work(self, app, session):
        user = a_user(session, Role.LEARNER, Role.ASSESSOR)
        own = a_registration(session, person=user)
        an_allocation(session, own, user)  # which the site itself refuses
        evidence = some_evidence(session, own, "M1.1.1")
        session.commit()
        browser = Browser(app).sign_in(user, Role.ASSESSOR)

        reply = browser.post(page_of(own, "M1.1.1"), decision(evidence))

        assert reply.status_code == 404
        assert session.scalar(select(Judgement)) is None

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.INTERNAL_VERIFIER])
    def test_nobody_else_opens_or_judges_a_portfolio(self, app, session, registered, role):
        other = a_user(session, role)
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()
        browser = Browser(app).sign_in(other)

        assert browser.get(page_of(registered, "M1.1.1")).status_code == 404
        assert browser.get(f"/learners/{registered.id}").status_code == 404
        assert browser.get(f"/evidence/{evidence.id}").status_code == 404
        reply = browser.post(page_of(registered, "M1.1.1"), decision(evidence))
        assert reply.status_code == 404

    def test_a_verifier_reads_and_does_not_judge(self, app, session, registered):
        verifier = a_user(session, Role.INTERNAL_VERIFIER)
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()
        browser = Browser(app).sign_in(verifier)

        assert browser.get(page_of(registered, "M1.1.1")).status_code == 200
        assert browser.post(page_of(registered, "M1.1.1"), decision(evidence)).status_code == 404

    def test_sending_twice_judges_once(self, session, registered, assessor):
        evidence = some_evidence(session, registered, "M1.1.1")
        session.commit()
        for _ in range(2):
            assessor.post(page_of(registered, "M1.1.1"), decision(evidence, once="t"))

        assert len(session.scalars(select(Judgement)).all()) == 1


@pytest.mark.row("F28")
class TestEvidence:
    def form(self, **given):
        return {
            "method": "WR",
            "title": "What I learnt from waiting",
            "words": "I used to fill every silence.",
            "shown_on-day": "5",
            "shown_on-month": "10",
            "shown_on-year": "2026",
            "criteria": ["M2.1.1", "M2.1.2"],
            "own": "y",
            **given,
        }

    def test_it_goes_towards_several_criteria_and_is_found_from_both_ends(
        self, session, registered, learner
    ):
        reply = learner.post("/portfolio/evidence/add", self.form())

        page = learner.get(reply.location).get_data(as_text=True)
        for ref in ("M2.1.1", "M2.1.2"):
            assert f"/portfolio/criteria/{ref}" in page
            there = learner.get(f"/portfolio/criteria/{ref}")
            assert "What I learnt from waiting" in words(there)
            assert reply.location in there.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"title": ""}, "Give it a title"),
            ({"words": ""}, "Write what shows the learning"),
            ({"criteria": []}, "Choose at least one criterion"),
            ({"criteria": ["P2.1.1"]}, "not"),
            ({"own": ""}, "Declare that it is your own work"),
            ({"method": "RO"}, "not"),
            ({"shown_on-day": "40"}, "needs a real date"),
            ({"title": "x" * 201}, "Shorten this by 1 character"),
        ],
    )
    def test_a_fault_is_said_and_every_word_comes_back(
        self, session, registered, learner, given, message
    ):
        sent = self.form(**given)

        reply = learner.post("/portfolio/evidence/add", sent)

        assert reply.status_code == 422
        assert message in words(reply)
        assert sent["words"] in words(reply)
        assert session.scalar(select(Evidence)) is None
