"""Booking a role play: who takes part, clashes, what comes first, how the line is drawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.content import framework
from app.formats import LONDON
from app.mail import OutboxMessage
from app.roleplay import rules
from assessments.unitfile import Method
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import a_booking, a_judgement, a_registration
from tests.scenes import BOOK, Cast, booked, change_of


@pytest.fixture
def cast(session, browser):
    made = Cast(session)
    session.commit()
    browser.sign_in(made.coordinator)
    return made


class TestBooking:
    def test_everybody_gets_a_part_and_a_message_that_gives_nothing_away(
        self, browser, session, cast
    ):
        reply = browser.post(BOOK, cast.form())

        assert reply.status_code == 303
        (row,) = booked(session)
        assert row.learner_ids == [cast.learner.id]
        assert row.assessor_ids == [cast.hannah.id, cast.gareth.id]
        assert row.minutes == 42
        assert row.starts_at - row.briefs_open_at == timedelta(hours=24)
        assert row.delivery in "PR"
        messages = session.scalars(select(OutboxMessage)).all()
        assert len(messages) == 4
        assert not any("CS1" in one.body or "Nasreen" in one.body for one in messages)
        assert session.scalar(select(AuditEvent.action)) == "booking.made"

    def test_a_time_is_taken_as_the_clock_in_london_shows_it(self, browser, session, cast):
        browser.post(BOOK, cast.form(**{"day-month": "7", "day-year": "2031", "time": "14.30"}))

        (row,) = booked(session)
        assert row.starts_at.hour == 13

    @pytest.mark.parametrize("time", ["", "25:00", "soon", "14 pm"])
    def test_what_is_no_time_is_said_beside_the_field(self, browser, session, cast, time):
        reply = browser.post(BOOK, cast.form(time=time))

        assert reply.status_code == 422
        assert "It is kept" not in words(reply)
        assert "She knows both units" in reply.get_data(as_text=True)
        assert not booked(session)

    def test_pressed_twice_it_is_booked_once(self, browser, session, cast):
        form = cast.form(once="the-same")

        browser.post(BOOK, form)
        browser.post(BOOK, {**form, "time": "6 pm"})

        assert len(booked(session)) == 1

    def test_one_person_has_one_part(self, browser, session, cast):
        reply = browser.post(BOOK, cast.form(second_assessor=str(cast.hannah.id)))

        assert reply.status_code == 422
        assert "Two different assessors" in words(reply)
        assert not booked(session)

    def test_somebody_with_two_roles_is_not_in_two_parts(self, browser, session, cast):
        both = a_user(session, Role.LEARNER, Role.ASSESSOR)
        session.commit()

        reply = browser.post(BOOK, cast.form(learner=str(both.id), assessor=str(both.id)))

        assert reply.status_code == 422
        assert "in two parts" in words(reply)

    def test_somebody_without_the_role_cannot_be_chosen(self, browser, session, cast):
        reply = browser.post(BOOK, cast.form(assessor=str(cast.player.id)))

        assert reply.status_code == 422
        assert not booked(session)

    def test_nobody_books_themselves(self, browser, session, cast):
        both = a_user(session, Role.LEARNER, Role.COORDINATOR)
        session.commit()
        browser.sign_in(both, Role.COORDINATOR)

        reply = browser.post(BOOK, cast.form(learner=str(both.id), override_reason="I am ready"))

        assert reply.status_code == 422
        assert not booked(session)

    @pytest.mark.parametrize(
        ("case", "second", "says"),
        [("cs11-time-to-leave", False, "in a pair"), ("cs01-the-first-half-hour", True, "by one")],
    )
    def test_a_case_has_as_many_learners_as_it_needs(
        self, browser, session, cast, case, second, says
    ):
        second_learner = str(cast.second.id) if second else ""

        reply = browser.post(BOOK, cast.form(case=case, second_learner=second_learner))

        assert reply.status_code == 422
        assert says in words(reply)

    def test_a_pair_is_two_learners(self, browser, session, cast):
        browser.post(BOOK, cast.form(case="cs11-time-to-leave", second_learner=str(cast.second.id)))

        (row,) = booked(session)
        assert row.learner_ids == [cast.learner.id, cast.second.id]

    def test_a_second_round_needs_a_case_of_two(self, browser, session, cast):
        reply = browser.post(BOOK, cast.form(round="2"))

        assert reply.status_code == 422
        assert "one round" in words(reply)

    def test_the_past_is_not_booked(self, browser, session, cast):
        reply = browser.post(BOOK, cast.form(**{"day-year": "2020"}))

        assert reply.status_code == 422
        assert "still ahead" in words(reply)

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.LEARNER, Role.ROLE_PLAYER])
    def test_only_the_coordinator_books(self, browser, session, cast, role):
        other = a_user(session, role)
        session.commit()
        browser.sign_in(other)

        assert browser.get(BOOK).status_code == 403
        assert browser.post(BOOK, cast.form()).status_code == 403


@pytest.mark.row("F9")
class TestClashes:
    def taken(self, session, **given):
        day = (datetime.now(UTC) + timedelta(days=9)).date()
        starts = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(hours=14)
        made = a_booking(session, starts_at=starts, **{"room": "Other room", **given})
        session.commit()
        return made

    @pytest.mark.parametrize("part", ["learner", "player", "hannah", "room"])
    def test_everybody_and_the_room_are_looked_at_and_the_clash_is_named(
        self, browser, session, cast, part
    ):
        given = {
            "learner": {"learners": [cast.learner]},
            "player": {"role_player": cast.player},
            "hannah": {"assessors": [a_user(session, Role.ASSESSOR), cast.hannah]},
            "room": {"room": "small hall"},
        }[part]
        self.taken(session, **given)

        reply = browser.post(BOOK, cast.form())

        name = {"learner": "Nasreen", "player": "Dan", "hannah": "Hannah", "room": "Small hall"}
        assert reply.status_code == 409
        assert name[part] in words(reply)
        assert "CS1, The first half hour from 2.00 pm to 2.42 pm" in words(reply)
        assert "Small hall" in reply.get_data(as_text=True)
        assert len(booked(session)) == 1

    def test_one_that_begins_as_the_other_ends_is_no_clash(self, browser, session, cast):
        self.taken(session, learners=[cast.learner])

        reply = browser.post(BOOK, cast.form(time="14:42"))

        assert reply.status_code == 303

    def test_a_cancelled_one_takes_no_time(self, browser, session, cast):
        self.taken(session, learners=[cast.learner], cancelled_at=datetime.now(UTC))

        assert browser.post(BOOK, cast.form()).status_code == 303

    def test_of_two_bookings_at_the_same_moment_one_is_told(self, app, session, cast):
        tabs = [Browser(app).sign_in(cast.coordinator) for _ in range(2)]

        with ThreadPoolExecutor(2) as both:
            replies = list(both.map(lambda tab: tab.post(BOOK, cast.form()), tabs))

        assert sorted(one.status_code for one in replies) == [303, 409]
        assert len(booked(session)) == 1

    def test_two_by_video_do_not_take_each_others_room(self, browser, session, cast):
        self.taken(session, room="")

        assert browser.post(BOOK, cast.form(room="")).status_code == 303


class TestWhatComesFirst:
    def test_what_is_missing_is_listed_and_nothing_is_booked(self, browser, session, cast):
        a_registration(session, cast.learner)
        session.commit()

        reply = browser.post(BOOK, cast.form(override_reason=""))

        assert reply.status_code == 409
        assert "M1.1.1" in words(reply)
        assert "Nasreen" in words(reply)
        assert not booked(session)

    def test_somebody_who_is_not_registered_is_named(self, browser, session, cast):
        reply = browser.post(BOOK, cast.form(override_reason=""))

        assert "Not registered on the award" in words(reply)

    def test_the_coordinator_overrules_with_a_reason_that_the_audit_does_not_repeat(
        self, browser, session, cast
    ):
        browser.post(BOOK, cast.form())

        (row,) = booked(session)
        assert row.override_reason == "She knows both units by heart"
        event = session.scalar(select(AuditEvent))
        assert "by heart" not in event.detail
        assert "overruled" in event.detail

    def test_units_m1_and_m3_open_role_plays(self, browser, session, cast):
        a_registration(session, cast.learner)
        with browser.app.app_context():
            units = [framework().unit(code) for code in ("M1", "M3")]
        for one in [one for unit in units for one in unit.criteria if Method.RO not in one.methods]:
            a_judgement(session, cast.learner, cast.hannah, one.ref, method=one.methods[0].value)
        session.commit()

        assert browser.post(BOOK, cast.form(override_reason="")).status_code == 303


class TestTheDraw:
    def test_where_a_case_has_two_rounds_one_of_them_is_real(self):
        assert rules.draw(2, ["P"], lambda of: "P") == "R"

    def test_after_a_real_round_the_other_is_drawn(self):
        assert rules.draw(2, ["R"], lambda of: "P") == "P"

    def test_otherwise_for_effect_is_the_usual_draw(self):
        assert rules.draw(1, [], lambda of: of) == "PPPR"

    def test_the_second_round_looks_at_the_first(self, browser, session, cast):
        slug = "cs02-what-did-you-just-say"
        a_booking(session, "CS2", learners=[cast.learner], delivery="P")
        session.commit()

        browser.post(BOOK, cast.form(case=slug, round="2"))

        assert booked(session)[-1].delivery == "R"

    def test_moving_it_does_not_draw_again(self, browser, session, cast):
        browser.post(BOOK, cast.form())
        row = booked(session)[0]
        row.delivery = "R"
        session.commit()

        for time in ("9 am", "10 am", "11 am"):
            row = booked(session)[0]
            browser.post(change_of(row), cast.form(time=time, version=str(row.version)))

        assert booked(session)[0].delivery == "R"
