"""How confident learners are, rated at a unit's start and end, and shown beside the judgement."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.content import framework, manual
from app.portfolio.confidence_queries import Rated
from app.portfolio.models import ConfidenceRating
from tests.check_steps import counted, right_answers
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import a_judgement, a_registration, an_allocation, some_evidence

pytestmark = pytest.mark.row("F4")
WORDS = ("Not at all", "A little", "Fairly", "Mostly", "Fully")


@pytest.fixture
def unit(app):
    with app.app_context():
        return framework().unit("M5")


@pytest.fixture
def registered(session):
    row = a_registration(session)
    session.commit()
    return row


@pytest.fixture
def learner(app, registered):
    return Browser(app).sign_in(registered.person)


@pytest.fixture
def assessor(app, session, registered):
    user = a_user(session, Role.ASSESSOR)
    an_allocation(session, registered, user)
    session.commit()
    return Browser(app).sign_in(user)


def form(unit, rating):
    return {f"c-{one.ref.replace('.', '-')}": str(rating) for one in unit.criteria}


def rate(browser, unit, moment, rating):
    return browser.post(f"/portfolio/confidence/{unit.code}/{moment}", form(unit, rating))


def rows(session):
    session.expire_all()
    return session.scalars(select(ConfidenceRating).order_by(ConfidenceRating.id)).all()


class TestRating:
    def test_one_form_asks_about_every_criterion_of_the_unit(self, learner, unit):
        html = learner.get("/portfolio/confidence/M5/start").get_data(as_text=True)

        assert len(unit.criteria) == 12
        assert html.count("<fieldset") == 12
        assert html.count('type="radio"') == 60
        for one in unit.criteria:
            assert str(escape(one.text)) in html
        assert " checked" not in html

    def test_both_moments_are_kept_with_their_days(self, session, registered, learner, unit):
        first, second = rate(learner, unit, "start", 2), rate(learner, unit, "end", 4)

        assert first.status_code == second.status_code == 303
        start, end = rows(session)
        assert (start.moment, end.moment) == ("start", "end")
        assert start.ratings == {one.ref: 2 for one in unit.criteria}
        assert set(end.ratings.values()) == {4}
        page = words(learner.get("/portfolio/confidence/M5"))
        assert page.count("Given on") == 2

    def test_a_refused_form_keeps_every_choice(self, session, learner, unit):
        sent = form(unit, 3)
        missing = unit.criteria[4]
        del sent[f"c-{missing.ref.replace('.', '-')}"]

        reply = learner.post("/portfolio/confidence/M5/start", sent)

        html = reply.get_data(as_text=True)
        assert reply.status_code == 422
        assert html.count(" checked") == 11
        assert f"{missing.ref}: choose how confident you are" in html
        assert f'href="#c-{missing.ref.replace(".", "-")}-0"' in html
        assert rows(session) == []

    @pytest.mark.parametrize("senseless", ["0", "6", "x", "9" * 30])
    def test_a_made_up_rating_is_refused(self, session, learner, unit, senseless):
        sent = form(unit, 3) | {"c-M5-1-1": senseless}

        assert learner.post("/portfolio/confidence/M5/start", sent).status_code == 422
        assert rows(session) == []

    def test_each_is_given_once_and_stays(self, session, learner, unit):
        rate(learner, unit, "start", 2)

        again = rate(learner, unit, "start", 5)
        looked = learner.get("/portfolio/confidence/M5/start")

        assert again.status_code == 409
        assert "You have rated this unit already." in words(again)
        assert again.get_data(as_text=True).count(" checked") == 12
        assert looked.location == "/portfolio/confidence/M5"
        assert [set(row.ratings.values()) for row in rows(session)] == [{2}]
        rows(session)[0].ratings = {}
        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()

    def test_the_start_is_open_until_the_first_evidence(self, session, registered, learner, unit):
        some_evidence(session, registered, "M5.1.1")
        session.commit()

        late = rate(learner, unit, "start", 3)

        assert late.status_code == 409
        assert "The first evidence for this unit is there" in words(late)
        assert "The first evidence came before it." in words(
            learner.get("/portfolio/confidence/M5")
        )
        assert rate(learner, unit, "end", 3).status_code == 303

    def test_a_passed_check_is_evidence_too(self, app, learner):
        with app.app_context():
            chapter, third = manual().chapter(5), framework().unit("M3")
        counted(learner, chapter, right_answers(chapter))

        assert rate(learner, third, "start", 3).status_code == 409

    def test_the_end_is_whenever_the_learner_says_and_not_before_a_start_that_follows(
        self, session, learner, unit
    ):
        rate(learner, unit, "end", 4)

        assert rate(learner, unit, "start", 1).status_code == 409
        assert [row.moment for row in rows(session)] == ["end"]

    def test_once_everything_is_judged_the_page_says_that_the_end_is_now(
        self, session, registered, learner, unit
    ):
        for one in unit.criteria:
            a_judgement(session, some_evidence(session, registered, one.ref), one.ref)
        session.commit()

        page = words(learner.get("/portfolio/confidence/M5"))

        assert "Every criterion is judged, so the end is now" in page

    def test_only_units_that_one_is_registered_for(self, app, session, learner, unit):
        stranger = a_user(session)
        session.commit()

        assert learner.get("/portfolio/confidence/P2").status_code == 404
        assert learner.get("/portfolio/confidence/M5/middle").status_code == 404
        assert learner.get("/portfolio/confidence/M99").status_code == 404
        other = Browser(app).sign_in(stranger)
        assert rate(other, unit, "start", 3).status_code == 404

    def test_the_log_says_that_it_was_rated_and_not_how(self, session, learner, unit):
        rate(learner, unit, "start", 2)

        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.action == "confidence.rated"
        assert event.detail == '{"moment": "start", "unit": "M5"}'


class TestBesideTheJudgement:
    def both(self, session, registered, learner, unit):
        rate(learner, unit, "start", 2)
        rate(learner, unit, "end", 4)
        a_judgement(session, some_evidence(session, registered, "M5.1.1"), "M5.1.1")
        session.commit()

    def test_the_learner_sees_all_three_in_words(self, session, registered, learner, unit):
        self.both(session, registered, learner, unit)

        page = words(learner.get("/portfolio/criteria/M5.1.1"))
        whole = words(learner.get("/portfolio/confidence/M5"))

        assert "Your own confidence" in page
        assert re.search(r"At the start A little \d", page)
        assert re.search(r"At the end Mostly \d", page)
        assert "Between the two More confident than at the start" in page
        assert re.search(r"Judged Achieved \d", page)
        assert "A little Mostly More confident than at the start Achieved" in whole

    def test_the_assessor_sees_none_of_it_before_the_judgement(
        self, session, registered, learner, assessor, unit
    ):
        rate(learner, unit, "start", 2)
        rate(learner, unit, "end", 4)
        some_evidence(session, registered, "M5.1.1")
        session.commit()

        pages = [
            words(assessor.get(path))
            for path in (
                f"/learners/{registered.id}/criteria/M5.1.1",
                f"/learners/{registered.id}",
                "/standard/M5",
                "/",
            )
        ]

        for page in pages:
            for said in ("own confidence", "our confidence", "confident than", " Mostly "):
                assert said not in page

    def test_and_sees_it_once_it_is_recorded_for_that_criterion_alone(
        self, session, registered, learner, assessor, unit
    ):
        self.both(session, registered, learner, unit)
        some_evidence(session, registered, "M5.1.2")
        session.commit()

        judged = words(assessor.get(f"/learners/{registered.id}/criteria/M5.1.1"))
        not_yet = words(assessor.get(f"/learners/{registered.id}/criteria/M5.1.2"))

        assert "Their own confidence" in judged
        assert "Between the two More confident than at the start" in judged
        assert "before one, it could lead it" in judged
        assert "Their own confidence" not in not_yet

    def test_it_says_so_on_every_page_where_one_rates_or_looks(self, learner, unit):
        form_page = words(learner.get("/portfolio/confidence/M5/start"))
        rate(learner, unit, "start", 2)

        assert "only once that criterion has been judged, so that it cannot lead" in form_page
        assert "only once that criterion has been judged" in words(
            learner.get("/portfolio/confidence/M5")
        )
        assert "only once it is judged" in words(learner.get("/portfolio/criteria/M5.1.1"))

    def test_it_is_found_from_the_unit_and_from_the_portfolio(self, learner, unit):
        rate(learner, unit, "start", 2)

        for path in ("/standard/M5", "/portfolio/"):
            html = learner.get(path).get_data(as_text=True)
            assert 'href="/portfolio/confidence/M5"' in html
        assert "Start rated on" in words(learner.get("/standard/M5"))
        assert "Your confidence" not in words(learner.get("/standard/P2"))

    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            (1, 5, "Much more confident than at the start"),
            (2, 4, "More confident than at the start"),
            (2, 3, "A little more confident than at the start"),
            (3, 3, "As confident as at the start"),
            (3, 2, "A little less confident than at the start"),
            (5, 1, "Much less confident than at the start"),
            (None, 3, ""),
            (3, None, ""),
        ],
    )
    def test_the_difference_is_words_and_never_a_score(self, start, end, said):
        assert Rated(start=start, end=end).moved == said

    def test_pages_take_a_fixed_number_of_queries(
        self, session, registered, learner, assessor, unit, queries
    ):
        self.both(session, registered, learner, unit)
        taken = []
        for browser, path in (
            (learner, "/portfolio/confidence/M5"),
            (learner, "/portfolio/confidence/M6/start"),
            (learner, "/standard/M5"),
            (learner, "/portfolio/"),
            (assessor, f"/learners/{registered.id}/criteria/M5.1.1"),
        ):
            queries.reset()
            assert browser.get(path).status_code == 200
            taken.append(queries.number)

        assert max(taken) <= 12, taken
