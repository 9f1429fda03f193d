"""Files of evidence: what is kept, what is refused and how, who opens them, taking them back."""

import hashlib
import io

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from app import uploads
from app.accounts.roles import Role
from app.audit import AuditEvent, first_fault
from app.forms import SentForm
from app.portfolio import file_actions, received
from app.portfolio.models import Evidence, EvidenceFile, FileWithdrawal
from app.store import Store, Unreachable
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import a_judgement, a_registration, some_evidence
from tests.sample_files import PDF, TEXT, docx

DECLARED = {"files_own": "y", "files_nobody": "y"}
AGAIN = "No file was kept: a browser gives none back, so choose them again."


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


def sending(*files, **form):
    """Return a form with files, (content, name) each."""
    return {**DECLARED, **form, "files": [(io.BytesIO(content), name) for content, name in files]}


def attach(browser, evidence, *files, **form):
    return browser.post(f"/evidence/{evidence.id}/files/add", sending(*files, **form))


def kept(session):
    session.expire_all()
    return list(session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)))


def fetched(browser, row):
    return browser.get(address(row), buffered=True)


def address(row, act=""):
    return f"/evidence/{row.evidence_id}/files/{row.id}{act}"


class TestAttaching:
    def test_a_file_is_listed_with_its_size_day_and_state_and_comes_back_as_it_was(
        self, session, learner, evidence, store
    ):
        reply = attach(learner, evidence, (PDF, "My reflection.pdf"), (docx(), "Notes.docx"))

        assert reply.status_code == 303
        row, other = kept(session)
        assert (row.name, row.kind, row.size) == ("My reflection.pdf", "pdf", len(PDF))
        assert row.sha256 == hashlib.sha256(PDF).hexdigest()
        assert other.name == "Notes.docx"
        assert sorted(store.every()) == sorted({row.sha256, other.sha256})
        page = words(learner.get(f"/evidence/{evidence.id}"))
        assert "My reflection.pdf" in page
        assert "PDF, 1 kB" in page
        assert "Not judged yet" in page
        assert fetched(learner, row).data == PDF

    @pytest.mark.row("F32")
    def test_whose_work_it_is_and_that_nobody_is_recognised_is_declared_and_dated(
        self, session, learner, evidence
    ):
        reply = attach(learner, evidence, (PDF, "a.pdf"), files_own="", files_nobody="")

        assert reply.status_code == 422
        assert "Declare whose work it is" in words(reply)
        assert "Declare that nobody can be recognised" in words(reply)
        assert kept(session) == []

        attach(learner, evidence, (PDF, "a.pdf"), whose="my supervisor")

        (row,) = kept(session)
        assert row.declared_at == row.added_at
        assert row.whose == "my supervisor"
        assert "Work of: my supervisor" in words(learner.get(f"/evidence/{evidence.id}"))

    def test_it_is_on_the_audit_without_its_name(self, session, registered, learner, evidence):
        attach(learner, evidence, (PDF, "Something telling.pdf"))

        event = session.scalar(select(AuditEvent).where(AuditEvent.action == "evidence-file.added"))
        assert event.actor_id == event.about_id == registered.person_id
        assert event.subject == f"evidence_files:{kept(session)[0].id}"
        assert "telling" not in event.detail
        assert first_fault(session) is None

    def test_new_evidence_may_bring_its_files_along(self, session, registered, learner):
        form = new_evidence()

        reply = learner.post("/portfolio/evidence/add", sending((TEXT, "notes.txt"), **form))

        assert reply.status_code == 303
        (row,) = kept(session)
        assert row.evidence.title == form["title"]
        assert row.evidence.declared_at == row.evidence.added_at == row.added_at

    def test_new_evidence_needs_no_file_and_then_no_word_about_one(self, session, learner):
        reply = learner.post("/portfolio/evidence/add", new_evidence())

        assert reply.status_code == 303
        assert kept(session) == []

    def test_the_same_bytes_are_stored_once_and_named_twice(
        self, session, learner, evidence, store
    ):
        attach(learner, evidence, (PDF, "one.pdf"))
        attach(learner, evidence, (PDF, "two.pdf"))

        assert [row.name for row in kept(session)] == ["one.pdf", "two.pdf"]
        assert len(list(store.every())) == 1

    def test_a_form_that_is_sent_twice_attaches_once(self, session, learner, evidence):
        for _ in range(2):
            attach(learner, evidence, (PDF, "a.pdf"), once="the-same")

        assert len(kept(session)) == 1

    def test_a_form_without_a_file_says_so(self, learner, evidence):
        reply = learner.post(f"/evidence/{evidence.id}/files/add", DECLARED)

        assert reply.status_code == 422
        assert "Choose at least one file" in words(reply)

    def test_before_any_file_the_page_says_what_could_stand_there(self, learner, evidence):
        page = words(learner.get(f"/evidence/{evidence.id}"))

        assert "No files." in page
        assert "Attach files" in page

    def test_the_form_is_honest_about_what_stays_inside(self, learner, evidence):
        page = words(learner.get(f"/evidence/{evidence.id}/files/add"))

        assert "names and places inside them stay, the author’s among them" in page
        assert "Nothing is checked for viruses" in page

    def test_what_the_site_filed_itself_takes_no_files(self, session, registered, learner):
        row = some_evidence(session, registered, "M4.4.1", source="bookings:1")
        session.commit()

        reply = attach(learner, row, (PDF, "a.pdf"))

        assert reply.status_code == 422
        assert "The site filed this by itself" in words(reply)
        assert "Attach files" not in words(learner.get(f"/evidence/{row.id}"))


