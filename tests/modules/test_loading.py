"""Loading: a good manual is whole; a bad one names every fault with its file and line."""

from pathlib import Path

import pytest

from modules import ContentError, ContentErrors, Kind, load_manual
from tests.modules.tiny import CHAPTER, CHAPTER_FILE, FILES, PLAYER, a_manual, line_of


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        load_manual(folder)
    return str(caught.value).split("\n")


class TestAGoodManual:
    @pytest.mark.row("B1")
    def test_a_chapter_comes_with_all_its_parts(self, tmp_path):
        manual = load_manual(a_manual(tmp_path))

        chapter = manual.chapter(5)
        assert chapter is manual.chapter_by_slug("keeping-quiet")
        assert chapter.title == "Keeping quiet"
        assert [(s.number, s.id, s.minutes) for s in chapter.sections] == [("5.1", "contract", 1)]
        assert chapter.section("contract").notes[0].ref == "§3.3"
        assert '<div class="scene">' in chapter.opening_html
        assert chapter.summary_html.endswith(">Say it first.</p>")
        assert chapter.prompts[0].text == "What would you say?"
        assert chapter.reading == ("Perry (1999)",)

    def test_an_open_question_has_both_poles_every_position_and_the_standing_line(self, tmp_path):
        question = load_manual(a_manual(tmp_path)).open_question("OQ5")

        assert (question.left_label, question.right_label) == ("All", "Some")
        assert [p.title for p in question.positions] == ["Always", "Sometimes"]
        assert question.positions[0].source == "Participant H, §3.3"
        assert "look again in six months" in question.standing_line

    def test_a_question_keeps_its_key_apart(self, tmp_path):
        question = load_manual(a_manual(tmp_path)).chapter(5).question("K5.1")

        assert question.kind is Kind.SINGLE
        assert question.safety_critical
        right = next(o for o in question.options if o.html == "Say it")
        assert question.key.answer == right.id
        assert right.id not in repr(question.key) + str(question.key) + question.key.__html__()

    def test_a_term_of_the_glossary_is_linked_where_it_is_first_used(self, tmp_path):
        folder = a_manual(tmp_path, chapter=("told first.", "told first. A client may ask."))

        html = load_manual(folder).chapter(5).section("contract").html

        assert html.count('<a class="term" href="/manual/glossary#client">client</a>') == 1

    @pytest.mark.row("B5")
    def test_a_case_has_a_brief_for_each_person_in_the_room(self, tmp_path):
        case = load_manual(a_manual(tmp_path)).case("cs01-first")

        assert case.learner.html == "<p>Meet Jamie.</p>"
        assert case.player.facts[0].id == "CS1-F1"
        assert case.player.trust_opens_at == 7
        assert [card.pathway for card in case.player.backgrounds] == ["P1", "P3"]
        assert [(s.starts, s.ends) for s in case.assessor.scenes] == [(0, 5), (5, 12), (12, 20)]
        assert [row.ref for row in case.assessor.grid] == ["M3.2.1", "M5.2.2"]

    def test_what_is_not_there_is_a_key_error(self, tmp_path):
        manual = load_manual(a_manual(tmp_path))

        for ask in (
            lambda: manual.chapter(6),
            lambda: manual.chapter_by_slug("none"),
            lambda: manual.case("cs99"),
            lambda: manual.open_question("OQ6"),
            lambda: manual.chapter(5).section("none"),
            lambda: manual.chapter(5).question("K5.9"),
        ):
            with pytest.raises(KeyError):
                ask()

    def test_versions_change_with_the_words_and_only_with_them(self, tmp_path):
        first = load_manual(a_manual(tmp_path / "a"))
        same = load_manual(a_manual(tmp_path / "b"))
        other = load_manual(a_manual(tmp_path / "c", chapter=("Say it first.", "Say it early.")))

        assert first.version == same.version != other.version
        assert first.chapter(5).version == same.chapter(5).version != other.chapter(5).version
        assert first.chapter(5).version.startswith("2026.1-")
        assert first.case("cs01-first").version == other.case("cs01-first").version

    def test_a_folder_without_chapters_and_cases_is_an_empty_manual(self, tmp_path):
        (tmp_path / "glossary.yaml").write_text("terms: []\n")
        (tmp_path / "edition.md").write_text(FILES["edition.md"])

        manual = load_manual(tmp_path)

        assert (manual.chapters, manual.cases, manual.glossary) == ((), (), ())


