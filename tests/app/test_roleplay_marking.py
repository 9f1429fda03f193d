"""The live mark sheet: whose it is, its criteria, its clock, its marks, and two versions of one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import SignIn
from app.accounts.roles import Role
from app.audit import AuditEvent
from app.kept import KeptVersion
from app.roleplay.models import MarkSheet, SheetMark, TimedNote
from tests.client import words
from tests.factories import a_user
from tests.factories_roleplay import CS1, a_booking, a_sheet
from tests.scenes import (
    a_note,
    at,
    how_many,
    only,
    overall,
    save,
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


class TestOpeningTheSheet:
    @pytest.mark.row("F13")
    def test_the_case_brings_its_criteria_and_nothing_is_chosen(self, assessor, booking):
        page = assessor.get(at(booking, "mark")).get_data(as_text=True)

        assert re.findall(r'data-criterion="([^"]+)"', page) == list(CS1)
        assert not re.search(r'type="radio"[^>]* checked', page)

    def test_reading_it_writes_nothing(self, assessor, session, booking):
        assessor.get(at(booking, "mark"))

        assert how_many(session, MarkSheet) == 0

    def test_where_the_line_is_real_two_criteria_join(self, browser, session):
        booking = a_booking(session, delivery="R")
        session.commit()

        page = browser.sign_in(booking.assessors[0]).get(at(booking, "mark"))

        found = re.findall(r'data-criterion="([^"]+)"', page.get_data(as_text=True))
        assert found == [*CS1, "M3.2.3", "M3.2.4"]

    @pytest.mark.row("F13")
    def test_another_criterion_that_was_seen_is_added(self, assessor, session, booking):
        reply = assessor.post(at(booking, "also-seen"), {"criterion": "M5.4.1"})

        assert reply.status_code == 303
        page = assessor.get(at(booking, "mark")).get_data(as_text=True)
        assert 'data-criterion="M5.4.1"' in page
        assert save(assessor, booking, "M5.4.1", version=1).status_code == 200

    def test_what_no_role_play_shows_is_not_added(self, assessor, booking):
        for ref in ("M1.1.1", "X9"):
            assert assessor.post(at(booking, "also-seen"), {"criterion": ref}).status_code == 404

    def test_a_pair_has_a_sheet_for_each_learner(self, browser, session):
        booking = a_booking(session, "CS11")
        session.commit()
        browser.sign_in(booking.assessors[0])
        one, other = booking.learner_ids

        save(browser, booking, "M5.2.1", learner=other)

        first = browser.get(at(booking, "mark") + f"?learner={one}")
        second = browser.get(at(booking, "mark") + f"?learner={other}")
        assert "0 of 7 judged" in words(first)
        assert "1 of 7 judged" in words(second)
        assert booking.learners[1].working_name in words(first)
        assert browser.get(at(booking, "mark") + "?learner=9999").status_code == 404

    def test_before_the_briefs_open_there_is_no_sheet(self, browser, session):
        later = datetime.now(UTC) + timedelta(days=1)
        booking = a_booking(session, starts_at=later, briefs_open_at=later)
        session.commit()
        browser.sign_in(booking.assessors[0])

        assert "opens on" in words(browser.get(at(booking, "mark")))
        assert save(browser, booking).status_code == 404
        assert overall(browser, booking).status_code == 404

    @pytest.mark.parametrize("who", ["learner", "player", "stranger", "coordinator"])
    def test_nobody_else_marks(self, browser, session, booking, who):
        person = {
            "learner": booking.learners[0],
            "player": booking.role_player,
            "stranger": a_user(session, Role.ASSESSOR),
            "coordinator": a_user(session, Role.COORDINATOR),
        }[who]
        session.commit()
        browser.sign_in(person)

        for address in ("mark", "finish", "overall", "versions"):
            assert browser.get(at(booking, address)).status_code == 404
        assert browser.post(at(booking, "notes"), a_note()).status_code == 404
        assert browser.post(at(booking, "clock"), {"do": "start"}).status_code == 404
        assert save(browser, booking).status_code == 404

    def test_a_post_of_somebody_signed_out_keeps_the_words(self, browser, booking):
        reply = browser.post(at(booking, "notes"), a_note())

        assert reply.status_code == 401
        assert "asks who told him" in reply.get_data(as_text=True)


class TestTheClock:
    def press(self, browser, booking, *deeds):
        for deed in deeds:
            reply = browser.post(at(booking, "clock"), {"do": deed})
        return reply

    def test_the_server_keeps_when_it_started_and_pauses(self, assessor, session, booking):
        self.press(assessor, booking, "start", "pause", "resume", "pause")

        sheet = only(session, MarkSheet)
        assert sheet.started_at is not None
        assert [one[1] is None for one in sheet.pauses] == [False, True]

    def test_pressing_twice_does_it_once(self, assessor, session, booking):
        self.press(assessor, booking, "start", "start", "pause", "pause", "nonsense")

        assert len(only(session, MarkSheet).pauses) == 1
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["mark-sheet.opened", "clock.started", "clock.paused"]

    def test_stopping_for_safety_stands_at_once_and_then_asks_why(self, assessor, session, booking):
        reply = self.press(assessor, booking, "start", "stop")

        assert reply.location.endswith("/stop")
        assert only(session, MarkSheet).stopped_at is not None
        page = words(assessor.get(at(booking, "stop")))
        assert "A promise of total secrecy" in page
        assert assessor.post(at(booking, "stop"), {"because": ""}).status_code == 422
        assessor.post(at(booking, "stop"), {"because": "She promised to tell nobody"})
        assert only(session, MarkSheet).stopped_because == "She promised to tell nobody"
        assert "The exercise was stopped" in words(assessor.get(at(booking, "mark")))

    def test_a_slip_is_taken_back_and_the_time_since_is_a_pause(self, assessor, session, booking):
        self.press(assessor, booking, "start", "stop", "resume")

        sheet = only(session, MarkSheet)
        assert sheet.stopped_at is None
        assert len(sheet.pauses) == 1
        assert sheet.pauses[0][1] is not None

    def test_nothing_to_explain_without_a_stop(self, assessor, booking):
        assert assessor.get(at(booking, "stop")).status_code == 303


class TestMarks:
    def test_a_mark_is_saved_and_the_answer_says_so(self, assessor, session, booking):
        reply = save(assessor, booking, mark="not-yet", comment="Moved on before means")

        assert reply.status_code == 200
        assert set(reply.json) == {"saved", "version"}
        row = only(session, SheetMark)
        assert (row.mark, row.comment) == ("not_yet", "Moved on before means")
        assert "1 of 6 judged" in words(assessor.get(at(booking, "mark")))

    def test_sent_again_it_is_the_same_mark(self, assessor, session, booking):
        first = save(assessor, booking)
        again = save(assessor, booking)

        assert first.json == again.json
        assert session.scalar(select(func.count()).where(AuditEvent.action == "mark.recorded")) == 1

    @pytest.mark.row("F22")
    def test_an_old_page_loses_nothing_and_overwrites_nothing(self, assessor, session, booking):
        version = save(assessor, booking, comment="First thought").json["version"]
        save(assessor, booking, comment="From the other tab", version=version)

        reply = save(assessor, booking, comment="Written here", mark="not-yet", version=version)

        assert reply.status_code == 409
        assert reply.json["mine"] == "Written here"
        assert reply.json["theirs"] == "From the other tab"
        assert only(session, SheetMark).comment == "From the other tab"
        page = assessor.get(reply.json["url"]).get_data(as_text=True)
        assert "Written here" in page
        assert "From the other tab" in page

    @pytest.mark.row("F22")
    def test_the_writer_settles_it_and_the_sheet_is_whole_again(self, assessor, session, booking):
        version = save(assessor, booking, comment="One").json["version"]
        save(assessor, booking, comment="Two", version=version)
        save(assessor, booking, comment="Three", version=version)
        row = only(session, SheetMark)
        assert "met a newer version" in words(assessor.get(at(booking, "mark")))

        reply = assessor.post(
            at(booking, "versions"),
            {"row": str(row.id), "mark": "achieved", "comment": "Two and three"},
        )

        assert reply.status_code == 303
        assert only(session, SheetMark).comment == "Two and three"
        assert only(session, KeptVersion).settled_at is not None
        assert "Nothing waits" in words(assessor.get(at(booking, "versions")))

    def test_the_same_clash_twice_is_kept_once(self, assessor, session, booking):
        version = save(assessor, booking, comment="One").json["version"]
        save(assessor, booking, comment="Two", version=version)
        for _ in range(2):
            save(assessor, booking, comment="Three", version=version)

        assert how_many(session, KeptVersion) == 1

    def test_the_form_without_a_script_saves_them_all(self, assessor, session, booking):
        form = {
            "mark-M2.2.2": "achieved",
            "comment-M2.2.2": "Well heard",
            "version-M2.2.2": "0",
            "mark-M3.2.1": "not-yet",
            "version-M3.2.1": "0",
            "version-M1.3.3": "0",
        }

        reply = assessor.post(at(booking, "marks"), form)

        assert reply.status_code == 303
        session.expire_all()
        rows = {one.criterion: one.mark for one in session.scalars(select(SheetMark))}
        assert rows == {"M2.2.2": "achieved", "M3.2.1": "not_yet"}

    def test_the_form_without_a_script_keeps_both_versions_too(self, assessor, session, booking):
        save(assessor, booking, comment="From a tablet")

        reply = assessor.post(
            at(booking, "marks"), {"mark-M2.2.2": "not-yet", "version-M2.2.2": "0"}
        )

        assert reply.location.endswith("/versions")
        assert only(session, SheetMark).comment == "From a tablet"
        assert how_many(session, KeptVersion) == 1

    @pytest.mark.parametrize(
        ("ref", "mark", "says"),
        [
            ("M5.4.1", "achieved", "not on this sheet"),
            ("M2.2.2", "excellent", "A mark is"),
        ],
    )
    def test_what_is_not_on_the_sheet_is_refused(self, assessor, session, booking, ref, mark, says):
        reply = save(assessor, booking, ref, mark)

        assert reply.status_code == 422
        assert says in reply.json["error"]
        assert how_many(session, SheetMark) == 0

    def test_a_comment_that_is_too_long_is_refused_in_words(self, assessor, booking):
        assert save(assessor, booking, comment="x" * 4001).status_code == 422

    def test_what_only_a_real_line_can_show_is_not_achieved_without_it(self, browser, session):
        booking = a_booking(session, "CS2", delivery="P")
        session.commit()
        browser.sign_in(booking.assessors[0])

        reply = save(browser, booking, "M3.2.4", "achieved")

        assert reply.status_code == 422
        assert "played as real" in reply.json["error"]
        assert save(browser, booking, "M3.2.4", "not-observed").status_code == 200

    def test_a_learner_of_another_role_play_is_not_marked(self, assessor, session, booking):
        stranger = a_user(session)
        session.commit()

        assert save(assessor, booking, learner=stranger.id).status_code == 404

    def test_a_script_that_is_signed_out_is_told_so(self, assessor, session, booking):
        session.scalar(select(SignIn)).ended_at = datetime.now(UTC)
        session.commit()

        reply = save(assessor, booking)

        assert reply.status_code == 401
        assert reply.is_json

    def test_the_audit_holds_no_words(self, assessor, session, booking):
        save(assessor, booking, comment="A secret thing")
        assessor.post_json(at(booking, "notes"), a_note())

        details = session.scalars(select(AuditEvent.detail)).all()
        assert not any("secret" in one or "told" in one for one in details)


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("what", ["mark", "finish"])
    def test_it_does_not_grow_with_notes(self, assessor, session, booking, queries, what):
        sheet = a_sheet(session, booking, booking.assessors[0], final=False)
        counted = []
        for many in (2, 58):
            for _ in range(many):
                n = how_many(session, TimedNote)
                session.add(
                    TimedNote(
                        sheet_id=sheet.id,
                        client_key=f"k{n}",
                        first_typed_at=sheet.opened_at,
                        at_seconds=n,
                        words="A note",
                        saved_at=sheet.opened_at,
                    )
                )
            session.commit()
            assessor.get(at(booking, what))
            queries.reset()
            assessor.get(at(booking, what))
            counted.append(queries.number)

        assert counted[0] == counted[1]
        assert counted[1] <= 12
