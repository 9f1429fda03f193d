"""Own learners: an assessor opens the portfolios of those who are allocated to them, no others."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.roles import Role
from app.audit import AuditEvent
from app.mail import OutboxMessage
from app.portfolio.models import Allocation, Judgement
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import (
    RECORDED,
    a_registration,
    an_allocation,
    some_evidence,
)
from tests.factories_supervision import an_agreement
from tests.scenes import DECISION, assessors_of, end_of

pytestmark = pytest.mark.row("B7")


def allocations(session):
    session.expire_all()
    return session.scalars(select(Allocation).order_by(Allocation.id)).all()


class TestOwnLearners:
    def pages(self, registered, judgement):
        return (
            f"/learners/{registered.id}",
            f"/learners/{registered.id}/criteria/M1.1.1",
            f"/evidence/{judgement.evidence_id}",
        )

    def decision(self, judgement):
        return {"evidence": f"evidence:{judgement.evidence_id}", **DECISION}

    def test_every_page_with_a_learner_in_it_opens_for_their_assessor(
        self, registered, theirs, assessor, allocated
    ):
        for path in self.pages(registered, theirs):
            assert assessor.get(path).status_code == 200, path
        sent = assessor.post(self.pages(registered, theirs)[1], self.decision(theirs))
        assert sent.status_code == 303
        assert sent.location == f"/learners/{registered.id}"

    @pytest.mark.parametrize("ended", [False, True])
    def test_none_opens_for_another_or_once_it_has_ended(
        self, session, registered, theirs, assessor, ended
    ):
        if ended:
            an_allocation(session, registered, assessor.user, ended_at=RECORDED)
        an_allocation(session, a_registration(session), assessor.user)
        session.commit()

        for path in self.pages(registered, theirs):
            assert assessor.get(path).status_code == 404, path
            assert assessor.post(path, self.decision(theirs)).status_code in {404, 405}, path
        again = f"/quality/judgements/{theirs.id}/again"
        assert assessor.get(again).status_code == 404
        assert len(session.scalars(select(Judgement)).all()) == 1

    def test_none_opens_for_their_assessor_who_is_no_longer_one(
        self, app, session, registered, theirs
    ):
        person = a_user(session, Role.MENTOR)
        an_allocation(session, registered, person)
        session.commit()
        browser = Browser(app).sign_in(person)

        for path in self.pages(registered, theirs):
            assert browser.get(path).status_code == 404, path

    def test_having_decided_once_opens_nothing(self, app, session, registered, theirs):
        browser = Browser(app).sign_in(session.get(User, theirs.assessor_id))

        for path in self.pages(registered, theirs):
            assert browser.get(path).status_code == 404, path

    def test_a_verifier_may_open_all_judged_work(self, app, session, registered, theirs):
        verifier = a_user(session, Role.INTERNAL_VERIFIER)
        session.commit()
        browser = Browser(app).sign_in(verifier)

        for path in self.pages(registered, theirs):
            assert browser.get(path).status_code == 200, path
        assert registered.person.working_name in words(browser.get("/learners/"))

    def test_the_list_and_the_home_page_hold_own_learners_only(
        self, session, registered, assessor, allocated
    ):
        nobodys, anothers, before = (a_registration(session) for _ in range(3))
        an_allocation(session, anothers, a_user(session, Role.ASSESSOR))
        an_allocation(session, before, assessor.user, ended_at=RECORDED)
        some_evidence(session, registered, "M1.1.1")
        session.commit()

        for path in ("/", "/learners/"):
            page = words(assessor.get(path))
            assert f"{registered.person.working_name} " in page, path
            for other in (nobodys, anothers, before):
                assert f"{other.person.working_name} " not in page, path
            assert "1 piece" in page, path

    def test_an_empty_list_says_who_allocates(self, registered, assessor):
        for path in ("/", "/learners/"):
            page = words(assessor.get(path))
            assert "Nobody is allocated to you yet." in page
            assert "The coordinator allocates learners to you." in page
            assert registered.person.working_name not in page

    def test_somebody_who_verifies_too_sees_own_learners_while_an_assessor(
        self, app, session, registered
    ):
        both = a_user(session, Role.ASSESSOR, Role.INTERNAL_VERIFIER)
        session.commit()
        name = registered.person.working_name

        as_assessor = Browser(app).sign_in(both, Role.ASSESSOR)
        as_verifier = Browser(app).sign_in(both, Role.INTERNAL_VERIFIER)

        assert name not in words(as_assessor.get("/learners/"))
        assert name in words(as_verifier.get("/learners/"))

    def test_a_learner_sees_who_their_assessors_are(self, learner, allocated):
        page = words(learner.get("/portfolio/"))

        assert "Your assessors" in page
        assert "Hannah Oduya" in page

    def test_a_learner_without_one_is_told_what_becomes_of_their_work(self, learner):
        assert "the coordinator sees that it waits" in words(learner.get("/portfolio/"))


class TestAllocating:
    def test_the_coordinator_allocates_and_both_find_out(
        self, session, registered, coordinator, assessor
    ):
        reply = coordinator.post(assessors_of(registered), {"assessor": str(assessor.user.id)})

        assert reply.status_code == 303
        (row,) = allocations(session)
        assert (row.registration_id, row.assessor_id) == (registered.id, assessor.user.id)
        assert (row.recorded_by_id, row.ended_at) == (coordinator.user.id, None)
        assert assessor.get(f"/learners/{registered.id}").status_code == 200
        event = session.scalar(select(AuditEvent).where(AuditEvent.action == "allocation.made"))
        assert event.about_id == registered.person_id
        message = session.scalar(select(OutboxMessage))
        assert registered.person.working_name not in message.subject + message.body
        page = words(coordinator.get(assessors_of(registered)))
        assert "Hannah Oduya" in page
        assert "Hannah Oduya" in words(coordinator.get("/learners/"))

    def test_ending_closes_the_portfolio_and_stays_on_the_page(
        self, session, registered, coordinator, assessor, allocated
    ):
        first = coordinator.post(end_of(allocated))
        (row,) = allocations(session)
        ended = row.ended_at
        coordinator.post(end_of(allocated))

        assert first.status_code == 303
        assert assessor.get(f"/learners/{registered.id}").status_code == 404
        (row,) = allocations(session)
        assert (row.ended_at, row.ended_by_id) == (ended, coordinator.user.id)
        page = words(coordinator.get(assessors_of(registered)))
        assert "Nobody is allocated." in page
        assert page.index("Before") < page.rindex("Hannah Oduya")

    def test_it_can_begin_again(self, session, registered, coordinator, assessor, allocated):
        coordinator.post(end_of(allocated))

        coordinator.post(assessors_of(registered), {"assessor": str(assessor.user.id)})

        assert [one.ended_at is None for one in allocations(session)] == [False, True]

    def refused(self, session, coordinator, registered, assessor_id, says, status=409):
        before = len(allocations(session))

        reply = coordinator.post(assessors_of(registered), {"assessor": str(assessor_id)})

        assert reply.status_code == status
        assert says in words(reply)
        assert 'id="assessor-error"' in reply.get_data(as_text=True)
        assert len(allocations(session)) == before

    def test_nobody_twice(self, session, registered, coordinator, assessor, allocated):
        self.refused(session, coordinator, registered, assessor.user.id, "allocated already")

    def test_nobody_to_themselves(self, session, coordinator):
        both = a_user(session, Role.LEARNER, Role.ASSESSOR)
        own = a_registration(session, person=both)
        session.commit()

        self.refused(session, coordinator, own, both.id, "Nobody assesses their own work")

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.ASSESSOR])
    def test_nobody_without_the_role(self, session, registered, coordinator, role):
        person = a_user(session, role)
        session.commit()

        self.refused(session, coordinator, registered, person.id, "is an assessor now")

    @pytest.mark.parametrize("sent", ["0", "x", "9" * 30, "-1"])
    def test_nobody_who_is_not_there(self, session, registered, coordinator, sent):
        self.refused(session, coordinator, registered, sent, "is an assessor now")

    def test_nobody_at_all_is_asked_again(self, session, registered, coordinator):
        self.refused(session, coordinator, registered, "", "Choose an assessor", 422)

    def test_nobody_whose_account_is_closed(self, session, registered, coordinator):
        gone = a_user(session, Role.ASSESSOR, closed_at=datetime.now(UTC))
        session.commit()

        self.refused(session, coordinator, registered, gone.id, "is an assessor now")

    @pytest.mark.parametrize("ended_on", [None, date(2026, 3, 1)])
    @pytest.mark.parametrize("way", ["supervises", "is supervised"])
    def test_nobody_who_supervises_the_learner_or_did(
        self, session, registered, coordinator, way, ended_on
    ):
        both = a_user(session, Role.SUPERVISOR, Role.ASSESSOR, Role.MENTOR)
        pair = (registered.person, both) if way == "supervises" else (both, registered.person)
        an_agreement(session, mentor=pair[0], supervisor=pair[1], ended_on=ended_on)
        session.commit()

        self.refused(session, coordinator, registered, both.id, "supervises the other")

    @pytest.mark.parametrize("way", ["their assessor", "the learner"])
    def test_nor_does_either_of_a_pair_become_the_others_supervisor(
        self, session, coordinator, way
    ):
        both = a_user(session, Role.SUPERVISOR, Role.ASSESSOR, Role.MENTOR)
        registered = a_registration(session, person=a_user(session, Role.MENTOR, Role.SUPERVISOR))
        an_allocation(session, registered, both)
        session.commit()
        pair = (registered.person_id, both.id)
        mentor, supervisor = pair if way == "their assessor" else reversed(pair)
        starts, review = date(2026, 11, 1), date(2027, 10, 1)
        sent = {"mentor": str(mentor), "supervisor": str(supervisor),
                "monthly_minutes": "60", "cover": "The deputy",
                "formats": "One to one"}  # fmt: skip
        for name, day in (("starts_on", starts), ("review_on", review)):
            boxes = {"day": day.day, "month": day.month, "year": day.year}
            sent |= {f"{name}-{part}": str(value) for part, value in boxes.items()}

        reply = coordinator.post("/supervision/agreements/new", sent)

        assert reply.status_code in {409, 422}
        whom = "the mentor" if way == "their assessor" else "this supervisor"
        assert f"is to assess {whom}" in words(reply)

    def test_a_coordinator_does_not_choose_their_own_assessors(self, app, session, assessor):
        both = a_user(session, Role.COORDINATOR, Role.LEARNER)
        own = a_registration(session, person=both)
        row = an_allocation(session, own, assessor.user)
        session.commit()
        browser = Browser(app).sign_in(both, Role.COORDINATOR)
        other = a_user(session, Role.ASSESSOR)
        session.commit()

        assert browser.get(assessors_of(own)).status_code == 404
        assert browser.post(assessors_of(own), {"assessor": str(other.id)}).status_code == 404
        assert browser.post(end_of(row)).status_code == 404
        assert browser.get(f"/people/{both.id}/assessors").status_code == 404
        assert [one.ended_at for one in allocations(session)] == [None]

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.COORDINATOR])
    def test_nobody_else_allocates(self, app, session, registered, role):
        user = a_user(session, role)
        row = an_allocation(session, registered, a_user(session, Role.ASSESSOR))
        session.commit()
        browser = Browser(app).sign_in(user)

        assert browser.get(assessors_of(registered)).status_code == 404
        sent = browser.post(assessors_of(registered), {"assessor": str(user.id)})
        assert sent.status_code == 404
        assert browser.post(end_of(row)).status_code == 404
        assert [one.ended_at for one in allocations(session)] == [None]

    def test_an_address_that_joins_two_learners_ends_nothing(self, session, coordinator, allocated):
        other = a_registration(session)
        session.commit()

        reply = coordinator.post(f"/learners/{other.id}/assessors/{allocated.id}/end")

        assert reply.status_code == 404
        assert [one.ended_at for one in allocations(session)] == [None]

    def test_the_way_there_goes_by_the_persons_page(self, session, registered, coordinator):
        stranger = a_user(session)
        session.commit()

        page = coordinator.get(f"/people/{registered.person_id}").get_data(as_text=True)
        there = coordinator.get(f"/people/{registered.person_id}/assessors")
        first = coordinator.get(f"/people/{stranger.id}/assessors")

        assert f"/people/{registered.person_id}/assessors" in page
        assert there.location == assessors_of(registered)
        assert first.location == f"/people/{stranger.id}/register"

    def test_ending_the_role_ends_every_allocation_with_it(
        self, session, registered, coordinator, assessor, allocated
    ):
        sent = {"role": "assessor", "do": "end"}
        other = a_user(session, Role.ASSESSOR, Role.PANEL_MEMBER)
        an_allocation(session, registered, other)
        session.commit()
        another = {**sent, "role": Role.PANEL_MEMBER.value}
        assert coordinator.post(f"/people/{other.id}/roles", another).status_code == 303

        coordinator.post(f"/people/{assessor.user.id}/roles", sent)

        assert [one.ended_at is None for one in allocations(session)] == [False, True]
