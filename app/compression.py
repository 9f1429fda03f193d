"""Smaller answers: text is compressed where the browser can unpack it."""

import gzip
import io
from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, current_app, request

#: Below this many bytes the packet is the same.
SMALLEST = 1_000
OTHER_TEXTS = {"application/json", "image/svg+xml"}
#: How many bytes of chance a page may gain.
CHANCE = 100
#: Ends the strong name of a page that is sent compressed.
PACKED = "-gzip"


def packed(text: bytes, key: bytes) -> bytes:
    """Return a page compressed, its length blurred by up to CHANCE bytes.

    Without the blur, somebody who can put words into a page and watch its length could guess,
    letter by letter, what else is in it. The blur follows from the page and a secret: asking for
    the same page again and again does not average it away, and gives the same bytes.
    """
    out = io.BytesIO()
    drawn = blake2b(text, key=key[:64]).hexdigest() * 2
    blur = drawn[: int(drawn[:8], 16) % CHANCE]
    with gzip.GzipFile(blur, "wb", 4, out, mtime=0) as file:
        file.write(text)
    return out.getvalue()


@cache
def _packed_file(path: Path, changed: float) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _smaller(answer: Response) -> Response:
    kind = answer.mimetype or ""
    if not (kind.startswith("text/") or kind in OTHER_TEXTS):
        return answer
    answer.vary.add("Accept-Encoding")
    file = request.endpoint == "static" and answer.status_code == 200
    wanted = request.accept_encodings.quality("gzip") > 0 and answer.status_code not in {206, 304}
    long = file or (not answer.is_streamed and (answer.content_length or 0) >= SMALLEST)
    if wanted and long and "Content-Encoding" not in answer.headers:
        answer.direct_passthrough = False
        unsent = answer.response
        answer.set_data(_file() if file else packed(answer.get_data(), _key()))
        answer.headers["Content-Encoding"] = "gzip"
        tag, weak = answer.get_etag()
        if tag and not weak and not file:
            answer.set_etag(tag + PACKED)  # other bytes, so another name
        if file and hasattr(unsent, "close"):
            unsent.close()  # the open file, which is not sent after all
    return answer


def _key() -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return secret.encode()


def _file() -> bytes:
    path = Path(current_app.static_folder or "", (request.view_args or {})["filename"])
    return _packed_file(path, path.stat().st_mtime)


def init_app(app: Flask) -> None:
    """Compress what is text. First of all parts, so that it runs after all others are done."""
    app.after_request(_smaller)
