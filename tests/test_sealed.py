"""Sealed columns: unreadable without the key, one key for each purpose, keys that change."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from app import create_app, db, sealed
from app.kept import KeptVersion
from app.mail import Kind, OutboxMessage
from tests.conftest import SEAL, a_config
from tests.factories import LONG_AGO, a_user

WORDS = "the supervisor wrote this"


@pytest.fixture
def message(session):
    made = OutboxMessage(
        kind=Kind.NOTICE, recipient="a@example.org", subject="x", body=WORDS, written_at=LONG_AGO
    )
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def site_with(database_url, app):
    """Makes the site anew with other keys; the keys of the tests come back afterwards."""
    made = []

    def build(*keys):
        site = create_app(replace(a_config(database_url), SEALED_KEYS=keys))
        made.append(site)
        return site

    yield build
    for site in made:
        site.extensions["engine"].dispose()
    sealed.init_app(app)


def body_in_the_file(session):
    return bytes(session.connection().exec_driver_sql("select body from outbox_messages").scalar())


class TestSealing:
    def test_the_words_come_back_and_are_nowhere_in_the_database(self, session, message):
        session.expire_all()

        assert message.body == WORDS
        assert WORDS.encode() not in body_in_the_file(session)

    def test_nothing_is_sealed_as_nothing(self, session, message):
        message.body = None
        session.commit()

        assert session.scalar(sa.select(OutboxMessage.body)) is None

    def test_the_same_words_look_different_each_time(self, app):
        column = sealed.Sealed("test")

        assert column.process_bind_param("x", None) != column.process_bind_param("x", None)

    def test_a_key_of_one_purpose_opens_no_other(self, app):
        value = sealed.Sealed("wellbeing").process_bind_param(WORDS, None)

        with pytest.raises(sealed.SealBroken, match="'supervision'"):
            sealed.Sealed("supervision").process_result_value(value, None)

    def test_one_changed_letter_is_noticed(self, app, session, message):
        raw = bytearray(body_in_the_file(session))
        raw[40] ^= 1
        session.execute(sa.update(OutboxMessage.__table__).values(body=_as_bytes(bytes(raw))))
        session.commit()
        session.expire_all()

        with pytest.raises(sealed.SealBroken):
            _ = message.body

    def test_the_wrong_key_opens_nothing_and_no_words_are_in_the_error(
        self, site_with, database_url, message
    ):
        site = site_with(Fernet.generate_key().decode())

        with Session(site.extensions["engine"]) as work, pytest.raises(sealed.SealBroken) as error:
            work.scalar(sa.select(OutboxMessage.body))
        assert WORDS not in str(error.value)

    def test_every_column_of_the_sealed_class_is_sealed(self):
        found = {str(column) for column in sealed.sealed_columns(db.Base.metadata)}
        should = re.compile(r"wellbeing|influence|supervisor_note|private_reflection|shared_note")

        assert found
        for table in db.Base.metadata.sorted_tables:
            for column in table.columns:
                if should.fullmatch(column.name):
                    assert str(column) in found


def _let_it_point_nowhere(connection, table):
    # A row that stands alone is enough here; SQLite does not look at it on this connection.
    if connection.dialect.name == "postgresql":
        for key in table.foreign_key_constraints:
            connection.exec_driver_sql(f"alter table {table.name} drop constraint {key.name}")


def _as_bytes(value):
    return sa.literal(value, sa.LargeBinary)


class TestChangingTheKey:
    def fill(self, session):
        """Put a sealed value into every sealed column, those of append-only tables included."""
        from tests.test_database import _any_row

        plain = sa.create_engine(session.get_bind().url)
        with plain.connect() as connection:
            if plain.dialect.name == "postgresql":
                connection.exec_driver_sql("set session_replication_role = replica")
            for table in {c.table for c in sealed.sealed_columns(db.Base.metadata)}:
                _let_it_point_nowhere(connection, table)
                texts = {c.name: WORDS for c in table.columns if isinstance(c.type, sealed.Sealed)}
                connection.execute(sa.insert(table).values({**_any_row(table), **texts}))
            connection.commit()
        plain.dispose()

    def test_the_old_key_still_opens_and_is_needless_after_resealing(self, site_with, session):
        self.fill(session)
        columns = sealed.sealed_columns(db.Base.metadata)
        new = Fernet.generate_key().decode()

        done = site_with(new, SEAL).test_cli_runner().invoke(args=["reseal"])

        assert done.exception is None
        assert done.output == f"{len(columns)} values sealed with the newest key.\n"
        site = site_with(new)
        with site.extensions["engine"].connect() as connection:
            for column in columns:
                assert connection.scalar(sa.select(column)) == WORDS

    def test_tables_that_only_grow_are_guarded_again_afterwards(self, site_with, session):
        self.fill(session)
        site = site_with(Fernet.generate_key().decode(), SEAL)

        site.test_cli_runner().invoke(args=["reseal"])

        guarded = {c.table.name for c in sealed.sealed_columns(db.Base.metadata)}
        for name in guarded & db.append_only_tables():
            with (
                site.extensions["engine"].connect() as connection,
                pytest.raises(sa.exc.DBAPIError, match="grows"),
            ):
                connection.exec_driver_sql(f"delete from {name}")

    def test_without_the_old_key_it_is_refused_and_nothing_changes(self, site_with, session):
        self.fill(session)
        before = body_in_the_file(session)
        session.rollback()
        site = site_with(Fernet.generate_key().decode())

        done = site.test_cli_runner().invoke(args=["reseal"])

        assert done.exit_code == 1
        assert "Nothing was changed" in done.output
        assert body_in_the_file(session) == before

    def test_kept_versions_are_sealed_too(self, session):
        writer = a_user(session)
        session.add(
            KeptVersion(
                subject="x:1", field="y", words=WORDS, written_by_id=writer.id, kept_at=LONG_AGO
            )
        )
        session.commit()

        raw = session.connection().exec_driver_sql("select words from kept_versions").scalar()
        assert WORDS.encode() not in bytes(raw)
