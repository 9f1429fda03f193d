"""How Alembic runs our scripts: on a connection of our own, all or nothing."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

import app as site
from app import audit, forms, kept, limits, mail
from app.db import WRITES, Base, UtcDateTime
from app.sealed import Sealed

#: Tables that belong to no feature.
SHARED = (audit, forms, kept, limits, mail)
for feature in iter_modules(site.__path__):
    if feature.ispkg and feature.name != "migrations":
        import_module(f"app.{feature.name}.models")


def _foreign_keys(connection: sa.Connection, state: str) -> None:
    # On the driver's own connection: inside a transaction SQLite ignores this pragma.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={state}")


def _as_written(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    # Scripts stay as they are for ever, so they name no class of ours that may change.
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String({thing.length})"
    return False


def run(engine: sa.Engine) -> None:
    """Run the scripts in one transaction, with foreign keys off while SQLite rebuilds tables."""
    # With them on, rebuilding a parent table removes its children without a word.
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        if sqlite:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_as_written,
            transactional_ddl=True,  # SQLite can, though Alembic does not expect it
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("a migration left rows that point nowhere")
        if sqlite:
            _foreign_keys(connection, "ON")


run(context.config.attributes["engine"])
