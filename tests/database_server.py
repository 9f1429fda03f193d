"""A PostgreSQL server for the length of a test run, whoever runs it."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


class Server:
    """Starts a server in a temporary folder and removes both."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="towpath-postgresql-"))
        self.programs = self._programs()

    @staticmethod
    def _programs() -> Path:
        here = shutil.which("initdb")
        return (
            Path(here).resolve().parent if here else max(Path("/usr/lib/postgresql").glob("*/bin"))
        )

    def _run(self, program: str, *words: str) -> None:
        # PostgreSQL refuses to run as root, so root becomes its user.
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, str(self.programs / program), *words],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> str:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.data = str(self.folder / "data")
        self._run(
            "initdb",
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "--locale=C.UTF-8",
            "-D",
            self.data,
        )
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {self.folder} "
            "-c fsync=off -c full_page_writes=off -c max_connections=200"
        )
        self._run(
            "pg_ctl", "-w", "-D", self.data, "-l", str(self.folder / "log"), "-o", options, "start"
        )
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
