"""Triggers that refuse to change or remove rows of an append-only table, in either database."""

import sqlalchemy as sa

REFUSAL = "this table only grows: correct a row with a new one"


def protect(connection: sa.Connection, *tables: str) -> None:
    """Add the triggers."""
    for table in tables:
        for act in ("update", "delete"):
            for statement in _statements(connection.dialect.name, table, act):
                connection.exec_driver_sql(statement)


def unprotect(connection: sa.Connection, *tables: str) -> None:
    """Remove the triggers: before a table goes, or while its seals are renewed."""
    for table in tables:
        for act in ("update", "delete"):
            where = f" on {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"drop trigger if exists {table}_no_{act}{where}")


def _statements(dialect: str, table: str, act: str) -> list[str]:
    if dialect == "sqlite":
        refuse = f"begin select raise(abort, '{REFUSAL}'); end"
        return [f"create trigger {table}_no_{act} before {act} on {table} {refuse}"]
    body = f"$$ begin raise exception '{REFUSAL}'; end $$"
    each = "for each row execute function only_grows()"
    return [
        f"create or replace function only_grows() returns trigger language plpgsql as {body}",
        f"create trigger {table}_no_{act} before {act} on {table} {each}",
    ]
