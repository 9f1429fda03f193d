"""The unit transcript: what somebody has completed, as paper."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.content import framework
from app.formats import day as in_words
from app.formats import day_and_time, listed, plural
from app.portfolio import queries
from app.portfolio.models import Judgement, Registration
from assessments.completion import UnitProgress, award_progress
from certificates import TranscriptUnit, UnitTranscript, render


def transcript_pdf(
    session: Session, registered: Registration, *, scheme: str, check: str, on: date, now: datetime
) -> bytes:
    """Return the PDF of one learner's transcript. Raises UnprintableName."""
    return render(transcript(session, registered, scheme=scheme, check=check, on=on, now=now))


def transcript(
    session: Session, registered: Registration, *, scheme: str, check: str, on: date, now: datetime
) -> UnitTranscript:
    """Return every word of the paper."""
    rows = queries.judgements(session, [registered.person_id])[registered.person_id]
    progress = award_progress(framework(), registered.pathway_codes, queries.judged(rows), on)
    names, standing = _names(session, rows), _standing(rows)
    name = registered.person.working_name
    return UnitTranscript(
        number=f"T-{registered.id:04}",
        name=name,
        award=framework().award.title,
        units=tuple(_unit(unit, standing, names) for unit in progress.units),
        summary=progress.sentence,
        printed_for=name,
        as_at=day_and_time(now),
        issuer=f"for the {scheme} scheme",
        check_address=check,
    )


def _names(session: Session, rows: Sequence[Judgement]) -> dict[int, str]:
    judged = [one for row in rows for one in (row.assessor_id, row.with_assessor_id)]
    verified = [one.verifier_id for row in rows for one in row.verifications]
    return accounts.names(session, [*judged, *verified])


def _standing(rows: Sequence[Judgement]) -> dict[str, Judgement]:
    """Return the judgement that stands for each criterion: the latest by the day observed."""
    ordered = sorted(rows, key=lambda row: (row.observed_on, row.recorded_at))
    return {row.criterion: row for row in ordered}


def _unit(
    progress: UnitProgress, standing: Mapping[str, Judgement], names: Mapping[int, str]
) -> TranscriptUnit:
    unit = framework().unit(progress.code)
    counted = [standing[ref] for ref in progress.counted]
    done = f"{len(counted)} of {len(unit.criteria)} criteria"
    return TranscriptUnit(
        code=unit.code,
        title=unit.title,
        result=f"Complete, {plural(unit.credit, 'credit')}" if progress.achieved else done,
        decided=_decided(progress, counted),
        signed_off=_signed_off(counted, names),
    )


def _decided(progress: UnitProgress, counted: Sequence[Judgement]) -> str:
    if progress.achieved:
        return in_words(max(row.recorded_at for row in counted))
    return "In progress" if counted else "Not begun"


def _signed_off(counted: Sequence[Judgement], names: Mapping[int, str]) -> str:
    judged = {one for row in counted for one in (row.assessor_id, row.with_assessor_id) if one}
    verified = {one.verifier_id for row in counted for one in row.verifications[-1:]}
    if not judged:
        return "–"
    words = f"Judged by {listed(sorted(names[one] for one in judged))}"
    if verified:
        words += f". Verified by {listed(sorted(names[one] for one in verified))}"
    return words
