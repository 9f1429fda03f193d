"""Tables of internal verification."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base

if TYPE_CHECKING:
    from app.portfolio.models import Judgement


class Verification(Base):
    """An internal verifier's decision on one judgement: agreed, or returned with a reason."""

    __tablename__ = "verifications"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    judgement_id: Mapped[int] = mapped_column(ForeignKey("judgements.id"), index=True)
    verifier_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: "agreed" or "returned"
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    #: By when the assessor looks again, where it was returned.
    due_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    judgement: Mapped["Judgement"] = relationship(overlaps="verifications")
