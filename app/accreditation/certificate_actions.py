"""Issuing certificates: printed once, frozen, and replaced by a newer one. Nothing here commits."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app import audit
from app.accreditation import actions, certificate_queries, panel_queries, queries
from app.accreditation.models import Certificate, Decision, Record
from app.content import framework
from app.formats import day as in_words
from app.formats import listed, local
from assessments.panel import Seat
from assessments.panel_decision import Working
from assessments.statuses import Status
from certificates import (
    AccreditationCertificate,
    Signatory,
    UnprintableName,
    new_code,
    new_link_token,
    render,
)
from certificates.award import CAN_BE_SUSPENDED, WHAT_IT_IS
from certificates.typefaces import SANS_BOLD, SERIF_ITALIC, SERIF_MEDIUM, face_for_name

TITLE = "Certificate of accreditation"
#: What a new version has of its own, so that it does not count as a change.
OWN = ("code", "issued")


class CertificateError(actions.AccreditationError):
    """A refusal about a certificate, in words for the person."""


class NotAccredited(CertificateError):
    """There is no accreditation in force to certify."""


class NothingChanged(CertificateError):
    """A new version would say exactly what the present one says."""


class NewerVersion(CertificateError):
    """Another version was issued while the page was open."""


class CannotPrint(CertificateError):
    """No typeface has every character of the name; says which ones are missing."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        seen = listed([f"‘{one}’" for one in characters[:6]])
        super().__init__(
            f"Our typefaces cannot set {seen}. Write the name in letters that they have, "
            "such as its usual spelling in Latin letters"
        )


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """Who issues, and where certificates are checked."""

    name: str
    base_url: str

    @property
    def check_address(self) -> str:
        """Return where to check, for reading: without the protocol."""
        return f"{self.base_url.partition('://')[2].rstrip('/')}/check"


def issue(
    session: Session,
    record: Record,
    decision: Decision,
    *,
    scheme: Scheme,
    now: datetime,
    by_id: int,
) -> Certificate:
    """Issue the certificate of a decision as the mentor wants it printed, in the place of the last.

    Raises CannotPrint, before anything is kept.
    """
    before = certificate_queries.latest(session, record.id)
    row = _drawn(_words(record, decision, scheme, now), scheme)
    row.record_id, row.decision_id = record.id, decision.id
    row.valid_from, row.valid_until = _dates(decision)
    row.replaces_id = before.id if before else None
    row.issued_at, row.issued_by_id = now, by_id
    session.add(row)
    audit.record(
        session,
        "certificate.issued",
        row,
        now=now,
        actor_id=by_id,
        about_id=record.person_id,
        replaces=row.replaces_id,
    )
    return row


def reissue(
    session: Session,
    record: Record,
    printed_name: str,
    *,
    show_pathways: bool,
    seen_id: int,
    scheme: Scheme,
    on: date,
    now: datetime,
) -> Certificate:
    """Keep the mentor's choice of what is printed, and issue a new version.

    Raises NotAccredited, NewerVersion, NothingChanged and CannotPrint.
    """
    standing = queries.interval_on(session, record.id, on)
    decision = panel_queries.last_grant(session, record.id)
    if decision is None or standing is None or not Status(standing.status).active:
        raise NotAccredited("A certificate can be issued only while the accreditation is in force")
    before = certificate_queries.latest(session, record.id)
    if (before.id if before else 0) != seen_id:
        raise NewerVersion("Another version was issued while this page was open. Look at it first")
    actions.print_choices(session, record, printed_name, show_pathways=show_pathways, now=now)
    words = _words(record, decision, scheme, now)
    same_decision = before is not None and before.decision_id == decision.id
    if before is not None and same_decision and _without_own(before.printed) == _without_own(words):
        raise NothingChanged("Your certificate says exactly this already")
    return issue(session, record, decision, scheme=scheme, now=now, by_id=record.person_id)


def _without_own(words: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in words.items() if key not in OWN}