def new_evidence(**given):
    return {
        "method": "WR",
        "title": "My account",
        "words": "I would wait, and say nothing for a while.",
        "shown_on-day": "5",
        "shown_on-month": "10",
        "shown_on-year": "2026",
        "criteria": "M4.4.1",
        "own": "y",
        **given,
    }


class TestRefusals:
    def refused(self, session, reply, message):
        assert reply.status_code == 422
        assert message in words(reply)
        assert AGAIN in words(reply)
        assert 'aria-describedby="files-hint files-error"' in reply.get_data(as_text=True)
        assert kept(session) == []

    def test_every_word_comes_back_and_the_file_has_to_be_chosen_again(self, session, learner):
        form = new_evidence(whose="my supervisor")

        reply = learner.post("/portfolio/evidence/add", sending((b"", "empty.pdf"), **form))

        self.refused(session, reply, "‘empty.pdf’ is empty")
        page = reply.get_data(as_text=True)
        for text in (form["title"], form["words"], "my supervisor"):
            assert text in page
        assert session.scalar(select(Evidence)) is None

    def test_a_good_file_is_not_kept_either_while_another_answer_is_wrong(self, session, learner):
        reply = learner.post(
            "/portfolio/evidence/add", sending((PDF, "a.pdf"), **new_evidence(title=""))
        )

        self.refused(session, reply, "Give it a title")

    def test_a_file_that_is_too_large(self, session, learner, evidence, monkeypatch):
        monkeypatch.setattr(uploads, "LARGEST", 100_000)
        monkeypatch.setattr(received, "LARGEST", 100_000)

        reply = attach(learner, evidence, (PDF + b" " * 100_000, "big.pdf"), whose="mine")

        self.refused(session, reply, "‘big.pdf’ is larger than")
        assert 'value="mine"' in reply.get_data(as_text=True)

    def test_no_more_of_a_file_is_written_down_than_shows_that_it_is_too_large(self, monkeypatch):
        monkeypatch.setattr(uploads, "LARGEST", 10)
        with uploads.CutOff() as file:
            for _ in range(5):
                assert file.write(b"123456789") == 9
            assert file.tell() == 11

    def test_more_files_than_one_piece_holds(self, session, learner, evidence):
        for number in range(9):
            attach(learner, evidence, (b"%d" % number, f"{number}.txt"))

        reply = attach(learner, evidence, (PDF, "a.pdf"), (TEXT, "b.txt"))

        assert "There is room for 1 more" in words(reply)
        assert len(kept(session)) == 9
        assert attach(learner, evidence, (PDF, "a.pdf")).status_code == 303

    def test_eleven_at_once(self, session, learner, evidence):
        files = [(b"%d" % number, f"{number}.txt") for number in range(11)]

        self.refused(session, attach(learner, evidence, *files), "There is room for 10 more")

    def test_more_than_a_learner_may_keep_in_all(
        self, session, registered, learner, evidence, monkeypatch
    ):
        attach(learner, evidence, (b"x" * 90_000, "x.txt"))
        monkeypatch.setattr(file_actions, "QUOTA", 100_000)
        other = some_evidence(session, registered, "M4.4.1")
        session.commit()

        reply = attach(learner, other, (b"y" * 20_000, "y.txt"))

        assert reply.status_code == 422
        assert "They hold 90 kB, and these would add 20 kB" in words(reply)
        row = kept(session)[0]
        learner.post(address(row, "/take-back"))
        assert attach(learner, other, (b"y" * 20_000, "y.txt")).status_code == 303

    def test_a_name_that_may_identify_somebody_stands_only_with_a_reason(
        self, session, learner, evidence
    ):
        reply = attach(learner, evidence, (PDF, "visit_with_Khalid_Ahmed.pdf"))

        self.refused(session, reply, "may identify somebody")
        assert "Why may the name stand as it is?" in words(reply)

        attach(learner, evidence, (PDF, "visit with Khalid Ahmed.pdf"), name_reason="The author")

        assert kept(session)[0].name_reason == "The author"

    @pytest.mark.parametrize("name", ["SW1A 1AA.pdf", "07700 900123.pdf", "born_4.5.1999.txt"])
    def test_a_name_with_a_postcode_number_or_birthday_is_asked_about(
        self, session, learner, evidence, name
    ):
        self.refused(session, attach(learner, evidence, (PDF, name)), "may identify somebody")

    def test_whose_work_it_is_is_asked_about_too(self, session, learner, evidence):
        reply = attach(learner, evidence, (PDF, "a.pdf"), whose="my cousin Khalid Ahmed")

        self.refused(session, reply, "Whose work it is may identify somebody")

    def test_a_store_that_does_not_answer(self, session, learner, evidence, store, monkeypatch):
        def silent(*_):
            raise Unreachable("x")

        monkeypatch.setattr(store, "put", silent)

        reply = attach(learner, evidence, (PDF, "a.pdf"))

        self.refused(session, reply, "does not answer just now")


