"""Timed notes of the mark sheet."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.roleplay.models import TimedNote
from tests.client import Browser, words
from tests.factories_roleplay import a_booking, a_sheet
from tests.scenes import (
    a_note,
    at,
    how_many,
    only,
)


@pytest.fixture
def booking(session):
    made = a_booking(session)
    session.commit()
    return made


@pytest.fixture
def assessor(browser, booking):
    browser.sign_in(booking.assessors[0])
    return browser


class TestNotes:
    def start(self, session, booking, minutes=10):
        sheet = a_sheet(session, booking, booking.assessors[0], final=False)
        sheet.started_at = datetime.now(UTC) - timedelta(minutes=minutes)
        session.commit()

    @pytest.mark.row("F11")
    def test_one_note_speaks_to_several_criteria(self, assessor, session, booking):
        reply = assessor.post_json(at(booking, "notes"), a_note(tags=["M2.2.2", "M3.2.1"]))

        assert reply.status_code == 200
        assert only(session, TimedNote).refs == ["M2.2.2", "M3.2.1"]
        assert "asks who told him" in words(assessor.get(at(booking, "mark")))

    @pytest.mark.row("F12")
    def test_it_takes_the_time_of_its_first_letter(self, assessor, session, booking):
        self.start(session, booking)
        typed = datetime.now(UTC) - timedelta(minutes=3)

        assessor.post_json(
            at(booking, "notes"), a_note(first_typed_at=typed.isoformat(), at_seconds="420")
        )

        note = only(session, TimedNote)
        assert note.first_typed_at == typed
        assert note.at_seconds == 420
        assert note.saved_at > typed
        assert "07:00" in words(assessor.get(at(booking, "mark")))

    def test_without_a_script_it_takes_the_time_of_the_server(self, assessor, session, booking):
        self.start(session, booking, minutes=10)

        reply = assessor.post(at(booking, "notes"), a_note(first_typed_at="", at_seconds=""))

        assert reply.status_code == 303
        assert 600 <= only(session, TimedNote).at_seconds < 610

    def test_a_time_that_cannot_be_is_not_believed(self, assessor, session, booking):
        self.start(session, booking, minutes=1)

        assessor.post_json(
            at(booking, "notes"),
            a_note(first_typed_at="2031-01-01T09:00:00+00:00", at_seconds="5000"),
        )

        note = only(session, TimedNote)
        assert note.at_seconds < 70
        assert note.first_typed_at <= datetime.now(UTC)

    def test_a_clock_that_never_started_gives_zero(self, assessor, session, booking):
        assessor.post_json(at(booking, "notes"), a_note(at_seconds="3", first_typed_at="soon"))

        assert only(session, TimedNote).at_seconds in (0, 3)

    def test_sent_twice_it_is_kept_once_with_one_answer(self, assessor, session, booking):
        first = assessor.post_json(at(booking, "notes"), a_note())
        second = assessor.post_json(at(booking, "notes"), a_note())

        assert first.json == second.json
        assert set(first.json) == {"saved", "id"}
        assert how_many(session, TimedNote) == 1

    def test_two_assessors_may_use_the_same_key(self, app, session, booking):
        for person in booking.assessors:
            Browser(app).sign_in(person).post_json(at(booking, "notes"), a_note())

        assert how_many(session, TimedNote) == 2

    def test_a_tag_from_elsewhere_is_refused_in_words(self, assessor, session, booking):
        reply = assessor.post_json(at(booking, "notes"), a_note(tags=["M5.4.1"]))

        assert reply.status_code == 422
        assert "not on this sheet" in reply.json["error"]
        assert how_many(session, TimedNote) == 0

    @pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
    def test_an_empty_or_endless_note_is_refused_beside_the_box(
        self, assessor, session, booking, text
    ):
        reply = assessor.post(at(booking, "notes"), a_note(text=text, tags=["M2.2.2"]))

        assert reply.status_code == 422
        assert text.strip() in reply.get_data(as_text=True)
        assert re.search(r'value="M2.2.2" checked', reply.get_data(as_text=True))
        assert assessor.post_json(at(booking, "notes"), a_note(text=text)).json["error"]
