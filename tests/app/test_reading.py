"""Where one stopped, what has changed since, and what becomes of progress when chapters move."""

import pytest
from sqlalchemy import select

from app.content import manual
from app.learning.models import ChapterEdition, ReadingPlace, SectionRead
from tests.client import words
from tests.factories import LONG_AGO, a_user
from tests.manual_steps import rewritten, without

SENTENCE = "The order matters as much as the words."


def read_all(browser, chapter):
    browser.post(f"/manual/{chapter.slug}/read", {"section": chapter.sections[-1].id})


@pytest.mark.row("B3")
class TestStopping:
    def stop_at(self, browser, chapter, paragraph):
        sent = {"paragraph": paragraph.id}
        return browser.post_json(f"/manual/{chapter.slug}/place", sent)

    def test_the_paragraph_is_kept_and_offered_again(self, browser, reader, chapter):
        paragraph = chapter.paragraphs[20]

        assert self.stop_at(browser, chapter, paragraph).status_code == 200

        contents = browser.get("/manual/").get_data(as_text=True)
        assert f"/manual/{chapter.slug}#{paragraph.id}" in contents
        assert paragraph.words[:40] in words(browser.get("/manual/"))
        page = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)
        assert f'href="#{paragraph.id}">Carry on where you stopped' in page
        assert f'id="{paragraph.id}"' in page

    def test_home_leads_to_the_paragraph_too(self, browser, reader, chapter):
        self.stop_at(browser, chapter, chapter.paragraphs[20])

        assert f"#{chapter.paragraphs[20].id}" in browser.get("/").get_data(as_text=True)

    def test_one_place_is_kept_the_latest(self, browser, reader, chapter, session):
        for paragraph in chapter.paragraphs[:3]:
            self.stop_at(browser, chapter, paragraph)

        assert session.scalars(select(ReadingPlace.paragraph)).all() == [chapter.paragraphs[2].id]

    def test_the_button_for_readers_without_script_keeps_the_next_section(
        self, browser, reader, chapter, session
    ):
        browser.post(f"/manual/{chapter.slug}/read", {"section": chapter.sections[0].id})

        place = session.scalar(select(ReadingPlace))
        assert (place.section, place.paragraph) == (chapter.sections[1].id, "")

    def test_a_paragraph_that_is_not_of_this_chapter_is_refused(self, browser, reader, chapter):
        reply = browser.post_json(f"/manual/{chapter.slug}/place", {"paragraph": "p-00000000"})

        assert reply.status_code == 400

    def test_a_paragraph_that_was_rewritten_gives_way_to_its_section(
        self, app, browser, reader, chapter
    ):
        stopped = next(p for p in chapter.paragraphs if SENTENCE in p.words)
        self.stop_at(browser, chapter, stopped)
        rewritten(app, 5, (SENTENCE, "The order matters more than the words."))

        contents = browser.get("/manual/").get_data(as_text=True)

        assert stopped.id not in contents
        assert f"/manual/{chapter.slug}#{chapter.sections[0].id}" in contents


