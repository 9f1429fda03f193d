"""The standard, the map of criteria, evidence, and judgements that are never overwritten."""

import re

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.content import framework
from app.learning.models import CheckAttempt
from app.portfolio.models import Registration
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import (
    RECORDED,
    a_judgement,
    a_registration,
    a_verification,
    an_allocation,
    some_evidence,
)


@pytest.mark.row("B6", "F27")
class TestTheStandard:
    def test_every_unit_outcome_and_criterion_is_readable(self, app, learner):
        with app.app_context():
            award = framework()
            for unit in award.units:
                page = words(learner.get(f"/standard/{unit.code}"))
                assert unit.aim in page
                for outcome in unit.outcomes:
                    assert outcome.title in page
                    for criterion in outcome.criteria:
                        assert criterion.ref in page
                        assert criterion.text in page
                        assert criterion.evidence in page
            assert len(award.criteria) == 117

    def test_a_criterion_links_the_chapters_and_cases_that_prepare_for_it(self, learner):
        html = learner.get("/standard/criteria/M3.2.1").get_data(as_text=True)

        assert "/manual/ethics-confidentiality-and-when-it-must-be-broken" in html
        assert "/practice/cases/cs01-the-first-half-hour" in html
        assert "Safety-critical" in html

    def test_the_page_says_what_the_award_is_and_is_not(self, learner):
        page = words(learner.get("/standard/"))

        assert "not a regulated qualification" in page
        assert "18" in page

    @pytest.mark.parametrize("path", ["/standard/M9", "/standard/criteria/M1.9.9"])
    def test_what_is_not_in_the_award_is_not_found(self, learner, path):
        assert learner.get(path).status_code == 404


@pytest.mark.row("F29", "B8")
class TestTheMap:
    def test_three_states_are_told_apart(self, session, registered, learner):
        some_evidence(session, registered, "M1.1.1")
        judged = some_evidence(session, registered, "M1.1.2", "M1.1.3")
        a_judgement(session, judged, "M1.1.2")
        a_judgement(session, judged, "M1.1.3", verdict="not_yet")
        session.commit()

        html = learner.get("/portfolio/").get_data(as_text=True)

        def state(ref):
            found = re.search(rf'<li class="mx--(\w+)"><a href="/portfolio/criteria/{ref}"', html)
            return found[1]

        assert state("M1.1.1") == "wait"
        assert state("M1.1.2") == "ok"
        assert state("M1.1.3") == "notyet"
        assert state("M2.1.1") == "none"

    def test_it_holds_every_criterion_of_the_chosen_units(self, app, registered, learner):
        html = learner.get("/portfolio/").get_data(as_text=True)

        with app.app_context():
            for unit in (*framework().mandatory, framework().unit("P1")):
                for criterion in unit.criteria:
                    assert f"/portfolio/criteria/{criterion.ref}" in html
        assert "/portfolio/criteria/P2.1.1" not in html

    def test_a_passed_check_is_evidence_towards_the_criteria_that_list_it(
        self, session, registered, learner
    ):
        session.add(
            CheckAttempt(
                person_id=registered.person_id, chapter=5, chapter_version="x", answers={}, right=6,
                total=6, passed=True, safety_missed=[], answered_at=RECORDED,
            )
        )  # fmt: skip
        session.commit()

        html = learner.get("/portfolio/").get_data(as_text=True)

        assert '<li class="mx--wait"><a href="/portfolio/criteria/M3.1.1"' in html
        assert '<li class="mx--none"><a href="/portfolio/criteria/M3.2.1"' in html

    def test_somebody_who_is_not_registered_is_told_what_comes_next(self, app, session):
        user = a_user(session)
        session.commit()

        page = words(Browser(app).sign_in(user).get("/portfolio/"))

        assert "You are not registered on the award yet." in page


