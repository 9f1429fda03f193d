"""Moving and cancelling role plays, and the lists in which they stand."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.mail import OutboxMessage
from tests.client import words
from tests.factories_roleplay import a_booking, a_sheet
from tests.scenes import (
    BOOK,
    Cast,
    booked,
    change_of,
)


@pytest.fixture
def cast(session, browser):
    made = Cast(session)
    session.commit()
    browser.sign_in(made.coordinator)
    return made


class TestChanging:
    @pytest.fixture
    def row(self, browser, session, cast):
        browser.post(BOOK, cast.form())
        return booked(session)[0]

    def test_it_moves_and_its_people_change_and_all_of_them_are_told(
        self, browser, session, cast, row
    ):
        before = len(session.scalars(select(OutboxMessage)).all())

        reply = browser.post(
            change_of(row),
            cast.form(time="4 pm", learner=str(cast.second.id), version=str(row.version)),
        )

        assert reply.status_code == 303
        (now,) = booked(session)
        assert now.learner_ids == [cast.second.id]
        assert now.assessor_ids == [cast.hannah.id, cast.gareth.id]
        assert len(session.scalars(select(OutboxMessage)).all()) - before == 5

    def test_it_does_not_clash_with_itself(self, browser, session, cast, row):
        reply = browser.post(change_of(row), cast.form(time="2.15 pm", version=str(row.version)))

        assert reply.status_code == 303

    def test_the_form_shows_what_is_booked(self, browser, cast, row):
        page = browser.get(change_of(row)).get_data(as_text=True)

        assert 'value="14:00"' in page
        assert 'value="Small hall"' in page

    @pytest.mark.row("F22")
    def test_an_old_page_is_refused_with_both_versions_shown(self, browser, session, cast, row):
        old = str(row.version)
        browser.post(change_of(row), cast.form(room="Library", version=old))

        reply = browser.post(change_of(row), cast.form(room="Chapel", version=old))

        assert reply.status_code == 409
        page = reply.get_data(as_text=True)
        assert "Chapel" in page
        assert "Library" in page
        assert booked(session)[0].room == "Library"

    def test_people_alone_count_as_a_change(self, browser, session, cast, row):
        old = row.version
        browser.post(change_of(row), cast.form(learner=str(cast.second.id), version=str(old)))

        assert booked(session)[0].version > old
        assert browser.post(change_of(row), cast.form(version=str(old))).status_code == 409

    def test_a_clash_is_named_here_too(self, browser, session, cast, row):
        a_booking(
            session, learners=[cast.second], starts_at=row.starts_at + timedelta(hours=3), room="X"
        )
        session.commit()

        reply = browser.post(
            change_of(row),
            cast.form(time="5 pm", learner=str(cast.second.id), version=str(row.version)),
        )

        assert reply.status_code == 409
        assert "Kemi" in words(reply)

    def test_it_is_cancelled_with_a_reason_and_stays_in_the_list(self, browser, session, cast, row):
        form = {"do": "cancel", "because": "The hall is flooded", "version": str(row.version)}

        assert browser.post(change_of(row), form).status_code == 303
        assert "The hall is flooded" in words(browser.get(f"/practice/role-plays/{row.id}"))
        assert "Cancelled" in words(browser.get("/practice/"))
        assert browser.get(change_of(row)).status_code == 404

    def test_without_a_reason_it_is_not_cancelled(self, browser, session, cast, row):
        reply = browser.post(change_of(row), {"do": "cancel", "version": str(row.version)})

        assert reply.status_code == 422
        assert booked(session)[0].cancelled_at is None

    def test_an_old_page_does_not_cancel(self, browser, session, cast, row):
        browser.post(change_of(row), cast.form(room="Library", version=str(row.version)))

        reply = browser.post(
            change_of(row), {"do": "cancel", "because": "Ill", "version": str(row.version)}
        )

        assert reply.status_code == 409
        assert "Ill" in reply.get_data(as_text=True)
        assert booked(session)[0].cancelled_at is None

    def test_what_has_begun_is_not_moved(self, browser, session, cast, row):
        a_sheet(session, booked(session)[0], cast.hannah, final=False)
        session.commit()

        reply = browser.post(change_of(row), cast.form(version=str(row.version)))

        assert reply.status_code == 409
        assert "played" in words(reply)

    def test_only_the_coordinator_changes_it(self, browser, session, cast, row):
        browser.sign_in(cast.hannah)

        assert browser.get(change_of(row)).status_code == 404
        assert browser.post(change_of(row), cast.form()).status_code == 404


class TestTheListAndTheBooking:
    def test_each_sees_only_what_they_have_a_part_in(self, browser, session, cast):
        mine = a_booking(session, learners=[cast.learner])
        a_booking(session, "CS2")
        session.commit()
        browser.sign_in(cast.learner)

        page = words(browser.get("/practice/"))

        assert f"/practice/role-plays/{mine.id}" in browser.get("/practice/").get_data(as_text=True)
        assert "CS2, What" not in page

    def test_the_coordinator_sees_all_and_may_book(self, browser, session, cast):
        a_booking(session)
        a_booking(session, "CS2")
        session.commit()

        page = words(browser.get("/practice/"))

        assert "CS1, The" in page
        assert "CS2, What" in page
        assert "Book a role play" in page

    def test_a_stranger_does_not_open_a_booking(self, browser, session, cast):
        made = a_booking(session)
        session.commit()
        browser.sign_in(cast.learner)

        assert browser.get(f"/practice/role-plays/{made.id}").status_code == 404
        assert browser.get("/practice/role-plays/9999").status_code == 404

    def test_a_learner_never_learns_the_delivery_there(self, browser, session, cast):
        for delivery in "PR":
            made = a_booking(session, learners=[cast.learner], delivery=delivery)
            session.commit()
            page = words(browser.sign_in(cast.learner).get(f"/practice/role-plays/{made.id}"))
            assert "as real" not in page
            assert "for effect" not in page

    def test_an_empty_list_says_what_comes(self, browser, session, cast):
        browser.sign_in(cast.learner)

        page = words(browser.get("/practice/"))

        assert "None booked for you yet" in page
        assert "The first half hour" in page

    def test_pages_go_on_where_the_last_one_ended(self, browser, session, cast):
        now = datetime.now(UTC)
        for n in range(25):
            a_booking(session, starts_at=now + timedelta(days=1, hours=n), room=f"Room {n}.")
            a_booking(session, starts_at=now - timedelta(days=2, hours=n), room=f"Attic {n}.")
        session.commit()

        first = browser.get("/practice/").get_data(as_text=True)
        later, earlier = re.findall(r'href="(/practice/\?[^"]+)"', first)
        assert "Room 19." in first
        assert "Room 20." not in first
        assert "Room 20." in words(browser.get(later))
        assert "Attic 24." in words(browser.get(earlier))
        assert browser.get("/practice/?after=nonsense").status_code == 400

    def test_the_number_of_queries_does_not_grow(self, browser, session, cast, queries):
        counted = []
        for many in (2, 58):
            for n in range(many):
                a_booking(session, starts_at=datetime.now(UTC) - timedelta(days=1, hours=n))
            session.commit()
            browser.get("/practice/")
            queries.reset()
            browser.get("/practice/")
            counted.append(queries.number)

        assert counted[0] == counted[1]
        assert counted[1] <= 12