@pytest.mark.row("F1")
class TestAChapterThatChanged:
    def test_says_so_in_the_contents_and_in_the_chapter(self, app, browser, reader, chapter):
        read_all(browser, chapter)
        rewritten(app, 5, (SENTENCE, "The order matters more than the words."))

        assert "Changed since you read it" in words(browser.get("/manual/"))
        assert "See what has changed" in words(browser.get(f"/manual/{chapter.slug}"))

    def test_shows_the_differences_word_by_word(self, app, browser, reader, chapter):
        read_all(browser, chapter)
        rewritten(app, 5, (SENTENCE, "The order matters more than the words."))

        page = browser.get(f"/manual/{chapter.slug}/changes").get_data(as_text=True)

        assert "<ins>more than</ins>" in page
        assert "<del>as much as</del>" in page
        assert page.count("<ins>") == 1
        assert chapter.sections[0].title in page

    def test_shows_what_was_added_and_what_is_gone(self, app, browser, reader, chapter):
        read_all(browser, chapter)
        gone = next(p for p in chapter.paragraphs if p.words.startswith("The middle layer is"))
        rewritten(
            app,
            5,
            ("The middle layer is where new mentors slip.", "Mentors slip here."),
            (SENTENCE, f"A thing that nobody had said until now.\n\n{SENTENCE}"),
        )

        page = words(browser.get(f"/manual/{chapter.slug}/changes"))

        assert "New. A thing that nobody had said until now." in page
        assert "Mentors slip here." in page
        assert gone.words[:20] in page

    def test_a_section_not_read_before_is_not_called_changed(self, app, browser, reader, chapter):
        browser.post(f"/manual/{chapter.slug}/read", {"section": chapter.sections[0].id})
        rewritten(app, 5, ("The middle layer is where new mentors slip.", "Mentors slip here."))

        page = words(browser.get(f"/manual/{chapter.slug}/changes"))

        assert "Mentors slip here" not in page
        assert "No word that you read has changed" in page

    def test_a_changed_summary_is_shown_as_well(self, app, browser, reader, chapter):
        read_all(browser, chapter)
        summary = next(p for p in chapter.paragraphs if p.section_id == "summary")
        first = summary.words.split(". ")[0]
        rewritten(app, 5, (first.replace("’", "'"), "A new beginning of the end"))

        assert "A new beginning of the end" in words(browser.get(f"/manual/{chapter.slug}/changes"))

    def test_reading_the_changes_is_kept_and_the_chapter_counts_as_read(
        self, app, browser, reader, chapter, session
    ):
        read_all(browser, chapter)
        new = rewritten(app, 5, (SENTENCE, "The order matters more than the words."))

        browser.post(f"/manual/{chapter.slug}/changes", {})

        assert {*session.scalars(select(SectionRead.chapter_version))} == {new.version}
        assert "Changed since you read it" not in words(browser.get("/manual/"))
        assert "You have read it as it stands" in words(
            browser.get(f"/manual/{chapter.slug}/changes")
        )

    def test_a_text_that_was_not_kept_is_said_to_be_unknown(
        self, browser, reader, chapter, session
    ):
        session.add(
            SectionRead(
                person_id=reader.id,
                slug=chapter.slug,
                section=chapter.sections[0].id,
                chapter_version="2025.1-before",
                read_at=LONG_AGO,
            )
        )
        session.commit()

        page = words(browser.get(f"/manual/{chapter.slug}/changes"))

        assert f"was not kept for {chapter.sections[0].title}" in page

    def test_the_text_is_kept_once_however_many_read_it(self, app, session, browser, chapter):
        for _ in range(3):
            user = a_user(session)
            session.commit()
            browser.sign_in(user)
            read_all(browser, chapter)

        (edition,) = session.scalars(select(ChapterEdition)).all()
        assert edition.version == chapter.version
        assert [tuple(one) for one in edition.paragraphs] == [
            (p.section_id, p.words) for p in chapter.paragraphs
        ]

    def test_a_new_edition_says_what_changed_and_because_of_which_remarks(
        self, app, browser, reader, chapter
    ):
        read_all(browser, chapter)
        changes = (
            'edition: "2026.2"\nchanges:\n  - edition: "2026.2"\n'
            "    what: Section 5.1 says why the order matters.\n    remarks: [12, 31]"
        )
        rewritten(app, 5, ('edition: "2026.1"', changes))

        assert "Section 5.1 says why the order matters" in words(
            browser.get(f"/manual/{chapter.slug}/changes")
        )
        page = words(browser.get(f"/manual/{chapter.slug}"))
        assert "What changed in edition 2026.2" in page
        assert "Because of what readers wrote (remarks 12 and 31)" in page


class TestAChapterThatMoved:
    def test_keeps_its_readers_under_its_new_number(self, app, browser, reader):
        with app.app_context():
            sixth = manual().chapter(6)
        read_all(browser, sixth)

        without(app, 3)

        with app.app_context():
            assert manual().chapter(5).slug == sixth.slug
        page = words(browser.get("/manual/"))
        at = page.index(sixth.title, page.index("Chapters Solid is read"))
        assert "Read" in page[at : at + 300]
        assert "Changed since you read it" not in page

    def test_a_chapter_that_is_gone_stays_on_the_record_by_its_title(
        self, app, browser, reader, chapter, session
    ):
        read_all(browser, chapter)

        without(app, 5)

        page = words(browser.get("/manual/"))
        assert f"{chapter.title}, which was chapter 5" in page
        assert session.scalar(select(SectionRead.slug)) == chapter.slug

    def test_the_place_in_a_chapter_that_is_gone_leads_to_another(
        self, app, browser, reader, chapter
    ):
        sent = {"paragraph": chapter.paragraphs[9].id}
        browser.post_json(f"/manual/{chapter.slug}/place", sent)

        without(app, 5)

        assert browser.get("/manual/").status_code == 200
        assert "Begin reading" in words(browser.get("/manual/"))


class TestTheCost:
    def test_of_the_contents_does_not_grow_with_what_was_read(self, browser, reader, queries, app):
        with app.app_context():
            chapters = manual().chapters
        queries.reset()
        browser.get("/manual/")
        few = queries.number
        for chapter in chapters[:6]:
            read_all(browser, chapter)
        queries.reset()
        browser.get("/manual/")

        assert queries.number == few <= 8
