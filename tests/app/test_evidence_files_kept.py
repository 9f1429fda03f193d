"""Files of evidence that are kept: who opens them, taking them back, nothing acknowledged lost."""

from time import monotonic

import pytest
from flask import g
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from app.accounts.roles import Role
from app.audit import AuditEvent, first_fault
from app.forms import SentForm
from app.portfolio import file_actions
from app.portfolio.models import FileWithdrawal
from app.store import Store
from tests.buckets import a_silent_bucket, settings
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import (
    a_judgement,
    a_registration,
    an_allocation,
    some_evidence,
)
from tests.file_steps import address, attach, fetched, kept
from tests.sample_files import PDF, TEXT
from tests.scenes import DECISION


@pytest.fixture
def evidence(session, registered):
    row = some_evidence(session, registered, "M4.4.1")
    session.commit()
    return row


@pytest.fixture(autouse=True)
def store(app, tmp_path):
    """A folder of this test's own."""
    app.extensions["store"] = Store((tmp_path / "evidence").as_uri())
    return app.extensions["store"]


class TestOpening:
    @pytest.fixture
    def row(self, session, learner, evidence):
        attach(learner, evidence, (TEXT, "notes.txt"))
        return kept(session)[0]

    def test_it_is_a_download_that_no_browser_shows_keeps_or_runs(self, learner, row):
        reply = fetched(learner, row)

        assert reply.data == TEXT
        assert reply.headers["Content-Disposition"] == "attachment; filename=notes.txt"
        assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Content-Length"] == str(len(TEXT))
        assert "sandbox" in reply.headers["Content-Security-Policy"]

    def test_whoever_reads_the_evidence_opens_its_files(self, app, session, row):
        for role in (Role.ASSESSOR, Role.INTERNAL_VERIFIER):
            user = a_user(session, role)
            session.commit()
            browser = Browser(app).sign_in(user)
            page = browser.get(f"/evidence/{row.evidence_id}")
            readable = page.status_code == 200
            assert (fetched(browser, row).status_code == 200) is readable
            assert ("notes.txt" in words(page)) is readable
            assert "Take it back" not in words(page)

    def test_nobody_else_learns_that_it_exists(self, app, session, row):
        for role in (Role.LEARNER, Role.COORDINATOR, Role.PANEL_MEMBER, Role.SUPERVISOR):
            user = a_user(session, role)
            session.commit()
            browser = Browser(app).sign_in(user)
            assert browser.get(address(row)).status_code == 404
            assert browser.post(address(row, "/take-back")).status_code == 404
            assert attach(browser, row.evidence, (PDF, "a.pdf")).status_code == 404

    def test_a_file_is_found_under_its_own_evidence_alone(self, app, session, row):
        other = a_registration(session)
        own = some_evidence(session, other, "M4.4.1")
        session.commit()
        browser = Browser(app).sign_in(other.person)

        assert browser.get(f"/evidence/{own.id}/files/{row.id}").status_code == 404
        assert browser.post(f"/evidence/{own.id}/files/{row.id}/take-back").status_code == 404
        assert kept(session)[0].withdrawal is None

    def test_a_stranger_signs_in_first(self, app, row):
        stranger = Browser(app)

        assert stranger.get(address(row)).status_code == 303
        assert stranger.post(address(row, "/take-back")).status_code in {303, 401}
        assert attach(stranger, row.evidence, (PDF, "a.pdf")).status_code in {303, 401}

    def test_damage_is_never_given_out(self, learner, row, store, session):
        file = store.folder / row.sha256[:2] / row.sha256
        file.write_bytes(TEXT + b"and more")

        reply = learner.get(address(row))

        assert reply.status_code == 500
        assert "cannot be read back as it was sent" in words(reply)
        assert b"and more" not in reply.data


