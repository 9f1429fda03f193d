"""Steps of tests about files of evidence: what is sent, what is kept, where it is."""

import io
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.portfolio.models import Evidence, EvidenceFile
from tests.client import Browser

DECLARED = {"files_own": "y", "files_nobody": "y"}


def sending(*files: tuple[bytes, str], **form: str) -> dict[str, Any]:
    """Return a form with files, (content, name) each."""
    return {**DECLARED, **form, "files": [(io.BytesIO(content), name) for content, name in files]}


def attach(
    browser: Browser, evidence: Evidence, *files: tuple[bytes, str], **form: str
) -> TestResponse:
    """Attach files to a piece of evidence, by its form."""
    return browser.post(f"/evidence/{evidence.id}/files/add", sending(*files, **form))


def kept(session: Session) -> list[EvidenceFile]:
    """Return every file that is named now."""
    session.expire_all()
    return list(session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)))


def fetched(browser: Browser, row: EvidenceFile) -> TestResponse:
    """Download a file to its end."""
    return browser.get(address(row), buffered=True)


def address(row: EvidenceFile, act: str = "") -> str:
    """Return where a file is downloaded, or where something is done to it."""
    return f"/evidence/{row.evidence_id}/files/{row.id}{act}"


def new_evidence(**given: str) -> dict[str, str]:
    """Return the form of a new piece of evidence, without a file."""
    return {
        "method": "WR",
        "title": "My account",
        "words": "I would wait, and say nothing for a while.",
        "shown_on-day": "5",
        "shown_on-month": "10",
        "shown_on-year": "2026",
        "criteria": "M4.4.1",
        "own": "y",
        **given,
    }
