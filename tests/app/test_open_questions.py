"""Open questions: the places that people take, who sees them, and how one has moved."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.content import manual
from app.learning.models import Place
from tests.client import Browser, words
from tests.factories import a_user

pytestmark = pytest.mark.row("N1")
EVERY = "/manual/open-questions/"


@pytest.fixture
def chapter(app):
    with app.app_context():
        return manual().chapter(5)


@pytest.fixture
def question(chapter):
    return chapter.open_questions[0]


@pytest.fixture
def reader(session, browser):
    user = a_user(session)
    session.commit()
    browser.sign_in(user)
    return user


def place(browser, question, number, **more):
    return browser.post(f"{EVERY}{question.id}", {"place": str(number), **more})


def an_old_place(session, person, question, days=200, **given):
    row = Place(
        person_id=person.id,
        question=question.id,
        place=given.get("place", 2),
        reason=given.get("reason", ""),
        placed_at=datetime.now(UTC) - timedelta(days=days),
    )
    session.add(row)
    session.commit()


class TestTakingAPlace:
    def test_it_is_kept_and_so_is_the_one_before(self, browser, session, reader, chapter, question):
        place(browser, question, 2)
        place(browser, question, 6)

        assert session.scalars(select(Place.place).order_by(Place.id)).all() == [2, 6]
        assert "Move my place" in words(browser.get(f"/manual/{chapter.slug}"))

    def test_one_goes_back_to_where_one_took_it(self, browser, reader, chapter, question):
        alone = place(browser, question, 2)
        within = place(browser, question, 3, from_chapter="yes")

        assert alone.location == f"{EVERY}{question.id}#{question.id}"
        assert within.location == f"/manual/{chapter.slug}#{question.id}"

    def test_others_are_shown_only_after_ones_own_and_from_five_people_on(
        self, app, browser, session, reader, chapter, question
    ):
        others = [a_user(session) for _ in range(4)]
        session.commit()
        for other in others:
            place(Browser(app).sign_in(other), question, 3)
        pages = (f"/manual/{chapter.slug}", f"{EVERY}{question.id}")
        before = [browser.get(path).get_data(as_text=True) for path in pages]

        place(browser, question, 5)

        assert not any('class="oqc"' in page for page in before)
        for path in pages:
            assert browser.get(path).get_data(as_text=True).count('class="oqc"') == 5

    @pytest.mark.parametrize("number", ["0", "8", "", "x"])
    def test_only_the_seven_places_count(self, browser, session, reader, question, number):
        place(browser, question, number)

        assert session.scalar(select(Place)) is None

    def test_a_reason_without_a_place_comes_back_and_is_not_kept(
        self, browser, session, reader, question
    ):
        reply = place(browser, question, "", reason="I cannot choose yet.", from_chapter="yes")

        assert reply.status_code == 422
        assert "Choose one of the seven places" in words(reply)
        assert "I cannot choose yet." in words(reply)
        assert session.scalar(select(Place)) is None

    def test_pressing_twice_is_one_place_and_coming_back_to_it_weeks_later_is_two(
        self, browser, session, reader, question
    ):
        an_old_place(session, reader, question, 30, place=3, reason="So it seems.")

        for _ in range(2):
            place(browser, question, 3, reason="So it seems.")

        assert session.scalars(select(Place.place)).all() == [3, 3]

    def test_a_question_that_nobody_asks_is_not_found(self, browser, reader):
        assert browser.get(f"{EVERY}OQ99").status_code == 404
        assert browser.post(f"{EVERY}OQ99", {"place": "3"}).status_code == 404


class TestThePages:
    def test_the_list_has_every_question_and_where_i_stand(self, app, browser, reader, question):
        place(browser, question, 6)

        page = words(browser.get(EVERY))

        with app.app_context():
            for chapter in manual().chapters:
                for one in chapter.open_questions:
                    assert words_of(one.title) in page
        assert "6 of 7" in page
        assert "Not placed yet" in page

    def test_after_half_a_year_one_is_asked_again(self, browser, session, reader, question):
        an_old_place(session, reader, question, days=170)
        assert "Where do you stand now" not in words(browser.get(EVERY))

        other = Browser(browser.app).sign_in(older := a_user_in(session))
        an_old_place(session, older, question, days=183)

        assert "Where do you stand now" in words(other.get(EVERY))
        assert "Half a year has gone" in words(other.get(f"{EVERY}{question.id}"))

    def test_i_see_how_i_have_moved_with_my_reasons_and_nobody_else_does(
        self, app, browser, session, reader, question
    ):
        an_old_place(session, reader, question, place=2, reason="Said before I had met anybody")
        place(browser, question, 5, reason="Said since")

        mine = words(browser.get(f"{EVERY}{question.id}"))
        theirs = Browser(app).sign_in(a_user_in(session)).get(f"{EVERY}{question.id}")

        assert "How you have moved" in mine
        assert mine.index("Said since") < mine.index("Said before I had met anybody")
        assert "Said" not in words(theirs)
        assert "How you have moved" not in words(theirs)

    def test_both_ask_the_database_as_often_however_many_stand_there(
        self, browser, session, reader, question, queries
    ):
        asked = []
        for more in (6, 30):
            for person in [a_user(session) for _ in range(more)]:
                session.flush()
                an_old_place(session, person, question)
            an_old_place(session, reader, question)
            for path in (EVERY, f"{EVERY}{question.id}"):
                browser.get(path)
                queries.reset()
                browser.get(path)
                asked.append(queries.number)

        assert asked[:2] == asked[2:]
        assert max(asked) <= 6


def words_of(title):
    return " ".join(title.split())


def a_user_in(session):
    person = a_user(session)
    session.commit()
    return person
