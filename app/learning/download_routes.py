"""The manual to take away, as PDF and as EPUB."""

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.content import manual
from app.learning import bp, downloads
from app.policy import Can, needs

#: How long a reader who asks before the files are made is kept waiting, in seconds.
PATIENCE = 8.0


@bp.get("/manual/download")
@needs(Can.READ_MANUAL)
def download() -> ResponseReturnValue:
    return render_template(
        "learning/download.html", files=downloads.shelf().ask(), edition=manual().edition,
        version=manual().version,
    )  # fmt: skip


@bp.get("/manual/towpath-manual.<kind>")
@needs(Can.READ_MANUAL)
def book(kind: str) -> ResponseReturnValue:
    if kind not in downloads.MEDIA:
        abort(404)
    files = downloads.shelf().wait(PATIENCE)
    if files is None:
        flash("The book is still being made. Look again in a moment.", "wait")
        return redirect(url_for(".download"), code=303)
    file = files[kind]
    answer = Response(file.content, mimetype=file.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    g.may_be_kept = True  # the same for everybody, and nobody's own words
    answer.set_etag(file.digest)
    return answer.make_conditional(
        request.environ, accept_ranges=True, complete_length=len(file.content)
    )
