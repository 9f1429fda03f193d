"""Answering knowledge checks, as tests do it."""

from modules import Chapter, Kind
from tests.client import Browser


def right_answers(chapter: Chapter) -> dict[str, str | list[str]]:
    """Return the form of a check in which everything is right."""
    sent: dict[str, str | list[str]] = {}
    for question in chapter.questions:
        key = question.key.answer
        if question.kind is Kind.SINGLE:
            sent[question.id] = key
        elif question.kind is Kind.SEVERAL:
            sent[question.id] = list(key)
        elif question.kind is Kind.ORDER:
            sent |= {f"{question.id}-{option}": str(n) for n, option in enumerate(key, 1)}
        else:
            sent |= {f"{question.id}-{item}": option for item, option in key.items()}
    return sent


def with_wrong(chapter: Chapter, question_id: str) -> dict[str, str | list[str]]:
    """Return right answers but for one single-answer question."""
    sent = right_answers(chapter)
    question = chapter.question(question_id)
    sent[question_id] = next(o.id for o in question.options if o.id != question.key.answer)
    return sent


def page_of(chapter: Chapter) -> str:
    """Return the address of a chapter's check."""
    return f"/manual/{chapter.slug}/check"


def begin(browser: Browser, chapter: Chapter) -> str:
    """Begin an attempt that counts; return where it is answered."""
    return browser.post(f"{page_of(chapter)}/counted").location


def counted(browser: Browser, chapter: Chapter, sent: dict[str, str | list[str]]) -> str:
    """Answer an attempt that counts; return where one reads how it went."""
    return browser.post(begin(browser, chapter), sent).location


def use_all(browser: Browser, chapter: Chapter) -> None:
    """Answer three attempts that count, and miss a question on safety in each."""
    safety = next(one.id for one in chapter.questions if one.safety_critical)
    for _ in range(3):
        counted(browser, chapter, with_wrong(chapter, safety))