#: words in the tiny chapter, what to put there, the words on whose line the fault is, the fault
CHAPTER_FAULTS = [
    ("minutes: 10", "minutes: ten", "minutes:", "minutes: Input should be a valid integer"),
    ("title: Keeping", "titel: Keeping", "number:", "title: missing"),
    ("minutes: 10", "minutes: 10\nminutes: 11", "minutes: 10", "'minutes' is given twice"),
    ("minutes: 10", "minutes: [10", "criteria", "not YAML"),
    ("M3.1.1", "M3-1", "criteria", "should match pattern"),
    ("number: 5", "number: 6", "---", "should be called 06-keeping-quiet.md"),
    ("/// keypoint", "/// keypiont", "/// keypoint", "unknown block 'keypiont'"),
    ("Nobody reads it.\n///", "Nobody reads it.\nx", "/// reading", "is a closing /// missing?"),
    ("/// keypoint\n", "", "Before, not after", "none is open"),
    ("/// keypoint", " /// keypoint", "/// keypoint", "must begin at the margin"),
    ("    left: All", "    lefty: All", "left: All", "'openquestion' has no option 'lefty'"),
    ("    left: All\n", "", "/// openquestion", "needs the option 'left'"),
    ("    left: All", "    left: All\n    left: Two", "left: All", "given twice"),
    ("/// reflection", "/// reflection | Now", "/// reflection", "takes no title"),
    ("/// note | §3.3", "/// note", "/// note", "needs a title"),
    ("/// note | §3.3", "/// note | 3.3", "/// note", "is a reference, not '3.3'"),
    ("The report says so.", "One.\n\nTwo.", "/// note", "one paragraph"),
    ("The client", "The <b>client</b>", "The client", "HTML is not used"),
    ("The client", "The [client](javascript:x)", "The client", "a link must be https"),
    ("told first.", "told first.[^1]", "## 5.1", "footnote"),
    ("told first.", "told [3.3, §3.x].", "The client", "not a reference: '3.3'"),
    ("told first.", "told first!", "The client", "no exclamation marks"),
    ("told first.", "told, e.g. first.", "The client", "no Latin abbreviations"),
    ("The client", "The offender", "The client", "never 'an offender'"),
    ("The client", "An extremist", "The client", "never 'an extremist'"),
    ("Say it first.", "word " * 121, "Say it first.", "a paragraph of 121 words"),
    ("## 5.1 The contract {#contract}", "## The contract", "## 5.1", "a heading reads"),
    ("## Summary", "## Ending", "## Summary", "a heading reads"),
    ("\nSay it first.", "", "---", "the chapter has no summary"),
    ("## Summary", "## 5.2 Two {#contract}\n\n## Summary", "## 5.1", "'contract' is used twice"),
    ("OQ5: How", "How", "/// openquestion", "the title reads 'OQ5: the question'"),
    ("### right\nSay some.\n", "", "/// openquestion", "'### right' is missing"),
    ("### left\n", "A word.\n\n### left\n", "### left", "text before the first"),
    ("### Always | Participant H, §3.3", "### Always", "### Always", "write '### left'"),
    ("### Always | Participant H, §3.3\nAlways.\n", "", "/// openquestion", "two positions"),
    ("R5.1: What", "What", "R5.1", "a prompt reads"),
    ("- Perry", "Perry", "Perry", "a line of reading"),
    ("kind: single", "kind: guess", "/// check", "kind is one of single, several, order, match"),
    ("check | K5.1", "check | Q5.1", "/// check", "its id, like K5.1"),
    ("section: contract", "section: nowhere", "/// check", "no section 'nowhere'"),
    ("safety: true", "safety: yes", "/// check", "safety is true or false"),
    ("What first?\n", "", "/// check", "the question itself is missing"),
    ("- [ ] Write\n  > Nobody reads it.\n", "", "/// check", "three options or more"),
    ("  > Too late.\n", "", "[ ] Wait", "no feedback"),
    ("- [ ] Write", "- [ ] Wait", "[ ] Wait", "two options say the same"),
    ("- [ ] Wait", "- [x] Wait", "/// check", "exactly one option is marked [x], not 2"),
    ("kind: single", "kind: order", "/// check", "three options or more"),
    (
        "kind: single\n    section: contract\n    safety: true\n\nWhat first?\n\n- [x]",
        "kind: several\n    section: contract\n\nWhat first?\n\n- [ ]",
        "/// check",
        "some options are marked [x]",
    ),
    ("  > Too late.", "  Too late.", "Too late.", "neither an option nor its feedback"),
]


