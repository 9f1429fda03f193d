"""Which refusal becomes which page, and how typed words survive it."""

from typing import Any

from flask import (
    Flask,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.db import session
from app.forms import ONCE, AlreadySent
from app.limits import TooMany
from app.logs import log

#: Never shown back, never carried along.
SECRETS = {
    "password",
    "current",
    "resume_email",
    "resume_password",
    "csrf_token",
    ONCE,
}
#: Goes along with kept words whose files did not: no browser gives a file back.
FILES_LOST = "files_lost"
PAGES = {400, 403, 404, 405, 409, 413, 429}


def wants_json() -> bool:
    """Return whether a script asked, rather than a person."""
    return request.accept_mimetypes.best == "application/json"


def kept_words() -> list[tuple[str, str]]:
    """Return what was typed, field by field, without secrets, to be shown and sent again."""
    words = [(k, v) for k, v in request.form.items(multi=True) if k not in SECRETS]
    files = any(file.filename for file in request.files.values())
    return [*words, (FILES_LOST, "1")] if files else words


def whole_path() -> str:
    """Return the address that was asked for with its query, to which kept words are sent again."""
    return request.full_path.rstrip("?")


def page(status: int, **facts: Any) -> ResponseReturnValue:
    """Return the page (or, for a script, the JSON) of one refusal."""
    if wants_json():
        return jsonify(
            error=status, **{k: v for k, v in facts.items() if isinstance(v, str)}
        ), status
    # What was too large was never read, so there is nothing to give back.
    kept = kept_words() if request.method == "POST" and status != 413 else []
    if status == 413:
        most = (request.max_content_length or 0) // 1_000_000
        size = "a megabyte" if most == 1 else f"{most} megabytes"
        facts.setdefault("reason", f"One form may hold up to {size}. Nothing was changed.")
    return render_template(f"errors/{status}.html", kept=kept, action=whole_path(), **facts), status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status not in PAGES:
        return error
    answer = make_response(page(status))
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _csrf(_: CSRFError) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="csrf"), 400
    if request.endpoint == "accounts.sign_in":
        flash("The page had been open for a long time. Sign in once more.")
        return redirect(url_for("accounts.sign_in"), code=303)
    return render_template("errors/csrf_kept.html", kept=kept_words(), action=whole_path()), 400


def _already_sent(_: AlreadySent) -> ResponseReturnValue:
    flash("That had been saved already. It was not saved twice.")
    return redirect(request.path if request.method == "GET" else _back(), code=303)


def _back() -> str:
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else url_for("scheme.home")


def _stale(_: StaleDataError) -> ResponseReturnValue:
    return page(409)


def _out_of_range(error: Exception) -> ResponseReturnValue:
    # A number or a text that no column can hold; forms look for it, addresses mostly do.
    log.warning("request.out_of_range", extra={"facts": {"rule": str(request.url_rule)}})
    session().rollback()
    return page(400)


def _too_many(error: TooMany) -> ResponseReturnValue:
    return page(429, minutes=str(error.minutes))


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("request.broken", exc_info=error, extra={"facts": {"rule": str(request.url_rule)}})
    session().rollback()
    if wants_json():
        return jsonify(error=500), 500
    # Rendered by itself: what stands around other pages is asked of the database.
    template = current_app.jinja_env.get_template("errors/500.html")
    return template.render(reference=g.get("request_number")), 500


def init_app(app: Flask) -> None:
    """Register the pages of refusals."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(AlreadySent, _already_sent)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OverflowError, _out_of_range)
    app.register_error_handler(DataError, _out_of_range)
    app.register_error_handler(TooMany, _too_many)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, _broken)
