"""Sealed columns: encrypted with keys that are not in the database (product rule 4)."""

import base64
from functools import cache
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask

_keys: list[str] = []


class SealBroken(Exception):
    """A sealed value cannot be opened: the key is missing or the value was tampered with."""


def init_app(app: Flask) -> None:
    """Take the keys, newest first. The first one seals; every one of them opens."""
    _keys[:] = app.config["SEALED_KEYS"]
    _ring.cache_clear()


@cache
def _ring(purpose: str) -> MultiFernet:
    # A key of its own for each purpose: whoever is given one purpose's key opens no other.
    return MultiFernet([Fernet(_derived(key, purpose)) for key in _keys])


def _derived(key: str, purpose: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"towpath {purpose}".encode())
    return base64.urlsafe_b64encode(derive.derive(base64.urlsafe_b64decode(key)))


class Sealed(sa.types.TypeDecorator[str]):
    """A text that only the site with its keys can read. It cannot be searched or sorted."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        """Return the sealed bytes of a text."""
        return None if value is None else _ring(self.purpose).encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        """Return the text. Raises SealBroken."""
        if value is None:
            return None
        try:
            return _ring(self.purpose).decrypt(value).decode()
        except InvalidToken as error:
            raise SealBroken(f"a value sealed for {self.purpose!r} cannot be opened") from error


def sealed_columns(metadata: sa.MetaData) -> list[sa.Column[Any]]:
    """Return every sealed column of the site, table by table."""
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def _rotated(ring: MultiFernet, value: bytes, column: sa.Column[Any]) -> bytes:
    try:
        return ring.rotate(value)
    except InvalidToken as error:
        raise SealBroken(f"a value in {column} cannot be opened with these keys") from error


def reseal(connection: sa.Connection, column: sa.Column[Any]) -> int:
    """Seal every value of one column afresh with the newest key; return how many there were.

    Raises SealBroken when a key is missing.
    """
    key = next(iter(column.table.primary_key))
    ring = _ring(column.type.purpose)  # type: ignore[attr-defined]
    raw = sa.type_coerce(column, sa.LargeBinary)
    rows = connection.execute(sa.select(key, raw).where(column.is_not(None))).all()
    for identity, value in rows:
        fresh = sa.literal(_rotated(ring, value, column), sa.LargeBinary)
        connection.execute(sa.update(column.table).where(key == identity).values({column: fresh}))
    return len(rows)
