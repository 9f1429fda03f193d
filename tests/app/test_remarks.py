"""Agree, disagree, something is missing: on any paragraph, to the authors, and answered."""

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.learning.models import Remark, RemarkAnswer, Stance
from tests.client import Browser, words
from tests.factories import LONG_AGO, a_user
from tests.manual_steps import rewritten, without

pytestmark = pytest.mark.row("N20")
SENTENCE = "The order matters as much as the words."


@pytest.fixture
def paragraph(chapter):
    return next(p for p in chapter.paragraphs if SENTENCE in p.words)


def say(browser, chapter, paragraph, stance="disagree", text="The words matter more.", **more):
    address = f"/manual/{chapter.slug}/remarks/{paragraph.id}"
    return browser.post(address, {"stance": stance, "words": text, **more})


def test_a_number_that_no_row_can_have_is_no_page(browser, reader):
    assert browser.get(f"/manual/remarks/?before={2**70}").status_code == 200


class TestSayingSomething:
    def test_every_paragraph_of_the_chapter_can_be_chosen(self, browser, reader, chapter):
        page = browser.get(f"/manual/{chapter.slug}/remarks").get_data(as_text=True)

        assert all(f"/remarks/{one.id}" in page for one in chapter.paragraphs)

    def test_each_section_of_the_chapter_leads_there(self, browser, reader, chapter):
        page = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)

        assert page.count("is something missing?") == len(chapter.sections)

    def test_it_is_kept_with_the_paragraph_as_it_was_read(
        self, browser, reader, chapter, paragraph, session
    ):
        assert say(browser, chapter, paragraph).status_code == 303

        row = session.scalar(select(Remark))
        assert (row.stance, row.words) == (Stance.DISAGREE, "The words matter more.")
        assert (row.quoted, row.chapter_version) == (paragraph.words, chapter.version)
        assert session.scalar(select(AuditEvent.action).order_by(AuditEvent.id.desc())) == (
            "remark.made"
        )

    def test_who_reads_it_is_said_before_it_is_sent(self, browser, reader, chapter, paragraph):
        page = words(browser.get(f"/manual/{chapter.slug}/remarks/{paragraph.id}"))

        assert "The manual’s authors read this with your name" in page
        assert SENTENCE in page

    def test_agreeing_needs_no_words(self, browser, reader, chapter, paragraph):
        assert say(browser, chapter, paragraph, "agree", "").status_code == 303

    @pytest.mark.parametrize("stance", ["disagree", "missing"])
    def test_disagreeing_does(self, browser, reader, chapter, paragraph, session, stance):
        reply = say(browser, chapter, paragraph, stance, "")

        assert reply.status_code == 422
        assert "Say in a sentence what should be different" in words(reply)
        assert session.scalar(select(Remark)) is None

    def test_without_a_choice_the_words_come_back(self, browser, reader, chapter, paragraph):
        reply = say(browser, chapter, paragraph, "", "Kept for me")

        assert reply.status_code == 422
        assert "Kept for me" in reply.get_data(as_text=True)

    def test_too_many_words_come_back(self, browser, reader, chapter, paragraph):
        reply = say(browser, chapter, paragraph, text="a" * 2001)

        assert reply.status_code == 422
        assert "Shorten this by 1 character" in words(reply)

    def test_a_telephone_number_is_asked_about_and_may_stand_with_a_reason(
        self, browser, reader, chapter, paragraph, session
    ):
        text = "Ring me on 07700 900123 about it."
        asked = say(browser, chapter, paragraph, text=text)

        assert asked.status_code == 422
        assert "may be a telephone number" in words(asked)
        kept = say(browser, chapter, paragraph, text=text, screening_reason="It is my own")
        assert kept.status_code == 303
        assert session.scalar(select(Remark.screening_reason)) == "It is my own"

    def test_the_people_of_the_chapter_may_be_named(self, browser, reader, chapter, paragraph):
        text = "I think that Winston Robyn would say it otherwise."

        assert say(browser, chapter, paragraph, text=text).status_code == 303

    def test_pressed_twice_it_is_kept_once(self, browser, reader, chapter, paragraph, session):
        for _ in range(2):
            say(browser, chapter, paragraph, once="the-same-token")

        assert len(session.scalars(select(Remark)).all()) == 1

    def test_a_paragraph_that_does_not_exist_is_not_found(self, browser, reader, chapter):
        assert browser.get(f"/manual/{chapter.slug}/remarks/p-00000000").status_code == 404