def _words(record: Record, decision: Decision, scheme: Scheme, now: datetime) -> dict[str, Any]:
    """Return every word of the paper. Raises CannotPrint."""
    starts, ends = _dates(decision)
    name = " ".join((record.printed_name or record.person.working_name).split())
    _refuse_unprintable(name, SERIF_MEDIUM)
    return {
        "title": TITLE,
        "name": name,
        "number": record.number,
        "code": new_code(secrets.token_bytes),
        "award": "is accredited as a mentor, having completed the scheme’s training, met every "
        "criterion of its standard before assessors, and satisfied the mentor selection panel.",
        "scope": _scope(decision),
        "pathway": _pathways(decision) if record.show_pathways else None,
        "issued": in_words(local(now).date()),
        "valid_from": in_words(starts),
        "valid_until": in_words(ends),
        "issuer": f"for the {scheme.name} scheme",
        "signatories": _signatories(decision),
        "statement": CAN_BE_SUSPENDED,
        "check_address": scheme.check_address,
        "what_it_is": WHAT_IT_IS,
    }


def _dates(decision: Decision) -> tuple[date, date]:
    starts, ends = decision.valid_from, decision.valid_until
    if starts is None or ends is None:
        raise NotAccredited("The decision did not accredit")
    return starts, ends


def _scope(decision: Decision) -> str:
    """Return the parts of the scope that anybody may read: never pathway, language or place."""
    parts = decision.scope_parts
    alone = parts.get("working") == Working.SOLO.value
    how = "alone or in a pair" if alone else "in a pair only"
    return f"With clients {parts.get('age_group')}, {how}."


def _pathways(decision: Decision) -> str:
    names = {unit.code: unit.pathway or unit.title for unit in framework().pathways}
    chosen = [names[code] for code in decision.pathways.split() if code in names]
    return f"Accredited for: {listed(chosen)}."


def _signatories(decision: Decision) -> list[list[str]]:
    """Return who signed: whoever recorded the decision for the panel, as they then were."""
    signer = next((one for one in decision.present if one[0] == decision.recorded_by_id), None)
    if signer is None:
        return []
    name, seats = str(signer[1]), signer[2]
    chair = isinstance(seats, list) and Seat.CHAIR.value in seats
    try:
        _refuse_unprintable(name, SERIF_ITALIC, SANS_BOLD)
    except CannotPrint:
        return []
    first, _, last = name.rpartition(" ")
    signed = f"{first[:1]}. {last}" if first else name
    return [[signed, name, f"{'Chair' if chair else 'Deputy chair'}, mentor selection panel"]]


def _refuse_unprintable(name: str, *faces: str) -> None:
    try:
        for face in faces:
            face_for_name(name, face)
    except UnprintableName as refusal:
        raise CannotPrint(refusal.characters) from refusal


def _drawn(words: dict[str, Any], scheme: Scheme) -> Certificate:
    """Return the certificate with its PDF, not yet kept."""
    token = new_link_token(secrets.token_bytes)
    pdf = render(paper(words, f"{scheme.base_url.rstrip('/')}/check/{token}"))
    return Certificate(
        code=words["code"],
        link_token=token,
        printed=words,
        pdf=pdf,
        pdf_digest=hashlib.sha256(pdf).hexdigest(),
    )


def paper(words: dict[str, Any], check_url: str) -> AccreditationCertificate:
    """Return the paper that prints these words, with the square leading to an address."""
    return AccreditationCertificate(
        number=words["number"],
        name=words["name"],
        award_line=words["award"],
        issued=words["issued"],
        valid_from=words["valid_from"],
        valid_until=words["valid_until"],
        issuer=words["issuer"],
        check_url=check_url,
        check_address=words["check_address"],
        code=words["code"],
        signatories=tuple(
            Signatory(signed=signed, name=name, role=role)
            for signed, name, role in words["signatories"]
        ),
        scope=(words["scope"],),
        pathway=words["pathway"],
        title=words["title"],
        status_statement=words["statement"],
        what_it_is=words["what_it_is"],
    )
