"""Finishing a sheet, and that neither assessor sees the other's before both have."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.mail import OutboxMessage
from app.roleplay.models import (
    MarkSheet,
    NoteCriterion,
    PlayResult,
    Proposal,
    TimedNote,
)
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import CS1, a_sheet
from tests.scenes import (
    Table,
    assess,
    overall,
    result_of,
)

SECRET = "Only the first assessor thinks so"


@pytest.fixture
def table(app, session):
    return Table(app, session)


class TestTheOverallJudgement:
    @pytest.mark.row("F17")
    def test_it_is_kept_beside_the_marks_and_neither_moves_the_other(self, table):
        overall(table.first, table.booking, overall="not_yet")
        a = table.all(MarkSheet)[0]
        assert (a.overalls[0].overall, a.marks) == ("not_yet", [])

        for ref in CS1:
            form = {"criterion": ref, "mark": "achieved", "comment": "", "version": "0"}
            of = f"learners/{table.booking.learner_ids[0]}/mark"
            table.first.post_json(assess(table.booking, of), form)

        assert table.all(MarkSheet)[0].overalls[0].overall == "not_yet"

    @pytest.mark.row("F17")
    def test_one_may_think_borderline_where_every_mark_is_achieved(self, table):
        table.sheets(overalls=("borderline", "borderline"))
        table.release()

        assert table.all(PlayResult)[0].overall == "borderline"
        assert table.all(PlayResult)[0].passed

    def test_nothing_of_it_may_be_left_out(self, table):
        reply = overall(table.first, table.booking, strength="", overall="")

        assert reply.status_code == 422
        assert "Write one strength" in words(reply)
        assert "Ask sooner" in reply.get_data(as_text=True)

    @pytest.mark.row("F22")
    def test_an_old_page_shows_both_versions_and_overwrites_nothing(self, table):
        overall(table.first, table.booking)
        reply = overall(table.first, table.booking, strength="Listened", version="0")

        assert reply.status_code == 409
        page = reply.get_data(as_text=True)
        assert "Listened" in page
        assert "Waited" in page
        assert table.all(MarkSheet)[0].overalls[0].strength == "Waited"

    def test_sending_the_same_again_is_no_clash(self, table):
        overall(table.first, table.booking)

        assert overall(table.first, table.booking).status_code == 303


class TestFinishing:
    def test_what_is_missing_is_named(self, table):
        name = table.booking.learners[0].working_name
        table.first.post(assess(table.booking, "clock"), {"do": "start"})

        page = words(table.first.get(assess(table.booking, "finish")))
        reply = table.first.post(assess(table.booking, "finish"))

        assert f"{name}: no mark yet for {', '.join(CS1)}." in page
        assert f"{name}: no overall judgement yet." in page
        assert f"{name}: no next step written yet." in page
        assert reply.status_code == 409
        assert table.all(MarkSheet)[0].final_at is None

    def test_a_stop_needs_its_reason_first(self, table, session):
        sheet = a_sheet(session, table.booking, table.booking.assessors[0], final=False)
        sheet.stopped_at = datetime.now(UTC)
        session.commit()

        reply = table.first.post(assess(table.booking, "finish"))

        assert "Say why the exercise was stopped" in words(reply)

    def test_both_learners_of_a_pair_are_needed(self, app, session):
        table = Table(app, session, case="CS11")
        one, other = (one.working_name for one in table.booking.learners)

        page = words(table.first.get(assess(table.booking, "finish")))

        assert f"{one}: no mark yet" in page
        assert f"{other}: no mark yet" in page

    def test_what_was_not_played_is_not_finished(self, app, session):
        ahead = datetime.now(UTC) + timedelta(hours=3)
        table = Table(app, session, starts_at=ahead)

        assert "not been played yet" in words(table.first.post(assess(table.booking, "finish")))

    def test_a_finished_sheet_is_read_and_never_changed(self, table, session):
        a_sheet(session, table.booking, table.booking.assessors[0], comment="Kind and clear")
        session.commit()
        learner_id = table.booking.learner_ids[0]
        mark = {"criterion": "M2.2.2", "mark": "not-yet", "comment": "", "version": "1"}

        page = words(table.first.get(assess(table.booking, "mark")))
        saved = table.first.post_json(assess(table.booking, f"learners/{learner_id}/mark"), mark)
        noted = table.first.post(assess(table.booking, "notes"), {"text": "x", "client_key": "k"})

        assert "no longer changed" in page
        assert "Kind and clear" in page
        assert saved.status_code == 422
        assert "finished" in saved.json["error"]
        assert noted.status_code == 409
        assert overall(table.first, table.booking).status_code == 409
        assert table.first.post(assess(table.booking, "clock"), {"do": "start"}).status_code == 409
        assert not table.all(TimedNote)

    def test_finishing_twice_does_it_once(self, table, session):
        a_sheet(session, table.booking, table.booking.assessors[0], final=False)
        session.commit()

        replies = [table.first.post(assess(table.booking, "finish")) for _ in range(2)]

        assert [one.status_code for one in replies] == [303, 303]
        finished = select(func.count()).where(AuditEvent.action == "mark-sheet.finished")
        assert session.scalar(finished) == 1

    def test_both_are_written_to_when_both_have_finished(self, table, session):
        for person in table.booking.assessors:
            a_sheet(session, table.booking, person, final=False)
        session.commit()

        table.first.post(assess(table.booking, "finish"))
        assert not table.all(OutboxMessage)
        reply = table.second.post(assess(table.booking, "finish"))

        assert reply.location.endswith("/settle")
        assert len(table.all(OutboxMessage)) == 2


@pytest.mark.row("F20")
class TestNeitherSeesTheOtherBeforeBothHaveFinished:
    @pytest.fixture
    def one_final(self, table, session):
        sheet = a_sheet(
            session, table.booking, table.booking.assessors[0], {"M3.2.1": "not_yet"},
            comment=SECRET, overall="borderline",
        )  # fmt: skip
        note = TimedNote(
            sheet_id=sheet.id, client_key="k", first_typed_at=sheet.opened_at, at_seconds=5,
            words=SECRET, saved_at=sheet.opened_at,
            criteria=[NoteCriterion(criterion="M3.2.1")],
        )  # fmt: skip
        session.add(note)
        session.commit()
        return table

    @pytest.mark.parametrize("begun", [False, True])
    def test_no_page_of_the_second_assessor_tells_anything_but_that_it_is_finished(
        self, one_final, session, begun
    ):
        booking = one_final.booking
        if begun:
            a_sheet(session, booking, booking.assessors[1], final=False)
            session.commit()
        learner_id = booking.learner_ids[0]
        pages = [
            assess(booking, one)
            for one in ("mark", "settle", "finish", "versions", "blank", "stop",
                        f"learners/{learner_id}/overall")
        ] + [f"/practice/role-plays/{booking.id}", f"/practice/role-plays/{booking.id}/guide",
             result_of(booking), "/practice/"]  # fmt: skip

        shown = [one_final.second.get(page) for page in pages]

        assert not any(SECRET in words(one) for one in shown)
        name = booking.assessors[0].working_name
        assert f"{name} has finished" in words(shown[1])
        assert one_final.second.get(result_of(booking)).status_code == 404

    def test_nor_can_anything_be_agreed_or_released(self, one_final):
        for reply in (
            one_final.propose(one_final.second, "M3.2.1", "achieved"),
            one_final.release(one_final.second),
            one_final.release(one_final.first),
        ):
            assert reply.status_code == 409
            assert SECRET not in words(reply)
        assert not one_final.all(Proposal)
        assert not one_final.all(PlayResult)

    def test_the_learner_and_the_coordinator_see_nothing_of_it_either(
        self, one_final, app, session
    ):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        for person in (one_final.booking.learners[0], coordinator):
            page = Browser(app).sign_in(person)
            assert page.get(assess(one_final.booking, "settle")).status_code == 404
            assert page.get(result_of(one_final.booking)).status_code == 404
            assert SECRET not in words(page.get(f"/practice/role-plays/{one_final.booking.id}"))

    def test_once_both_have_finished_each_sees_both(self, one_final, session):
        a_sheet(session, one_final.booking, one_final.booking.assessors[1])
        session.commit()

        for browser in (one_final.first, one_final.second):
            assert SECRET in words(browser.get(assess(one_final.booking, "settle")))
