"""What can go wrong in this package, named for what happened."""

from collections.abc import Iterable
from dataclasses import dataclass


class AssessmentError(Exception):
    """The base of every refusal that comes from a rule of assessment."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong in a content file, and where."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        """Return "file:line: what", the form that editors can jump to."""
        return f"{self.file}:{self.line}: {self.what}"


class ContentError(AssessmentError):
    """A content file, or several, cannot be used. Nothing was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownReference(AssessmentError):
    """No unit, outcome, criterion or case has this reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"the award has nothing called {reference!r}")
        self.reference = reference


class FactError(AssessmentError):
    """A dated fact says something that its kind cannot say."""


class UnresolvedDifference(AssessmentError):
    """Two mark sheets differ, and nobody has yet agreed a mark with a reason."""

    def __init__(self, refs: Iterable[str]) -> None:
        self.refs = tuple(refs)
        super().__init__("an agreed mark and a reason are needed for " + ", ".join(self.refs))


class DecisionRefused(AssessmentError):
    """A decision cannot be recorded as it stands; ``faults`` says what is missing."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))
