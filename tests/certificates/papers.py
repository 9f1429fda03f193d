"""Papers to test with: plain functions with defaults."""

from typing import Any

from certificates import (
    AccreditationCertificate,
    Agreed,
    LogSection,
    LogSignature,
    Signatory,
    SupervisionLogPaper,
    TranscriptUnit,
    UnitTranscript,
)

CODE = "TW-5PD2X-8RCM4-7KQ0"


def a_certificate(**words: Any) -> AccreditationCertificate:
    """Return a certificate; ``words`` take the place of its defaults."""
    chair = Signatory(signed="R. Osei-Tutu", name="Rosalind Osei-Tutu", role="Chair of the panel")
    coordinator = Signatory(signed="E. Fairbrother", name="Ellen Fairbrother", role="Coordinator")
    defaults = {
        "number": "C-0104-2",
        "name": "Imran Qureshi",
        "award_line": "is accredited as a mentor, having met every criterion of the standard.",
        "issued": "2 December 2024",
        "valid_from": "1 December 2024",
        "valid_until": "30 November 2026",
        "issuer": "for the Tameford scheme",
        "check_url": f"https://towpath.example/check/{CODE}",
        "check_address": "towpath.example/check",
        "code": CODE,
        "signatories": (chair, coordinator),
    }
    return AccreditationCertificate(**{**defaults, **words})


def a_log(paragraphs: int = 1, **words: Any) -> SupervisionLogPaper:
    """Return a supervision log whose second section is as long as asked."""
    talk = ("B. asked where the mentor lived, and the mentor changed the subject. " * 4,)
    defaults = {
        "number": "S-0104-11",
        "mentor": "Imran Qureshi, M-0104",
        "supervisor": "Delroy Simmonds",
        "held": "12 June 2025, 6.30 pm",
        "how_long": "55 minutes, in person",
        "sections": (
            LogSection(heading="How I have been", paragraphs=("Managing.",), own=True),
            LogSection(heading="What we talked about", paragraphs=talk * paragraphs),
        ),
        "agreed": (Agreed(what="Two sessions in a pair", who="Imran", by="30 June"),),
        "safety": (("Risk to anyone?", "No."),),
        "signatures": (
            LogSignature(name="Imran Qureshi", when="Agreed 13 June 2025", own=True),
            LogSignature(name="D. Simmonds", when="Signed 12 June 2025"),
        ),
        "printed_for": "Imran Qureshi",
        "as_at": "16 June 2025, 6.04 pm",
    }
    return SupervisionLogPaper(**{**defaults, **words})


def a_transcript(units: int = 3, **words: Any) -> UnitTranscript:
    """Return a transcript of that many units."""
    rows = tuple(
        TranscriptUnit(
            code=f"M{n}",
            title=f"Unit number {n}",
            result="14 of 14 criteria",
            decided="29 May 2025",
            signed_off="Hannah Oduya, verified by Sue Hartshorne",
        )
        for n in range(1, units + 1)
    )
    defaults = {
        "number": "T-0104-3",
        "name": "Imran Qureshi",
        "award": "Mentoring one to one, version 3",
        "units": rows,
        "summary": "Three units complete.",
        "printed_for": "Imran Qureshi",
        "as_at": "16 June 2025",
        "issuer": "for the Tameford scheme",
    }
    return UnitTranscript(**{**defaults, **words})
