"""A session log as paper: what mentor and supervisor both can read, in words."""

from datetime import datetime

from app.formats import day, day_and_time
from app.supervision.models import SessionLog
from app.supervision.views import LABELS
from certificates import Agreed, LogSection, LogSignature, SupervisionLogPaper, render


def log_pdf(log: SessionLog, *, for_name: str, now: datetime) -> bytes:
    """Return the PDF of one log: never the boxes that only one of the two reads."""
    return render(log_paper(log, for_name=for_name, now=now))


def log_paper(log: SessionLog, *, for_name: str, now: datetime) -> SupervisionLogPaper:
    """Return every word of the paper."""
    mentor, supervisor = log.agreement.mentor, log.agreement.supervisor
    names = {mentor.id: mentor.working_name, supervisor.id: supervisor.working_name}
    return SupervisionLogPaper(
        number=log.number,
        mentor=mentor.working_name,
        supervisor=supervisor.working_name,
        held=day(log.held_on),
        how_long=f"{log.minutes} minutes, {LABELS[log.medium].lower()}",
        sections=tuple(_sections(log)),
        agreed=tuple(
            Agreed(
                what=f"{LABELS[a.kind]}{': ' + a.words if a.words else ''}",
                who=names[a.owner_id],
                by=day(a.due_on),
            )
            for a in log.actions
        ),
        safety=(
            ("Risk to anyone?", ", ".join(LABELS[f] for f in log.risk_flags) or "Not answered"),
            ("Boundaries?", LABELS.get(log.boundary, "Not answered")),
            ("Next meeting?", day(log.next_on)),
        ),
        signatures=_signatures(log, names),
        addenda=_addenda(log, names),
        printed_for=for_name,
        as_at=day_and_time(now),
    )


def _sections(log: SessionLog) -> list[LogSection]:
    themes = ", ".join(LABELS[one] for one in log.themes) or "No theme chosen"
    talked = (themes + ".", *(log.shared_note or "").split("\n\n"))
    found = [LogSection(heading="What we talked about", paragraphs=tuple(p for p in talked if p))]
    if log.case_references:
        found.append(LogSection(heading="Case references", paragraphs=(log.case_references,)))
    if log.wellbeing:
        own = LogSection(heading="How I have been", paragraphs=(LABELS[log.wellbeing],), own=True)
        found.insert(0, own)
    return found


def _signatures(log: SessionLog, names: dict[int, str]) -> tuple[LogSignature, ...]:
    return tuple(
        LogSignature(
            name=names[one.person_id],
            when=f"Signed {day_and_time(one.signed_at)}",
            own=one.person_id == log.agreement.mentor_id,
        )
        for one in log.signed_by
    )


def _addenda(log: SessionLog, names: dict[int, str]) -> tuple[LogSection, ...]:
    return tuple(
        LogSection(
            heading=f"Later thought, {names[one.person_id]}, {day_and_time(one.written_at)}",
            paragraphs=tuple(one.words.split("\n\n")),
            own=one.person_id == log.agreement.mentor_id,
        )
        for one in log.addenda
    )
