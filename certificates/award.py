"""Every word on a paper, already words. Dates and numbers come in as they shall be read."""

from dataclasses import dataclass, field

#: Until an awarding organisation adopts the award, every paper says what it is.
WHAT_IT_IS = (
    "A programme certificate, written to Regulated Qualifications Framework conventions. "
    "It is not a regulated qualification."
)
CAN_BE_SUSPENDED = "A certificate can be suspended. Check that this one is valid today at"


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody who signs for the scheme."""

    signed: str  #: as they sign: "R. Osei-Tutu"
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class AccreditationCertificate:
    """The certificate of one accreditation, frozen when it is issued."""

    number: str
    name: str  #: as the mentor chose it for paper
    award_line: str  #: the sentence after the name: "is accredited as a mentor, having …"
    issued: str
    valid_from: str
    valid_until: str
    issuer: str  #: under the word Towpath: "for the … scheme"
    check_url: str  #: what the square leads to, whole
    check_address: str  #: the same for reading: "towpath.example/check"
    code: str
    signatories: tuple[Signatory, ...]
    scope: tuple[
        str, ...
    ] = ()  #: the signed sentence of scope, and conditions that a host must know
    pathway: str | None = None  #: only where the mentor asked for it: it hints at identity
    title: str = "Certificate of accreditation"
    status_statement: str = CAN_BE_SUSPENDED
    what_it_is: str = WHAT_IT_IS
    printed_for: str | None = None  #: on copies: "Copy printed for …, as at …"


@dataclass(frozen=True, kw_only=True)
class TranscriptUnit:
    """One unit on a transcript."""

    code: str
    title: str
    result: str  #: "Complete", "9 of 14 criteria"
    decided: str  #: "29 May 2025", or what it waits for
    signed_off: str  #: who judged and who verified, in a few words
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnitTranscript:
    """What somebody has completed, unit by unit, on a given day."""

    number: str
    name: str
    award: str
    units: tuple[TranscriptUnit, ...]
    summary: str
    printed_for: str
    as_at: str
    issuer: str
    check_address: str | None = None
    what_it_is: str = WHAT_IT_IS
    title: str = "Unit transcript"


@dataclass(frozen=True, kw_only=True)
class LogSection:
    """A heading of a supervision log and what was written under it."""

    heading: str
    paragraphs: tuple[str, ...]
    own: bool = False  #: the mentor's own words: set in damson italic


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """One thing that mentor and supervisor agreed."""

    what: str
    who: str
    by: str


@dataclass(frozen=True, kw_only=True)
class LogSignature:
    """One signature under a log, with its time in words."""

    name: str
    when: str  #: "Signed 12 June 2025, 7.40 pm"
    own: bool = False  #: the mentor's


@dataclass(frozen=True, kw_only=True)
class SupervisionLogPaper:
    """A signed supervision log. Clients are one letter each."""

    number: str
    mentor: str
    supervisor: str
    held: str
    how_long: str
    sections: tuple[LogSection, ...]
    agreed: tuple[Agreed, ...]
    signatures: tuple[LogSignature, ...]
    printed_for: str
    as_at: str
    safety: tuple[tuple[str, str], ...] = ()  #: (question, answer)
    addenda: tuple[LogSection, ...] = field(default=())  #: dated later thoughts
    title: str = "Supervision log"


Paper = AccreditationCertificate | UnitTranscript | SupervisionLogPaper
