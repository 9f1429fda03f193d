"""What a browser may keep of a chapter, and what nobody finds on a device afterwards."""

import pytest

from app.content import manual
from tests.client import Browser, words
from tests.factories import a_user


@pytest.mark.row("B1")
class TestAChapterSeenAgain:
    @pytest.mark.parametrize("ending", ["", "/text"])
    @pytest.mark.parametrize("packing", ["", "gzip"])
    def test_is_not_sent_again_while_nothing_has_changed(
        self, browser, reader, chapter, ending, packing
    ):
        address, wish = f"/manual/{chapter.slug}{ending}", {"Accept-Encoding": packing}
        browser.get(address)
        first = browser.client.get(address, headers=wish)
        tag = first.headers["ETag"]

        again = browser.client.get(address, headers={**wish, "If-None-Match": tag})

        assert not tag.startswith("W/")
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert again.status_code == 304
        assert again.headers["ETag"] == tag
        assert again.get_data() == b""

    def test_the_same_name_always_stands_for_the_same_bytes(self, browser, reader, chapter):
        browser.get(f"/manual/{chapter.slug}")
        wish = {"Accept-Encoding": "gzip"}

        replies = [browser.client.get(f"/manual/{chapter.slug}", headers=wish) for _ in range(3)]

        assert len({one.headers["ETag"] for one in replies}) == 1
        assert len({one.get_data() for one in replies}) == 1

    def test_it_is_sent_when_more_of_it_was_read(self, browser, reader, chapter):
        address = f"/manual/{chapter.slug}"
        browser.get(address)
        tag = browser.client.get(address).headers["ETag"]
        browser.post(f"{address}/read", {"section": chapter.sections[0].id})

        browser.get(address)  # the words that say what was kept are shown once
        again = browser.client.get(address, headers={"If-None-Match": tag})

        assert again.status_code == 200

    def test_a_message_on_it_is_not_left_behind(self, browser, reader, chapter):
        with browser.client.session_transaction() as cookie:
            cookie["_flashes"] = [("wait", "Your reset link was opened by Sam Ferris")]
        address = f"/manual/{chapter.slug}"

        with_message, after = browser.get(address), browser.get(address)

        assert "Sam Ferris" in words(with_message)
        assert with_message.headers["Cache-Control"] == "no-store"
        assert "Sam Ferris" not in words(after)
        assert after.headers["Cache-Control"] == "private, no-cache"

    def test_another_reader_gets_their_own(self, app, browser, reader, chapter, session):
        address = f"/manual/{chapter.slug}"
        browser.get(address)
        tag = browser.client.get(address).headers["ETag"]
        other = a_user(session)
        session.commit()

        theirs = Browser(app).sign_in(other).client.get(address, headers={"If-None-Match": tag})

        assert theirs.status_code == 200

    def test_one_that_holds_own_words_is_not_kept_at_all(self, browser, reader, chapter):
        prompt = chapter.prompts[0].id
        sent = {"text": "For nobody else.", "version": "0"}
        browser.post(f"/manual/{chapter.slug}/reflections/{prompt}", sent)

        reply = browser.get(f"/manual/{chapter.slug}")

        assert "For nobody else." in words(reply)
        assert reply.headers["Cache-Control"] == "no-store"
        assert "ETag" not in reply.headers

    def test_nor_one_that_shows_where_the_reader_stands(self, browser, reader, chapter):
        question = chapter.open_questions[0].id
        browser.post(f"/manual/open-questions/{question}", {"place": "3", "reason": "Mine."})

        assert browser.get(f"/manual/{chapter.slug}").headers["Cache-Control"] == "no-store"


class TestSigningOut:
    def test_empties_what_the_browser_kept_so_that_nobody_finds_the_name_behind_back(
        self, browser, reader
    ):
        reply = browser.post("/sign-out", {})

        assert reply.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.row("B1")
class TestTheTextAlone:
    def test_is_the_same_for_everybody_and_names_nobody(
        self, app, browser, reader, chapter, session
    ):
        browser.post(f"/manual/{chapter.slug}/read", {"section": chapter.sections[0].id})
        other = a_user(session)
        session.commit()

        mine = browser.get(f"/manual/{chapter.slug}/text")
        theirs = Browser(app).sign_in(other).get(f"/manual/{chapter.slug}/text")

        assert mine.get_data() == theirs.get_data()
        assert "Maya" not in words(mine)
        assert "csrf" not in mine.get_data(as_text=True)

    def test_holds_every_section_and_position_but_no_question_of_the_check(
        self, browser, reader, chapter
    ):
        page = browser.get(f"/manual/{chapter.slug}/text").get_data(as_text=True)

        assert all(f'id="{part.id}"' in page for part in chapter.sections)
        assert all(p.title in page for one in chapter.open_questions for p in one.positions)
        assert not any(f'"{question.id}"' in page for question in chapter.questions)

    def test_needs_somebody_signed_in(self, app, chapter):
        reply = Browser(app).client.get(f"/manual/{chapter.slug}/text")

        assert reply.status_code == 303
        assert reply.headers["Cache-Control"] == "no-store"


class TestTheWorker:
    def test_rules_over_the_manual_only_and_is_asked_for_afresh(self, browser, reader):
        reply = browser.get("/manual/worker.js")

        assert reply.mimetype == "text/javascript"
        assert reply.headers["Cache-Control"] == "private, no-cache"
        assert "Service-Worker-Allowed" not in reply.headers

    def test_keeps_nothing_but_texts_and_what_they_look_like(self, browser, reader):
        script = browser.get("/manual/worker.js").get_data(as_text=True)

        assert script.count(".put(") == 1
        assert "keep(event.data.keep)" in script

    def test_the_page_for_no_network_lists_every_chapter_to_choose_from(self, app, browser, reader):
        page = browser.get("/manual/offline").get_data(as_text=True)

        with app.app_context():
            assert all(f"/manual/{one.slug}/text" in page for one in manual().chapters)
