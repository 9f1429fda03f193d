"""A gunicorn of our own for the length of a measurement or a test."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUNICORN = Path(sys.executable).parent / "gunicorn"
PATIENCE = 30


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def start(module: str, port: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the server as `make run` does, in a process group of its own."""
    command = [str(GUNICORN), module, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    command += ["--workers", "2", "--threads", "4", "--preload", "--log-level", "critical"]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, start_new_session=True
    )


def wait_for(port: int, path: str) -> None:
    """Return once the site answers. Raises TimeoutError when it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing answers on port {port}")


def kill(server: subprocess.Popen[bytes]) -> None:
    """End the server and its workers at once, as a power cut would."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextlib.contextmanager
def served(module: str, settings: dict[str, str], path: str = "/healthz") -> Iterator[int]:
    """Yield the port of a site that answers; end it politely afterwards."""
    port = free_port()
    server = start(module, port, settings)
    try:
        wait_for(port, path)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill(server)
