"""The manual that is kept between starts is the manual of the files, or it is made anew."""

import shutil

import pytest

from modules import compiled, load_manual
from modules.manual import ContentErrors


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the package's files, of which loading is counted."""
    copy = tmp_path / "modules"
    shutil.copytree(compiled.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted((copy / "chapters").glob("*.md"))[1:]:
        path.unlink()
    shutil.rmtree(copy / "cases" / "cs02-what-did-you-just-say")
    monkeypatch.setattr(compiled, "FOLDER", copy)
    return copy


@pytest.fixture
def loads(folder, monkeypatch):
    made = []

    def load():
        made.append(load_manual(folder))
        return made[-1]

    monkeypatch.setattr(compiled, "load_manual", load)
    return made


class TestTheKeptManual:
    def test_it_is_loaded_once_and_the_same_afterwards(self, folder, loads):
        first, second = compiled.kept_manual(), compiled.kept_manual()

        assert first == second
        assert first.chapters[0].sections[0].html == second.chapters[0].sections[0].html
        question = second.chapters[0].questions[0]
        assert question.key.answer == first.chapters[0].questions[0].key.answer
        assert len(loads) == 1

    def test_a_changed_letter_makes_it_anew_and_the_old_one_goes(self, folder, loads):
        compiled.kept_manual()
        chapter = next((folder / "chapters").glob("*.md"))
        chapter.write_text(chapter.read_text().replace("mentor", "Mentor", 1))

        compiled.kept_manual()

        assert len(loads) == 2
        assert len(list((folder / "__pycache__").glob("manual-*"))) == 1

    def test_so_does_a_letter_of_the_code_of_conduct(self, folder, loads):
        compiled.kept_manual()
        code = folder / "conduct.md"
        code.write_text(code.read_text().replace("mentor", "Mentor", 1))

        assert compiled.kept_manual().leaflets[0].title != loads[0].leaflets[0].title
        assert len(loads) == 2

    def test_a_file_that_broke_off_is_made_anew(self, folder, loads):
        compiled.kept_manual()
        (kept,) = (folder / "__pycache__").glob("manual-*")
        kept.write_bytes(kept.read_bytes()[:1000])

        assert compiled.kept_manual().chapters
        assert len(loads) == 2

    def test_where_nothing_can_be_written_it_is_loaded_each_time(self, folder, loads):
        (folder / "__pycache__").write_text("a file where the folder would be")

        assert compiled.kept_manual().chapters
        assert compiled.kept_manual().chapters
        assert len(loads) == 2

    def test_a_fault_in_a_file_is_never_kept_back(self, folder, loads):
        compiled.kept_manual()
        chapter = next((folder / "chapters").glob("*.md"))
        chapter.write_text("no front matter")

        with pytest.raises(ContentErrors):
            compiled.kept_manual()
