"""Booking a role play makes the learner an own learner of whoever marks it."""

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.portfolio.models import Allocation
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import a_booking, a_registration
from tests.factories_supervision import an_agreement
from tests.scenes import BOOK, Cast, Table, at, booked, change_of, end_of, result_of

pytestmark = [pytest.mark.row("B4", "F9")]


@pytest.fixture
def cast(session, browser):
    made = Cast(session)
    session.commit()
    browser.sign_in(made.coordinator)
    return made


def pairs(session):
    session.expire_all()
    rows = session.scalars(select(Allocation).order_by(Allocation.id))
    return [(one.registration_id, one.assessor_id) for one in rows if one.ended_at is None]


class TestBooking:
    def test_allocates_both_assessors_at_once(self, app, browser, session, cast):
        own = a_registration(session, cast.learner)
        session.commit()
        hannah = Browser(app).sign_in(cast.hannah)
        assert hannah.get(f"/learners/{own.id}").status_code == 404

        assert browser.post(BOOK, cast.form()).status_code == 303

        assert pairs(session) == [(own.id, cast.hannah.id), (own.id, cast.gareth.id)]
        assert hannah.get(f"/learners/{own.id}").status_code == 200

    def test_allocates_nobody_twice(self, browser, session, cast):
        a_registration(session, cast.learner)
        session.commit()

        browser.post(BOOK, cast.form())
        browser.post(BOOK, cast.form(time="6 pm"))

        assert len(booked(session)) == 2
        assert len(pairs(session)) == 2

    def test_a_booking_that_is_refused_allocates_nobody(self, browser, session, cast):
        a_registration(session, cast.learner)
        session.commit()

        reply = browser.post(BOOK, cast.form(override_reason=""))

        assert reply.status_code == 409
        assert pairs(session) == []

    def test_changing_its_people_allocates_the_new_ones_and_keeps_the_old(
        self, browser, session, cast
    ):
        own = a_registration(session, cast.learner)
        new = a_user(session, Role.ASSESSOR)
        session.commit()
        browser.post(BOOK, cast.form())
        (row,) = booked(session)

        sent = cast.form(second_assessor=str(new.id), version=row.version)
        assert browser.post(change_of(row), sent).status_code == 303

        assert pairs(session) == [
            (own.id, cast.hannah.id), (own.id, cast.gareth.id), (own.id, new.id)
        ]  # fmt: skip

    def test_changing_the_room_does_not_bring_back_an_allocation_that_was_ended(
        self, app, browser, session, cast
    ):
        own = a_registration(session, cast.learner)
        session.commit()
        browser.post(BOOK, cast.form())
        (row,) = booked(session)
        ended = session.scalars(
            select(Allocation).where(Allocation.assessor_id == cast.hannah.id)
        ).one()
        browser.post(end_of(ended))

        changed = browser.post(change_of(row), cast.form(room="Kitchen", version=str(row.version)))

        assert changed.status_code == 303
        assert pairs(session) == [(own.id, cast.gareth.id)]
        hannah = Browser(app).sign_in(cast.hannah)
        assert hannah.get(f"/learners/{own.id}").status_code == 404

    @pytest.mark.parametrize("field", ["assessor", "second_assessor"])
    def test_somebody_who_supervises_the_learner_is_refused_beside_the_field(
        self, browser, session, cast, field
    ):
        a_registration(session, cast.learner)
        chosen = cast.hannah if field == "assessor" else cast.gareth
        an_agreement(session, mentor=cast.learner, supervisor=chosen)
        session.commit()

        reply = browser.post(BOOK, cast.form())

        assert reply.status_code == 422
        assert "supervises the other" in words(reply)
        assert f'id="{field}-error"' in reply.get_data(as_text=True)
        assert not booked(session)
        assert pairs(session) == []

    def test_somebody_registered_later_gets_those_who_are_booked_already(
        self, browser, session, cast
    ):
        browser.post(BOOK, cast.form())
        assert pairs(session) == []
        sent = {"pathways": ["P1"], "on-day": "2", "on-month": "11", "on-year": "2026"}

        browser.post(f"/people/{cast.learner.id}/register", sent)

        assert [one for _, one in pairs(session)] == [cast.hannah.id, cast.gareth.id]


@pytest.mark.row("F10", "F20")
class TestRolePlaysOfOthers:
    def test_being_allocated_opens_no_role_play_that_others_mark(self, app, session):
        table = Table(app, session)
        own = a_registration(session, table.booking.learners[0])
        other = a_user(session, Role.ASSESSOR)
        session.add(
            Allocation(
                registration_id=own.id, assessor_id=other.id, since=own.person.joined_at,
                recorded_at=own.person.joined_at,
            )
        )  # fmt: skip
        session.commit()
        table.sheets()
        assert table.release().status_code == 303
        browser = Browser(app).sign_in(other)
        assert browser.get(f"/learners/{own.id}").status_code == 200

        here = f"/practice/role-plays/{table.booking.id}"
        sheet = (at(table.booking, what) for what in ("mark", "settle", "finish", "blank"))
        for path in (here, f"{here}/guide", f"{here}/brief", result_of(table.booking), *sheet):
            assert browser.get(path).status_code == 404, path
        assert here not in browser.get("/practice/").get_data(as_text=True)
        assert here not in browser.get("/").get_data(as_text=True)
        assert here not in browser.get(f"/learners/{own.id}").get_data(as_text=True)

    def test_those_who_mark_read_on_after_their_allocation_ended(self, app, session):
        booking = a_booking(session)
        a_registration(session, booking.learners[0])
        session.commit()
        browser = Browser(app).sign_in(booking.assessors[0])

        assert browser.get(at(booking, "mark")).status_code == 200
        assert browser.get(f"/practice/role-plays/{booking.id}").status_code == 200