class TestOnesOwnRemarks:
    def test_show_the_answer_beside_the_words(
        self, app, browser, reader, chapter, paragraph, coordinator, session
    ):
        say(browser, chapter, paragraph)
        identity = session.scalar(select(Remark.id))
        sent = {"words": "You are right, and we will say so.", "changes_text": "y"}
        assert coordinator.post(f"/manual/remarks/{identity}", sent).status_code == 303

        page = words(browser.get("/manual/remarks/"))

        assert "The words matter more." in page
        assert "You are right, and we will say so." in page
        assert "the text changes because of this" in page

    def test_are_nobody_elses(self, app, browser, reader, chapter, paragraph, session):
        say(browser, chapter, paragraph)
        other = a_user(session)
        session.commit()

        page = words(Browser(app).sign_in(other).get("/manual/remarks/"))

        assert "The words matter more." not in page
        assert "You have not said anything about the text yet" in page

    def test_say_when_the_paragraph_has_changed_since_and_in_which_edition(
        self, app, browser, reader, chapter, paragraph, session
    ):
        say(browser, chapter, paragraph)
        identity = session.scalar(select(Remark.id))
        changes = (
            'edition: "2026.2"\nchanges:\n  - edition: "2026.2"\n    what: Reworded.\n'
            f"    remarks: [{identity}]"
        )
        rewritten(app, 5, ('edition: "2026.1"', changes), (SENTENCE, "Order matters most."))

        page = words(browser.get("/manual/remarks/"))

        assert "The paragraph has changed since" in page
        assert SENTENCE in page
        assert "The text changed because of this, in edition 2026.2" in page

    def test_outlive_the_chapter(self, app, browser, reader, chapter, paragraph):
        say(browser, chapter, paragraph)

        without(app, 5)

        page = words(browser.get("/manual/remarks/"))
        assert "The words matter more." in page
        assert "The chapter is no longer in the manual" in page

    def test_are_paged_at_a_constant_cost(
        self, browser, reader, chapter, paragraph, session, queries
    ):
        for number in range(45):
            session.add(a_remark(reader, chapter, paragraph, f"Remark number {number}."))
        session.commit()

        queries.reset()
        page = browser.get("/manual/remarks/")
        asked = queries.number
        older = words(browser.get("/manual/remarks/?before=26"))

        assert "Remark number 44." in words(page)
        assert "Remark number 24." not in words(page)
        assert "Remark number 24." in older
        assert asked <= 6


def a_remark(person, chapter, paragraph, text):
    return Remark(
        person_id=person.id,
        slug=chapter.slug,
        chapter_version=chapter.version,
        section=paragraph.section_id,
        paragraph=paragraph.id,
        quoted=paragraph.words,
        stance=Stance.MISSING,
        words=text,
        screening_reason="",
        made_at=LONG_AGO,
    )


class TestAuthors:
    def test_see_remarks_by_chapter_and_paragraph_in_the_order_of_the_text(
        self, browser, reader, chapter, paragraph, coordinator
    ):
        say(browser, chapter, chapter.paragraphs[-1], text="At the end.")
        say(browser, chapter, paragraph)
        say(browser, chapter, paragraph, "agree", "")

        overview = words(coordinator.get("/manual/remarks/all"))
        page = words(coordinator.get(f"/manual/remarks/chapters/{chapter.slug}"))
        one = words(coordinator.get(f"/manual/remarks/chapters/{chapter.slug}/{paragraph.id}"))

        assert chapter.title in overview
        assert page.index(SENTENCE) < page.index(chapter.paragraphs[-1].words[:40])
        assert "2 remarks" in page
        assert "Maya Okafor" in one
        assert "At the end." not in one

    def test_find_remarks_on_a_paragraph_that_is_gone_after_the_others(
        self, app, browser, reader, chapter, paragraph, coordinator
    ):
        say(browser, chapter, paragraph)
        say(browser, chapter, chapter.paragraphs[-1], text="At the end.")
        rewritten(app, 5, (SENTENCE, "Order matters most."))

        page = words(coordinator.get(f"/manual/remarks/chapters/{chapter.slug}"))

        assert page.index(chapter.paragraphs[-1].words[:40]) < page.index(SENTENCE)
        assert "The paragraph has changed since" in page

    def test_need_words_to_answer(self, browser, reader, chapter, paragraph, coordinator, session):
        say(browser, chapter, paragraph)
        identity = session.scalar(select(Remark.id))

        reply = coordinator.post(f"/manual/remarks/{identity}", {"words": ""})

        assert reply.status_code == 422
        assert session.scalar(select(RemarkAnswer)) is None

    def test_pages_cost_the_same_with_many_remarks(
        self, reader, chapter, coordinator, session, queries
    ):
        session.add(a_remark(reader, chapter, chapter.paragraphs[0], "One."))
        session.commit()
        queries.reset()
        coordinator.get(f"/manual/remarks/chapters/{chapter.slug}")
        few = queries.number
        for number, paragraph in enumerate(chapter.paragraphs * 3):
            session.add(a_remark(reader, chapter, paragraph, f"Number {number}"))
        session.commit()
        queries.reset()
        coordinator.get(f"/manual/remarks/chapters/{chapter.slug}")

        assert queries.number == few <= 6

    @pytest.mark.parametrize(
        "address", ["/manual/remarks/all", "/manual/remarks/chapters/a-missing-service"]
    )
    def test_are_the_only_ones_to_open_these_pages(self, browser, reader, address):
        assert browser.get(address).status_code == 403

    def test_a_reader_cannot_answer(self, browser, reader, chapter, paragraph, session):
        say(browser, chapter, paragraph)
        identity = session.scalar(select(Remark.id))

        reply = browser.post(f"/manual/remarks/{identity}", {"words": "Me"})

        assert reply.status_code == 404
