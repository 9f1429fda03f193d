"""Free text that may identify somebody is asked about before it is kept."""

from collections.abc import Collection
from typing import Any

from assessments.screening import FindingKind, find_identifiers


def screened(text: Any, reason: Any, *, names_known: Collection[str] = ()) -> bool:
    """Return whether a field's text identifies nobody, or has a reason to stand all the same.

    If not, both fields say what to look at. ``names_known``: words of invented people's names.
    """
    words = text.data or ""
    findings = [
        one
        for one in find_identifiers(words)
        if one.kind is not FindingKind.NAME or not set(one.excerpt.split()) <= set(names_known)
    ]
    if not findings or (reason.data or "").strip():
        return True
    seen = [f"‘{one.excerpt}’ may be {one.kind.label}" for one in findings[:4]]
    text.errors = [f"This may identify somebody: {'; '.join(seen)}"]
    reason.errors = ["Change the text above, or say here why it may stand"]
    return False
