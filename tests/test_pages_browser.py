"""Every page, in light and dark, wide and narrow: axe finds nothing, and neither do we.

axe is blind to missing legends and descriptions, to the size of targets and to sideways scrolling,
so those have checks of their own.
"""
# ruff: noqa: F811 (a fixture that is imported is an argument of the same name)

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.demonstration import Demo, demo, demo_template  # noqa: F401
from tests.live import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.row("B14")]
PICTURES = Path(os.environ.get("TEST_ARTEFACTS", "test-artefacts"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
CHAPTER = "/manual/ethics-confidentiality-and-when-it-must-be-broken"
#: Who opens what. {…} stands for an id that the page before it leads to.
PAGES = {
    None: ["/", "/sign-in", "/forgotten-password", "/about", "/privacy", "/accessibility", "/help",
           "/check", "/check/TW-00000-00000-0000", "/no-such-page"],
    "learner": ["/", "/manual/", CHAPTER, f"{CHAPTER}/check", f"{CHAPTER}/check/practice",
                "/manual/checks/", "/manual/checks/23", "/manual/glossary", "/journal/",
                "/manual/drills/cs02-what-did-you-just-say/", "/manual/drills/runs/7",
                "/manual/drills/runs/7/5", "/portfolio/confidence/M2",
                "/portfolio/confidence/M6/start",
                "/manual/search", "/manual/search?words=confidentialty+contract",
                "/manual/download",
                "/manual/open-questions/", "/manual/open-questions/OQ5",
                "/manual/open-questions/OQ1", "/manual/traceability",
                "/manual/index", "/manual/code-of-conduct", "/manual/safety-card",
                "/manual/pathways-extreme-right-wing-and-animal-rights",
                "/manual/working-in-pairs",
                "/standard/", "/standard/M3", "/standard/criteria/M3.2.1", "/portfolio/",
                "/portfolio/criteria/M2.2.2", "/portfolio/evidence/add", "/practice/", "/account",
                "/account/who-looked", "/account/password", "/supervision/", "/record/",
                "/certificate/", "/practice/role-plays/1", "/practice/role-plays/1/result",
                "/practice/role-plays/2/brief"],
    "mentor": ["/", "/supervision/", "/supervision/logs/{log}", "/certificate/", "/record/",
               "/portfolio/"],
    "player": ["/", "/practice/", "/practice/role-plays/2/player"],
    "assessor": ["/", "/practice/", "/practice/role-plays/2", "/assess/role-plays/2/mark",
                 "/assess/role-plays/3/mark", "/assess/role-plays/2/finish",
                 "/assess/role-plays/2/blank", "/assess/role-plays/1/settle",
                 "/practice/role-plays/2/guide", "/practice/cases/", "/learners/", "/learners/4",
                 "/learners/4/criteria/M2.1.1", "/quality/actions", "/learners/4/drills/7",
                 "/tutorials/", "/tutorials/2"],
    "verifier": ["/", "/quality/sampling", "/quality/actions"],
    "external": ["/"],
    "supervisor": ["/", "/supervision/"],
    "panel": ["/", "/register/", "/register/?status=suspended", "/register/16", "/panel/",
              "/panel/new"],
    "commissioner": ["/"],
    "coordinator": ["/", "/manual/", "/people", "/people/invite", "/people/1", "/people/4/close",
                    "/outbox",
                    "/outbox/1", "/audit", "/settings", "/practice/", "/practice/book",
                    "/supervision/agreements/", "/supervision/agreements/new",
                    "/supervision/agreements/1", "/register/16", "/register/16/facts/vetting",
                    "/register/16/suspend", "/register/16/withdraw", "/manual/preview",
                    "/people/15/register", "/learners/", "/learners/3/assessors",
                    "/learners/4/assessors", "/panel/members"],
}  # fmt: skip
VISITS = [(who, path) for who, paths in PAGES.items() for path in paths]
OWN_CHECKS = """
() => {
  const faults = [];
  const shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
  for (const set of document.querySelectorAll('fieldset'))
    if (!set.querySelector(':scope > legend')) faults.push('no legend: ' + set.id);
  const groups = new Set();
  for (const radio of document.querySelectorAll('input[type=radio]')) {
    const set = radio.closest('fieldset');
    if (!set) faults.push('a radio outside a fieldset: ' + radio.name);
  }
  for (const field of document.querySelectorAll('[aria-describedby]'))
    for (const id of field.getAttribute('aria-describedby').split(/\\s+/))
      if (id && !document.getElementById(id)) faults.push('describedby points nowhere: ' + id);
  for (const hint of document.querySelectorAll('.fld > .hint, .fld > .errmsg'))
    if (hint.id && !document.querySelector(`[aria-describedby~="${CSS.escape(hint.id)}"]`))
      faults.push('nothing is described by ' + hint.id);
  const alone = 'button, summary, select, textarea, input:not([type=hidden]), nav a, a.btn, a.hit';
  for (const target of document.querySelectorAll(alone)) {
    if (!shown(target)) continue;
    const row = target.closest('.opt, .chip, .jd__b, .oq__o') || target;
    const box = row.getBoundingClientRect();
    const own = target.getBoundingClientRect();
    const height = Math.max(box.height, own.height);
    if (height < 43.5 && height > 0 && !target.closest('.vh'))
      faults.push(`${Math.round(height)} px: ${target.outerHTML.slice(0, 90)}`);
  }
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
  return faults;
}
"""


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One browser for all visits of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def must_be_open_to_everybody(page: Page, address: str, name: str) -> None:
    """Visit a page and demand that nothing is wrong with it, in light and in dark."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(address)
    PICTURES.mkdir(exist_ok=True)
    # In the dark only the colours are others: names, roles and sizes were looked at already.
    for scheme, rules in (("light", RULES), ("dark", {"type": "rule", "values": COLOURS})):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=PICTURES / f"{name}-{scheme}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": rules}).response["violations"]
        said = [f"{scheme}, {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
        assert said + page.evaluate(OWN_CHECKS) == []
    assert [c for c in complaints if "404 (NOT FOUND)" not in c] == []


@pytest.mark.parametrize(("who", "path"), VISITS, ids=lambda value: str(value))
def test_a_page_is_open_to_everybody_however_they_look_at_it(
    demo: Demo, chrome: Browser, who: str | None, path: str
) -> None:
    name = f"{who or 'anybody'}{path.replace('/', '-').rstrip('-')[:60]}"
    address = demo.address + path.format(log=demo.log_of("mentor"))
    for width in (1280, 390):
        page = demo.page(chrome, who, viewport={"width": width, "height": 900})

        must_be_open_to_everybody(page, address, f"{name}-{width}")

        page.context.close()


@pytest.mark.parametrize("path", ["/", "/manual/", CHAPTER, "/portfolio/", "/supervision/"])
def test_nothing_scrolls_sideways_at_320_pixels(demo: Demo, chrome: Browser, path: str) -> None:
    page = demo.page(chrome, "learner", viewport={"width": 320, "height": 700})

    page.goto(demo.address + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


@pytest.mark.parametrize("path", ["/manual/", CHAPTER, "/portfolio/", "/practice/", "/account"])
def test_pages_read_the_same_without_javascript(demo: Demo, chrome: Browser, path: str) -> None:
    with_script = demo.page(chrome, "learner")
    without = demo.page(chrome, "learner", java_script_enabled=False)

    with_script.goto(demo.address + path)
    without.goto(demo.address + path)

    assert (
        without.locator("main").inner_text()[:400] == with_script.locator("main").inner_text()[:400]
    )
    for page in (with_script, without):
        page.context.close()


def test_a_form_with_faults_is_open_to_everybody_too(demo: Demo, chrome: Browser) -> None:
    page = demo.page(chrome, "coordinator", viewport={"width": 390, "height": 900})
    page.goto(demo.address + "/people/invite")

    page.get_by_role("button", name="Send the invitation").click()

    assert page.title().startswith("There is a problem")
    assert page.evaluate("document.activeElement.className").startswith("errsum")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [v["id"] for v in found] == []
    assert page.evaluate(OWN_CHECKS) == []
    page.get_by_role("link", name="Write the person's e-mail address").click()
    assert page.evaluate("document.activeElement.name") == "email"
    page.context.close()
