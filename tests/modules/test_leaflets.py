"""The code of conduct and the safety card: loaded whole, or named with file and line."""

import pytest

from modules import ContentErrors, load_manual, plain
from tests.modules.tiny import a_manual

CODE = """---
slug: code-of-conduct
title: Code
edition: "2026.1"
lead: What everybody signs.
---

## 1 What for {#what-for}

1.1 You help. [§3.3]

1.2 You are truthful. [scheme, law]

## 2 Afterwards {#afterwards}

- Ring.
"""


def a_code(folder, *change):
    a_manual(folder)
    old, new = change or ("", "")
    if old not in CODE:
        raise ValueError(old)
    (folder / "conduct.md").write_text(CODE.replace(old, new, 1) if old else CODE)
    return load_manual(folder)


class TestALeaflet:
    def test_has_parts_with_clauses_or_with_text(self, tmp_path):
        leaflet = a_code(tmp_path).leaflet("code-of-conduct")

        first, second = leaflet.parts
        assert [clause.number for clause in first.clauses] == ["1.1", "1.2"]
        assert plain(first.clauses[0].html) == "You help. [§3.3]"
        assert (second.clauses, plain(second.html)) == ((), "Ring.")
        assert leaflet.version.startswith("2026.1-")

    def test_that_is_not_there_is_a_key_error(self, tmp_path):
        with pytest.raises(KeyError):
            load_manual(a_manual(tmp_path)).leaflet("safety-card")

    @pytest.mark.row("B18")
    @pytest.mark.parametrize(
        ("old", "new", "line", "what"),
        [
            ("1.1 You help. [§3.3]", "1.1 You help.", 10, "1.1 does not end in where it comes"),
            ("1.2 You", "1.3 You", 12, "the next clause begins with '1.2'"),
            ("1.2 You", "You", 12, "the next clause begins with '1.2'"),
            ("[§3.3]", "[§3.9]", 10, "not a reference: '§3.9'"),
            ("## 2 Afterwards", "## 3 Afterwards", 14, "the next heading reads '## 2"),
            ("{#what-for}", "", 8, "the next heading reads '## 1"),
            ("title: Code", "titel: Code", 2, "title: missing"),
            ("\n## 1", "Words.\n\n## 1", 7, "text before the first heading"),
            ("You help.", "You help!", 10, "no exclamation marks"),
            ("You help.", "word " * 121, 10, "a paragraph of"),
            ("## 2 Afterwards {#afterwards}\n\n- Ring.\n", "", 7, "two parts or more"),
        ],
    )
    def test_a_fault_is_named_with_file_and_line(self, tmp_path, old, new, line, what):
        with pytest.raises(ContentErrors) as caught:
            a_code(tmp_path, old, new)

        assert any(
            str(one).startswith(f"conduct.md:{line}: ") and what in one.what
            for one in caught.value.faults
        ), str(caught.value)


class TestTheShippedOnes:
    MANUAL = load_manual()

    def test_the_code_has_clauses_alone_each_with_its_source(self):
        code = self.MANUAL.leaflet("code-of-conduct")

        clauses = [clause for part in code.parts for clause in part.clauses]
        assert len(clauses) >= 40
        assert all(part.clauses for part in code.parts)
        assert all(plain(clause.html).endswith("]") for clause in clauses)

    def test_the_card_says_what_to_do_before_during_and_after_and_whom_to_ring(self):
        card = self.MANUAL.leaflet("safety-card")

        assert [part.title for part in card.parts] == [
            "Before",
            "In the room",
            "Leaving",
            "After",
            "Never promise",
            "Whom to ring",
        ]
        assert "999" in plain(card.parts[-1].html).split("Duty coordinator")[0]
        assert card.parts[-1].html.count("<td></td>") == 5  # numbers, to be filled in by hand
