"""The confidence-breaking drill: six screens, each decided once, and then the window."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.content import manual
from app.learning.models import DrillFiled, DrillRun, DrillStep
from app.portfolio.models import Evidence, EvidenceCriterion
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import a_registration, an_allocation

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


def steps(session):
    session.expire_all()
    return session.scalars(select(DrillStep).order_by(DrillStep.id)).all()


class TestTheScreens:
    def test_they_come_one_at_a_time_and_none_is_in_a_page_before_its_own(
        self, browser, reader, case
    ):
        run = begin(browser)

        for number, screen in enumerate(case.drill.screens, 1):
            page = browser.get(run, follow_redirects=True).get_data(as_text=True)
            assert screen.html in page
            for later in case.drill.screens[number:]:
                assert later.html not in page
            browser.post(f"{run}/{number}", {"choice": "listen"})

    def test_neither_the_window_nor_its_texts_are_in_a_page_before_the_end(
        self, browser, reader, case
    ):
        window = case.drill.window
        texts = (window.early_html, window.in_time_html, window.late_html)
        run = begin(browser)
        pages = [browser.get(DRILL), browser.get(run, follow_redirects=True)]
        for number in range(1, 6):
            reply = browser.post(f"{run}/{number}", {"choice": "listen"}, follow_redirects=True)
            pages.append(reply)

        for page in pages:
            html = page.get_data(as_text=True)
            assert "window:" not in html
            assert not any(text in html for text in texts)

    def test_what_lies_ahead_is_not_shown_to_who_types_its_address(self, browser, reader, case):
        run = begin(browser)

        reply = browser.get(f"{run}/5")

        assert reply.status_code == 303
        assert reply.location == run
        assert browser.get(f"{run}/7").status_code == 404

    def test_each_asks_for_a_choice_and_gives_the_words_back(self, browser, session, reader):
        run = begin(browser)

        none = browser.post(f"{run}/1", {"words": "I am not sure."})
        long = browser.post(f"{run}/1", {"choice": "consult", "words": "word " * 500})

        assert none.status_code == long.status_code == 422
        assert "Choose what you do now" in words(none)
        assert "I am not sure." in words(none)
        assert "Shorten this by" in words(long)
        assert re.search(r'value="consult"[^>]* checked', long.get_data(as_text=True))
        assert steps(session) == []

    def test_going_back_shows_what_was_decided_and_cannot_change_it(self, browser, session, reader):
        run = begin(browser)
        decide(browser, run, "listen", "consult")

        back = browser.get(f"{run}/1")
        replayed = browser.post(f"{run}/1", {"choice": "break"}, follow_redirects=True)

        assert "What you decided" in words(back)
        assert "why 1" in words(back)
        assert "<form class" not in back.get_data(as_text=True)
        assert "That screen was decided on already" in words(replayed)
        assert [step.choice for step in steps(session)] == ["listen", "consult"]

    def test_words_from_another_tab_are_given_back_though_they_came_too_late(
        self, browser, session, reader
    ):
        run = begin(browser)
        decide(browser, run, "listen")

        late = browser.post(f"{run}/1", {"choice": "consult", "words": "I would ring now."})

        assert late.status_code == 409
        assert "That screen was decided on already" in words(late)
        assert "I would ring now." in words(late)
        assert [step.words for step in steps(session)] == ["why 1"]

    def test_a_screen_that_is_not_open_yet_cannot_be_decided_on(self, browser, session, reader):
        run = begin(browser)

        browser.post(f"{run}/4", {"choice": "break"})

        assert steps(session) == []

    def test_two_that_arrive_at_the_same_moment_are_one(self, app, browser, session, reader):
        run = begin(browser)
        tabs = [Browser(app).sign_in(reader) for _ in range(4)]

        with ThreadPoolExecutor(4) as pool:
            choices = ("listen", "consult", "break", "listen")
            list(pool.map(lambda t, c: t.post(f"{run}/1", {"choice": c}), tabs, choices))

        assert len(steps(session)) == 1

    def test_it_ends_at_breaking_or_after_the_sixth(self, browser, session, reader):
        first = begin(browser)
        decide(browser, first, "listen", "break")
        after = browser.post(f"{first}/3", {"choice": "listen"}, follow_redirects=True)
        second = begin(browser)
        decide(browser, second, *["listen"] * 6)

        assert second != first
        assert "How it compares" in words(after)
        assert "You listened to the end" in words(browser.get(second))
        assert len(steps(session)) == 8

    def test_who_leaves_goes_on_where_they_were(self, browser, reader):
        run = begin(browser)
        decide(browser, run, "listen", "listen")

        assert "Carry on, screen 3 of 6" in words(browser.get(DRILL))
        assert begin(browser) == run

    def test_a_case_without_a_drill_has_no_page(self, browser, reader):
        assert browser.get("/manual/drills/cs01-the-first-half-hour/").status_code == 404

    def test_rows_only_grow_and_a_screen_has_one(self, browser, session, reader):
        run = begin(browser)
        decide(browser, run, "listen")
        row = steps(session)[0]
        twice = {c.name: getattr(row, c.name) for c in DrillStep.__table__.columns}
        session.add(DrillStep(**(twice | {"id": None})))

        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        row.choice = "break"
        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()

    def test_the_log_does_not_tell_on_which_screen_a_drill_ended(self, browser, session, reader):
        run = begin(browser)
        decide(browser, run, "consult", "break")

        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [e.action for e in events] == ["drill.begun"]


class TestHowItCompares:
    @pytest.mark.parametrize(
        ("choices", "said", "text"),
        [
            (("listen", "break"), "Early You broke the confidence on screen 2", "early_html"),
            (("listen", "consult", "break"), "In time You broke the", "in_time_html"),
            (
                ("listen",) * 5 + ("break",),
                "Late You broke the confidence on screen 6",
                "late_html",
            ),
            (("consult",) + ("listen",) * 5, "Late You did not break", "late_html"),
        ],
    )
    def test_own_moments_stand_beside_the_window_in_words(
        self, browser, reader, case, choices, said, text
    ):
        run = begin(browser)
        decide(browser, run, *choices)

        reply = browser.get(run)

        assert said in words(reply)
        html = reply.get_data(as_text=True)
        for name in ("early_html", "in_time_html", "late_html"):
            assert (getattr(case.drill.window, name) in html) == (name == text)

    def test_consulting_has_its_own_line(self, browser, reader):
        first = begin(browser)
        decide(browser, first, "listen", "consult", "break")
        second = begin(browser)
        decide(browser, second, "listen", "listen", "break")

        assert "In time You consulted first on screen 2." in words(browser.get(first))
        assert "Late You did not consult." in words(browser.get(second))

    def test_the_strip_is_solid_as_far_as_one_listened_and_says_so(self, browser, reader):
        run = begin(browser)
        decide(browser, run, "listen", "consult", "listen", "break")

        html = browser.get(run).get_data(as_text=True)
        cells = re.findall(r'<li class="(done|ahead)">(.*?)</li>', html, re.DOTALL)

        assert [state for state, _ in cells] == ["done"] * 4 + ["ahead"] * 2
        assert "Broke the confidence" in cells[3][1]
        assert "Not reached" in cells[5][1]
        assert ["Time to consult" in cell for _, cell in cells] == [True] * 4 + [False] * 2
        breaking = [False, False, True, True, True, False]
        assert ["Time to break it" in cell for _, cell in cells] == breaking

    def test_it_is_shown_as_it_was_after_the_case_has_changed(self, app, browser, reader, case):
        run = begin(browser)
        decide(browser, run, "listen", "break")
        book = app.extensions["manual"]
        rest = tuple(one for one in book.cases if one is not case)
        app.extensions["manual"] = replace(book, cases=rest)

        reply = browser.get(run)

        assert case.drill.screens[5].html in reply.get_data(as_text=True)
        assert "What did you just say?" in words(reply)

    def test_every_go_is_kept(self, browser, session, reader):
        for _ in range(3):
            decide(browser, begin(browser), "break")

        assert len(session.scalars(select(DrillRun)).all()) == 3
        assert words(browser.get(DRILL)).count("Broke the confidence on screen 1.") == 3


class TestWhoSeesIt:
    def test_it_is_nobody_elses_until_it_is_filed(self, app, session):
        registered = a_registration(session)
        assessor = a_user(session, Role.ASSESSOR)
        an_allocation(session, registered, assessor)
        session.commit()
        learner = Browser(app).sign_in(registered.person)
        run = begin(learner)
        decide(learner, run, "listen", "break")
        number = run.rpartition("/")[2]
        filed = f"/learners/{registered.id}/drills/{number}"
        other = Browser(app).sign_in(assessor)
        before = [other.get(path).status_code for path in (run, f"{run}/1", filed)]

        reply = learner.post(f"{run}/file", follow_redirects=True)

        assert before == [404, 404, 404]
        assert "It is in your portfolio." in words(reply)
        assert other.get(run).status_code == 404
        page = words(other.get(filed))
        assert "why 2" in page
        assert "Nobody marks it" in page
        for verdict in ("Early", "In time", "Late"):
            assert f"{verdict} " not in page
        assert "Drill: when to tell" in words(other.get(f"/learners/{registered.id}"))
        assert "Drill: when to tell" in words(learner.get("/portfolio/"))
        for role in (Role.ASSESSOR, Role.PANEL_MEMBER, Role.COORDINATOR, Role.LEARNER):
            user = a_user(session, role)
            session.commit()
            assert Browser(app).sign_in(user).get(filed).status_code == 404

    def test_filing_judges_nothing_and_is_evidence_towards_nothing(self, app, session):
        registered = a_registration(session)
        session.commit()
        learner = Browser(app).sign_in(registered.person)
        before = learner.get("/portfolio/").get_data(as_text=True).count("mx--none")
        run = begin(learner)
        decide(learner, run, "listen", "listen", "consult", "break")

        for _ in range(2):
            learner.post(f"{run}/file")

        assert len(session.scalars(select(DrillFiled)).all()) == 1
        assert session.scalar(select(Evidence)) is None
        assert session.scalar(select(EvidenceCriterion)) is None
        assert learner.get("/portfolio/").get_data(as_text=True).count("mx--none") == before

    def test_it_is_filed_only_when_it_is_over(self, browser, session, reader):
        run = begin(browser)

        reply = browser.post(f"{run}/file", follow_redirects=True)

        assert "Come to the end of the drill first" in words(reply)
        assert session.scalar(select(DrillFiled)) is None

    def test_somebody_elses_filed_drill_is_not_read_through_another_learner(self, app, session):
        first, second = a_registration(session), a_registration(session)
        assessor = a_user(session, Role.ASSESSOR)
        an_allocation(session, first, assessor)
        session.commit()
        learner = Browser(app).sign_in(second.person)
        run = begin(learner)
        decide(learner, run, "break")
        learner.post(f"{run}/file")

        address = f"/learners/{first.id}/drills/{run.rpartition('/')[2]}"

        assert Browser(app).sign_in(assessor).get(address).status_code == 404


class TestWhereItIsFound:
    @pytest.mark.parametrize(
        "path",
        [
            "/manual/",
            "/manual/ethics-confidentiality-and-when-it-must-be-broken",
            "/practice/",
            "/practice/cases/cs02-what-did-you-just-say/",
        ],
    )
    def test_a_learner_finds_it(self, browser, reader, path):
        assert f'href="{DRILL}"' in browser.get(path).get_data(as_text=True)

    def test_no_other_chapter_leads_to_it(self, app, browser, reader):
        with app.app_context():
            found = [
                chapter.number
                for chapter in manual().chapters
                if f'href="{DRILL}"'
                in browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)
            ]

        assert found == [5]
