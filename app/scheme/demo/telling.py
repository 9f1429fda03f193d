"""Tells a history: people, days counted back from today, and the site's actions on those days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accreditation import actions as accreditation
from app.accreditation import queries as records
from app.content import framework, manual
from app.scheme.demo.people import PASSWORD, Person
from app.store import Store
from assessments.framework import Framework
from modules import Manual


@dataclass
class Teller:
    """Holds what the chapters of the demonstration share."""

    session: Session
    today: date
    base_url: str
    scheme_name: str
    store: Store
    ids: dict[str, int] = field(default_factory=dict)

    def day(self, ago: int) -> date:
        """Return the day so many days ago; below nought it lies ahead."""
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return a moment of that day."""
        return datetime.combine(self.day(ago), time(hour, minute), UTC)

    @property
    def award(self) -> Framework:
        """Return the award."""
        return framework()

    @property
    def book(self) -> Manual:
        """Return the manual."""
        return manual()

    def add_everybody(self, people: Iterable[Person]) -> None:
        """Add the people, all with the demonstration's password."""
        # Hashed once: forty hashes would take longer than everything else together.
        password = accounts.HASHER.hash(PASSWORD)
        for person in people:
            user = accounts.add_person(
                self.session,
                person.email,
                person.name,
                person.roles,
                now=self.at(700),
                by_id=None,
                fictional=True,
            )
            user.password_hash = password
            self.ids[person.key] = user.id
        self.session.flush()

    def fact(self, who: str, ago: int, kind: Any, **given: Any) -> None:
        """Record a fact on the day on which it took effect."""
        record = accreditation.open_record(
            self.session, self.ids[who], now=self.at(ago, 9), by_id=self.ids["coordinator"]
        )
        new = accreditation.NewFact(kind=kind, effective=self.day(ago), **given)
        accreditation.add_fact(
            self.session, record, new, now=self.at(ago, 16), by_id=self.ids["coordinator"]
        )

    def record(self, key: str) -> Any:
        """Return a person's record."""
        return records.record_of(self.session, self.ids[key])
