"""What an award looks like: its words, its paper, and the code that anyone can check it by."""

from certificates.award import (
    AccreditationCertificate,
    Agreed,
    LogSection,
    LogSignature,
    Signatory,
    SupervisionLogPaper,
    TranscriptUnit,
    UnitTranscript,
)
from certificates.code import new_code, new_link_token, tidy
from certificates.pdf import render
from certificates.typefaces import UnprintableName

__all__ = [
    "AccreditationCertificate",
    "Agreed",
    "LogSection",
    "LogSignature",
    "Signatory",
    "SupervisionLogPaper",
    "TranscriptUnit",
    "UnitTranscript",
    "UnprintableName",
    "new_code",
    "new_link_token",
    "render",
    "tidy",
]
