"""Files of evidence: what is kept, what is refused and how, and what comes back then."""

import hashlib

import pytest
from sqlalchemy import select

from app import uploads
from app.audit import AuditEvent, first_fault
from app.portfolio import file_actions, received
from app.portfolio.models import Evidence
from app.store import Store, Unreachable
from tests.client import Browser, words
from tests.factories_portfolio import some_evidence
from tests.file_steps import DECLARED, address, attach, fetched, kept, new_evidence, sending
from tests.sample_files import PDF, TEXT, docx

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
