"""What changes the files of evidence. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from app import audit
from app.portfolio import file_queries
from app.portfolio.actions import PortfolioError
from app.portfolio.models import Evidence, EvidenceFile, FileWithdrawal
from app.portfolio.received import Received, receive
from app.store import Kept, Store

MOST_FILES = 10
#: Bytes of all files of one learner: some thirty long scans, or hundreds of photographs.
QUOTA = 500_000_000


class TooManyFiles(PortfolioError):
    """A piece of evidence holds so many files and no more."""


class OverQuota(PortfolioError):
    """A learner's files would hold more than one learner may keep."""


class NotByHand(PortfolioError):
    """What the site has filed by itself rests on its own record, not on files."""


class AlreadyJudged(PortfolioError):
    """What a judgement was made on stays."""


class AlreadyBack(PortfolioError):
    """The file was taken back before."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a learner says of the files that they attach, all at once."""

    whose: str = ""
    name_reason: str = ""


def megabytes(size: int) -> str:
    """Return a size as people read it."""
    if size < 100_000:
        return f"{max(round(size / 1000), 1)} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 MB", " MB")


def refuse_too_many(session: Session, evidence: Evidence | None, sizes: Sequence[int]) -> None:
    """Raise TooManyFiles or NotByHand where so many more files have no place."""
    if evidence and evidence.source:
        raise NotByHand("The site filed this by itself. Files go with evidence of your own")
    held = file_queries.files_of(session, evidence.id) if evidence else ()
    there = sum(one.withdrawal is None for one in held)
    if there + len(sizes) > MOST_FILES:
        room = MOST_FILES - there
        raise TooManyFiles(
            f"One piece of evidence holds up to {MOST_FILES} files. There is room for {room} more"
        )


def refuse_over_quota(session: Session, person_id: int, sizes: Sequence[int]) -> None:
    """Raise OverQuota where a learner's files would hold too much."""
    used = file_queries.used(session, person_id)
    if used + sum(sizes) > QUOTA:
        raise OverQuota(
            f"Your files may hold {megabytes(QUOTA)} in all. They hold {megabytes(used)}, and "
            f"these would add {megabytes(sum(sizes))}. Take one back, or send smaller ones"
        )


def attach(
    session: Session,
    store: Store,
    evidence: Evidence,
    files: Sequence[tuple[Received, Kept]],
    declared: Declared,
    *,
    now: datetime,
    by_id: int,
) -> list[EvidenceFile]:
    """Attach files whose bytes are in the store. Raises PortfolioError, StoreFault.

    Raises Missing when bytes are in the store no more: put them there once more, and try again.
    """
    sizes = [kept.size for _, kept in files]
    refuse_too_many(session, evidence, sizes)
    refuse_over_quota(session, evidence.person_id, sizes)
    # The bytes were put there before this transaction began, so that nobody waited for them. Since
    # then another file with the same bytes may have been taken back, and they with it.
    store.confirm(kept.sha256 for _, kept in files)
    return [
        _attach(session, evidence, received, kept, declared, now=now, by_id=by_id)
        for received, kept in files
    ]


def _attach(
    session: Session,
    evidence: Evidence,
    received: Received,
    kept: Kept,
    declared: Declared,
    *,
    now: datetime,
    by_id: int,
) -> EvidenceFile:
    row = EvidenceFile(
        evidence=evidence,
        sha256=kept.sha256,
        size=kept.size,
        kind=received.kind,
        name=received.name,
        name_reason=declared.name_reason,
        whose=declared.whose,
        declared_at=now,
        added_by_id=by_id,
        added_at=now,
    )
    session.add(row)
    audit.record(
        session,
        "evidence-file.added",
        row,
        now=now,
        actor_id=by_id,
        about_id=evidence.person_id,
        evidence=evidence.id,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
    )
    return row


def attach_one(
    session: Session,
    store: Store,
    evidence: Evidence,
    content: IO[bytes],
    name: str,
    *,
    now: datetime,
    by_id: int,
) -> EvidenceFile:
    """Check one file, keep it, and attach it. Raises Refused, PortfolioError, StoreFault."""
    received = receive(content, name)
    kept = store.put(received.content)
    pairs = [(received, kept)]
    return attach(session, store, evidence, pairs, Declared(), now=now, by_id=by_id)[0]


def take_back(session: Session, file: EvidenceFile, *, now: datetime, by_id: int) -> None:
    """Take a file back. Raises AlreadyBack, AlreadyJudged."""
    if file.withdrawal is not None:
        raise AlreadyBack("This file was taken back already")
    judged = file_queries.last_judged(session, file.evidence_id)
    if judged is not None and judged >= file.added_at:
        raise AlreadyJudged("A judgement was made on this file, so it stays")
    session.add(FileWithdrawal(file=file, withdrawn_by_id=by_id, withdrawn_at=now))
    audit.record(
        session,
        "evidence-file.taken-back",
        file,
        now=now,
        actor_id=by_id,
        about_id=file.evidence.person_id,
        evidence=file.evidence_id,
    )


def clear_unnamed(session: Session, store: Store, digests: Sequence[str]) -> int:
    """Remove those of the bytes that no file holds any more; return how many. Raises StoreFault.

    In a transaction, though it writes no row: nobody else can attach the same bytes meanwhile.
    """
    unnamed = [one for one in dict.fromkeys(digests) if not file_queries.is_named(session, one)]
    for digest in unnamed:
        store.remove(digest, in_a_hurry=True)
    return len(unnamed)
