"""Loads the whole manual from its folder, or says everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from modules import leaflets as leaflet_files
from modules.book import Edition, IndexEntry, Leaflet, Theme
from modules.casefiles import Conventions
from modules.cases import FILES, load_case, load_conventions
from modules.chapters import load_chapter
from modules.edition import load_edition
from modules.glossary import load_glossary
from modules.index import load_index
from modules.manual import Case, Chapter, ContentErrors, Fault, Manual, Place, Term
from modules.traceability import load_traceability
from modules.yamlfile import Report


def load_manual(folder: Path | None = None) -> Manual:
    """The manual in a folder (the package's own, when none is given): checked, and whole.

    Raises ContentErrors with every fault in it, each with its file and line. Nothing is ever
    half loaded.
    """
    root = folder or Path(__file__).parent
    faults: list[Fault] = []
    edition = _edition(root, faults)
    terms = _glossary(root, faults)
    chapters = _chapters(root, terms, faults)
    cases = _cases(root, faults)
    themes = _themes(root, faults)
    leaflets = _leaflets(root, faults)
    index = _index(root, terms, chapters, faults)
    faults += _doubles(chapters, cases)
    if faults or edition is None:
        raise ContentErrors(faults)
    return Manual(
        chapters=_in_order(chapters),
        cases=tuple(sorted(cases, key=lambda case: int(case.code.removeprefix("CS")))),
        glossary=terms,
        edition=edition,
        version=_version(root),
        traceability=themes,
        leaflets=leaflets,
        index=index,
    )


def _read(root: Path, path: Path, faults: list[Fault]) -> tuple[str, Report]:
    """The text of a file and a report in its name; a file that cannot be read is a fault."""
    report = Report(path.relative_to(root).as_posix())
    try:
        return path.read_text(encoding="utf-8"), report
    except FileNotFoundError:
        faults.append(Fault(place=report.place(1), what="the file is missing"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(Fault(place=report.place(line), what="the file is not UTF-8"))
    return "", report


def _edition(root: Path, faults: list[Fault]) -> Edition | None:
    before = len(faults)
    text, report = _read(root, root / "edition.md", faults)
    edition = load_edition(text, report) if len(faults) == before else None
    faults += report.faults
    return edition


def _glossary(root: Path, faults: list[Fault]) -> tuple[Term, ...]:
    before = len(faults)
    text, report = _read(root, root / "glossary.yaml", faults)
    terms = load_glossary(text, report) if len(faults) == before else ()
    faults += report.faults
    return terms


def _themes(root: Path, faults: list[Fault]) -> tuple[Theme, ...]:
    path = root / "traceability.yaml"
    if not path.exists():
        return ()  # a manual on trial may do without
    text, report = _read(root, path, faults)
    themes = load_traceability(text, report)
    faults += report.faults
    return themes


def _leaflets(root: Path, faults: list[Fault]) -> tuple[Leaflet, ...]:
    found = []
    for name in leaflet_files.FILES:
        if not (root / name).exists():
            continue  # a manual on trial may do without
        before = len(faults)
        text, report = _read(root, root / name, faults)
        leaflet = leaflet_files.load_leaflet(text, report) if len(faults) == before else None
        faults += report.faults
        found += [leaflet] if leaflet else []
    return tuple(found)


def _index(
    root: Path, terms: Sequence[Term], chapters: Sequence[Chapter], faults: list[Fault]
) -> tuple[IndexEntry, ...]:
    path = root / "index.yaml"
    if faults or not path.exists():
        return ()  # what a faulty chapter says would be missed in it
    text, report = _read(root, path, faults)
    index = load_index(text, terms, _in_order(chapters), report)
    faults += report.faults
    return index


def _in_order(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    return tuple(sorted(chapters, key=lambda chapter: chapter.number))


def _chapters(root: Path, terms: Sequence[Term], faults: list[Fault]) -> list[Chapter]:
    chapters = []
    for path in sorted((root / "chapters").glob("*.md")):
        before = len(faults)
        text, report = _read(root, path, faults)
        chapter = load_chapter(report.file, text, terms, report) if len(faults) == before else None
        faults += report.faults
        if chapter and path.stem != f"{chapter.number:02}-{chapter.slug}":
            what = f"the file should be called {chapter.number:02}-{chapter.slug}.md"
            faults.append(Fault(place=chapter.place, what=what))
        chapters += [chapter] if chapter else []
    return chapters


def _cases(root: Path, faults: list[Fault]) -> list[Case]:
    folders = sorted(path for path in (root / "cases").glob("*") if path.is_dir())
    if not folders:
        return []
    before = len(faults)
    text, report = _read(root, root / "cases" / "conventions.yaml", faults)
    shared = load_conventions(text, report) if len(faults) == before else None
    faults += report.faults
    loaded = [_case(root, path, shared, faults) for path in folders] if shared else []
    return [case for case in loaded if case]


def _case(root: Path, path: Path, shared: Conventions, faults: list[Fault]) -> Case | None:
    before = len(faults)
    read = {name: _read(root, path / name, faults) for name in FILES}
    if len(faults) > before:
        return None
    reports = {name: report for name, (_text, report) in read.items()}
    case = load_case({name: text for name, (text, _report) in read.items()}, shared, reports)
    faults += [fault for report in reports.values() for fault in report.faults]
    if case and case.slug != path.name:
        faults.append(Fault(place=case.place, what=f"the folder should be called {case.slug}"))
    return case


def _doubles(chapters: Sequence[Chapter], cases: Sequence[Case]) -> list[Fault]:
    """Ids that two things share: a link to one of them could mean either."""
    named: list[tuple[str, Place]] = []
    for chapter in chapters:
        named.append((f"chapter {chapter.number}", chapter.place))
        named += [(section.number, section.place) for section in chapter.sections]
        named += [(question.id, question.place) for question in chapter.questions]
        named += [(prompt.id, chapter.place) for prompt in chapter.prompts]
        named += [(question.id, question.place) for question in chapter.open_questions]
    named += [(case.code, case.place) for case in cases]
    return list(_repeated(named))


def _repeated(named: Iterable[tuple[str, Place]]) -> Iterable[Fault]:
    listed = list(named)
    times = Counter(name for name, _place in listed)
    for name, place in listed:
        if times[name] > 1:
            yield Fault(place=place, what=f"{name} is used {times[name]} times")


def _version(root: Path) -> str:
    """Twelve hexadecimal digits that change with any word of any content file."""
    digest = sha256()
    for path in sorted([*root.rglob("*.md"), *root.rglob("*.yaml")]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
