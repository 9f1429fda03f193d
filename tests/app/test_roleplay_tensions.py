"""The question that a role play turns on: a place before it and one after, private and unmarked."""

from datetime import timedelta

import pytest

from app.content import manual
from app.learning.models import Place
from tests.client import words
from tests.scenes import Table

pytestmark = pytest.mark.row("N1")


@pytest.fixture
def table(app, session):
    return Table(app, session)


def address(table, what):
    return f"/practice/role-plays/{table.booking.id}/{what}"


def stood(table, session, place, days, reason):
    session.add(
        Place(
            person_id=table.booking.learners[0].id,
            question="OQ5",
            place=place,
            reason=reason,
            placed_at=table.booking.starts_at + timedelta(days=days),
        )
    )
    session.commit()


def question(app):
    with app.app_context():
        return manual().open_question("OQ5").title


class TestBeforeThePlay:
    def test_the_brief_names_the_question_and_asks_where_one_stands(self, app, session, table):
        reply = table.learner.get(address(table, "brief"))

        page = words(reply)
        assert f"a question that the scheme keeps open: {question(app)}" in page
        assert "Where do you stand before you play?" in page
        assert "Nobody marks where you stand" in page
        assert 'href="/manual/open-questions/OQ5#OQ5"' in reply.get_data(as_text=True)

        stood(table, session, 3, -2, "")

        assert "Your place is 3 of 7" in words(table.learner.get(address(table, "brief")))

    def test_the_assessor_who_reads_the_brief_sees_no_place(self, session, table):
        stood(table, session, 3, -2, "")

        page = words(table.first.get(address(table, "brief")))

        assert "What the scheme keeps open" not in page
        assert "3 of 7" not in page


class TestAfterThePlay:
    def test_the_result_shows_ones_own_places_before_and_since(self, app, session, table):
        table.sheets()
        table.release()
        before_placing = words(table.learner.get(address(table, "result")))
        stood(table, session, 3, -9, "An older one")
        stood(table, session, 2, -2, "Said before")
        stood(table, session, 6, 2, "Said since")

        page = words(table.learner.get(address(table, "result")))

        assert "You had not placed yourself." in before_placing
        assert "You have not placed yourself since." in before_placing
        assert "what spoke for it in this play?" in before_placing
        assert page.index("Before the play 2 of 7") < page.index("Since the play 6 of 7")
        assert "Said before" in page
        assert "Said since" in page
        assert "An older one" not in page
        assert "Nothing marks this" in page

    def test_an_assessor_sees_nothing_of_it(self, app, session, table):
        stood(table, session, 2, -2, "Said before")
        table.sheets()
        table.release()

        page = words(table.first.get(address(table, "result")))

        assert "Mark by mark" in page
        assert "Said before" not in page
        assert question(app) not in page

    def test_a_question_that_the_manual_no_longer_asks_is_left_out(self, app, table):
        from tests.manual_steps import without

        without(app, 5)

        reply = table.learner.get(address(table, "brief"))

        assert reply.status_code == 200
        assert "What the scheme keeps open" not in words(reply)
