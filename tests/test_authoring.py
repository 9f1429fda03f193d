"""The authors' guide shows what really loads, and names every block and key that there is."""

import re
from pathlib import Path

from assessments.framework import load_framework
from modules.blocks import SPECS
from modules.loading import load_manual
from modules.preview import preview_chapter

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/authoring.md").read_text()
EXAMPLE = re.search(r"(?s)```chapter\n(.*?)```", GUIDE)[1]


class TestTheGuideForAuthors:
    def test_its_chapter_loads_without_a_fault(self):
        chapter, faults = preview_chapter(EXAMPLE)

        assert faults == ()
        assert chapter is not None
        assert len(chapter.questions) == 2
        assert len(chapter.open_questions) == 1

    def test_it_names_every_block_and_shows_each_once(self):
        for kind in SPECS:
            assert f"`{kind}`" in GUIDE
            assert f"/// {kind}" in EXAMPLE

    def test_it_names_every_file_and_key_of_a_case(self):
        folder = next((ROOT / "modules/cases").glob("cs01-*"))
        table = GUIDE.split("## A case study")[1].split("## A unit")[0]

        for file in folder.iterdir():
            assert f"`{file.name}`" in table
        for key in re.findall(r"(?m)^([a-z_]+):", (folder / "case.yaml").read_text()):
            assert f"`{key}`" in table
        for name in ("player.md", "assessor.md"):
            front = (folder / name).read_text().split("---")[1]
            for key in re.findall(r"(?m)^([a-z_]+):", front):
                assert f"`{key}`" in table

    def test_it_names_every_other_file_of_the_manual_and_every_key_in_it(self):
        for path in [*(ROOT / "modules").glob("*.md"), *(ROOT / "modules").glob("*.yaml")]:
            if path.name != "LICENSE.md":
                text = path.read_text()
                front = text.split("---")[1] if path.suffix == ".md" else text
                keys = set(re.findall(r"(?m)^ *(?:- )?([a-z_]+):", front)) - {
                    "rows",
                    "entries",
                    "terms",
                }
                assert f"`modules/{path.name}`" in GUIDE
                assert [key for key in keys if f"`{key}" not in GUIDE] == []

    def test_it_names_every_key_of_a_drill(self):
        text = (ROOT / "modules/cases/cs02-what-did-you-just-say/case.yaml").read_text()

        keys = re.findall(r"(?m)^ *([a-z_]+):", "drill:" + text.split("drill:")[1])

        assert len(keys) == 10
        assert [key for key in keys if f"`{key}`" not in GUIDE] == []

    def test_a_chapter_and_a_role_play_are_added_in_six_steps(self):
        steps = (ROOT / "CONTRIBUTING.md").read_text()

        for what in ("Add a chapter", "Add a role play"):
            part = steps.split(f"## {what}\n")[1].split("\n## ")[0]
            assert re.findall(r"(?m)^(\d)\. ", part) == list("123456")

    def test_it_names_every_key_of_a_criterion(self):
        text = (ROOT / "assessments/units/M1.yaml").read_text()
        keys = set(re.findall(r"(?m)^(?:      - |        )([a-z_]+):", text))

        assert keys
        for key in keys:
            assert f"`{key}`" in GUIDE.split("## A unit")[1]

    def test_the_commands_check_what_it_speaks_of(self):
        assert load_framework().units
        assert load_manual().chapters


class TestDecisions:
    def test_each_is_numbered_half_a_page_and_says_what_is_bad_about_it(self):
        for number, path in enumerate(sorted((ROOT / "docs/decisions").glob("*.md")), 1):
            text = path.read_text()
            assert path.name.startswith(f"{number:04}-")
            assert text.startswith(f"# {number}. ")
            for part in ("Context", "Decision", "Status", "Consequences"):
                assert f"**{part}.**" in text
            assert len(text.split()) < 260
