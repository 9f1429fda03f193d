"""The site as its authors see it: a saved file shows at once, and so does every fault in it.

`make preview` runs ``python -m app.authoring``. One process serves the whole site, looks before
each answer whether a file of the manual or of the award has changed, and reads it again. Pages
refresh themselves. It refuses to run in production, and nothing of it is in the site that does.
"""

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from markupsafe import Markup, escape
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

import modules
from app import content, create_app, migrations
from app.config import Config, Mode, UnsafeSetting
from app.scheme import cli as demonstration
from assessments.errors import ContentError
from assessments.framework import Framework, load_framework
from modules import Manual

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOT = Path(__file__).parent.parent
MANUAL, UNITS = ROOT / "modules", ROOT / "assessments"
KINDS = {".md", ".yaml"}
SCRIPT, STATE = "/__preview__/script.js", "/__preview__/state"
#: Asks whether a file has changed since the page was drawn, and draws it anew if so.
ASKING = """const drawn = new URL(import.meta.url).searchParams.get("drawn");
const ask = async () => {
  const now = await fetch("/__preview__/state").then((r) => r.text(), () => drawn);
  if (now === drawn) setTimeout(ask, 600); else location.reload();
};
ask();
"""


class Preview:
    """A WSGI application around the site, which it makes as soon as the files allow it."""

    def __init__(self, make: Callable[[], Flask], manual: Path = MANUAL, units: Path = UNITS):
        self.make, self.manual, self.units = make, manual, units
        self.site: Flask | None = None
        self.drawn = ""
        #: Faults that keep the files from being used, and faults that do not.
        self.stops: list[str] = []
        self.worth_mending: list[str] = []
        self._reading = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with self._reading:
            self._read_again()
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # a packed page takes no script
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == STATE:
            return Response(self.drawn, mimetype="text/plain")
        if request.path == SCRIPT:
            return Response(ASKING, mimetype="text/javascript")
        if self.site is None or (self.stops and not request.path.startswith("/static/")):
            return Response(self._fault_page(), status=503, mimetype="text/html")
        answer = Response.from_app(self.site, request.environ, buffered=True)
        if answer.mimetype == "text/html":
            answer.set_data(self._with_script(answer.get_data(as_text=True)))
        return answer

    def _read_again(self) -> None:
        stamp = self._stamp()
        if stamp == self.drawn:
            return
        self.drawn = stamp
        try:
            book, award = modules.load_manual(self.manual), load_framework(self.units)
        except (modules.ContentErrors, ContentError) as error:
            self.stops = str(error).split("\n")
            return
        self.stops, self.worth_mending = [], _checked(book, award)
        self.site = self.site or self.make()
        content.use(self.site, book, award)

    def _stamp(self) -> str:
        """Return a digest of which files there are, and when each was last saved."""
        found = sha256()
        for folder in (self.manual, self.units):
            for path in sorted(one for one in folder.rglob("*") if one.suffix in KINDS):
                found.update(f"{path}\0{path.stat().st_mtime_ns}\0".encode())
        return found.hexdigest()[:16]

    def _script(self) -> Markup:
        tag = Markup('<script type="module" src="{}?drawn={}"></script>')
        return tag.format(SCRIPT, self.drawn)

    def _with_script(self, html: str) -> str:
        html = html.replace("</head>", f"{self._script()}</head>", 1)
        if not self.worth_mending:
            return html
        box = Markup('<div class="notice notice--wait" role="status"><div>{}</div></div>').format(
            _list_of(self.worth_mending)
        )
        return re.sub(r"<main\b[^>]*>", lambda main: f"{main[0]}{box}", html, count=1)

    def _fault_page(self) -> str:
        page = Markup(
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
            "<title>To be mended – Towpath</title>"
            '<link rel="stylesheet" href="/static/site.css">{}</head>'
            '<body><main class="wrap"><h1>To be mended</h1><p>The manual is as it was. This page '
            "looks again when you save.</p>{}</main></body></html>"
        )
        return page.format(self._script(), _list_of(self.stops))


def _checked(book: Manual, award: Framework) -> list[str]:
    refs = [one.ref for one in award.criteria]
    observed = [one.ref for one in award.criteria if one.observed]
    return [str(fault) for fault in modules.check(book, refs, observed)]


def _list_of(faults: Iterable[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(
        Markup("").join(Markup("<li><code>{}</code></li>").format(escape(one)) for one in faults)
    )


def preview(config: Config) -> Preview:
    """Return the preview of a site. Raises UnsafeSetting in production."""
    if config.MODE is Mode.PRODUCTION:
        raise UnsafeSetting("A preview is for authors; in production the files are read once")
    return Preview(lambda: _site(config))


def _site(config: Config) -> Flask:
    """Make the site with a database that is up to date and has somebody to sign in."""
    site = create_app(config)
    migrations.upgrade(site.extensions["engine"])
    with site.app_context():
        demonstration.load.main(["--if-new"], standalone_mode=False)
        demonstration.show_sign_ins.main([], standalone_mode=False)
    return site


def main(port: int) -> None:
    """Serve the preview on this machine alone, until it is stopped."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # pages ask every moment
    sys.stdout.write(f"Previewing on http://127.0.0.1:{port} - Ctrl-C stops it.\n")
    sys.stdout.flush()
    run_simple("127.0.0.1", port, preview(Config.from_environment()), threaded=True)


if __name__ == "__main__":
    try:
        main(int(os.environ.get("PORT") or 8000))
    except UnsafeSetting as refusal:
        sys.exit(str(refusal))
