"""What is asked about the files of evidence: reads only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.portfolio.models import Evidence, EvidenceFile, FileWithdrawal, Judgement


def files_of(session: Session, evidence_id: int) -> Sequence[EvidenceFile]:
    """Return every file of a piece of evidence in the order of adding, those taken back too."""
    query = select(EvidenceFile).where(EvidenceFile.evidence_id == evidence_id)
    return session.scalars(query.order_by(EvidenceFile.id)).all()


def file(session: Session, evidence_id: int, file_id: int) -> EvidenceFile | None:
    """Return one file of a piece of evidence."""
    found = session.get(EvidenceFile, file_id)
    return found if found is not None and found.evidence_id == evidence_id else None


def newest(session: Session, person_id: int) -> int:
    """Return the number of the last file that a learner attached; 0 before the first."""
    query = select(func.max(EvidenceFile.id)).join(Evidence).where(Evidence.person_id == person_id)
    return session.scalar(query) or 0


def any_after(session: Session, evidence_id: int, file_id: int) -> bool:
    """Return whether a file was attached to a piece of evidence after that one."""
    later = EvidenceFile.evidence_id == evidence_id, EvidenceFile.id > file_id
    return session.scalar(select(EvidenceFile.id).where(*later).limit(1)) is not None


def last_judged(session: Session, evidence_id: int) -> datetime | None:
    """Return when a judgement was last made on a piece of evidence."""
    query = select(func.max(Judgement.recorded_at)).where(Judgement.evidence_id == evidence_id)
    return session.scalar(query)


def used(session: Session, person_id: int) -> int:
    """Return how many bytes a learner's files hold. What was taken back counts no more."""
    query = (
        select(func.sum(EvidenceFile.size))
        .join(Evidence)
        .outerjoin(FileWithdrawal)
        .where(Evidence.person_id == person_id, FileWithdrawal.id.is_(None))
    )
    return session.scalar(query) or 0


def is_named(session: Session, sha256: str) -> bool:
    """Return whether any file that was not taken back holds these bytes."""
    query = (
        select(EvidenceFile.id)
        .outerjoin(FileWithdrawal)
        .where(EvidenceFile.sha256 == sha256, FileWithdrawal.id.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def every(session: Session) -> Sequence[EvidenceFile]:
    """Return every file, those taken back too, in the order of adding.

    None from a database of the time before there were files: it is copied before it is upgraded.
    """
    if not inspect(session.connection()).has_table(EvidenceFile.__tablename__):
        return ()
    return session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)).all()


def named(session: Session) -> list[EvidenceFile]:
    """Return every file that was not taken back, in the order of adding."""
    return [one for one in every(session) if one.withdrawal is None]
