"""Requests that carry files: which pages take them, and how much of them is kept at all.

Every other page refuses more than a megabyte before it is read. A page that takes files gets more
room, and each file in it is cut off one byte above the limit: a file that is far too large then
costs no disk, its owner reads about it beside the field, and every word sent along comes back.
"""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import flask
from flask import Flask, current_app, request, session

from app.accounts.entrance import COOKIE, DEVICE

#: The largest file, in bytes. Twenty megabytes hold a long scan, and no film.
LARGEST = 20_000_000
#: The largest request with files: ten of them, and some that are far too large.
MOST_AT_ONCE = 300_000_000
#: The largest request of words alone, in bytes: a million words, in letters of two bytes each.
MOST_WORDS = 24_000_000
#: What stays in memory before a temporary file takes over.
IN_MEMORY = 500_000


class CutOff(SpooledTemporaryFile[bytes]):
    """A file on its way in, of which no more is written than shows that it is too large."""

    def write(self, data: Any) -> int:
        """Write what there is still room for; say that all was written, so that reading goes on."""
        super().write(data[: max(LARGEST + 1 - self.tell(), 0)])
        return len(data)


class Request(flask.Request):
    """Flask's request, with files that cannot fill the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return CutOff(max_size=IN_MEMORY)


def takes_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a page whose form may hold files."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_long_words(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a page for one's own words: too many of them are read, to be given back."""
    view.takes_long_words = True  # type: ignore[attr-defined]
    return view


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    # Signed cookies cannot be made up: only a browser in which somebody has signed in sends much.
    # One that was signed out meanwhile does, too, so that its words are given back.
    if not session.keys() & {COOKIE, DEVICE}:
        return
    if getattr(view, "takes_long_words", False):
        request.max_content_length = request.max_form_memory_size = MOST_WORDS
    if getattr(view, "takes_files", False):
        request.max_content_length = MOST_AT_ONCE


def init_app(app: Flask) -> None:
    """Look at each request before any other part reads its form."""
    app.request_class = Request
    app.before_request(_make_room)
