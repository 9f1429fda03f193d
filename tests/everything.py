"""Run everything, and install what the machine lacks: `make test` calls this.

As root on Debian it installs chromium, poppler-utils, zbar-tools, epubcheck and PostgreSQL.
Elsewhere it says what is left out and how to get it; with CI set, leaving something out is a
failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from app.firstrun import fresh_keys  # noqa: E402 (the path comes first)
from tests.database_server import Server, program  # noqa: E402

BIN = Path(sys.executable).parent
#: program -> (Debian package, what needs it)
PROGRAMS = {
    "chromium": ("chromium", "the tests in a real browser"),
    "pdftotext": ("poppler-utils", "reading certificates back"),
    "zbarimg": ("zbar-tools", "decoding certificates' QR codes"),
    "epubcheck": ("epubcheck", "checking the EPUB of the manual"),
    "initdb": ("postgresql", "the suite on PostgreSQL"),
}
STEPS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("flask", "--app", "wsgi", "check-content"),
)
#: They ask a database nothing that SQLite would answer otherwise: rules and papers have none, and
#: what a page looks like or a script does was decided before. The journey goes through both.
ON_SQLITE_ALONE = (
    "--ignore=tests/modules",
    "--ignore=tests/assessments",
    "--ignore=tests/certificates",
    "--ignore=tests/test_architecture.py",
    "--ignore=tests/test_authoring.py",
    "--ignore=tests/test_pages_browser.py",
    "--ignore=tests/test_preview.py",
    "--ignore-glob=tests/app/*_browser.py",
    "--ignore=tests/app/test_manual_book.py",
)
TOGETHER = ("-q", "-n", "auto", "--dist", "worksteal")


def main() -> int:
    """Return 0 when all is well. The last lines printed are pytest's own."""
    os.chdir(ROOT)
    missing = what_is_missing()
    failed = [" ".join(step) for step in STEPS if run(*step, **settings())]
    if "initdb" not in missing and on_postgresql(missing):
        failed.append("the suite on PostgreSQL")
    for name in missing:
        package, what = PROGRAMS[name]
        print(f"Left out: {what}. Install the package {package} to run it.")
    if failed:
        print("Not right:", "; ".join(failed), flush=True)
    closing = run("pytest", *TOGETHER, *without(missing))
    return 1 if failed or closing or (missing and os.environ.get("CI")) else 0


def what_is_missing() -> list[str]:
    """Return which programs are not here, after trying to install them where that is allowed."""
    missing = [name for name in PROGRAMS if not found(name)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([PROGRAMS[name][0] for name in missing])
        missing = [name for name in missing if not found(name)]
    return missing


def found(name: str) -> bool:
    """Return whether a program is on this machine."""
    return program(name) is not None


def install(packages: list[str]) -> None:
    """Install Debian packages, fetching the lists only if need be."""
    quiet = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
    }
    get = ["apt-get", "install", "-yq", "--no-install-recommends", *packages]
    print("== installing", *packages, flush=True)
    if subprocess.run(get, check=False, **quiet).returncode:
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(get, check=False, **quiet)


def without(missing: list[str]) -> list[str]:
    """Return pytest's words for leaving out what cannot run here."""
    marks = {
        "chromium": "browser",
        "pdftotext": "papers",
        "zbarimg": "papers",
        "epubcheck": "epubs",
    }
    out = sorted({marks[name] for name in missing if name in marks})
    return ["-m", " and ".join(f"not {mark}" for mark in out)] if out else []


def settings() -> dict[str, str]:
    """Return settings with which the site's commands run, in a database of no matter."""
    keys = dict(line.split("=", 1) for line in fresh_keys())
    return {**keys, "TOWPATH_MODE": "demonstration", "DATABASE_URL": "sqlite://"}


def run(*step: str, **environment: str) -> int:
    """Run one step with the programs of this environment; return its exit code."""
    print("==", " ".join(step), flush=True)
    command = [str(BIN / step[0]), *step[1:]]
    return subprocess.run(command, check=False, env={**os.environ, **environment}).returncode


def on_postgresql(missing: list[str]) -> int:
    """Run on PostgreSQL whatever asks the database; return the exit code."""
    try:
        with Server() as url:
            there = {"TEST_DATABASE_URL": url}
            return run("pytest", *TOGETHER, *ON_SQLITE_ALONE, *without(missing), **there)
    except subprocess.CalledProcessError as error:
        print("PostgreSQL does not start:", " ".join(error.cmd))
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
