"""A visitor over one kept-open connection: cookies, forms, nothing else. Standard library only."""

import http.client
import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Visitor:
    """One browser at one site."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = self._connection()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def reconnect(self) -> Self:
        """Begin a new connection, as a browser does when the old one broke."""
        self.connection.close()
        self.connection = self._connection()
        return self

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Reply:
        """Return the reply. Raises OSError or HTTPException when the connection breaks."""
        sent = {**headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, sent)
        answer = self.connection.getresponse()
        page = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, page)

    def get(self, path: str, **headers: str) -> Reply:
        """Open a page; on a new connection if the server has closed the one that stood idle."""
        try:
            return self.ask("GET", path, **headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            return self.reconnect().ask("GET", path, **headers)

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form with its token."""
        return self.ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def sign_in(self, email: str, password: str) -> Self:
        """Sign in by the form. Raises RuntimeError if the site does not let the visitor in."""
        self.token = self.token_on("/sign-in")
        reply = self.post("/sign-in", {"email": email, "password": password})
        if reply.status != 303:
            raise RuntimeError(f"{email} was not let in: {reply.status}")
        return self

    def token_on(self, path: str) -> str:
        """Return the token of the form on a page."""
        found = TOKEN.search(self.get(path).body.decode())
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]
