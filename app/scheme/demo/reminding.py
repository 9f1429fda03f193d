"""That people of the demonstration were reminded of what waits for them."""

from app.accounts import queries as accounts
from app.learning import reading_actions
from app.scheme import reminder_actions as reminders
from app.scheme import reminder_queries, reminder_views
from app.scheme.demo.telling import Teller


def reminded(tell: Teller, ago: int) -> None:
    """Tell that everybody for whom something waited was written to on one day."""
    now = tell.at(ago)
    reading_actions.keep_editions(tell.session, tell.book, now=now)
    people = accounts.to_remind(tell.session, reminder_queries.ROLES)
    scheme = reminder_views.scheme_now()
    reminders.remind(tell.session, people, scheme, base_url=tell.base_url, now=now)
