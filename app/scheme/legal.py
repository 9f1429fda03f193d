"""The legal points of docs/legal-review.md, and which of them somebody has signed off."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from app.scheme import queries

REVIEW = Path(__file__).parent.parent.parent / "docs" / "legal-review.md"
ROW = re.compile(r"^\| (L\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


@dataclass(frozen=True)
class LegalPoint:
    """One point: its number, the question, what the site does meanwhile, and where."""

    number: str
    question: str
    default: str
    page: str


@cache
def points() -> tuple[LegalPoint, ...]:
    """Return every point of the review, in its order."""
    return tuple(LegalPoint(*row) for row in ROW.findall(REVIEW.read_text(encoding="utf-8")))


def open_points(session: Session) -> list[LegalPoint]:
    """Return the points that nobody has signed off."""
    done = queries.signed_off(session)
    return [point for point in points() if point.number not in done]
