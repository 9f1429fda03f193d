"""The spread of an open question over cohorts and time, on the question's page."""

from datetime import UTC, datetime

import pytest

from app.formats import today
from app.learning.models import Place
from tests.client import Browser, words
from tests.factories import a_user

pytestmark = pytest.mark.row("N1")
PAGE = "/manual/open-questions/OQ5"
#: A year in which every half-year is over.
LAST = today().year - 1


def placed(session, people, place, year, month):
    at = datetime(year, month, 10, 12, tzinfo=UTC)
    for person in people:
        session.add(
            Place(
                person_id=person.id, question="OQ5", place=place, placed_at=at, reason="My secret"
            )
        )
    session.commit()


@pytest.fixture
def people(session):
    """Six who placed themselves early the year before last, and six a year later."""
    early, late = ([a_user(session) for _ in range(6)] for _ in range(2))
    session.commit()
    placed(session, early, 2, LAST - 1, 2)
    placed(session, late, 6, LAST, 8)
    return early, late


class TestTheHistory:
    def test_it_shows_cohorts_and_half_years_with_a_text_for_each_picture(self, app, people):
        reply = Browser(app).sign_in(people[0][0]).get(PAGE)

        page, html = words(reply), reply.get_data(as_text=True)
        assert f"{LAST - 1} , 6 people" in page
        assert f"{LAST} , 6 people" in page
        assert f"End of June {LAST - 1} , 6 people" in page
        assert f"End of December {LAST} , 12 people" in page
        assert "From first to second position: 0, 6, 0, 0, 0, 6, 0." in html
        assert "average" not in page.lower()

    def test_it_is_for_who_has_placed_themselves(self, app, session, people):
        stranger = a_user(session)
        session.commit()

        page = words(Browser(app).sign_in(stranger).get(PAGE))

        assert "By the year" not in page
        assert "Over time" not in page

    def test_it_names_nobody_and_gives_no_reason(self, app, people):
        early, late = people

        page = words(Browser(app).sign_in(early[0]).get(PAGE))

        assert not any(one.working_name in page for one in (*early[1:], *late))
        assert page.count("My secret") == 2  # one's own: in the form and among one's places

    def test_one_person_who_moves_does_not_show(self, app, session, people):
        early, _ = people
        row = Place(person_id=early[0].id, question="OQ5", place=7, placed_at=datetime.now(UTC))
        session.add(row)
        session.commit()

        page = words(Browser(app).sign_in(early[0]).get(PAGE))

        assert f"{LAST - 1} , 6 people" in page
        assert "End of" not in page

    def test_four_people_are_shown_to_nobody(self, app, session):
        four = [a_user(session) for _ in range(4)]
        session.commit()
        placed(session, four, 3, LAST, 2)

        page = words(Browser(app).sign_in(four[0]).get(PAGE))

        assert "By the year" not in page
        assert "End of" not in page

    def test_the_database_is_asked_as_often_however_many_there_are(
        self, app, session, people, queries
    ):
        browser, asked = Browser(app).sign_in(people[0][0]), []
        for more in (1, 40):
            placed(session, [a_user_in(session) for _ in range(more)], 4, LAST, 3)
            browser.get(PAGE)
            queries.reset()
            browser.get(PAGE)
            asked.append(queries.number)

        assert asked[0] == asked[1] <= 7


def a_user_in(session):
    person = a_user(session)
    session.flush()
    return person
