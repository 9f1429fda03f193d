"""Numbers in addresses and forms: one that no row can have is a wrong address, never a fault."""

from functools import lru_cache
from typing import Any

from flask import Flask, abort, request, url_for
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
    sent = request.form.values() if request.method == "POST" else ()
    if any("\0" in value for value in (request.path, *request.args.values(), *sent)):
        abort(400)


@lru_cache(maxsize=4096)
def _built(root: str, here: str | None, to: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(to, **dict(values))


def page_address(to: str, **values: Any) -> str:
    """Return the address of a page for a template, built once: pages hold dozens of them."""
    asked = request._get_current_object()  # type: ignore[attr-defined]  # once, not at every use
    here = asked.blueprint if to.startswith(".") else None
    try:
        return _built(asked.script_root, here, to, tuple(values.items()))
    except TypeError:  # a list among the values
        return url_for(to, **values)


def init_app(app: Flask) -> None:
    """Have every address and every form checked."""
    app.jinja_env.globals["url_for"] = page_address
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_null_characters)
