"""The columns in which features say what waits for whom, so that one query asks all of them."""

from typing import Any

from sqlalchemy import bindparam, cast, literal, null, select
from sqlalchemy.sql import Select

from app.db import UtcDateTime

#: Whom the query is about, and today's versions of the texts.
PEOPLE: Any = bindparam("people", expanding=True)
VERSIONS: Any = bindparam("versions", expanding=True)
NEVER: Any = cast(null(), UtcDateTime())


def row(
    kind: str,
    person: Any,
    thing: Any,
    mark: Any = "",
    number: Any = 0,
    at: Any = NEVER,
    until: Any = NEVER,
) -> Select[Any]:
    """Return a select of these columns; ``person`` is a column, the others columns or values."""
    words = {"kind": kind, "thing": thing, "mark": mark, "number": number}
    given = {
        name: literal(one) if isinstance(one, str | int) else one for name, one in words.items()
    }
    return select(
        given["kind"].label("kind"),
        person.label("person"),
        given["thing"].label("thing"),
        given["mark"].label("mark"),
        given["number"].label("number"),
        at.label("at"),
        until.label("until"),
    )
