"""Tables of the scheme's own settings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class LegalSignOff(Base):
    """That somebody competent signed off one point of docs/legal-review.md."""

    __tablename__ = "legal_sign_offs"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    #: "L3", as in docs/legal-review.md.
    point: Mapped[str] = mapped_column(String(10), index=True)
    #: Who gave the advice, in words.
    advised_by: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
