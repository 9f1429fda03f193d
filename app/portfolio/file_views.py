"""What a form with files holds, checked, and what the list of files shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from app import store
from app.errors import FILES_LOST
from app.portfolio import file_actions, file_queries
from app.portfolio.actions import PortfolioError
from app.portfolio.file_actions import Declared, megabytes
from app.portfolio.forms import FileForm
from app.portfolio.models import Evidence, EvidenceFile
from app.portfolio.received import FileKind, Received, Refused, receive
from assessments.screening import find_identifiers

#: What stands between the words of a name where no space does. Dates and addresses need theirs.
BETWEEN, ALSO_BETWEEN = str.maketrans("_+", "  "), str.maketrans("-.", "  ")
AGAIN = "No file was kept: a browser gives none back, so choose them again"


def sent() -> CombinedMultiDict[str, Any]:
    """Return what a form sent, words and files."""
    return CombinedMultiDict([request.form, request.files])


class FilesSent:
    """The files of one form: checked, then put into the store, then named by rows."""

    def __init__(self, form: FileForm, *, needed: bool) -> None:
        self.form, self.needed = form, needed
        self.received: list[Received] = []

    def are_right(self, work: Session, person_id: int, evidence: Evidence | None) -> bool:
        """Return whether all files may be kept; otherwise say beside each field what is wrong.

        Whatever else is wrong with the form, its files are gone with it, and that is said, too.
        """
        chosen: Sequence[FileStorage] = self.form.files.data or ()
        if not chosen:
            return self._none_is_right()
        faults = [*self._refusals(chosen), *self._over(work, person_id, evidence)]
        self._declared()
        self._names_nobody(faults)
        if faults or self.form.errors:
            self.form.files.errors = [f"{'. '.join([*faults, AGAIN])}."]
            return False
        return True

    def _none_is_right(self) -> bool:
        if FILES_LOST in request.form:
            self.form.files.errors = ["Your files did not come along. Choose them again"]
        elif self.needed:
            self.form.files.errors = ["Choose at least one file"]
        return not self.form.files.errors

    def _refusals(self, chosen: Sequence[FileStorage]) -> list[str]:
        # Eleven files need not be looked at to be too many.
        if len(chosen) > file_actions.MOST_FILES:
            return []
        faults = []
        for file in chosen:
            try:
                self.received.append(receive(file.stream, file.filename or ""))
            except Refused as refusal:
                faults.append(f"‘{shown(file.filename or '')}’ {refusal}")
        return faults

    def _over(self, work: Session, person_id: int, evidence: Evidence | None) -> list[str]:
        sizes = [one.size for one in self.received] or [0] * len(self.form.files.data)
        try:
            file_actions.refuse_too_many(work, evidence, sizes)
            file_actions.refuse_over_quota(work, person_id, sizes)
        except PortfolioError as refusal:
            return [str(refusal)]
        return []

    def _declared(self) -> None:
        if not self.form.files_own.data:
            self.form.files_own.errors = ["Declare whose work it is"]
        if not self.form.files_nobody.data:
            self.form.files_nobody.errors = ["Declare that nobody can be recognised"]

    def _names_nobody(self, faults: list[str]) -> None:
        if (self.form.name_reason.data or "").strip():
            return
        looked_at = [(f"The name ‘{one.name}’", stem(one.name)) for one in self.received]
        looked_at.append(("Whose work it is", self.form.whose.data or ""))
        for what, text in looked_at:
            for finding in find_identifiers(text)[:1]:
                faults.append(f"{what} may identify somebody: it looks like {finding.kind.label}")
                self.form.name_reason.errors = ["Change it, or say here why it may stand"]

    def put(self) -> list[tuple[Received, store.Kept]]:
        """Put all of them into the store, on disk when this returns. Raises StoreFault."""
        return [(one, store.here().put(one.content)) for one in self.received]

    @property
    def declared(self) -> Declared:
        """Return what the learner says of them."""
        return Declared(
            whose=self.form.whose.data or "", name_reason=self.form.name_reason.data or ""
        )


def stem(name: str) -> str:
    """Return the words of a file's name, without its ending: as they stand, and further parted."""
    words = name.rpartition(".")[0].translate(BETWEEN)
    return f"{words}\n{words.translate(ALSO_BETWEEN)}"


def shown(name: str) -> str:
    """Return a refused file's name as a message may repeat it."""
    seen = "".join(sign for sign in name if sign.isprintable())
    return seen if len(seen) <= 60 else f"{seen[:57]}…"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One file in the list."""

    id: int
    name: str
    kind: str
    size: str
    added_at: datetime
    declared_at: datetime
    whose: str
    state: tuple[str, str]
    taken_back_at: datetime | None
    can_open: bool
    can_take_back: bool


def lines(work: Session, evidence: Evidence, *, mine: bool) -> list[Line]:
    """Return a piece of evidence's files. Of one taken back, its learner alone sees the name."""
    judged = file_queries.last_judged(work, evidence.id)
    return [_line(one, judged, mine=mine) for one in file_queries.files_of(work, evidence.id)]


def _line(one: EvidenceFile, judged: datetime | None, *, mine: bool) -> Line:
    back, seen = one.withdrawal is not None, judged is not None and judged >= one.added_at
    state = ("ok", "Judged") if seen else ("wait", "Not judged yet")
    return Line(
        id=one.id,
        name=one.name if mine or not back else "A file",
        kind=FileKind(one.kind).label,
        size=megabytes(one.size),
        added_at=one.added_at,
        declared_at=one.declared_at,
        whose=one.whose if mine or not back else "",
        state=("withdrawn", "Taken back") if back else state,
        taken_back_at=one.withdrawal.withdrawn_at if one.withdrawal else None,
        can_open=not back,
        can_take_back=mine and not back and not seen,
    )
