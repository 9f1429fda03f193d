"""A browser for each person of the journey, and small hands to use it with."""
# ruff: noqa: F811 (a fixture that is imported is an argument of the same name)

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.demonstration import Demo, demo, demo_template  # noqa: F401
from tests.live import CHROMIUM, FLAGS
from tests.test_pages_browser import PICTURES


class Journey:
    """Opens a browser for each person and keeps pictures."""

    def __init__(self, demo: Demo, chrome: Browser) -> None:
        self.demo, self.chrome = demo, chrome
        self.number = 0
        self.pages: dict[str, Page] = {}

    def as_(self, key: str) -> Page:
        """Return the page of one of the demonstration's people."""
        if key not in self.pages:
            self.pages[key] = self.demo.page(
                self.chrome, key, viewport={"width": 1280, "height": 900}
            )
        return self.pages[key]

    def stranger(self, name: str) -> Page:
        """Return a page of somebody who is not signed in."""
        self.pages[name] = self.demo.page(
            self.chrome, None, viewport={"width": 1280, "height": 900}
        )
        return self.pages[name]

    def go(self, page: Page, path: str) -> Page:
        """Open a path of the site."""
        page.goto(path if path.startswith("http") else self.demo.address + path)
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep the page as it is, wide and narrow."""
        self.number += 1
        PICTURES.mkdir(exist_ok=True)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            path = PICTURES / f"journey-{self.number:02}-{name}-{width}.png"
            page.screenshot(path=path, full_page=True)


@pytest.fixture(scope="module")
def journey(demo: Demo) -> Iterator[Journey]:
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Journey(demo, chrome)
        chrome.close()


def fill_day(page: Page, name: str, day: date) -> None:
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name='{name}-{part}']").fill(str(value))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).first.check(force=True)
