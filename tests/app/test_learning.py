"""Reading the manual, its checks, one's own words, and places on open questions."""

import re

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.content import manual
from app.kept import KeptVersion
from app.learning.models import Place, Reflection, SectionRead
from tests.client import Browser, words
from tests.factories import a_user


@pytest.mark.row("B1", "B18")
class TestReading:
    def test_the_contents_lists_every_chapter_with_its_state(self, app, browser, reader):
        page = words(browser.get("/manual/"))

        with app.app_context():
            for chapter in manual().chapters:
                assert chapter.title in page
        assert "Not read yet" in page

    def test_a_chapter_has_headings_to_jump_to_terms_and_a_way_on(self, browser, reader, chapter):
        html = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)

        for section in chapter.sections:
            assert f'id="{section.id}"' in html
            assert f'href="#{section.id}"' in html
        assert 'class="term" href="/manual/glossary#' in html
        assert 'rel="prev"' in html
        assert 'rel="next"' in html
        assert 'class="mn"' in html
        assert "style=" not in html

    def test_every_criterion_that_a_chapter_prepares_for_is_linked(self, browser, reader, chapter):
        html = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)

        for ref in chapter.criteria:
            assert f"/standard/criteria/{ref}" in html

    def test_an_unknown_chapter_is_not_found(self, browser, reader):
        assert browser.get("/manual/no-such-chapter").status_code == 404

    def test_a_stranger_is_asked_to_sign_in_first(self, app, chapter):
        reply = Browser(app).get(f"/manual/{chapter.slug}")

        assert reply.status_code == 303
        assert f"next=/manual/{chapter.slug}" in reply.location

    def test_the_glossary_explains_every_term(self, app, browser, reader):
        page = words(browser.get("/manual/glossary"))

        with app.app_context():
            assert len(manual().glossary) >= 48
            assert all(term.term in page for term in manual().glossary)


