"""Numbers in addresses and forms: one that no row can have is a wrong address, never a fault."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

#: The largest number that an id can have in either database.
LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address. A number beyond any id matches no page, so the answer is 404."""

    def __init__(self, *words: object, **options: object) -> None:
        super().__init__(*words, **{"max": LARGEST, **options})  # type: ignore[arg-type]


def whole(text: str) -> int:
    """Return a whole number as a form or an address carries it. Raises ValueError for another.

    Meant as ``type=`` of ``request.args.get`` and ``request.form.get``: they give the default then.
    """
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


def _refuse_null_characters() -> None:
    # No keyboard types one, PostgreSQL cannot hold one, and every field would have to look for it.
    values = [*request.args.values(), *request.form.values(), request.path]
    if any("\0" in value for value in values):
        abort(400)


def init_app(app: Flask) -> None:
    """Have every address and every form checked."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_null_characters)