@pytest.mark.row("B8")
class TestCompletion:
    def judge_all(self, app, session, registered, code, *, verified, leave_out=()):
        with app.app_context():
            for criterion in framework().unit(code).criteria:
                if criterion.ref in leave_out:
                    continue
                method = criterion.methods[0].value
                row = some_evidence(session, registered, criterion.ref, method=method)
                judgement = a_judgement(session, row, criterion.ref)
                if verified:
                    a_verification(session, judgement)
        session.commit()

    def test_a_unit_counts_with_its_credits_once_everything_is_verified(
        self, app, session, registered, learner
    ):
        self.judge_all(app, session, registered, "M1", verified=True)

        page = words(learner.get("/portfolio/"))

        assert "Complete, 2 credits" in page
        assert "2 of 18 credits" in page

    def test_it_waits_for_the_internal_verifier(self, app, session, registered, learner):
        self.judge_all(app, session, registered, "M1", verified=False)

        page = words(learner.get("/portfolio/"))

        assert "0 of 18 credits" in page
        assert "waiting for internal verification" in page.lower()

    def test_the_page_says_exactly_which_criterion_is_missing(
        self, app, session, registered, learner
    ):
        self.judge_all(app, session, registered, "M1", verified=True, leave_out=("M1.2.2",))

        page = words(learner.get("/portfolio/"))

        assert "0 of 18 credits" in page
        start = page.index("What is missing")
        missing = page[start : page.index("M2 ", start)]
        assert "M1.2.2" in missing
        assert "M1.2.1" not in missing

    def test_a_later_safety_critical_not_yet_reopens_the_pass(
        self, app, session, registered, learner
    ):
        self.judge_all(app, session, registered, "M3", verified=True)
        assert "Complete, 2 credits" in words(learner.get("/portfolio/"))
        row = some_evidence(session, registered, "M3.2.1", method="RO", source="bookings:77")
        a_judgement(session, row, "M3.2.1", verdict="not_yet")
        session.commit()

        assert "Complete, 2 credits" not in words(learner.get("/portfolio/"))


class TestRegistering:
    def test_the_coordinator_registers_a_learner_with_a_pathway(self, app, session, browser):
        coordinator, person = a_user(session, Role.COORDINATOR), a_user(session)
        session.commit()
        browser.sign_in(coordinator)
        sent = {"pathways": ["P1"], "on-day": "2", "on-month": "11", "on-year": "2026"}

        reply = browser.post(f"/people/{person.id}/register", sent)
        again = browser.post(f"/people/{person.id}/register", sent)

        assert reply.status_code == 303
        assert again.status_code == 422
        row = session.scalar(select(Registration))
        assert (row.pathways, row.ends_on.isoformat()) == ("P1", "2028-05-02")


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("many", [10, 1000])
    def test_the_list_of_learners_and_a_portfolio(
        self, session, queries, registered, assessor, coordinator, learner, many
    ):
        others = [a_user(session, Role.ASSESSOR) for _ in range(3)]
        for number in range(many):
            row = a_registration(session)
            an_allocation(session, row, assessor.user)
            an_allocation(session, row, others[number % 3])
        an_allocation(session, registered, assessor.user)
        evidence = some_evidence(session, registered, "M1.1.1")
        for _ in range(min(many, 200)):
            a_judgement(session, evidence, "M1.1.1", assessor=assessor.user)
        session.commit()

        for browser, path in (
            (assessor, "/learners/"),
            (assessor, "/"),
            (assessor, f"/learners/{registered.id}"),
            (assessor, f"/learners/{registered.id}/criteria/M1.1.1"),
            (assessor, f"/evidence/{evidence.id}"),
            (coordinator, "/learners/"),
            (coordinator, f"/learners/{registered.id}/assessors"),
            (learner, f"/evidence/{evidence.id}"),
            (learner, "/portfolio/"),
            (learner, "/portfolio/criteria/M1.1.1"),
        ):
            browser.get(path)
            queries.reset()
            assert browser.get(path).status_code == 200
            assert queries.number <= 12, path