@pytest.mark.row("B3")
class TestProgress:
    def read(self, browser, chapter, section, **options):
        return browser.post(f"/manual/{chapter.slug}/read", {"section": section.id}, **options)

    def test_signing_in_again_offers_to_carry_on_where_one_stopped(
        self, app, browser, session, reader, chapter
    ):
        self.read(browser, chapter, chapter.sections[1])

        later = Browser(app).sign_in(reader)
        page = later.get("/manual/").get_data(as_text=True)
        home = later.get("/").get_data(as_text=True)

        following = f"/manual/{chapter.slug}#{chapter.sections[2].id}"
        assert "Carry on reading" in page
        assert following in page
        assert following in home

    def test_reading_to_a_place_keeps_everything_before_it(self, browser, session, reader, chapter):
        self.read(browser, chapter, chapter.sections[2])

        read = session.scalars(select(SectionRead.section)).all()

        assert set(read) == {section.id for section in chapter.sections[:3]}
        assert "3 of" in words(browser.get("/manual/"))

    def test_a_script_keeps_one_section_at_a_time(self, browser, session, reader, chapter):
        reply = browser.post_json(
            f"/manual/{chapter.slug}/read", {"section": chapter.sections[3].id}
        )

        assert reply.json["saved"]
        assert session.scalars(select(SectionRead.section)).all() == [chapter.sections[3].id]

    def test_the_version_that_was_read_is_kept_and_a_change_is_said(
        self, browser, session, reader, chapter
    ):
        self.read(browser, chapter, chapter.sections[-1])
        assert session.scalar(select(SectionRead.chapter_version)) == chapter.version
        for row in session.scalars(select(SectionRead)):
            row.chapter_version = "an older one"
        session.commit()

        assert "Changed since you read it" in words(browser.get("/manual/"))
        assert "has changed since you read it" in words(browser.get(f"/manual/{chapter.slug}"))

    def test_a_section_that_does_not_exist_is_refused(self, browser, session, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/read", {"section": "nowhere"})

        assert reply.status_code == 400
        assert session.scalar(select(SectionRead)) is None


class TestOnesOwnWords:
    def save(self, browser, chapter, text, version=0, json=False):
        send = browser.post_json if json else browser.post
        prompt = chapter.prompts[0].id
        return send(
            f"/manual/{chapter.slug}/reflections/{prompt}", {"text": text, "version": version}
        )

    def test_they_save_by_themselves_and_are_there_again(self, browser, session, reader, chapter):
        first = self.save(browser, chapter, "I waited too long.", json=True)
        second = self.save(
            browser, chapter, "I waited, and asked.", first.json["version"], json=True
        )

        assert second.json["version"] > first.json["version"]
        assert "I waited, and asked." in words(browser.get(f"/manual/{chapter.slug}"))
        assert "I waited, and asked." in words(browser.get("/journal/"))

    def test_they_are_sealed_in_the_database(self, browser, session, reader, chapter):
        self.save(browser, chapter, "nobody else reads this")

        raw = session.connection().exec_driver_sql("select words from reflections").scalar()

        assert b"nobody" not in bytes(raw)

    def test_nobody_else_reads_them(self, app, browser, session, reader, chapter):
        self.save(browser, chapter, "A private thought of mine")
        coordinator = a_user(session, Role.COORDINATOR, Role.ASSESSOR)
        session.commit()
        other = Browser(app).sign_in(coordinator)

        assert other.get(f"/journal/{chapter.prompts[0].id}").status_code == 404
        for path in ("/journal/", f"/manual/{chapter.slug}", "/audit", "/"):
            assert "private thought" not in words(other.get(path))

    @pytest.mark.row("F22")
    def test_two_tabs_keep_both_versions_side_by_side(self, browser, session, reader, chapter):
        self.save(browser, chapter, "the first tab")
        self.save(browser, chapter, "the first tab, again", 1)

        late = self.save(browser, chapter, "the second tab", 1, json=True)

        assert late.status_code == 409
        assert late.json["mine"] == "the second tab"
        assert late.json["theirs"] == "the first tab, again"
        page = words(browser.get(late.json["url"]))
        assert "the second tab" in page
        assert "the first tab, again" in page
        browser.post(late.json["url"], {"text": "both joined", "version": "2"})
        assert session.scalar(select(KeptVersion)).settled_at is not None
        assert session.scalar(select(Reflection)).words == "both joined"

    def test_too_many_words_come_back_whole(self, browser, session, reader, chapter):
        reply = self.save(browser, chapter, "word " * 30_000)

        assert reply.status_code == 422
        assert "Shorten this by" in words(reply)
        assert reply.get_data(as_text=True).count("word ") >= 29_999
        assert session.scalar(select(Reflection)) is None

    def test_a_prompt_that_does_not_exist_is_not_found(self, browser, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/reflections/R99.9", {"text": "x"})

        assert reply.status_code == 404


@pytest.mark.row("B18")
class TestThePreview:
    def test_an_author_sees_the_result_or_each_fault_with_its_line(self, app, browser, session):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser.sign_in(coordinator)
        from pathlib import Path

        import modules

        file = next((Path(modules.__file__).parent / "chapters").glob("01-*.md"))
        text = file.read_text()
        broken = text.replace("/// keypoint", "/// keypiont", 1)

        good = browser.post("/manual/preview", {"text": text})
        bad = browser.post("/manual/preview", {"text": broken})

        line = broken[: broken.index("/// keypiont")].count("\n") + 1
        assert "No faults" in words(good)
        assert bad.status_code == 422
        assert re.search(rf"preview.md:{line}: ", words(bad))

    def test_learners_do_not_see_it(self, browser, reader):
        assert browser.get("/manual/preview").status_code == 403


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("people", [10, 1000])
    def test_a_chapter_takes_the_same_for_ten_people_and_a_thousand(
        self, browser, session, queries, reader, chapter, people
    ):
        others = [a_user(session) for _ in range(people)]
        from datetime import UTC, datetime

        for other in others:
            session.add(
                Place(person_id=other.id, question="OQ5", place=3, placed_at=datetime.now(UTC))
            )
        session.commit()
        browser.get(f"/manual/{chapter.slug}")

        queries.reset()
        browser.get(f"/manual/{chapter.slug}")

        assert queries.number <= 12
