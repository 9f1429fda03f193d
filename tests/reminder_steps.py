"""What tests of reminders share."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app import db
from app.content import manual
from app.learning.models import CheckAttempt, ReadingPlace, SectionRead
from app.mail import OutboxMessage
from app.scheme.models import ReminderSent
from app.scheme.reminder_cli import remind_everybody

#: Noon of today, so that it is day in London.
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
#: Of the same clock: midnight may come while tests run.
TODAY = NOON.date()
DAY = timedelta(days=1)


def run(app, now=NOON):
    with app.app_context():
        return remind_everybody(now)


def chapter(app, number=5):
    with app.app_context():
        return manual().chapter(number)


def has_read(session, person, one, ago=30, sections=None):
    """A person read a chapter, or its first sections, so many days ago."""
    at = NOON - ago * DAY
    for section in one.sections[:sections]:
        session.add(
            SectionRead(
                person_id=person.id,
                slug=one.slug,
                section=section.id,
                chapter_version=one.version,
                read_at=at,
            )
        )
    session.add(
        ReadingPlace(person_id=person.id, slug=one.slug, section=one.sections[0].id, kept_at=at)
    )
    session.commit()


def steps(session):
    session.expire_all()
    return [(row.step, row.number) for row in session.scalars(select(ReminderSent))]


def mails(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def a_passed(person, one):
    return CheckAttempt(
        person_id=person.id,
        chapter=one.number,
        chapter_slug=one.slug,
        chapter_version=one.version,
        answers={},
        right=1,
        total=1,
        passed=True,
        safety_missed=[],
        answered_at=NOON,
    )


def has_read_more(session, app, person):
    one = chapter(app, 1)
    for section in one.sections:
        session.add(
            SectionRead(
                person_id=person.id,
                slug=one.slug,
                section=section.id,
                chapter_version=one.version,
                read_at=NOON - 20 * DAY,
            )
        )
    session.commit()


def opened(app, mail_id):
    with app.app_context():
        return db.session().get(OutboxMessage, mail_id).body
