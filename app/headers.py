"""What every answer carries: the security headers, a request number, the right caching."""

import hashlib
import secrets
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.compression import PACKED

POLICY = "; ".join(
    [
        "default-src 'none'",
        *(
            f"{kind}-src 'self'"
            for kind in ("script", "style", "font", "img", "connect", "worker", "manifest")
        ),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
YEAR = 31_536_000


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Add the headers to every answer, errors included."""
    folder = Path(app.static_folder or "")

    @cache
    def versioned(name: str) -> str:
        return f"{app.static_url_path}/{name}?v={_digest(folder / name)}"

    def static_url(name: str) -> str:
        """Return the address of a file that may be cached for ever: its digest is in it."""
        return request.script_root + versioned(name)

    app.jinja_env.globals["static_url"] = static_url
    app.before_request(_number)
    app.after_request(_finish)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _number() -> None:
    g.request_number = secrets.token_hex(6)


def _is_of_this_version(answer: Response) -> bool:
    # While two releases run side by side, the older one must not be kept under the newer's name.
    if answer.status_code not in {200, 206, 304}:
        return False
    name = (request.view_args or {})["filename"]
    return request.args.get("v") == _digest(Path(current_app.static_folder or "", name))


def may_be_kept(body: str | bytes) -> Response:
    """Return a page that a browser may keep, for as long as the site says that it still holds.

    Only for pages without anybody's own words: what is kept can be seen by who uses the device
    next. The browser asks at every visit; 304 where nothing has changed.
    """
    data = body.encode() if isinstance(body, str) else body
    name = hashlib.sha256(data).hexdigest()[:32]
    g.may_be_kept = True
    held = request.if_none_match
    if held.contains(name) or held.contains(name + PACKED):
        answer = current_app.response_class(status=304)
        answer.set_etag(name if held.contains(name) else name + PACKED)
        return answer
    answer = current_app.response_class(data, mimetype="text/html")
    answer.set_etag(name)
    return answer


def _finish(answer: Response) -> Response:
    answer.headers.extend({k: v for k, v in HEADERS.items() if k not in answer.headers})
    answer.headers["X-Request-Number"] = g.get("request_number", "-")
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if request.endpoint == "static" and _is_of_this_version(answer):
        answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif g.get("may_be_kept") and answer.status_code in {200, 304}:
        answer.headers["Cache-Control"] = "private, no-cache"
    elif request.endpoint != "static":
        # A page shows a person's own records, or a state that may change with the next request.
        answer.headers["Cache-Control"] = "no-store"
    return answer
