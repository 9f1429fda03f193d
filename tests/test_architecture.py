"""The shape of the code: who imports whom, who commits, and the table of pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.routes import FILE, table

ROOT = Path(__file__).parent.parent
DOMAIN = {"modules", "assessments", "certificates"}
WEB = {"flask", "flask_login", "flask_wtf", "wtforms", "sqlalchemy", "werkzeug", "app"}
ORDER = ("accounts", "learning", "portfolio", "roleplay", "quality", "supervision",
         "accreditation", "network", "scheme")  # fmt: skip
#: What a feature may use of one on its left; decision 0007 says why views are among them.
OPEN = ("actions", "queries", "views", "rules", "roles", "entrance")


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports when it runs, with the line."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", files(*DOMAIN), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_domain_package_knows_neither_the_web_nor_the_other_two(path):
    own = path.relative_to(ROOT).parts[0]
    for name, line in imports(path):
        top = name.split(".")[0]
        assert top not in WEB | (DOMAIN - {own}), f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", files("app"), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_feature_uses_only_those_to_its_left_and_only_their_open_modules(path):
    parts = path.relative_to(ROOT).parts
    feature = parts[1] if parts[1] in ORDER else None
    for name, line in imports(path):
        words = name.split(".")
        if feature is None or words[0] != "app" or len(words) < 3 or words[1] not in ORDER:
            continue
        other = words[1]
        if other == feature:
            continue
        assert ORDER.index(other) < ORDER.index(feature), f"{path}:{line} imports {name}"
        assert words[2].endswith(OPEN), f"{path}:{line} imports {name}"


@pytest.mark.parametrize(
    "path",
    [p for p in files("app") if p.stem.endswith(("actions", "queries"))],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_actions_and_queries_know_no_request_and_no_clock(path):
    text = path.read_text()
    for name, line in imports(path):
        assert not name.startswith(("flask.", "flask_login", "werkzeug")), f"{path}:{line} {name}"
    assert "now(UTC)" not in text
    assert "today()" not in text


def test_one_place_commits():
    for path in files("app"):
        if path.name != "db.py":
            assert ".commit(" not in path.read_text(), path


def test_a_transaction_is_opened_by_a_route_or_a_command_only():
    allowed = (
        "routes.py",
        "cli.py",
        "mail.py",
        "entrance.py",
        "views.py",
        "loading.py",
        "forms.py",  # gives the one-time token of a refused form back
        "limits.py",  # a try counts, whatever becomes of what was tried
        "db.py",
        "env.py",
    )
    for path in files("app"):
        if "transaction()" in path.read_text():
            assert path.name.endswith(allowed), path


def test_no_old_queries():
    for path in files("app"):
        assert ".query(" not in path.read_text(), path


def test_the_table_of_pages_is_the_one_reviewed(app):
    assert table(app) == FILE.read_text(), "look at it: make routes"


def test_every_page_of_a_menu_exists(app):
    from app.shell import MENUS

    for links in MENUS.values():
        assert len(links) <= 5
        for _, endpoint in links:
            assert endpoint in app.view_functions


def test_hardly_a_test_is_left_out_on_one_kind_of_database():
    texts = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    del texts[Path(__file__).name]
    skipping = {name for name, text in texts.items() if "pytest.skip" in text or "skipif" in text}

    assert sum(text.count("@ABOUT_SQLITE") for text in texts.values()) <= 3
    assert skipping <= {"test_papers.py"}
