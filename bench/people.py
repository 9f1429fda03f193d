"""A scheme of some size to measure with: people, a role play that is being marked, its notes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app import create_app, firstrun, migrations, sealed
from app.accounts.actions import HASHER
from app.accounts.roles import Role
from app.config import Config
from bench.serving import served
from bench.visitor import Visitor
from tests.factories import a_user
from tests.factories_roleplay import a_booking, a_sheet

PASSWORD = "three plain words"  # noqa: S105 (of people who do not exist)
PEOPLE, NOTES = 300, 12


@dataclass
class Scheme:
    """A database with people in it, and the settings to serve it with."""

    settings: dict[str, str]
    booking_id: int = 0


def build(folder: Path) -> Scheme:
    """Return a scheme in a new database."""
    path = firstrun.settings(folder / "instance")
    lines = dict(line.split("=", 1) for line in path.read_text().splitlines())
    scheme = Scheme({**lines, "LOG_LEVEL": "ERROR"})
    site = create_app(Config.from_environment(scheme.settings))
    sealed.init_app(site)
    migrations.upgrade(site.extensions["engine"])
    with Session(site.extensions["engine"]) as session:
        _fill(session, scheme)
        session.commit()
    site.extensions["engine"].dispose()
    return scheme


def _fill(session: Session, scheme: Scheme) -> None:
    for _ in range(PEOPLE):
        a_user(session)
    secret = HASHER.hash(PASSWORD)
    learner = a_user(session, email="learner@example.org", password_hash=secret)
    assessor = a_user(session, Role.ASSESSOR, email="assessor@example.org", password_hash=secret)
    booking = a_booking(
        session, learners=[learner], assessors=[assessor, a_user(session, Role.ASSESSOR)]
    )
    a_sheet(session, booking, assessor, final=False, comment="Waited, and then asked once. " * 4)
    scheme.booking_id = booking.id


@contextmanager
def visited(scheme: Scheme) -> Iterator[tuple[int, Visitor, Visitor]]:
    """Serve the scheme; yield its port, its learner and its assessor, both signed in."""
    with served("wsgi:app", scheme.settings) as port:
        learner = Visitor(port).sign_in("learner@example.org", PASSWORD)
        assessor = Visitor(port).sign_in("assessor@example.org", PASSWORD)
        assessor.token = assessor.token_on("/account")
        for number in range(NOTES):
            note = {
                "text": "Asks who told him, and waits for the answer. " * 2,
                "client_key": f"note-{number}",
                "tags": "M2.2.2",
            }
            reply = assessor.post(f"/assess/role-plays/{scheme.booking_id}/notes", note)
            if reply.status not in {200, 201, 303}:
                raise RuntimeError(f"a note was not taken: {reply.status}")
        yield port, learner, assessor
