"""What a chapter's page holds for everybody is drawn once, and holds nobody's own."""

import re
from dataclasses import replace

from app.content import use
from tests.client import Browser
from tests.factories import a_user


class TestWhatIsTheSameForEveryReader:
    """It is drawn once, so it must hold nothing of whoever happened to read first."""

    def test_each_reader_sees_the_same_chapter_and_their_own_progress(
        self, app, browser, reader, session, chapter
    ):
        first, url = chapter.sections[0], f"/manual/{chapter.slug}"
        second = a_user(session, working_name="Second Reader")
        session.commit()
        other = Browser(app).sign_in(second)
        browser.post(f"{url}/read", {"section": first.id})

        mine, theirs = (one.get(url).get_data(as_text=True) for one in (browser, other))

        article = re.compile(r'<section class="part" aria-labelledby="criteria".*?</article>', re.S)
        assert article.search(mine)[0] == article.search(theirs)[0]
        assert mine.count(f'value="{first.id}">Read to here') == 0
        assert theirs.count(f'value="{first.id}">Read to here') == 1
        assert "Second Reader" in theirs
        assert "Second Reader" not in mine

    def test_its_addresses_hold_wherever_the_site_is_mounted(self, browser, reader, chapter):
        url = f"/manual/{chapter.slug}"
        inside = browser.get(url).get_data(as_text=True)

        mounted = browser.get(url, environ_overrides={"SCRIPT_NAME": "/towpath"})

        assert 'href="/standard/criteria/' in inside
        page = mounted.get_data(as_text=True)
        assert 'href="/towpath/standard/criteria/' in page
        assert 'href="/standard/' not in page

    def test_my_place_on_the_scale_is_mine(self, app, browser, reader, session, chapter):
        question, url = chapter.open_questions[0].id, f"/manual/{chapter.slug}"
        second = a_user(session)
        session.commit()
        other = Browser(app).sign_in(second)
        browser.post(f"/manual/open-questions/{question}", {"place": "6", "reason": "Mine alone"})

        assert f'id="{question}-6" value="6" checked' in browser.get(url).get_data(as_text=True)
        theirs = other.get(url).get_data(as_text=True)
        assert f'id="{question}-6" value="6" checked' not in theirs
        assert "Mine alone" not in theirs


def test_a_chapter_with_a_new_title_is_called_so_by_the_text_before_it(
    app, browser, reader, chapter
):
    url = f"/manual/{chapter.slug}/text"
    book, award = app.extensions["manual"], app.extensions["framework"]
    after = book.chapter(6)
    assert after.title in browser.get(url).get_data(as_text=True)
    named = replace(after, title="Another name for it")

    use(app, replace(book, chapters=(*book.chapters[:5], named, *book.chapters[6:])), award)

    page = browser.get(url).get_data(as_text=True)
    assert "Another name for it" in page
    assert after.title not in page
