"""One's own words: long ones, handed in as evidence, kept when sign-in or prompt are gone."""

import json
import re

import pytest
from sqlalchemy import select

from app.learning.models import Reflection
from app.portfolio.models import Evidence
from tests.app.test_accounts import PASSWORD, a_person_with_password
from tests.client import Browser, words
from tests.factories import a_user
from tests.manual_steps import rewritten, without

pytestmark = pytest.mark.row("F2")
TEXT = "I said what travels first. It was harder than I had thought, and it held."


@pytest.fixture
def prompt(chapter):
    return chapter.prompts[0]


def write(browser, chapter, prompt, text=TEXT, version="0"):
    address = f"/manual/{chapter.slug}/reflections/{prompt.id}"
    return browser.post(address, {"text": text, "version": version})


class TestLongWords:
    def test_ten_thousand_words_are_kept_whole(self, learner, chapter, prompt, session):
        text = "Überlegung " * 10_000

        assert write(learner, chapter, prompt, text).status_code == 303

        assert session.scalar(select(Reflection.words)) == text

    def test_a_million_words_are_refused_kindly_and_all_come_back(
        self, learner, chapter, prompt, session
    ):
        text = "words " * 1_000_000

        reply = write(learner, chapter, prompt, text)

        assert reply.status_code == 422
        assert "it can hold 120000" in words(reply)
        assert text.strip() in reply.get_data(as_text=True)
        assert session.scalar(select(Reflection)) is None

    def test_a_script_is_told_so_and_keeps_them_in_the_page(self, learner, chapter, prompt):
        address = f"/manual/{chapter.slug}/reflections/{prompt.id}"

        reply = learner.post_json(address, {"text": "words " * 1_000_000, "version": "0"})

        assert reply.status_code == 422
        assert "Shorten this by" in json.loads(reply.get_data())["error"]

    def test_a_stranger_gets_no_such_room(self, app, chapter, prompt):
        address = f"/manual/{chapter.slug}/reflections/{prompt.id}"

        reply = Browser(app).client.post(address, data={"text": "words " * 1_000_000})

        assert reply.status_code == 413

    def test_words_sent_after_the_sign_in_has_ended_come_back(
        self, learner, chapter, prompt, session
    ):
        page = learner.get(f"/manual/{chapter.slug}")
        assert page.status_code == 200
        learner.client.delete_cookie("towpath")

        reply = write(learner, chapter, prompt)

        assert TEXT in reply.get_data(as_text=True)


class TestHandingIn:
    def hand_in(self, learner, prompt, **more):
        sent = {"title": "On saying it first", "words": TEXT, "criteria": ["M3.1.1"], "own": "y"}
        return learner.post(f"/journal/{prompt.id}/hand-in", {**sent, **more})

    def test_the_form_holds_the_words_already_and_opens_the_chapters_criteria(
        self, learner, chapter, prompt
    ):
        write(learner, chapter, prompt)

        page = learner.get(f"/journal/{prompt.id}/hand-in").get_data(as_text=True)

        assert TEXT in page
        assert 'value="M3.1.1"' in page
        assert '<details class="fold" open><summary>M3 ' in page
        assert "This has 15 words" in page

    def test_only_criteria_that_list_written_work_can_be_chosen(self, learner, chapter, prompt):
        write(learner, chapter, prompt)

        page = learner.get(f"/journal/{prompt.id}/hand-in").get_data(as_text=True)

        assert 'value="M3.2.1"' not in page

    def test_a_copy_becomes_evidence_and_the_journal_stays(self, learner, chapter, prompt, session):
        write(learner, chapter, prompt)

        assert self.hand_in(learner, prompt, words=f"{TEXT} Shown.").status_code == 303

        evidence = session.scalar(select(Evidence))
        assert (evidence.method, evidence.words) == ("WR", f"{TEXT} Shown.")
        assert [one.criterion for one in evidence.criteria] == ["M3.1.1"]
        assert evidence.declared_at is not None
        assert session.scalar(select(Reflection.words)) == TEXT

    def test_an_assessor_reads_what_was_handed_in_and_not_what_was_written_since(
        self, learner, chapter, prompt, assessor, allocated, session
    ):
        write(learner, chapter, prompt)
        self.hand_in(learner, prompt)
        write(learner, chapter, prompt, "Something for myself alone.", "1")
        identity = session.scalar(select(Evidence.id))

        page = words(assessor.get(f"/evidence/{identity}"))

        assert TEXT in page
        assert "Something for myself alone." not in page
        assert assessor.get(f"/journal/{prompt.id}").status_code == 404

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"criteria": []}, "Choose at least one criterion"),
            ({"own": ""}, "Declare that it is your own work"),
            ({"title": ""}, "Give it a title"),
            ({"words": ""}, "There is nothing to hand in yet"),
        ],
    )
    def test_what_is_missing_is_named_and_nothing_is_lost(
        self, learner, chapter, prompt, session, more, says
    ):
        write(learner, chapter, prompt)

        reply = self.hand_in(learner, prompt, **{"title": "My own title", **more})

        assert reply.status_code == 422
        assert says in words(reply)
        assert session.scalar(select(Evidence)) is None

    def test_words_that_may_identify_somebody_are_asked_about(
        self, learner, chapter, prompt, session
    ):
        write(learner, chapter, prompt)
        text = "I rang him on 07700 900123."

        assert "may be a telephone number" in words(self.hand_in(learner, prompt, words=text))
        assert session.scalar(select(Evidence)) is None
        self.hand_in(learner, prompt, words=text, screening_reason="A number made up for films")
        assert session.scalar(select(Evidence.screening_reason)) == "A number made up for films"

    def test_pressed_twice_it_is_filed_once(self, learner, chapter, prompt, session):
        write(learner, chapter, prompt)

        for _ in range(2):
            self.hand_in(learner, prompt, once="the-same")

        assert len(session.scalars(select(Evidence)).all()) == 1

    def test_nothing_that_was_not_written_can_be_handed_in(self, learner, prompt):
        assert learner.get(f"/journal/{prompt.id}/hand-in").status_code == 404

    def test_who_is_not_registered_yet_is_told_what_comes_first(
        self, browser, session, chapter, prompt
    ):
        reader = a_user(session)
        session.commit()
        browser.sign_in(reader)
        write(browser, chapter, prompt)

        page = words(browser.get(f"/journal/{prompt.id}/hand-in"))

        assert "You are not registered on the award yet" in page


