"""The drill beside what experienced mentors answered: numbers, from five people up, no names."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.accreditation.models import StandingInterval
from app.content import manual
from app.formats import today
from app.learning import drill_actions, drill_queries
from tests.client import Browser, words
from tests.factories import LONG_AGO, a_user
from tests.factories_accreditation import a_record

pytestmark = pytest.mark.row("N6")
DRILL = "/manual/drills/cs02-what-did-you-just-say/"


@pytest.fixture
def case(app):
    with app.app_context():
        return manual().case("cs02-what-did-you-just-say")


def begin(browser):
    """Begin a drill; return its address."""
    return browser.post(DRILL).location


def decide(browser, run, *choices):
    """Decide on the screens from the first one on."""
    for number, choice in enumerate(choices, 1):
        reply = browser.post(f"{run}/{number}", {"choice": choice, "words": f"why {number}"})
    return reply


class TestExperiencedMentors:
    def answered(self, session, case, user, *choices):
        run = drill_actions.begin(session, user.id, case, now=LONG_AGO)
        for number, choice in enumerate(choices, 1):
            drill_actions.decide(session, run, number, choice, "", now=LONG_AGO)
        return run

    def mentors(self, session, case, number):
        for _ in range(number):
            user = a_user(session, Role.MENTOR, working_name="Bilal Rehman")
            self.answered(session, case, user, "listen", "listen", "consult", "listen", "break")
            # Later goes have seen the window, and are not counted.
            self.answered(session, case, user, "break")
        session.commit()

    def mine(self, browser):
        run = begin(browser)
        decide(browser, run, "listen", "break")
        return words(browser.get(run))

    def test_four_are_not_shown(self, browser, session, reader, case):
        self.mentors(session, case, 4)

        page = self.mine(browser)

        assert "Fewer than five mentors have answered yet." in page

    def test_from_five_on_the_first_answers_are_numbers_without_names(
        self, browser, session, reader, case
    ):
        self.mentors(session, case, 5)

        page = self.mine(browser)

        assert "5 people who are mentors or accredited now." in page
        assert "Screen 3 5 0" in page
        assert "Screen 5 0 5" in page
        assert "Screen 1 0 0" in page
        assert "Bilal" not in page

    def test_learners_and_former_mentors_and_goes_that_did_not_end_are_not_among_them(
        self, app, browser, session, reader, case
    ):
        self.mentors(session, case, 4)
        self.answered(session, case, a_user(session), "break")
        former = a_user(session, Role.MENTOR)
        former.grants[0].ended_at = LONG_AGO
        self.answered(session, case, former, "break")
        self.answered(session, case, a_user(session, Role.MENTOR), "listen", "listen")
        session.commit()

        assert "Fewer than five mentors" in self.mine(browser)

    def test_somebody_accredited_is_one_whatever_their_role(self, browser, session, reader, case):
        self.mentors(session, case, 4)
        accredited = a_user(session)
        record = a_record(session, person=accredited)
        for row in session.scalars(select(StandingInterval)):
            session.delete(row)
        session.add(
            StandingInterval(
                record_id=record.id, status="accredited", starts_on=date(2020, 1, 1),
                since_on=date(2020, 1, 1), holds=[], reasons=[],
            )
        )  # fmt: skip
        self.answered(session, case, accredited, "break")
        session.commit()

        page = self.mine(browser)

        assert "5 people who are mentors or accredited now." in page
        assert "Screen 1 0 1" in page

    def test_ones_own_is_not_among_them(self, app, session, case):
        self.mentors(session, case, 4)
        mentor = a_user(session, Role.MENTOR)
        session.commit()

        page = self.mine(Browser(app).sign_in(mentor))

        assert "Fewer than five mentors" in page

    @pytest.mark.parametrize("many", [5, 100])
    def test_the_page_takes_the_same_for_few_and_many(
        self, browser, session, reader, case, queries, many
    ):
        self.mentors(session, case, many)
        run = begin(browser)
        decide(browser, run, "break")
        queries.reset()

        browser.get(run)

        assert queries.number <= 6


def test_a_spread_is_asked_about_a_day(session, case):
    user = a_user(session)
    run = drill_actions.begin(session, user.id, case, now=LONG_AGO)

    assert drill_queries.spread(session, run, today()) is None
