"""The preview for authors: saved files show at once, and so do their faults."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client

from app.accounts.roles import Role
from app.authoring import MANUAL, SCRIPT, STATE, UNITS, Preview, preview
from app.config import Mode, UnsafeSetting
from tests.client import Browser
from tests.conftest import SEAL, a_config
from tests.factories import a_user

pytestmark = pytest.mark.row("B18")
CHAPTER = "01-a-missing-service.md"
ADDRESS = "/manual/a-missing-service"


@pytest.fixture
def folder(tmp_path):
    """A copy of the manual with one chapter, quick to read again."""
    copy = tmp_path / "modules"
    shutil.copytree(MANUAL, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    for path in (copy / "chapters").glob("*.md"):
        if path.name != CHAPTER:
            path.unlink()
    for path in (copy / "cases").glob("cs*"):
        shutil.rmtree(path)
    for name in ("traceability.yaml", "index.yaml"):
        (copy / name).unlink()
    return copy


@pytest.fixture
def seen(app, folder):
    """What an author's browser gets; the site is the test's own."""
    return Client(Preview(lambda: app, folder, UNITS))


@pytest.fixture
def reader(app, session, seen):
    user = a_user(session, Role.LEARNER)
    session.commit()
    signed_in = Browser(app).sign_in(user)
    cookie = signed_in.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    seen.set_cookie(cookie.key, cookie.value)
    return user


def save(folder, old, new):
    path = folder / "chapters" / CHAPTER
    text = path.read_text()
    if old not in text:
        raise ValueError(old)
    path.write_text(text.replace(old, new, 1))


class TestASavedFile:
    def test_shows_at_once(self, seen, folder, reader):
        before = seen.get(ADDRESS).text
        save(folder, 'title: "A missing', 'title: "Reborn, a missing')

        after = seen.get(ADDRESS).text

        assert "Reborn, " not in before
        assert "Reborn, " in after

    def test_a_page_asks_whether_it_is_still_as_it_was_drawn(self, seen, folder, reader):
        drawn = seen.get(STATE).text
        page = seen.get(ADDRESS).text
        save(folder, 'title: "A missing', 'title: "Reborn, a missing')

        assert f'src="{SCRIPT}?drawn={drawn}"' in page
        assert seen.get(STATE).text != drawn
        assert "location.reload()" in seen.get(SCRIPT).text

    def test_a_file_that_is_new_or_gone_counts_as_a_change(self, seen, folder):
        drawn = seen.get(STATE).text

        (folder / "safety-card.md").unlink()
        without = seen.get(STATE).text
        (folder / "notes.txt").write_text("no file of the manual")

        assert without != drawn
        assert seen.get(STATE).text == without

    def test_what_was_found_in_the_old_text_is_forgotten(self, seen, folder, reader):
        seen.get("/manual/search?words=Reborn")
        save(folder, 'title: "A missing', 'title: "Reborn, a missing')

        assert ADDRESS in seen.get("/manual/search?words=Reborn").text


class TestAFault:
    def test_is_shown_with_file_and_line_and_the_site_lives_on(self, seen, folder, reader):
        seen.get(ADDRESS)
        save(folder, "minutes: ", "minutes: about ")

        broken = seen.get(ADDRESS)
        save(folder, "minutes: about ", "minutes: ")

        assert broken.status_code == 503
        assert f"chapters/{CHAPTER}:7: minutes: Input should be a valid integer" in broken.text
        assert SCRIPT in broken.text
        assert seen.get(ADDRESS).status_code == 200

    def test_that_is_there_from_the_start_is_shown_too(self, seen, folder, reader):
        save(folder, "minutes: ", "minutes: about ")

        assert f"chapters/{CHAPTER}:7: " in seen.get(ADDRESS).text
        save(folder, "minutes: about ", "minutes: ")
        assert seen.get(ADDRESS).status_code == 200

    def test_of_a_unit_is_shown_as_well(self, app, folder, tmp_path):
        units = tmp_path / "assessments"
        shutil.copytree(UNITS, units, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        unit = units / "units" / "M1.yaml"
        unit.write_text(unit.read_text().replace("ref: M1.1.1", "ref: M1-1", 1))

        reply = Client(Preview(lambda: app, folder, units)).get("/about")

        assert reply.status_code == 503
        assert "M1.yaml:" in reply.text

    def test_against_a_house_rule_stands_above_the_page(self, seen, folder, reader):
        save(folder, "[M1.1.1", "[M1.9.9")

        reply = seen.get(ADDRESS)

        assert reply.status_code == 200
        assert f"chapters/{CHAPTER}:8: no unit has a criterion M1.9.9" in reply.text

    def test_cannot_write_markup_into_the_page(self, seen, folder, reader):
        save(folder, "/// note | §3.2", "/// note | <b>soon</b>")

        page = seen.get(ADDRESS).text

        assert "&lt;b&gt;soon" in page
        assert "<b>soon" not in page

    def test_the_look_of_the_page_is_served_beside_it(self, seen, folder):
        seen.get("/about")
        save(folder, "minutes: ", "minutes: about ")

        assert seen.get("/static/site.css").status_code == 200


class TestInProduction:
    def test_it_refuses(self):
        config = replace(a_config("sqlite://"), MODE=Mode.PRODUCTION)

        with pytest.raises(UnsafeSetting, match="for authors"):
            preview(config)

    def test_the_command_says_so_and_ends(self, tmp_path):
        settings = {
            "SECRET_KEY": "a secret that only tests know, long enough",
            "SEALED_KEYS": SEAL,
            "DATABASE_URL": f"sqlite:///{tmp_path}/one.db",
            "EVIDENCE_URL": tmp_path.as_uri(),
            "BASE_URL": "https://example.org",
        }

        done = subprocess.run(
            [sys.executable, "-m", "app.authoring"],
            cwd=Path(__file__).parent.parent,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert "A preview is for authors" in done.stderr

    def test_the_site_itself_has_no_such_address(self, app):
        addresses = {str(rule) for rule in app.url_map.iter_rules()}

        assert not [one for one in addresses if "preview__" in one]
        assert app.test_client().get(STATE).status_code == 404
