"""A PostgreSQL server for the length of a test run, whoever runs it."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def program(name: str) -> Path | None:
    """Return where a program is. Debian keeps PostgreSQL's beside each other, off the path."""
    here = shutil.which(name)
    if here:
        return Path(here).resolve()
    beside = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[4].zfill(4)
    )
    return beside[-1] if beside else None


class Server:
    """Starts a server in a temporary folder and removes both."""

    def __init__(self) -> None:
        found = program("initdb")
        if found is None:
            raise FileNotFoundError("initdb")
        self.programs = found.parent
        self.as_root = os.geteuid() == 0

    def _run(self, name: str, *words: str) -> None:
        # PostgreSQL refuses to run as root, so root becomes its user.
        prefix = ["runuser", "-u", "postgres", "--"] if self.as_root else []
        command = [*prefix, str(self.programs / name), *words]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def __enter__(self) -> str:
        # Its user must be able to reach the folder, which root's own TMPDIR may not allow.
        place = "/tmp" if self.as_root else None  # noqa: S108
        self.folder = Path(tempfile.mkdtemp(prefix="towpath-postgresql-", dir=place))
        if self.as_root:
            shutil.chown(self.folder, "postgres")
        self.data = str(self.folder / "data")
        try:
            return self._start()
        except subprocess.CalledProcessError:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _start(self) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        who = ("-U", "postgres", "-A", "trust")
        self._run("initdb", *who, "--no-sync", "--locale=C.UTF-8", "-D", self.data)
        # Nothing here has to survive anything, so it need not reach the disk.
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {self.folder} "
            "-c fsync=off -c full_page_writes=off -c max_connections=200"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-D", self.data, "-l", log, "-o", options, "start")
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
