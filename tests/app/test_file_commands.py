"""Commands on files: checked, cleared, carried by backups, gone with the demonstration."""

import io
import json
import os
import tarfile
import time

import pytest
from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import cli, create_app
from app.portfolio import file_actions, file_queries
from app.portfolio.models import EvidenceFile
from app.store import Store
from tests.conftest import a_config
from tests.database_server import program
from tests.factories import LONG_AGO
from tests.factories_portfolio import some_evidence
from tests.sample_files import PDF, TEXT


@pytest.fixture
def store(app, tmp_path):
    """A folder, whatever database the run is on: it can be damaged."""
    app.extensions["store"] = Store((tmp_path / "evidence").as_uri())
    return app.extensions["store"]


@pytest.fixture
def run(app, store):
    return lambda *words: app.test_cli_runner().invoke(args=words)


@pytest.fixture
def rows(session, registered, store):
    """Two files of one learner."""
    evidence = some_evidence(session, registered, "M4.4.1")
    made = [
        file_actions.attach_one(
            session, store, evidence, io.BytesIO(content), name, now=LONG_AGO,
            by_id=registered.person_id,
        )
        for content, name in ((PDF, "a.pdf"), (TEXT, "b.txt"))
    ]  # fmt: skip
    session.commit()
    return made


def place(store, row):
    return store.folder / row.sha256[:2] / row.sha256


def take_back(session, row):
    file_actions.take_back(session, row, now=LONG_AGO, by_id=row.added_by_id)
    session.commit()


class TestVerify:
    def test_every_named_file_is_read_back(self, run, rows):
        done = run("evidence", "verify")

        assert done.output == "2 files, each as sent.\n"
        assert done.exit_code == 0

    def test_each_that_is_damaged_or_missing_is_named_and_no_more_than_that(self, run, rows, store):
        place(store, rows[0]).write_bytes(b"other")
        place(store, rows[1]).unlink()

        done = run("evidence", "verify")

        assert done.exit_code == 1
        assert f"file {rows[0].id} of evidence {rows[0].evidence_id}: damaged" in done.output
        assert f"file {rows[1].id} of evidence {rows[1].evidence_id}: missing" in done.output
        assert "2 of 2 files" in done.output
        assert "a.pdf" not in done.output

    def test_what_was_taken_back_is_not_looked_for(self, run, rows, session, store):
        take_back(session, rows[0])
        store.remove(rows[0].sha256)

        assert run("evidence", "verify").output == "1 file, each as sent.\n"

    def test_a_store_that_does_not_answer_is_not_taken_for_an_empty_one(
        self, app, run, rows, tmp_path
    ):
        (tmp_path / "file").write_text("no folder")
        app.extensions["store"] = Store((tmp_path / "file" / "evidence").as_uri())

        for command in ("verify", "clear"):
            done = run("evidence", command)
            assert done.exit_code == 1
            assert "The store does not answer (EVIDENCE_URL)" in done.output


class TestClear:
    def test_what_nothing_names_goes_and_the_rest_stays(self, run, rows, session, store):
        store.put(io.BytesIO(b"an upload that broke off"))
        take_back(session, rows[1])

        done = run("evidence", "clear")

        assert done.output == "2 removed.\n"
        assert list(store.every()) == [rows[0].sha256]

    def test_the_store_is_listed_before_anybody_has_to_wait(self, run, rows, store, monkeypatch):
        every, in_transaction = store.every, []

        def watched():
            in_transaction.append(g.get("writing", False))
            return every()

        monkeypatch.setattr(store, "every", watched)

        assert run("evidence", "clear").output == "0 removed.\n"
        assert in_transaction == [False]

    def test_what_was_named_after_the_store_was_listed_stays(self, run, rows, store, monkeypatch):
        monkeypatch.setattr(file_queries, "named", lambda work: [])

        assert run("evidence", "clear").output == "0 removed.\n"
        assert len(list(store.every())) == 2

    def test_uploads_that_broke_off_while_they_were_written_go_once_they_are_old(
        self, run, rows, store
    ):
        folder = place(store, rows[0]).parent
        begun = [folder / f"{rows[0].sha256}#{number}" for number in (1, 2)]
        other = folder / "notes#1"
        for file in (*begun, other):
            file.write_bytes(b"half of it")
        for file in (begun[0], other):
            os.utime(file, (time.time() - 3700,) * 2)

        done = run("evidence", "clear")

        assert done.output == "1 removed.\n"
        assert [file.exists() for file in (*begun, other)] == [False, True, True]
        assert len(list(store.every())) == 2