class TestTakingBack:
    @pytest.fixture
    def row(self, session, learner, evidence):
        attach(learner, evidence, (PDF, "a.pdf"))
        return kept(session)[0]

    def test_nobody_opens_it_any_more_and_its_bytes_are_gone(self, session, learner, row, store):
        reply = learner.post(address(row, "/take-back"))

        assert reply.status_code == 303
        assert learner.get(address(row)).status_code == 404
        assert list(store.every()) == []
        withdrawal = session.scalars(select(FileWithdrawal)).one()
        assert withdrawal.withdrawn_by_id == row.added_by_id
        page = words(learner.get(f"/evidence/{row.evidence_id}"))
        assert "a.pdf" in page
        assert "Taken back" in page
        actions = session.scalars(select(AuditEvent.action)).all()
        assert actions[-1] == "evidence-file.taken-back"
        assert first_fault(session) is None

    def test_its_name_is_read_by_nobody_else(self, app, session, learner, row):
        verifier = a_user(session, Role.INTERNAL_VERIFIER)
        session.commit()
        learner.post(address(row, "/take-back"))

        page = Browser(app).sign_in(verifier).get(f"/evidence/{row.evidence_id}")

        assert "Taken back" in words(page)
        assert "a.pdf" not in page.get_data(as_text=True)

    def test_bytes_that_another_file_holds_stay(self, session, learner, evidence, row, store):
        attach(learner, evidence, (PDF, "the same.pdf"))

        learner.post(address(row, "/take-back"))

        assert fetched(learner, kept(session)[1]).data == PDF

    def test_what_was_judged_stays_and_may_be_read(self, session, learner, evidence, row):
        a_judgement(session, evidence, "M4.4.1", recorded_at=row.added_at)
        session.commit()

        reply = learner.post(address(row, "/take-back"))

        assert reply.status_code == 409
        assert "A judgement was made on this file" in words(reply)
        assert fetched(learner, row).data == PDF
        page = words(learner.get(f"/evidence/{evidence.id}"))
        assert "Judged" in page
        assert "Take it back" not in page

    def test_a_decision_waits_while_a_file_came_that_the_assessor_has_not_seen(
        self, app, session, learner, registered, evidence, row
    ):
        judge = a_user(session, Role.ASSESSOR)
        an_allocation(session, registered, judge)
        session.commit()
        assessor = Browser(app).sign_in(judge)
        url = f"/learners/{registered.id}/criteria/M4.4.1"
        drawn = assessor.get(url).get_data(as_text=True)
        assert f'name="files" value="{row.id}"' in drawn
        sent = {"evidence": f"evidence:{evidence.id}", **DECISION}
        attach(learner, evidence, (TEXT, "later.txt"))

        refused = assessor.post(url, {**sent, "files": str(row.id)})

        assert refused.status_code == 422
        assert "A file came to this evidence meanwhile" in words(refused)
        assert DECISION["feedback"] in refused.get_data(as_text=True)
        newest = kept(session)[-1].id
        assert f'name="files" value="{newest}"' in refused.get_data(as_text=True)
        assert assessor.post(url, {**sent, "files": str(newest)}).status_code == 303

    def test_what_came_after_the_judgement_may_go(self, session, learner, evidence, row):
        a_judgement(session, evidence, "M4.4.1")  # long before the file was added
        session.commit()

        assert learner.post(address(row, "/take-back")).status_code == 303

    def test_twice_is_once(self, session, learner, row):
        learner.post(address(row, "/take-back"))

        assert learner.post(address(row, "/take-back")).status_code == 409
        assert len(session.scalars(select(FileWithdrawal)).all()) == 1

    def test_bytes_taken_away_meanwhile_are_put_back_before_a_row_names_them(
        self, app, session, learner, evidence, row, store, monkeypatch
    ):
        put, in_transaction = store.put, []

        def slow(source):
            in_transaction.append(g.get("writing", False))
            done = put(source)
            if (
                len(in_transaction) == 1
            ):  # between store and database, the same bytes are taken back
                learner.post(address(row, "/take-back"))
            return done

        monkeypatch.setattr(store, "put", slow)
        reply = attach(learner, evidence, (PDF, "again.pdf"), once="one")

        assert reply.status_code == 303
        assert fetched(learner, kept(session)[1]).data == PDF
        assert in_transaction == [False, False]

    def test_bytes_that_are_taken_away_again_and_again_are_asked_for_once_more(
        self, session, learner, evidence, row, store, monkeypatch
    ):
        put = store.put

        def lost(source):
            done = put(source)
            store.remove(done.sha256)
            return done

        monkeypatch.setattr(store, "put", lost)
        reply = attach(learner, evidence, (TEXT, "b.txt"))

        assert reply.status_code == 422
        assert "does not answer just now" in words(reply)
        assert len(kept(session)) == 1


