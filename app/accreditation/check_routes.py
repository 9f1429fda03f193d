"""The public check of a certificate: no sign-in, no search by name, one answer for no such code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import db, limits
from app.accreditation import bp, certificate_queries
from app.accreditation.models import CertificateCheck
from app.errors import wants_json
from app.formats import clock, day, today
from app.policy import public
from assessments.certificate_state import CertificateState, StateOn
from certificates import tidy

#: Checks from one network in a quarter of an hour.
MOST = 30
LONGEST = 60
UNKNOWN = "unknown"
#: The frame and the heading of each answer.
ANSWERS = {
    CertificateState.VALID: ("ok", "This certificate is valid today"),
    CertificateState.NOT_YET_VALID: ("notyet", "This certificate is not valid yet"),
    CertificateState.EXPIRED: ("wait", "This certificate has expired"),
    CertificateState.SUSPENDED: ("stop", "This certificate is suspended"),
    CertificateState.WITHDRAWN: ("withdrawn", "This certificate has been withdrawn"),
    CertificateState.REPLACED: ("replaced", "This certificate has been replaced"),
}
#: What the day since which a state holds is called, where the paper does not say it.
SINCE = {
    CertificateState.EXPIRED: "Last valid day",
    CertificateState.SUSPENDED: "Suspended since",
    CertificateState.WITHDRAWN: "Withdrawn on",
    CertificateState.REPLACED: "Replaced on",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody who checks is told."""

    state: StateOn
    facts: tuple[tuple[str, str], ...]

    @property
    def items(self) -> list[tuple[str, str]]:
        """Return the facts of the paper, and since when the state holds."""
        label = SINCE.get(self.state.state)
        return [*self.facts, *([(label, day(self.state.since))] if label else [])]


def network(address: str | None) -> str:
    """Return the network that a check is counted for: the address, or an IPv6 home's /64."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


@bp.route("/check", methods=["GET", "POST"], strict_slashes=False)
@public
def check_form() -> ResponseReturnValue:
    typed = request.values.get("code", "").strip()[:LONGEST]
    wanted = tidy(typed) or typed.replace("/", " ").strip()
    # A dot alone would be read as a folder of the address.
    if wanted.strip(". "):
        return redirect(url_for(".check", code=wanted), code=303)
    asked = "code" in request.values
    page = render_template("accreditation/check_form.html", asked=asked)
    return _unstored(make_response(page, 422 if asked else 200))


@bp.get("/check/<code>")
@public
def check(code: str) -> ResponseReturnValue:
    """Tell what a certificate is worth at this moment."""
    now, of = datetime.now(UTC), limits.bucket("check", network(request.remote_addr))
    limits.take(limits.Limit(kind="check", of=of, most=MOST), now=now)
    with db.transaction() as work:
        row = certificate_queries.by_code(work, code[:LONGEST])
        answer = None
        if row is not None:
            state = certificate_queries.state(work, row, today())
            facts = tuple(certificate_queries.printed_facts(row))
            answer = Answer(state=state, facts=facts)
        told = answer.state.state.value if answer else UNKNOWN
        work.add(
            CertificateCheck(certificate_id=row.id if row else None, answer=told, checked_at=now)
        )
    said = _as_json(answer, now) if wants_json() else _as_page(answer, code[:LONGEST], now)
    return _unstored(said)


def _as_page(answer: Answer | None, typed: str, now: datetime) -> Response:
    checked = f"{day(now)} at {clock(now)}"
    if answer is None:
        page = render_template("accreditation/check_unknown.html", typed=typed, checked=checked)
        return make_response(page, 404)
    frame, title = ANSWERS[answer.state.state]
    page = render_template(
        "accreditation/check.html",
        answer=answer,
        state=answer.state.state.value,
        name=answer.facts[0][1],
        frame=frame,
        title=title,
        checked=checked,
    )
    return make_response(page)


def _as_json(answer: Answer | None, now: datetime) -> Response:
    if answer is None:
        return make_response(jsonify(state=UNKNOWN, checked_at=now.isoformat()), 404)
    return jsonify(
        state=answer.state.state.value,
        since=answer.state.since.isoformat(),
        sentence=answer.state.sentence,
        checked_at=now.isoformat(),
        printed=[{"what": label, "words": words} for label, words in answer.facts],
    )


def _unstored(answer: Response) -> Response:
    """What is true now must not be shown again later from somebody's store."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
