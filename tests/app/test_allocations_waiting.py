"""What waits for an assessor: work that nobody marks, and decisions that a verifier returned."""

from datetime import date, timedelta

import pytest

from app.accounts.models import User
from app.accounts.roles import Role
from app.portfolio.models import EvidenceFile, FileWithdrawal
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
from tests.scenes import DECISION, assessors_of, end_of

pytestmark = pytest.mark.row("B7")


@pytest.mark.row("F80")
class TestNothingHandedInIsLost:
    def test_work_that_nobody_marks_stands_before_the_coordinator(
        self, session, registered, coordinator
    ):
        some_evidence(session, registered, "M1.1.1", "M1.1.2")
        some_evidence(session, registered, "M1.1.1")
        session.commit()

        for path in ("/", "/learners/"):
            page = coordinator.get(path)
            assert "Nobody to mark it" in words(page), path
            assert "2 pieces handed in" in words(page), path
            assert assessors_of(registered) in page.get_data(as_text=True), path
        assert "nobody to mark it" in words(coordinator.get(assessors_of(registered)))

    @pytest.mark.parametrize("what", ["allocated", "judged", "nothing"])
    def test_work_that_somebody_marks_does_not(
        self, session, registered, coordinator, assessor, what
    ):
        if what != "nothing":
            evidence = some_evidence(session, registered, "M1.1.1")
        if what == "allocated":
            an_allocation(session, registered, assessor.user)
        if what == "judged":
            a_judgement(session, evidence, "M1.1.1")
        session.commit()

        for path in ("/", "/learners/"):
            assert "Nobody to mark it" not in words(coordinator.get(path)), path

    def test_it_stands_there_again_once_the_last_allocation_ends(
        self, session, registered, coordinator, allocated
    ):
        some_evidence(session, registered, "M1.1.1")
        session.commit()
        assert "Nobody to mark it" not in words(coordinator.get("/"))

        coordinator.post(end_of(allocated))

        assert "Nobody to mark it" in words(coordinator.get("/"))

    def test_what_was_handed_in_after_a_not_yet_waits_for_the_next_decision(
        self, session, registered, coordinator
    ):
        first = some_evidence(session, registered, "M1.1.1")
        a_judgement(session, first, "M1.1.1", verdict="not_yet")
        later = RECORDED + timedelta(days=1)
        some_evidence(session, registered, "M1.1.1", added_at=later)
        session.commit()

        assert "1 piece handed in" in words(coordinator.get("/"))

    @pytest.mark.parametrize("taken_back", [False, True])
    def test_a_file_that_comes_after_a_not_yet_waits_too_until_it_is_taken_back(
        self, session, registered, coordinator, taken_back
    ):
        evidence = some_evidence(session, registered, "M1.1.1")
        a_judgement(session, evidence, "M1.1.1", verdict="not_yet")
        later = RECORDED + timedelta(days=1)
        file = EvidenceFile(
            evidence=evidence,
            sha256="0" * 64,
            size=1,
            kind="pdf",
            name="scan.pdf",
            declared_at=later,
            added_by_id=registered.person_id,
            added_at=later,
        )
        if taken_back:
            file.withdrawal = FileWithdrawal(
                withdrawn_by_id=registered.person_id, withdrawn_at=later
            )
        session.add(file)
        session.commit()

        assert ("1 piece handed in" in words(coordinator.get("/"))) is not taken_back

    def test_what_goes_towards_a_criterion_that_stands_achieved_waits_for_nothing(
        self, session, registered, coordinator, theirs
    ):
        later = RECORDED + timedelta(days=1)
        some_evidence(session, registered, "M1.1.1", added_at=later)
        session.commit()

        assert "Nobody to mark it" not in words(coordinator.get("/"))

    def test_the_work_of_somebody_who_left_waits_for_nobody(self, session, registered, coordinator):
        some_evidence(session, registered, "M1.1.1")
        registered.person.closed_at = RECORDED
        session.commit()

        assert "Nobody to mark it" not in words(coordinator.get("/"))

    def test_one_criterion_of_several_is_enough_to_wait(self, session, registered, coordinator):
        evidence = some_evidence(session, registered, "M1.1.1", "M1.1.2")
        a_judgement(session, evidence, "M1.1.1")
        session.commit()

        assert "1 piece handed in" in words(coordinator.get("/"))

    @pytest.mark.parametrize("many", [1, 30])
    def test_however_many_wait_the_page_asks_as_often(self, session, queries, coordinator, many):
        for _ in range(many):
            some_evidence(session, a_registration(session), "M1.1.1")
        session.commit()

        for path in ("/", "/learners/"):
            coordinator.get(path)
            queries.reset()
            assert "Nobody to mark it" in words(coordinator.get(path))
            assert queries.number <= 12, path