class TestAChapterWithAnotherNumber:
    def test_shows_ones_words_under_their_own_prompt(self, app, learner, chapter, prompt):
        write(learner, chapter, prompt)

        without(app, 3)

        assert TEXT in words(learner.get(f"/manual/{chapter.slug}"))

    def test_opens_the_units_that_its_criteria_are_in_as_before(
        self, app, learner, chapter, prompt
    ):
        write(learner, chapter, prompt)
        before = self.open_units(learner, prompt)

        without(app, 3)

        assert self.open_units(learner, prompt) == before != []

    def open_units(self, learner, prompt):
        page = learner.get(f"/journal/{prompt.id}/hand-in").get_data(as_text=True)
        return re.findall(r'<details class="fold" open><summary>(\S+)', page)


class TestManyLongWords:
    def test_are_refused_beside_the_field_when_handed_in(self, learner, chapter, prompt):
        long = "\u0905" * 118_000  # more than a megabyte, as browsers send it
        write(learner, chapter, prompt, long)

        reply = learner.post(f"/journal/{prompt.id}/hand-in", {"title": "x", "words": long})

        assert reply.status_code == 422
        assert long in reply.get_data(as_text=True)

    def test_come_back_from_a_browser_that_was_signed_out_meanwhile(
        self, app, session, chapter, prompt
    ):
        person = a_person_with_password(session)
        session.commit()
        browser = Browser(app)
        browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
        long = "\u0905" * 118_000
        browser.post("/sign-out")

        reply = browser.post(f"/manual/{chapter.slug}/reflections/{prompt.id}", {"text": long})

        assert reply.status_code == 401
        assert long in reply.get_data(as_text=True)


class TestAPromptThatIsGone:
    def test_leaves_the_words_and_what_was_asked_in_the_journal(
        self, app, learner, chapter, prompt
    ):
        write(learner, chapter, prompt)

        without(app, 5)

        assert prompt.text in words(learner.get("/journal/"))
        page = words(learner.get(f"/journal/{prompt.id}"))
        assert TEXT in page
        assert "The manual no longer asks this" in page

    def test_one_that_was_reworded_says_what_it_was(self, app, learner, chapter, prompt):
        write(learner, chapter, prompt)
        line = f"{prompt.id}: "
        rewritten(app, 5, (line, f"{line}Now think again. "))

        assert f"When you wrote this, the prompt read: {prompt.text}" in words(
            learner.get(f"/journal/{prompt.id}")
        )


class TestTheKeyOfUnsavedWords:
    def key(self, browser):
        return json.loads(browser.get("/journal/draft-key").get_data())

    def test_is_the_same_for_one_person_everywhere_and_different_for_each(
        self, app, learner, registered, session
    ):
        elsewhere = Browser(app).sign_in(registered.person)
        other = a_user(session)
        session.commit()

        assert self.key(learner) == self.key(elsewhere)
        assert self.key(learner)["key"] != self.key(Browser(app).sign_in(other))["key"]
        assert self.key(learner)["name"] not in self.key(learner)["key"]

    def test_is_not_left_on_the_device(self, learner):
        assert learner.get("/journal/draft-key").headers["Cache-Control"] == "no-store"

    def test_is_for_nobody_who_has_not_signed_in(self, app):
        assert Browser(app).client.get("/journal/draft-key").status_code in {303, 401}
