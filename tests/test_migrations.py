"""The database's history: the scripts make what the models say, and go both ways."""

import shutil

import sqlalchemy as sa

from app import db, migrations
from tests.conftest import ABOUT_SQLITE
from tests.factories import LONG_AGO

OLD_MESSAGE = {
    "recipient": "a@example.org",
    "body": b"x",
    "written_at": LONG_AGO,
    "tries": 0,
    "trouble": "",
}


def tables(engine):
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def triggers(engine):
    asked = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select tgname from pg_trigger where not tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(asked[engine.dialect.name]).scalars())


class TestTheScripts:
    def test_upgraded_from_nothing_the_database_is_what_the_models_say(self, app):
        engine = app.extensions["engine"]

        migrations.differences(engine)  # raises when there is one

        assert tables(engine) == set(db.Base.metadata.tables)

    def test_every_table_that_only_grows_is_guarded(self, app):
        wanted = {f"{t}_no_{act}" for t in db.append_only_tables() for act in ("update", "delete")}

        assert triggers(app.extensions["engine"]) == wanted

    def test_they_go_back_to_nothing_and_up_again(self, app):
        engine = app.extensions["engine"]

        migrations.downgrade(engine)

        assert tables(engine) == set()
        assert triggers(engine) == set()
        migrations.upgrade(engine)
        migrations.differences(engine)
        assert tables(engine) == set(db.Base.metadata.tables)

    def test_upgrading_twice_changes_nothing(self, app):
        engine = app.extensions["engine"]

        migrations.upgrade(engine)

        assert tables(engine) == set(db.Base.metadata.tables)

    @ABOUT_SQLITE
    def test_foreign_keys_are_minded_again_afterwards(self, app):
        engine = app.extensions["engine"]

        migrations.upgrade(engine)

        with engine.connect() as connection:
            assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1

    def test_messages_from_before_get_their_kind_and_no_old_reset_link_stays(self, app):
        engine = app.extensions["engine"]
        migrations.downgrade(engine, "0008")
        old = sa.table("outbox_messages", *(sa.column(name) for name in (*OLD_MESSAGE, "subject")))
        with engine.begin() as connection:
            for subject in ("Your invitation to Towpath", "A new password for Towpath", "Else"):
                connection.execute(sa.insert(old).values(**OLD_MESSAGE, subject=subject))

        migrations.upgrade(engine)

        now = sa.text("select kind, about, body is null from outbox_messages order by id")
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(now)]
        assert rows == [("invitation", "", 0), ("new-password", "", 1), ("notice", "", 0)]

    def test_a_new_one_is_written_from_what_changed(self, app, monkeypatch, tmp_path):
        copy = tmp_path / "migrations"
        shutil.copytree(migrations.HERE, copy)
        monkeypatch.setattr(migrations, "HERE", copy)
        with app.extensions["engine"].begin() as connection:
            connection.exec_driver_sql("alter table users drop column text_size")

        done = app.test_cli_runner().invoke(args=["db", "revision", "0099_text_size"])

        text = (copy / "versions/0099_text_size.py").read_text()
        assert "Written: 0099_text_size.py." in done.output
        assert "sa.Column('text_size', sa.String(length=6)" in text

    def test_a_new_one_needs_a_number(self, app):
        done = app.test_cli_runner().invoke(args=["db", "revision", "what"])

        assert done.exit_code == 1
        assert "like 0009_what" in done.output

    def test_each_is_numbered_and_says_what_becomes_of_rows(self):
        scripts = sorted((migrations.HERE / "versions").glob("0*.py"))

        for number, script in enumerate(scripts, 1):
            text = script.read_text()
            assert script.name.startswith(f"{number:04}_")
            assert "rows" in text.split('"""')[1]
            assert "def downgrade()" in text