@pytest.mark.row("F40")
class TestWhatAVerifierReturned:
    """The right to judge again stays with whoever judged, for that criterion alone."""

    @pytest.fixture
    def returned(self, app, session, registered, allocated, assessor, coordinator):
        evidence = some_evidence(session, registered, "M1.1.1", "M1.1.2")
        row = a_judgement(session, evidence, "M1.1.1", assessor=assessor.user)
        session.commit()
        coordinator.post(end_of(allocated))
        # Returned after the allocation had ended.
        a_verification(session, row, decision="returned", reason="Which words?",
                       due_on=date(2026, 12, 1))  # fmt: skip
        session.commit()
        return row

    def path(self, registered, ref="M1.1.1"):
        return f"/learners/{registered.id}/criteria/{ref}"

    def test_can_be_judged_again_after_the_allocation_ended(
        self, session, registered, assessor, returned
    ):
        assert "Which words?" in words(assessor.get("/quality/actions"))
        again = assessor.get(f"/quality/judgements/{returned.id}/again")
        assert again.location == self.path(registered)
        page = assessor.get(again.location)
        assert page.status_code == 200
        assert f'href="/learners/{registered.id}"' not in page.get_data(as_text=True)
        evidence = assessor.get(f"/evidence/{returned.evidence_id}")
        assert evidence.status_code == 200
        assert f'href="/learners/{registered.id}"' not in evidence.get_data(as_text=True)

        sent = {"evidence": f"evidence:{returned.evidence_id}", **DECISION}
        reply = assessor.post(again.location, sent)

        assert (reply.status_code, reply.location) == (303, "/")
        assert assessor.get(self.path(registered)).status_code == 404
        assert assessor.get(f"/evidence/{returned.evidence_id}").status_code == 404

    def test_opens_nothing_else_of_the_learner(self, session, registered, assessor, returned):
        other = some_evidence(session, registered, "M1.1.2")
        session.commit()

        assert assessor.get(f"/learners/{registered.id}").status_code == 404
        assert assessor.get(self.path(registered, "M1.1.2")).status_code == 404
        assert assessor.get(f"/evidence/{other.id}").status_code == 404
        sent = {"evidence": f"evidence:{other.id}", **DECISION}
        assert assessor.post(self.path(registered, "M1.1.2"), sent).status_code == 404
        assert registered.person.working_name not in words(assessor.get("/learners/"))

    def test_opens_nothing_for_another_assessor(self, app, session, registered, returned):
        other = a_user(session, Role.ASSESSOR)
        session.commit()

        assert Browser(app).sign_in(other).get(self.path(registered)).status_code == 404

    def test_is_open_to_the_second_assessor_of_a_role_play(self, app, session, registered):
        second = a_user(session, Role.ASSESSOR)
        evidence = some_evidence(session, registered, "M3.2.1", method="RO")
        row = a_judgement(session, evidence, "M3.2.1", with_assessor_id=second.id)
        a_verification(session, row, decision="returned")
        session.commit()
        browser = Browser(app).sign_in(second)

        assert browser.get(self.path(registered, "M3.2.1")).status_code == 200

    def test_what_was_agreed_opens_nothing(self, app, session, registered, theirs):
        a_verification(session, theirs)
        session.commit()
        browser = Browser(app).sign_in(session.get(User, theirs.assessor_id))

        assert browser.get(self.path(registered)).status_code == 404
