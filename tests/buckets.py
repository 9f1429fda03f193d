"""A bucket on this machine, spoken to as S3: enough of it for the store, and what it was asked."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit


class Bucket(BaseHTTPRequestHandler):
    """Answers for one bucket, whose objects are held by the server."""

    protocol_version = "HTTP/1.1"

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 05 Oct 2026 15:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).split("/", 2)[2]

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.signed = self.headers.get("Authorization", "")
        if self.headers.get("If-None-Match") == "*" and self._key in self.server.objects:
            self._answer(412)
        else:
            self.server.objects[self._key] = body
            self._answer(200)

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            prefix = asked.get("prefix", [""])[0]
            names = sorted(name for name in self.server.objects if name.startswith(prefix))
            self._answer(200, _listing(names))
        elif self._key in self.server.objects:
            self._answer(200, self.server.objects[self._key])
        else:
            self._answer(404)

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Remove those that the list names: what the library asks for, even of one."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = re.findall("<Key>(.*?)</Key>", asked)
        for name in names:
            self.server.objects.pop(unquote(name), None)
        done = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self._answer(200, f"<DeleteResult>{done}</DeleteResult>".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _listing(names: list[str]) -> bytes:
    items = "".join(
        f"<Contents><Key>{name}</Key><LastModified>2026-10-05T15:00:00.000Z</LastModified>"
        '<ETag>"1"</ETag><Size>1</Size></Contents>'
        for name in names
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode()


def settings(port: int) -> dict[str, str]:
    """Return what a site's environment says of a bucket on this machine."""
    return {
        "AWS_ACCESS_KEY_ID": "a-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret",
        "AWS_REGION": "eu-west-2",
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
    }


@contextmanager
def a_silent_bucket() -> Iterator[int]:
    """Take connections on a port, and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def a_bucket() -> Iterator[ThreadingHTTPServer]:
    """Serve an empty bucket; its ``objects`` are a dictionary."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.objects, server.signed = {}, ""
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
