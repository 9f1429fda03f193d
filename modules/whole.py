"""Every rule about the manual as a whole, in one list of faults."""

from __future__ import annotations

from collections.abc import Collection

from modules.house_rules import check_house_rules
from modules.index import check_index
from modules.linter import part_faults
from modules.manual import Fault, Manual
from modules.traceability import check_traceability


def check(manual: Manual, criteria: Collection[str], observed: Collection[str] = ()) -> list[Fault]:
    """Return every fault of a loaded manual; `criteria` are the references that units define.

    `observed` are those among them that only a role play can show. Some faults are only warnings;
    see Fault.warning.
    """
    return [
        *part_faults(manual, criteria),
        *check_house_rules(manual, criteria, observed),
        *check_traceability(manual, criteria),
        *check_index(manual),
    ]
