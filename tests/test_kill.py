"""Nothing acknowledged is lost: the server is killed again and again while people are writing."""

import random
import threading
import time
from http.client import HTTPException

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, sealed
from app.accounts.actions import HASHER
from app.accounts.models import Invitation
from app.accounts.roles import Role
from app.audit import AuditEvent
from bench import serving
from bench.visitor import Visitor
from tests.conftest import SEAL
from tests.factories import a_user

WRITES, THREADS, KILLS = 200, 4, 3
PASSWORD = "three plain words"


class Writer(threading.Thread):
    """Sends invitations by the form until there are enough; an unanswered one is sent again."""

    def __init__(self, number, port, email, acknowledged):
        super().__init__(daemon=True)
        self.number, self.acknowledged, self.email = number, acknowledged, email
        self.visitor = Visitor(port)
        self.fault = None

    def run(self):
        signed_in, count = False, 0
        end = time.monotonic() + 60
        while len(self.acknowledged) < WRITES and time.monotonic() < end:
            address = f"w{self.number}n{count}@example.org"
            try:
                if not signed_in:
                    self.visitor.sign_in(self.email, PASSWORD)
                    self.visitor.token = self.visitor.token_on("/people/invite")
                    signed_in = True
                form = {"email": address, "roles": "learner", "once": address}
                status = self.visitor.post("/people/invite", form).status
            except (OSError, HTTPException, RuntimeError):
                time.sleep(0.05)
                self.visitor.reconnect()
                continue
            if status != 303:
                self.fault = status
                return
            self.acknowledged.append(address)
            count += 1


@pytest.fixture
def settings(app, session, tmp_path):
    for number in range(THREADS):
        a_user(
            session,
            Role.COORDINATOR,
            email=f"coordinator{number}@example.org",
            password_hash=HASHER.hash(PASSWORD),
        )
    session.commit()
    return {
        "TOWPATH_MODE": "demonstration",
        "SECRET_KEY": app.config["SECRET_KEY"],
        "SEALED_KEYS": SEAL,
        "DATABASE_URL": app.config["DATABASE_URL"],
        "EVIDENCE_URL": (tmp_path / "evidence").as_uri(),
        "LOG_LEVEL": "ERROR",
    }


def written_while_dying(settings):
    """Return the addresses that were acknowledged while the server died KILLS times."""
    port, chance, acknowledged = serving.free_port(), random.Random(7), []
    server = serving.start("wsgi:app", port, settings)
    serving.wait_for(port, "/healthz")
    writers = [Writer(n, port, f"coordinator{n}@example.org", acknowledged) for n in range(THREADS)]
    for writer in writers:
        writer.start()
    for kill in range(1, KILLS + 1):
        while len(acknowledged) < WRITES * kill // (KILLS + 1):
            assert any(writer.is_alive() for writer in writers), [w.fault for w in writers]
            time.sleep(0.005)
        time.sleep(chance.random() / 20)
        serving.kill(server)
        server = serving.start("wsgi:app", port, settings)
    for writer in writers:
        writer.join(timeout=60)
        writer.visitor.connection.close()
    serving.kill(server)
    assert [writer.fault for writer in writers] == [None] * THREADS
    return acknowledged


def integrity(session):
    """Return what the database says of itself, if it is one that can be asked."""
    if session.get_bind().dialect.name != "sqlite":
        return "ok"
    return session.connection().exec_driver_sql("pragma integrity_check").scalar()


@pytest.mark.row("F84")
def test_every_acknowledged_write_is_there_once_with_its_audit_row(app, session, settings):
    acknowledged = written_while_dying(settings)

    sealed.init_app(app)
    with Session(app.extensions["engine"]) as work:
        rows = work.execute(sa.select(Invitation.email, Invitation.id)).all()
        events = work.scalars(
            sa.select(AuditEvent.subject).where(AuditEvent.action == "invitation.sent")
        ).all()
        first_fault = audit.first_fault(work)
        sound = integrity(work)
    assert len(acknowledged) >= WRITES
    assert len(set(acknowledged)) == len(acknowledged)
    addresses = [email for email, _ in rows]
    assert set(acknowledged) <= set(addresses)
    assert len(set(addresses)) == len(addresses)
    assert sorted(events) == sorted(f"invitations:{identity}" for _, identity in rows)
    assert first_fault is None
    assert sound == "ok"
