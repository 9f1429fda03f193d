"""What mentor and supervisor do with a log, through its pages."""

from sqlalchemy import select

from app.supervision.models import SessionLog
from tests.client import words
from tests.factories_supervision import log_form


def begin(browser, agreement, **given):
    reply = browser.post(f"/supervision/agreements/{agreement.id}/logs/new", log_form(**given))
    assert reply.status_code == 303, words(reply)
    return reply.location


def version(session):
    session.expire_all()
    return session.scalar(select(SessionLog.version).order_by(SessionLog.id.desc()))


def sign(browser, session, path):
    return browser.post(f"{path}/sign", {"version": version(session)})