class TestBackup:
    @pytest.fixture
    def elsewhere(self, databases, tmp_path, monkeypatch):
        """A site with nothing in it yet, over a database and a store of its own."""
        beside = program("initdb")
        if beside:  # the server's own pg_dump, whichever else there is
            monkeypatch.setenv("PATH", f"{beside.parent}{os.pathsep}{os.environ['PATH']}")
        with databases.fresh() as url:
            site = create_app(a_config(url, EVIDENCE_URL=(tmp_path / "elsewhere").as_uri()))
            yield site
            site.extensions["engine"].dispose()

    def restore(self, site, file):
        return site.test_cli_runner().invoke(args=["backup", "restore", str(file)])

    def test_files_come_back_with_the_database(self, run, rows, elsewhere, tmp_path):
        file = tmp_path / "copy"

        made = run("backup", "create", str(file))
        done = self.restore(elsewhere, file)

        assert "2 files of evidence in it." in made.output
        assert done.exit_code == 0, done.output
        assert file.stat().st_mode & 0o777 == 0o600
        store = elsewhere.extensions["store"]
        with Session(elsewhere.extensions["engine"]) as work:
            for row, content in zip(
                work.scalars(select(EvidenceFile).order_by(EvidenceFile.id)),
                (PDF, TEXT),
                strict=True,
            ):
                with store.open(row.sha256) as found:
                    assert found.read() == content
        checked = elsewhere.test_cli_runner().invoke(args=["evidence", "verify"])
        assert checked.output == "2 files, each as sent.\n"

    def test_what_was_taken_back_is_not_in_it(self, run, rows, session, elsewhere, tmp_path):
        take_back(session, rows[0])

        run("backup", "create", str(tmp_path / "copy"))

        with tarfile.open(tmp_path / "copy") as tar:
            assert tar.getnames() == ["database", f"files/{rows[1].sha256}", "list.json"]

    def test_a_lost_file_is_said_and_the_rest_is_copied_all_the_same(
        self, run, rows, store, elsewhere, tmp_path
    ):
        place(store, rows[0]).unlink()

        made = run("backup", "create", str(tmp_path / "copy"))
        done = self.restore(elsewhere, tmp_path / "copy")

        assert made.exit_code == done.exit_code == 1
        assert "1 file of evidence missing or damaged" in made.output
        assert "1 file of evidence missing or damaged" in done.output
        assert "The audit's chain is whole." in done.output
        assert list(elsewhere.extensions["store"].every()) == [rows[1].sha256]

    def test_a_file_that_was_damaged_in_the_copy_is_noticed(self, run, rows, elsewhere, tmp_path):
        run("backup", "create", str(tmp_path / "copy"))
        content = (tmp_path / "copy").read_bytes()
        (tmp_path / "copy").write_bytes(content.replace(TEXT, TEXT[::-1]))

        done = self.restore(elsewhere, tmp_path / "copy")

        assert done.exit_code == 1
        assert "1 file of evidence missing or damaged" in done.output

    def test_half_a_copy_is_refused(self, run, rows, elsewhere, tmp_path):
        run("backup", "create", str(tmp_path / "copy"))
        content = (tmp_path / "copy").read_bytes()
        (tmp_path / "copy").write_bytes(content[: len(content) // 2])

        done = self.restore(elsewhere, tmp_path / "copy")

        assert done.exit_code == 1
        assert "is not a whole copy" in done.output

    def test_a_copy_of_the_database_alone_is_still_put_back(self, run, rows, elsewhere, tmp_path):
        run("backup", "create", str(tmp_path / "copy"))
        with tarfile.open(tmp_path / "copy") as tar:  # as copies were before there were files
            (tmp_path / "old").write_bytes(tar.extractfile("database").read())

        done = self.restore(elsewhere, tmp_path / "old")

        assert done.output.startswith("Restored. The audit's chain is whole.\n")
        assert "2 files of evidence missing" in done.output  # there were none in those days

    def test_files_in_a_bucket_are_listed_and_left_there(
        self, run, rows, store, monkeypatch, elsewhere, tmp_path
    ):
        monkeypatch.setattr(Store, "is_ours", False)

        made = run("backup", "create", str(tmp_path / "copy"))
        done = self.restore(elsewhere, tmp_path / "copy")

        assert "2 files of evidence in the bucket" in made.output
        with tarfile.open(tmp_path / "copy") as tar:
            assert tar.getnames() == ["database", "list.json"]
            said = json.load(tar.extractfile("list.json"))
        assert set(said["files"]) == {row.sha256 for row in rows}
        assert "2 files of evidence missing" in done.output  # another store: they are not there

    def test_a_copy_that_cannot_be_finished_leaves_nothing_that_looks_like_one(
        self, run, rows, elsewhere, tmp_path, monkeypatch
    ):
        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("tarfile.TarFile.addfile", full)

        done = run("backup", "create", str(tmp_path / "copy"))

        assert done.exit_code == 1
        assert "No space left on device" in done.output
        assert not (tmp_path / "copy").exists()

    @pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
    def test_one_that_is_broken_off_leaves_nothing_at_all(
        self, run, rows, store, tmp_path, monkeypatch, fault
    ):
        seen = []

        def broken(digest):
            seen.append((tmp_path / "copies" / "copy").exists())
            raise fault

        (tmp_path / "copies").mkdir()
        monkeypatch.setattr(store, "open", broken)

        assert run("backup", "create", str(tmp_path / "copies" / "copy")).exit_code == 1
        assert list((tmp_path / "copies").iterdir()) == []
        assert seen == [False]  # not even while it was made

    def test_one_is_made_before_an_upgrade_from_the_time_without_files(
        self, run, session, elsewhere, tmp_path
    ):
        session.commit()  # or PostgreSQL would not let the tables go
        run("db", "downgrade", "0009")

        made = run("backup", "create", str(tmp_path / "copy"))
        done = self.restore(elsewhere, tmp_path / "copy")

        assert made.exit_code == 0, made.output
        assert done.output == "Restored. The audit's chain is whole.\n"

    def test_what_is_taken_back_before_its_turn_is_not_called_lost(
        self, run, rows, session, store, tmp_path, monkeypatch
    ):
        first, read = rows[0].sha256, store.open

        def slow(digest):
            if digest == first:
                take_back(session, rows[0])
                store.remove(first)
            return read(digest)

        monkeypatch.setattr(store, "open", slow)

        made = run("backup", "create", str(tmp_path / "copy"))

        assert made.exit_code == 0, made.output
        assert "1 file of evidence in it." in made.output
        with tarfile.open(tmp_path / "copy") as tar:
            said = json.load(tar.extractfile("list.json"))
        assert (list(said["files"]), said["lost"]) == ([rows[1].sha256], [])

    def test_what_was_taken_back_after_the_database_was_copied_is_told_when_it_is_put_back(
        self, run, rows, session, store, elsewhere, tmp_path, monkeypatch
    ):
        asked, (number, of) = cli._named, (rows[0].id, rows[0].evidence_id)

        def late():
            take_back(session, rows[0])
            store.remove(rows[0].sha256)
            return asked()

        monkeypatch.setattr(cli, "_named", late)

        made = run("backup", "create", str(tmp_path / "copy"))
        done = self.restore(elsewhere, tmp_path / "copy")

        assert made.exit_code == 0, made.output
        assert done.exit_code == 1
        assert f"file {number} of evidence {of}: missing" in done.output
        assert "1 file of evidence missing" in done.output

    def test_a_store_that_is_away_is_not_taken_for_one_that_lost_everything(
        self, app, run, rows, tmp_path
    ):
        (tmp_path / "file").write_text("no folder")
        app.extensions["store"] = Store((tmp_path / "file" / "evidence").as_uri())

        made = run("backup", "create", str(tmp_path / "copy"))

        assert made.exit_code == 1
        assert "The store does not answer (EVIDENCE_URL). Nothing was written" in made.output
        assert not (tmp_path / "copy").exists()


class TestTheDemonstration:
    def test_removing_it_works_before_an_upgrade_from_the_time_without_files(self, run, session):
        session.commit()  # or PostgreSQL would not let the tables go
        run("db", "downgrade", "0009")

        done = run("demo", "remove")

        assert done.exit_code == 0, done.output

    def test_some_of_its_people_have_files_and_removing_it_removes_them(self, run, session, store):
        assert run("demo", "load").exit_code == 0
        rows = session.scalars(select(EvidenceFile)).all()
        kinds = {row.kind for row in rows if row.withdrawal is None}
        assert kinds == {"pdf", "png"}
        session.commit()  # or PostgreSQL would not let the tables go
        assert run("evidence", "verify").exit_code == 0

        assert run("demo", "remove").exit_code == 0

        assert [one for one in store.folder.rglob("*") if one.is_file()] == []
