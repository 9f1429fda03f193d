"""What is asked about certificates: reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accreditation import queries
from app.accreditation.models import Certificate, StandingInterval
from app.formats import local
from assessments.certificate_state import Replacement, StateOn, state_on
from assessments.statuses import Hold, Interval, Reason, Status
from certificates import tidy


@dataclass(frozen=True, kw_only=True)
class Version:
    """One certificate with its state on one day, and the newer one that took its place."""

    certificate: Certificate
    state: StateOn
    replaced_by: Certificate | None


def certificate(session: Session, certificate_id: int) -> Certificate | None:
    """Return one certificate."""
    return session.get(Certificate, certificate_id)


def latest(session: Session, record_id: int) -> Certificate | None:
    """Return the newest certificate of a record."""
    return next(iter(queries.certificates(session, record_id)), None)


def by_code(session: Session, typed: str) -> Certificate | None:
    """Return the certificate of a code as somebody typed it, or of the token in its link."""
    code = tidy(typed) or ""
    return session.scalar(
        select(Certificate).where(
            or_(Certificate.code == code, Certificate.link_token == typed.strip())
        )
    )


def successor(session: Session, certificate_id: int) -> Certificate | None:
    """Return the certificate that took this one's place."""
    return session.scalar(select(Certificate).where(Certificate.replaces_id == certificate_id))


def state(session: Session, row: Certificate, day: date) -> StateOn:
    """Return what a certificate is worth on one day."""
    interval = queries.interval_on(session, row.record_id, day)
    return _state(row, day, interval, successor(session, row.id))


def versions(session: Session, record_id: int, day: date) -> list[Version]:
    """Return every certificate of a record with its state, newest first, in two queries."""
    rows = queries.certificates(session, record_id)
    interval = queries.interval_on(session, record_id, day)
    newer = {row.replaces_id: row for row in rows if row.replaces_id}
    return [
        Version(
            certificate=row,
            state=_state(row, day, interval, newer.get(row.id)),
            replaced_by=newer.get(row.id),
        )
        for row in rows
    ]


def _state(
    row: Certificate,
    day: date,
    interval: StandingInterval | None,
    newer: Certificate | None,
) -> StateOn:
    replaced = Replacement(code=newer.code, on=local(newer.issued_at).date()) if newer else None
    return state_on(
        day,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        interval=as_interval(interval),
        replaced_by=replaced,
    )


def as_interval(row: StandingInterval | None) -> Interval | None:
    """Return a stored interval as the rules take it."""
    if row is None:
        return None
    return Interval(
        status=Status(row.status),
        starts=row.starts_on,
        since=row.since_on,
        ends=row.ends_on,
        holds=frozenset(Hold(one) for one in row.holds),
        reasons=tuple(Reason(text=text) for text in row.reasons),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def printed_facts(row: Certificate) -> Sequence[tuple[str, str]]:
    """Return every fact that the paper prints, with what each is called, in reading order."""
    words = row.printed
    signed = words.get("signatories")
    signers = signed if isinstance(signed, list) else []
    pairs = [
        ("Name on the certificate", words["name"]),
        ("Number", words["number"]),
        ("Certificate", words["code"]),
        ("What it says", f"{words['name']} {words['award']}"),
        ("Scope", words.get("scope")),
        ("Pathway", words.get("pathway")),
        ("Issued", words["issued"]),
        ("From", words["valid_from"]),
        ("Until", words["valid_until"]),
        ("Issued by", f"Towpath {words['issuer']}"),
        *(("Signed by", f"{one[1]}, {one[2]}") for one in signers),
        ("What it is", words["what_it_is"]),
    ]
    return [(label, str(value)) for label, value in pairs if value]