class TestAFaultInAChapter:
    @pytest.mark.row("B18")
    @pytest.mark.parametrize(("old", "new", "where", "what"), CHAPTER_FAULTS)
    def test_names_the_file_the_line_and_the_fault(self, tmp_path, old, new, where, what):
        found = faults(a_manual(tmp_path, chapter=(old, new)))

        line = line_of(CHAPTER, where)
        near = [f for f in found if what in f]
        assert near, found
        assert any(f.startswith(f"{CHAPTER_FILE}:{n}: ") for n in (line, line + 1) for f in near)

    def test_a_block_that_is_never_closed_is_named_where_it_opens(self, tmp_path):
        folder = a_manual(tmp_path, chapter=("- Perry (1999)\n///\n", "- Perry (1999)\n"))

        line = line_of(CHAPTER, "/// reading")
        assert faults(folder) == [f"{CHAPTER_FILE}:{line}: 'reading' is never closed"]

    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            ("---\nnumber", "number", "must begin with front matter"),
            ("[M3.1.1]\n---", "[M3.1.1]", "never closed"),
        ],
    )
    def test_broken_front_matter_is_a_fault_of_the_first_line(self, tmp_path, old, new, what):
        found = faults(a_manual(tmp_path, chapter=(old, new)))

        assert any(f.startswith(f"{CHAPTER_FILE}:1: ") and what in f for f in found)

    def test_html_is_named_once_wherever_it_stands_beside_other_faults(self, tmp_path):
        folder = a_manual(tmp_path, chapter=("  > Too late.", "  > Too <b>late</b>!"))

        line = line_of(CHAPTER, "Too late")
        assert sorted(f.removeprefix(f"{CHAPTER_FILE}:{line}: ")[:4] for f in faults(folder)) == [
            "HTML",
            "no e",
        ]

    @pytest.mark.row("B18")
    def test_every_fault_is_named_at_once_in_the_order_of_the_files(self, tmp_path):
        folder = a_manual(
            tmp_path,
            chapter=("told first.", "told first!"),
            glossary=("means:", "meens:"),
            player=("softens:", "soften:"),
            case=("rounds: 1", "rounds: 3"),
        )

        with pytest.raises(ContentError) as caught:
            load_manual(folder)

        assert isinstance(caught.value, ContentErrors)
        files = [fault.place.file for fault in caught.value.faults]
        assert files == sorted(files)
        assert {Path(file).stem for file in files} == {
            "case",
            "player",
            "05-keeping-quiet",
            "glossary",
        }


class TestAFaultInACase:
    @pytest.mark.row("B18")
    @pytest.mark.parametrize(
        ("change", "file", "what"),
        [
            ({"case": ("pathway: common", "pathway: P4")}, "case.yaml:4", "pathway"),
            (
                {"case": ("slug: cs01-first", "slug: cs01-other")},
                "case.yaml:1",
                "called cs01-other",
            ),
            ({"case": ("M5.2.2]", "M5.2.2]\nsecret: 1")}, "case.yaml:14", "unknown key"),
            ({"learner": ("---\n---", "---\nkey: M1.1.1\n---")}, "learner.md:2", "unknown key"),
            ({"learner": ("Meet Jamie.\n", "")}, "learner.md:3", "is empty"),
            ({"player": ("## Persona", "## Who")}, "player.md:11", "needs '## Persona'"),
            ({"player": ("## Persona", "Hello\n\n## Persona")}, "player.md:11", "text before"),
            ({"player": ("softens: The truth.", "")}, "player.md:2", "softens: missing"),
            ({"player": ("Guarded.", "Guarded!")}, "player.md:17", "no exclamation marks"),
            ({"assessor": ("starts: 5", "starts: 6")}, "assessor.md:4", "must start at minute 5"),
            (
                {"assessor": ("ends: 20", "ends: 19")},
                "assessor.md:5",
                "the scenes end at minute 19",
            ),
            ({"assessor": ("ref: M3.2.1", "ref: M9.2.1")}, "assessor.md:7", "match pattern"),
            ({"conventions": ("- {name: Freeze", "- {nam: Freeze")}, "conventions.yaml:5", "nam"),
        ],
    )
    def test_names_the_file_the_line_and_the_fault(self, tmp_path, change, file, what):
        found = faults(a_manual(tmp_path, **change))

        assert any(f"/{file}: " in f and what in f for f in found), found

    def test_a_missing_file_is_named(self, tmp_path):
        folder = a_manual(tmp_path)
        (folder / "cases/cs01-first/player.md").unlink()

        assert faults(folder) == ["cases/cs01-first/player.md:1: the file is missing"]

    def test_a_file_in_another_encoding_is_named_with_its_line(self, tmp_path):
        folder = a_manual(tmp_path)
        (folder / CHAPTER_FILE).write_bytes(b"---\ntitle: caf\xe9\n---\n")

        assert faults(folder) == [f"{CHAPTER_FILE}:2: the file is not UTF-8"]


class TestAFaultBetweenFiles:
    def test_an_id_used_twice_is_named_in_both_places(self, tmp_path):
        folder = a_manual(tmp_path)
        again = CHAPTER.replace("number: 5", "number: 6").replace("keeping-quiet", "again")
        (folder / "chapters/06-again.md").write_text(again, encoding="utf-8")

        found = faults(folder)

        assert {f.split(": ", 1)[1] for f in found} == {
            f"{name} is used 2 times" for name in ("5.1", "K5.1", "R5.1", "OQ5")
        }
        assert {f.split(":")[0] for f in found} == {CHAPTER_FILE, "chapters/06-again.md"}

    def test_a_glossary_with_one_slug_for_two_terms_is_refused(self, tmp_path):
        folder = a_manual(tmp_path)
        text = FILES["glossary.yaml"] + "  - term: client\n    means: Again.\n"
        (folder / "glossary.yaml").write_text(text)

        assert faults(folder) == ["glossary.yaml:1: two terms have the slug 'client'"]

    def test_no_is_a_word_in_our_yaml(self, tmp_path):
        folder = a_manual(tmp_path, player=("A sister,", "no,"))

        assert load_manual(folder).case("cs01-first").player.facts[0].text == "no"
        assert "no," not in PLAYER
