"""Papers as PDF: the same bytes each time for the same words."""

from functools import singledispatch

from certificates import accreditation_sheet, log_sheet, transcript_sheet
from certificates.award import AccreditationCertificate, SupervisionLogPaper, UnitTranscript


@singledispatch
def render(paper: object) -> bytes:
    """Return the paper as a tagged PDF with every typeface embedded.

    Raises UnprintableName if a person's name holds characters that no typeface of ours has.
    """
    raise TypeError(f"{type(paper).__name__} is not a paper of ours")


@render.register
def _(paper: AccreditationCertificate) -> bytes:
    return accreditation_sheet.draw(paper)


@render.register
def _(paper: UnitTranscript) -> bytes:
    return transcript_sheet.draw(paper)


@render.register
def _(paper: SupervisionLogPaper) -> bytes:
    return log_sheet.draw(paper)
