"""Run everything, and install what the machine lacks: `make test` calls this.

As root on Debian it installs chromium, poppler-utils, zbar-tools and PostgreSQL. Elsewhere it says
what is left out and how to get it; with CI set, leaving something out is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from database_server import Server

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
#: program -> Debian package
PROGRAMS = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "zbarimg": "zbar-tools",
    "initdb": "postgresql",
}
STEPS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


def main() -> int:
    """Return 0 when all is well."""
    os.chdir(ROOT)
    missing = [name for name in PROGRAMS if not found(name)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([PROGRAMS[name] for name in missing])
        missing = [name for name in missing if not found(name)]
    for name in missing:
        print(f"Left out: what needs {name}. Install the package {PROGRAMS[name]} to run it.")
    if missing and os.environ.get("CI"):
        return 1
    failed = [step for step in STEPS if run(*step)]
    failed += [["the suite on PostgreSQL"]] if "initdb" not in missing and on_postgresql() else []
    closing = run("pytest", "-q", "-n", "auto", "--dist", "loadfile")
    for step in failed:
        print("Not right:", " ".join(step))
    return 1 if failed or closing else 0


def found(name: str) -> bool:
    """Return whether a program is on this machine."""
    return bool(shutil.which(name)) or any(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


def install(packages: list[str]) -> None:
    """Install Debian packages, fetching the lists only if need be."""
    quiet = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
    }
    if subprocess.run(["apt-get", "install", "-yq", *packages], check=False, **quiet).returncode:
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-yq", *packages], check=False, **quiet)


def run(*step: str, **environment: str) -> int:
    """Run one step with the programs of this environment; return its exit code."""
    print("==", " ".join(step), flush=True)
    command = [str(BIN / step[0]), *step[1:]]
    return subprocess.run(command, check=False, env={**os.environ, **environment}).returncode


def on_postgresql() -> int:
    """Run the site's tests on PostgreSQL; return the exit code."""
    with Server() as url:
        return run(
            "pytest",
            "-q",
            "-n",
            "auto",
            "tests/app",
            "tests/test_migrations.py",
            TEST_DATABASE_URL=url,
        )


if __name__ == "__main__":
    raise SystemExit(main())
