"""Searching as one types, and answering a check, in a real browser."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.learning.models import CheckAttempt
from tests.live import chromium, live, sign_in  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def page(app, live, chromium, registered):
    sign_in(chromium, app, live, registered.person)
    return chromium.new_page()


@pytest.mark.row("B2")
class TestSearching:
    def test_hits_come_while_one_types_and_forgive_a_slip(self, page, live):
        page.goto(f"{live}/manual/search")

        page.get_by_label("Words to look for").press_sequentially("confidentialty contr", delay=20)

        expect(page.locator(".hits li").first).to_contain_text("Confidentiality contract")
        expect(page.get_by_role("status").first).to_contain_text("confidentialty")
        assert "words=confidentialty" in page.url

    def test_a_hit_leads_to_the_very_section(self, page, live):
        page.goto(f"{live}/manual/search?words=provocation+threat")

        page.locator(".hits a[href*='/manual/'][href*='#']").first.click()

        expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_in_viewport()


def answer(page, wrong=0):
    """Choose the first of everything, or another one."""
    for group in page.locator("fieldset.check__q").all():
        if group.locator("select").count():
            for at, select_box in enumerate(group.locator("select").all()):
                select_box.select_option(index=at + 1)
        else:
            group.locator("input").nth(wrong).check(force=True)


@pytest.mark.row("B4")
class TestAnswering:
    def test_an_attempt_in_two_tabs_and_gone_back_to_is_one_attempt(
        self, page, live, chapter, chromium, session
    ):
        page.goto(f"{live}/manual/{chapter.slug}/check")
        page.get_by_role("button", name="Begin attempt 1 of 3").click()
        other = chromium.new_page()
        other.goto(page.url)
        answer(page)
        answer(other, wrong=1)

        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_load_state()
        result = page.locator("main").inner_text()
        other.get_by_role("button", name="Send my answers").click()
        other.wait_for_load_state()
        page.go_back()
        page.wait_for_load_state()

        counted = session.scalars(select(CheckAttempt)).all()
        assert len(counted) == 1
        page.goto(f"{live}/manual/checks/{counted[0].id}")
        assert page.locator("main").inner_text() == result

    def test_no_feedback_is_in_the_page_before_one_has_answered(self, page, live, chapter):
        page.goto(f"{live}/manual/{chapter.slug}/check")
        page.get_by_role("link", name="Practise").click()
        page.wait_for_load_state()
        before = page.content()

        feedback = [o.feedback_html for q in chapter.questions for o in q.options]

        assert not any(one[:40] in before for one in feedback if one)
