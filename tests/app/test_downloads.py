"""Taking the manual away: whoever may read it, as a file that is made once and kept."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.learning import download_routes, downloads
from tests.client import Browser, Queries, words
from tests.factories import a_user

pytestmark = pytest.mark.row("B19")
NAMES = ("/manual/towpath-manual.pdf", "/manual/towpath-manual.epub")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """A folder of our own, and small files instead of the book; says how often they were made."""
    times: list[int] = []

    def small(book: object, award: object) -> downloads.Files:
        times.append(1)
        return downloads._named(book, {"pdf": b"%PDF small", "epub": b"PK small"})  # type: ignore[arg-type]

    monkeypatch.setattr(downloads, "made", small)
    monkeypatch.setattr(downloads, "_folder", lambda: tmp_path / "kept")
    return times


@pytest.fixture
def reader(app: Flask, session: Session, made: list[int]) -> Browser:
    learner = a_user(session, Role.LEARNER)
    session.commit()
    return Browser(app).sign_in(learner)


class TestThePage:
    def test_says_what_each_file_is_and_which_version(self, reader: Browser) -> None:
        reader.get(NAMES[0])
        page = words(reader.get("/manual/download"))

        for said in ("PDF", "EPUB", "0.0 MB", "Edition 2026.1", "23 November 2026"):
            assert said in page
        assert reader.app.extensions["manual"].version in page

    def test_is_there_at_once_while_the_book_is_being_made(
        self, reader: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hold = threading.Event()
        small = downloads.made

        def slow(*given: object) -> downloads.Files:
            hold.wait(10)
            return small(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(downloads, "made", slow)
        monkeypatch.setattr(download_routes, "PATIENCE", 0.01)
        page = words(reader.get("/manual/download"))
        early = reader.get(NAMES[0])
        told = words(reader.get(early.headers["Location"]))
        hold.set()
        reader.app.extensions["shelf"].wait(10)

        assert "being made" in page
        assert (early.status_code, early.headers["Location"]) == (303, "/manual/download")
        assert "Look again in a moment" in told
        assert "being made" not in words(reader.get("/manual/download"))
        assert reader.get(NAMES[0]).data == b"%PDF small"

    def test_the_contents_lead_to_it(self, reader: Browser) -> None:
        assert 'href="/manual/download"' in reader.get("/manual/").text

    def test_asks_the_database_about_nobody(self, reader: Browser, queries: Queries) -> None:
        reader.get("/manual/download")
        queries.reset()
        reader.get("/manual/download")

        assert queries.number <= 4


class TestTheFiles:
    @pytest.mark.parametrize("path", NAMES)
    def test_come_under_a_name_with_edition_and_version(self, reader: Browser, path: str) -> None:
        reply = reader.get(path)
        kind = path.rpartition(".")[2]

        assert reply.status_code == 200
        assert reply.mimetype == downloads.MEDIA[kind]
        version = reader.app.extensions["manual"].version
        name = f'attachment; filename="towpath-manual-2026.1-{version}.{kind}"'
        assert reply.headers["Content-Disposition"] == name

    @pytest.mark.parametrize("path", NAMES)
    def test_are_not_sent_twice_to_who_has_them(self, reader: Browser, path: str) -> None:
        first = reader.get(path)
        again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert not first.headers["ETag"].startswith("W/")
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert (again.status_code, again.data) == (304, b"")

    def test_differ_in_their_tags(self, reader: Browser) -> None:
        assert reader.get(NAMES[0]).headers["ETag"] != reader.get(NAMES[1]).headers["ETag"]

    def test_a_download_that_broke_off_goes_on_where_it_stopped(self, reader: Browser) -> None:
        rest = reader.get(NAMES[0], headers={"Range": "bytes=5-"})

        assert (rest.status_code, rest.data) == (206, b"small")

    def test_are_for_whoever_may_read_the_manual_and_nobody_else(
        self, app: Flask, session: Session, made: list[int]
    ) -> None:
        person = a_user(session, Role.COMMISSIONER)
        session.commit()
        commissioner, stranger = Browser(app).sign_in(person), Browser(app)
        for path in (*NAMES, "/manual/download"):
            assert commissioner.get(path).status_code == 200
            assert stranger.get(path).status_code in {302, 303, 401}

    def test_there_is_no_other_kind(self, reader: Browser) -> None:
        assert reader.get("/manual/towpath-manual.exe").status_code == 404


class TestMadeOnce:
    def test_they_are_made_once_for_a_process(self, reader: Browser, made: list[int]) -> None:
        for path in NAMES * 3:
            assert reader.get(path).status_code == 200

        assert len(made) == 1

    def test_another_process_reads_them_back(
        self, app: Flask, reader: Browser, made: list[int]
    ) -> None:
        reader.get(NAMES[0])
        with app.app_context():
            other = downloads.Shelf(downloads.manual(), downloads.framework())

        assert other.ask() is not None
        assert len(made) == 1

    def test_those_of_another_version_go(self, app: Flask, reader: Browser, tmp_path: Path) -> None:
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "book-old.pdf").write_bytes(b"old")
        reader.get(NAMES[0])

        assert len(list((tmp_path / "kept").iterdir())) == 2

    def test_a_file_that_broke_off_is_not_there(self, reader: Browser, tmp_path: Path) -> None:
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "book-x.pdf.77").write_bytes(b"half")

        assert reader.get(NAMES[0]).data == b"%PDF small"

    def test_where_nobody_can_write_each_process_makes_its_own(
        self, reader: Browser, made: list[int], tmp_path: Path
    ) -> None:
        (tmp_path / "kept").write_text("a file where the folder would be")

        assert reader.get(NAMES[0]).data == b"%PDF small"
        assert reader.get(NAMES[1]).data == b"PK small"
        assert len(made) == 1

    def test_their_name_changes_with_what_they_are_made_from(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with app.app_context():
            given = (downloads.manual(), downloads.framework())
        first = downloads._stem(*given)
        monkeypatch.setattr(downloads, "DRAWN_WITH", ("reportlab", "flask"))

        assert downloads._stem(*given) != first


class TestTheCommand:
    def test_writes_both_files_and_leaves_them_ready_for_the_site(
        self, app: Flask, made: list[int], tmp_path: Path
    ) -> None:
        done = app.test_cli_runner().invoke(args=["manual", "build", str(tmp_path / "out")])

        assert done.exit_code == 0
        assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".pdf", ".epub"}
        assert "towpath-manual-2026.1" in done.output
        with app.app_context():
            assert downloads.Shelf(downloads.manual(), downloads.framework()).ask() is not None
        assert len(made) == 1

    def test_says_where_it_cannot_write(self, app: Flask, made: list[int], tmp_path: Path) -> None:
        (tmp_path / "out").write_text("a file")
        done = app.test_cli_runner().invoke(args=["manual", "build", str(tmp_path / "out" / "x")])

        assert done.exit_code == 1
        assert "cannot be written to" in done.output