class TestASilentBucket:
    @pytest.fixture
    def silent(self, app, monkeypatch):
        """A bucket that stops answering; files were kept elsewhere before."""
        with a_silent_bucket() as port:
            for name, value in settings(port).items():
                monkeypatch.setenv(name, value)
            yield lambda: Store("s3://evidence")

    def test_a_file_is_taken_back_all_the_same_and_nobody_waits_long(
        self, app, session, learner, evidence, silent
    ):
        attach(learner, evidence, (PDF, "a.pdf"))
        row = kept(session)[0]
        app.extensions["store"] = silent()
        began = monotonic()

        reply = learner.post(address(row, "/take-back"))

        assert reply.status_code == 303
        assert monotonic() - began < 8
        assert kept(session)[0].withdrawal is not None

    def test_a_file_is_refused_soon_after_its_bytes_were_put(
        self, app, session, learner, evidence, silent, monkeypatch
    ):
        away = silent()
        monkeypatch.setattr(away, "put", app.extensions["store"].put)
        app.extensions["store"] = away
        began = monotonic()

        reply = attach(learner, evidence, (PDF, "a.pdf"))

        assert monotonic() - began < 8
        assert reply.status_code == 422
        assert "does not answer just now" in words(reply)
        assert kept(session) == []


class TestNothingAcknowledgedIsLost:
    def test_bytes_are_on_disk_before_the_row_that_names_them(
        self, app, session, learner, evidence, store, monkeypatch
    ):
        seen = []
        put = store.put

        def watched(source):
            seen.append(list(kept(session)))
            return put(source)

        monkeypatch.setattr(store, "put", watched)
        attach(learner, evidence, (PDF, "a.pdf"))

        assert seen == [[]]
        assert len(kept(session)) == 1

    def test_a_fault_between_store_and_database_leaves_no_row_and_may_be_sent_again(
        self, app, session, learner, evidence, monkeypatch
    ):
        class Fault(Exception):
            pass

        def breaks(*_, **__):
            raise Fault

        with monkeypatch.context() as patch:
            patch.setattr(file_actions, "attach", breaks)
            with pytest.raises(Fault):
                attach(learner, evidence, (PDF, "a.pdf"), once="one")

        assert kept(session) == []
        assert session.scalar(select(SentForm)) is None
        assert attach(learner, evidence, (PDF, "a.pdf"), once="one").status_code == 303

    def test_rows_of_files_never_change(self, session, learner, evidence):
        attach(learner, evidence, (PDF, "a.pdf"))
        row = kept(session)[0]

        row.name = "b.pdf"

        with pytest.raises(DatabaseError, match="only grows"):
            session.commit()

    def test_pages_take_as_many_queries_with_ten_files_as_with_none(
        self, learner, evidence, queries
    ):
        path = f"/evidence/{evidence.id}"
        learner.get(path)
        queries.reset()
        learner.get(path)
        none = queries.number
        files = [(b"%d" % number, f"{number}.txt") for number in range(10)]
        assert attach(learner, evidence, *files).status_code == 303
        learner.get(path)
        queries.reset()
        assert "9.txt" in words(learner.get(path))

        assert queries.number == none <= 12
