"""Reading in a real browser: one stops and carries on, uses keys, and reads without a network."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.learning.models import ReadingPlace, SectionRead
from tests.factories import a_user
from tests.live import chromium, live, sign_in  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def page(app, live, chromium, session):
    reader = a_user(session)
    session.commit()
    sign_in(chromium, app, live, reader)
    return chromium.new_page()


def kept_place(session):
    session.rollback()
    return session.scalar(select(ReadingPlace.paragraph))


KEPT = """async () => {
  const requests = await (await caches.open("towpath-manual-1")).keys();
  return requests.some((one) => one.url.endsWith("/text"));
}"""


def opened(page, live, chapter):
    """Open a chapter, and wait until the device has its text."""
    page.goto(f"{live}/manual/{chapter.slug}")
    for _ in range(100):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the text was not kept")


@pytest.mark.row("B3")
class TestStoppingAndCarryingOn:
    def test_the_paragraph_on_the_screen_is_where_one_carries_on(
        self, page, live, chapter, session
    ):
        page.goto(f"{live}/manual/{chapter.slug}")
        wanted = chapter.paragraphs[18]
        with page.expect_response(lambda reply: reply.url.endswith("/place")):
            page.evaluate(
                "id => scrollTo(0, document.getElementById(id).offsetTop"
                " + document.querySelector('.text').getBoundingClientRect().top + scrollY - 100)",
                wanted.id,
            )

        stopped = kept_place(session)
        page.goto(f"{live}/manual/")
        page.get_by_role("link", name="Carry on reading").click()

        assert page.url.endswith(f"#{stopped}")
        expect(page.locator(f"#{stopped}")).to_be_in_viewport()
        ids = [one.id for one in chapter.paragraphs]
        assert abs(ids.index(stopped) - ids.index(wanted.id)) <= 1

    def test_a_section_read_to_its_end_is_kept_and_the_rest_counted_down(
        self, page, live, chapter, session
    ):
        page.goto(f"{live}/manual/{chapter.slug}")
        section = chapter.sections[0]
        left = page.locator(".rail > [data-left]")
        before = left.inner_text()
        with page.expect_response(lambda reply: reply.url.endswith("/read")):
            page.locator(f"[data-section={section.id}] .toread").scroll_into_view_if_needed()

        expect(left).not_to_have_text(before)
        session.rollback()
        assert section.id in session.scalars(select(SectionRead.section)).all()


@pytest.mark.row("B1")
class TestKeys:
    def test_j_and_k_go_through_the_sections(self, page, live, chapter):
        page.goto(f"{live}/manual/{chapter.slug}")

        page.keyboard.press("j")
        expect(page.locator(f"#{chapter.sections[0].id}")).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(f"#{chapter.sections[1].id}")).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator(f"#{chapter.sections[0].id}")).to_be_focused()

    def test_slash_searches_and_a_question_mark_lists_the_keys(self, page, live, chapter):
        page.goto(f"{live}/manual/{chapter.slug}")

        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")

        page.wait_for_url("**/manual/search")

    def test_they_write_letters_where_somebody_writes(self, page, live, chapter):
        page.goto(f"{live}/manual/{chapter.slug}")
        box = page.locator("textarea").first
        box.focus()

        page.keyboard.type("j/k?")

        expect(box).to_have_value("j/k?")

    def test_they_can_be_turned_off_on_this_device(self, page, live, chapter):
        page.goto(f"{live}/manual/{chapter.slug}")
        page.get_by_role("button", name="Keys").first.click()
        page.get_by_label("Turn these keys off on this device").check()
        page.get_by_role("button", name="Close").click()
        page.reload()

        page.keyboard.press("/")
        page.keyboard.press("?")

        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url.endswith(chapter.slug)


@pytest.mark.row("B1")
class TestWithoutANetwork:
    def test_a_chapter_that_was_opened_can_be_read_again(self, page, live, chapter, chromium):
        opened(page, live, chapter)

        chromium.set_offline(True)
        page.goto(f"{live}/manual/{chapter.slug}")

        expect(page.get_by_role("heading", level=1)).to_have_text(chapter.title)
        expect(page.get_by_text(chapter.paragraphs[0].words[:30])).to_be_visible()
        expect(page.get_by_text("This is the text as this device kept it")).to_be_visible()

    def test_a_chapter_that_was_not_opened_leads_to_those_that_were(
        self, page, live, chapter, chromium
    ):
        opened(page, live, chapter)

        chromium.set_offline(True)
        page.goto(f"{live}/manual/working-in-pairs")

        expect(page.get_by_role("heading", level=1)).to_have_text("No network")
        links = page.get_by_role("list").get_by_role("link")
        expect(links).to_have_count(1)
        links.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(chapter.title)
