"""Who reads what of a supervision log: the boxes, other roles, the paper."""

import io
import subprocess
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.supervision.models import SessionLog
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_supervision import an_agreement
from tests.supervision_steps import begin, sign, version


@pytest.mark.row("F72")
class TestTheThreeBoxes:
    def test_each_box_has_its_own_readers(self, session, agreement, mentor, supervisor):
        path = begin(mentor, agreement)
        mentor.post(f"{path}/own-box", {"text": "what I told nobody"})
        supervisor.post(f"{path}/own-box", {"text": "what I noticed"})

        seen_by_mentor, seen_by_supervisor = words(mentor.get(path)), words(supervisor.get(path))

        assert "what I told nobody" in seen_by_mentor
        assert "what I noticed" not in seen_by_mentor
        assert "what I noticed" in seen_by_supervisor
        assert "what I told nobody" not in seen_by_supervisor
        for html in (mentor.get(path).get_data(as_text=True),):
            assert "box3--shared" in html
            assert "box3--private" in html

    def test_a_script_is_told_when_it_is_saved(self, agreement, mentor):
        path = begin(mentor, agreement)

        assert mentor.post_json(f"{path}/own-box", {"text": "kept"}).json["saved"]

    def test_writing_for_oneself_does_not_get_in_the_others_way(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        read = version(session)
        mentor.post(f"{path}/own-box", {"text": "what I told nobody"})

        supervisor.post(f"{path}/sign", {"version": read})

        assert "Signed" in words(supervisor.get(path))

    def test_a_locked_log_takes_no_more_in_any_box_and_loses_no_word(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        sign(mentor, session, path)
        sign(supervisor, session, path)

        reply = mentor.post(f"{path}/own-box", {"text": "one more thing"})

        assert reply.status_code == 409
        assert "one more thing" in words(reply)


@pytest.mark.row("F74")
class TestWhoSeesWhat:
    SECRET = "a sentence that must stay between the two"

    @pytest.fixture
    def path(self, session, agreement, mentor, supervisor):
        path = begin(mentor, agreement, shared_note=self.SECRET, wellbeing="1",
                     influence="yes_discussed", risk_flags=["mentor_safety"])  # fmt: skip
        sign(mentor, session, path)
        sign(supervisor, session, path)
        return path

    @pytest.mark.parametrize("role", list(Role))
    def test_nobody_else_opens_a_log_whatever_their_role(self, app, session, path, role):
        other = a_user(session, role)
        session.commit()
        browser = Browser(app).sign_in(other)

        for page in (path, f"{path}/change", f"{path}/paper"):
            assert browser.get(page).status_code == 404
        for page in ("sign", "send-back", "own-box", "thoughts"):
            assert browser.post(f"{path}/{page}", {"text": "x", "words": "x"}).status_code == 404

    def test_the_coordinator_sees_figures_and_no_content(self, app, session, path, agreement):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser = Browser(app).sign_in(coordinator)

        for page in ("/supervision/agreements/", f"/supervision/agreements/{agreement.id}",
                     "/audit", "/", "/outbox"):  # fmt: skip
            seen = words(browser.get(page))
            assert self.SECRET not in seen
            assert "not all right" not in seen
            assert "Yes, discussed" not in seen
        seen = words(browser.get("/supervision/agreements/"))
        assert "1, 60 minutes" in seen
        assert "Mentor's safety: 1 flag" in seen

    def test_sealed_words_are_nowhere_in_the_database_file(self, session, path):
        for table, columns in {
            "session_logs": ("shared_note", "wellbeing", "influence"),
        }.items():
            row = session.execute(text(f"select {', '.join(columns)} from {table}")).one()
            assert all(self.SECRET.encode() not in bytes(value) for value in row)
            assert all(not bytes(value).isdigit() for value in row)

    def test_the_mentor_sees_that_the_supervisor_looked(self, agreement, mentor, supervisor, path):
        supervisor.get(path)

        page = words(mentor.get("/account/who-looked"))

        assert agreement.supervisor.working_name in page
        assert "Opened a supervision log" in page

    def test_the_audit_holds_no_words_of_a_log(self, session, path):
        for detail in session.scalars(select(AuditEvent.detail)):
            assert "sentence" not in detail


@pytest.mark.row("B9")
class TestThePaper:
    @pytest.mark.papers
    def test_it_reads_like_the_log_without_the_boxes_of_one(
        self, session, agreement, mentor, supervisor, tmp_path
    ):
        path = begin(mentor, agreement)
        mentor.post(f"{path}/own-box", {"text": "nobody reads this box"})
        sign(mentor, session, path)
        sign(supervisor, session, path)

        reply = mentor.get(f"{path}/paper")

        assert reply.mimetype == "application/pdf"
        assert PdfReader(io.BytesIO(reply.data)).metadata.title
        (tmp_path / "log.pdf").write_bytes(reply.data)
        read = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "log.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        for shown in (
            "Supervision log", "how long a silence may last", agreement.mentor.working_name,
            agreement.supervisor.working_name, "3 November 2026", "60 minutes, in person",
        ):  # fmt: skip
            assert shown in read
        assert "nobody reads this box" not in read


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("many", [10, 200])
    def test_the_lists_take_the_same_whatever_their_length(
        self, app, session, queries, agreement, mentor, many
    ):
        from tests.factories_supervision import SIGNED

        for number in range(many):
            session.add(
                SessionLog(
                    agreement_id=agreement.id, held_on=date(2026, 2, 1), minutes=60 + number,
                    format="one_to_one", medium="video", themes=["trust"], risk_flags=["none"],
                    begun_by_id=agreement.mentor_id, begun_at=SIGNED, changed_at=SIGNED,
                )
            )  # fmt: skip
            an_agreement(session)
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        boss = Browser(app).sign_in(coordinator)

        for browser, path in ((mentor, "/supervision/"), (boss, "/supervision/agreements/")):
            browser.get(path)
            queries.reset()
            assert browser.get(path).status_code == 200
            assert queries.number <= 12, path