class TestHowMuchIsRead:
    def test_other_forms_stay_at_a_megabyte(self, learner):
        assert learner.post("/account", {"working_name": "x" * 1_100_000}).status_code == 413

    def test_only_a_browser_in_which_somebody_signed_in_sends_more(self, app, learner, evidence):
        app.config["MAX_CONTENT_LENGTH"] = 100_000
        large = (PDF + b" " * 200_000, "a.pdf")

        assert attach(Browser(app), evidence, large).status_code == 413
        assert "is a PDF that was cut off" in words(attach(learner, evidence, large))

    def test_far_too_much_is_refused_before_it_is_read(self, learner, evidence, monkeypatch):
        monkeypatch.setattr(uploads, "MOST_AT_ONCE", 100_000)

        reply = attach(learner, evidence, (b" " * 200_000, "a.txt"))

        assert reply.status_code == 413
        assert "Nothing was changed" in words(reply)

    def test_words_that_met_a_closed_door_come_back_and_say_that_files_do_not(
        self, app, session, registered
    ):
        stranger = Browser(app)
        with stranger.client.session_transaction() as cookie:
            cookie["sign_in"] = "long over"

        reply = stranger.post("/portfolio/evidence/add", sending((PDF, "a.pdf"), **new_evidence()))
        page = reply.get_data(as_text=True)
        again = Browser(app).sign_in(registered.person)
        resent = again.post("/portfolio/evidence/add", {**new_evidence(), "files_lost": "1"})

        assert "I would wait, and say nothing" in page
        assert 'name="files_lost"' in page
        assert resent.status_code == 422
        assert "Your files did not come along. Choose them again" in words(resent)
        assert 'name="files_lost"' not in resent.get_data(as_text=True)


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
        put = store.put

        def slow(source):
            done = put(source)
            if store.put is slow:  # between store and database, somebody takes the same bytes back
                monkeypatch.setattr(store, "put", put)
                learner.post(address(row, "/take-back"))
            return done

        monkeypatch.setattr(store, "put", slow)
        attach(learner, evidence, (PDF, "again.pdf"))

        assert fetched(learner, kept(session)[1]).data == PDF


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
