"""The store of files: kept once, on disk, and never given back as something else."""

import hashlib
import io
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from app import store as stores
from app.store import Damaged, Missing, Store, Unreachable
from tests.buckets import Bucket, a_bucket, a_silent_bucket, settings

WORDS = b"What I would say first, and why."
NAME = hashlib.sha256(WORDS).hexdigest()
PLACE = f"{NAME[:2]}/{NAME}"


def put(store, content=WORDS):
    return store.put(io.BytesIO(content))


def read(store, digest=NAME):
    with store.open(digest) as content:
        return content.read()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "the evidence"


@pytest.fixture
def bucket(monkeypatch):
    with a_bucket() as server:
        for name, value in settings(server.server_port).items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request, folder):
    if request.param == "s3":
        request.getfixturevalue("bucket")
        return Store("s3://evidence/towpath/files")
    return Store(stores.MEMORY if request.param == "memory" else folder.as_uri())


class TestAnyStore:
    def test_what_was_put_is_read_back_under_its_digest(self, store):
        kept = put(store)

        assert (kept.sha256, kept.size) == (NAME, len(WORDS))
        assert read(store) == WORDS
        assert store.has(NAME)

    def test_the_same_bytes_are_kept_once(self, store):
        put(store)
        put(store)
        put(store, b"Others.")

        assert sorted(store.every()) == sorted({NAME, hashlib.sha256(b"Others.").hexdigest()})

    def test_a_file_of_many_parts_comes_back_whole(self, store):
        content = os.urandom(3_500_000)

        assert read(store, put(store, content).sha256) == content

    def test_what_is_not_there_is_missing(self, store):
        assert not store.has(NAME)
        with pytest.raises(Missing):
            store.open(NAME)

    def test_what_is_removed_is_gone_and_may_be_removed_again(self, store):
        put(store)

        store.remove(NAME)
        store.remove(NAME)

        assert not store.has(NAME)
        assert list(store.every()) == []

    def test_what_is_there_is_confirmed_and_what_is_not_is_named(self, store):
        other = hashlib.sha256(b"Others.").hexdigest()
        put(store)

        store.confirm([NAME])
        with pytest.raises(Missing, match=other):
            store.confirm([NAME, other])

    def test_what_is_removed_in_a_hurry_is_gone(self, store):
        put(store)

        store.remove(NAME, in_a_hurry=True)
        store.remove(NAME, in_a_hurry=True)

        assert not store.has(NAME)

    def test_what_was_begun_and_never_finished_is_looked_for_everywhere(self, store):
        put(store)

        assert store.remove_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 0
        assert read(store) == WORDS

    def test_a_name_that_is_no_digest_reaches_nothing(self, store):
        for name in ("../../etc/passwd", "", NAME.upper(), NAME + "\n"):
            with pytest.raises(ValueError, match="64 figures"):
                store.open(name)


class TestAFolder:
    def test_other_bytes_under_a_digest_are_never_given_out(self, folder):
        store = Store(folder.as_uri())
        put(store)
        (folder / PLACE).write_bytes(WORDS[:-1])

        with pytest.raises(Damaged):
            store.open(NAME)

    def test_sending_the_right_bytes_again_mends_it(self, folder):
        store = Store(folder.as_uri())
        put(store)
        (folder / PLACE).write_bytes(b"")

        put(store)

        assert read(store) == WORDS

    def test_file_and_folders_are_on_disk_when_it_returns(self, folder, monkeypatch):
        settled, fsync = [], os.fsync

        def note(descriptor):
            settled.append(os.readlink(f"/proc/self/fd/{descriptor}"))
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", note)

        put(Store(folder.as_uri()))

        file = folder / PLACE
        assert settled == [str(one) for one in (folder.parent, file, file.parent, folder)]

    def test_bytes_that_were_there_already_are_settled_too(self, folder, monkeypatch):
        put(Store(folder.as_uri()))
        settled = []
        monkeypatch.setattr(os, "fsync", settled.append)

        put(Store(folder.as_uri()))

        assert len(settled) == 3

    def test_nobody_else_on_the_machine_can_look_into_it(self, folder):
        put(Store(folder.as_uri()))

        assert folder.stat().st_mode & 0o777 == 0o700

    def test_a_folder_that_cannot_be_made_is_said_to_be_out_of_reach(self, tmp_path):
        (tmp_path / "file").write_text("no folder")

        with pytest.raises(Unreachable):
            put(Store((tmp_path / "file" / "evidence").as_uri()))


class TestABucket:
    def test_keys_come_from_the_environment_and_the_prefix_from_the_address(self, bucket):
        put(Store("s3://evidence/towpath/files"))

        assert list(bucket.objects) == [f"towpath/files/{PLACE}"]
        assert "Credential=a-key/" in bucket.signed
        assert "eu-west-2" in bucket.signed

    def test_damage_is_noticed_and_mended(self, bucket):
        store = Store("s3://evidence")
        put(store)
        bucket.objects[PLACE] = b"something else"

        with pytest.raises(Damaged):
            store.open(NAME)
        put(store)
        assert read(store) == WORDS

    def test_one_that_does_not_answer_is_said_to_be_out_of_reach(self, bucket, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")

        for act in (put, read, lambda store: store.has(NAME), lambda store: store.remove(NAME)):
            with pytest.raises(Unreachable):
                act(Store("s3://evidence"))

    @pytest.mark.parametrize(
        "act",
        [
            lambda store: store.confirm([NAME] * 10),
            lambda store: store.remove(NAME, in_a_hurry=True),
        ],
    )
    def test_one_that_is_silent_holds_up_a_transaction_for_seconds_only(self, monkeypatch, act):
        with a_silent_bucket() as port:
            for name, value in settings(port).items():
                monkeypatch.setenv(name, value)
            began = time.monotonic()

            with pytest.raises(Unreachable):
                act(Store("s3://evidence"))

        assert time.monotonic() - began < 5

    def test_one_that_is_slow_does_so_neither_however_many_files_there_are(
        self, bucket, monkeypatch
    ):
        answer = Bucket._answer

        def slow(self, *given):
            time.sleep(1)
            answer(self, *given)

        bucket.objects[PLACE] = WORDS
        monkeypatch.setattr(Bucket, "_answer", slow)
        began = time.monotonic()

        with pytest.raises(Unreachable):
            Store("s3://evidence").confirm([NAME] * 10)

        assert time.monotonic() - began < 5


class TestWhereItIs:
    @pytest.mark.parametrize(
        ("database", "there"),
        [
            ("sqlite:////srv/tow path/towpath.db", "file:///srv/tow%20path/evidence"),
            ("sqlite://", stores.MEMORY),
            ("postgresql://me@db.example.org/towpath", None),
        ],
    )
    def test_beside_an_sqlite_database_unless_told_otherwise(self, database, there):
        assert stores.beside(database) == there

    def test_a_folder_whose_name_holds_a_space_is_that_folder(self, folder):
        put(Store(folder.as_uri()))

        assert (folder / PLACE).read_bytes() == WORDS

    def test_the_site_starts_without_it(self):
        code = "import sys, app; print([n for n in ('obstore', 'filetype') if n in sys.modules])"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )

        assert done.stdout == "[]\n"
