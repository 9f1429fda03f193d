"""Briefs and the case library: everybody reads their own, from a set time on."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.roles import Role
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import a_booking

PLAYER_ONLY = "stripped"  # from the player's file of CS1
GUIDE_ONLY = "have your pen in your hand"  # from the assessor's file of CS1
BRIEF, PLAYER, GUIDE, BLANK = "brief", "player", "guide", "blank"


def address(booking, what):
    where = "assess" if what == BLANK else "practice"
    return f"/{where}/role-plays/{booking.id}/{what}"


@pytest.fixture
def booking(session):
    made = a_booking(session)
    session.commit()
    return made


@pytest.mark.row("B5")
@pytest.mark.row("F10")
class TestEverybodyReadsTheirOwn:
    def test_the_learner_reads_the_learners_brief(self, browser, booking):
        reply = browser.sign_in(booking.learners[0]).get(address(booking, BRIEF))

        assert reply.status_code == 200
        assert "Jamie" in words(reply)
        assert PLAYER_ONLY not in words(reply)
        assert GUIDE_ONLY not in words(reply)

    def test_the_player_reads_persona_trust_facts_and_the_delivery_that_was_drawn(
        self, browser, booking
    ):
        reply = browser.sign_in(booking.role_player).get(address(booking, PLAYER))

        assert PLAYER_ONLY in words(reply)
        assert "most dangerous person" in words(reply)
        assert "Play it as P" in words(reply)
        assert "Play it as R" not in words(reply)

    def test_an_assessor_reads_the_guide_and_what_to_look_for(self, browser, booking):
        reply = browser.sign_in(booking.assessors[0]).get(address(booking, GUIDE))

        assert GUIDE_ONLY in words(reply)
        assert "Names funders and partners" in words(reply)

    @pytest.mark.parametrize(
        ("part", "others"),
        [
            ("learner", [PLAYER, GUIDE, BLANK]),
            ("player", [BRIEF, GUIDE, BLANK]),
            ("assessor", [PLAYER]),
        ],
    )
    def test_another_persons_brief_is_not_there(self, browser, booking, part, others):
        who = {
            "learner": booking.learners[0],
            "player": booking.role_player,
            "assessor": booking.assessors[0],
        }[part]
        browser.sign_in(who)

        assert [browser.get(address(booking, one)).status_code for one in others] == [404] * len(
            others
        )

    @pytest.mark.parametrize("role", [Role.LEARNER, Role.ASSESSOR, Role.COORDINATOR])
    def test_nobody_without_a_part_opens_any(self, browser, session, booking, role):
        stranger = a_user(session, role)
        session.commit()
        browser.sign_in(stranger)

        for what in (BRIEF, PLAYER, GUIDE, BLANK):
            assert browser.get(address(booking, what)).status_code == 404

    def test_somebody_who_is_signed_out_is_asked_to_sign_in(self, browser, booking):
        assert browser.get(address(booking, BRIEF)).status_code == 303

    def test_before_the_set_time_each_sees_when_theirs_opens(self, app, session):
        later = datetime.now(UTC) + timedelta(days=2)
        booking = a_booking(session, starts_at=later + timedelta(days=1), briefs_open_at=later)
        session.commit()

        for who, what, secret in [
            (booking.learners[0], BRIEF, "Jamie"),
            (booking.role_player, PLAYER, PLAYER_ONLY),
            (booking.assessors[0], GUIDE, GUIDE_ONLY),
            (booking.assessors[0], BLANK, "Not observed"),
        ]:
            reply = Browser(app).sign_in(who).get(address(booking, what))
            assert reply.status_code == 200
            assert "This opens on" in words(reply)
            assert secret not in words(reply)

    def test_the_briefs_of_a_cancelled_role_play_are_gone(self, browser, session):
        booking = a_booking(session, cancelled_at=datetime.now(UTC))
        session.commit()

        reply = browser.sign_in(booking.learners[0]).get(address(booking, BRIEF))

        assert reply.status_code == 404

    def test_the_learner_cannot_tell_how_the_line_is_played(self, app, session):
        person = a_user(session)
        pages = []
        for delivery in "PR":
            made = a_booking(session, learners=[person], delivery=delivery)
            session.commit()
            reply = Browser(app).sign_in(person).get(address(made, BRIEF))
            pages.append(words(reply).split("On the day")[0])

        assert pages[0] == pages[1]
        assert "M3.2.4" not in pages[1]

    def test_the_paper_sheet_holds_every_criterion_and_no_mark(self, browser, booking):
        reply = browser.sign_in(booking.assessors[0]).get(address(booking, BLANK))

        assert "M3.2.1" in words(reply)
        assert "☐" in words(reply)


class TestTheCaseLibrary:
    def test_an_assessor_reads_every_brief_of_a_case(self, browser, session):
        browser.sign_in(a_committed(session, Role.ASSESSOR))

        page = words(browser.get("/practice/cases/cs01-the-first-half-hour/"))

        assert PLAYER_ONLY in page
        assert GUIDE_ONLY in page

    @pytest.mark.parametrize("roles", [(Role.LEARNER,), (Role.LEARNER, Role.ASSESSOR)])
    def test_a_learner_reads_nothing_confidential_whatever_else_they_are(
        self, browser, session, roles
    ):
        browser.sign_in(a_committed(session, *roles))

        assert browser.get("/practice/cases/").status_code == 200
        page = words(browser.get("/practice/cases/cs01-the-first-half-hour/"))

        assert "M3.2.1" in page
        assert PLAYER_ONLY not in page
        assert GUIDE_ONLY not in page

    def test_an_assessor_who_is_to_play_a_case_does_not_read_it_first(self, browser, session):
        person = a_user(session, Role.MENTOR, Role.ASSESSOR)
        a_booking(session, learners=[person])
        session.commit()
        browser.sign_in(person, Role.ASSESSOR)

        assert PLAYER_ONLY not in words(browser.get("/practice/cases/cs01-the-first-half-hour/"))
        assert "Zak" in words(browser.get("/practice/cases/cs02-what-did-you-just-say/"))

    def test_a_role_player_finds_only_cases_they_are_booked_for(self, browser, session, booking):
        browser.sign_in(booking.role_player)

        page = words(browser.get("/practice/cases/"))

        assert "The first half hour" in page
        assert "What did you just say" not in page
        assert browser.get("/practice/cases/cs02-what-did-you-just-say/").status_code == 404
        assert browser.get("/practice/cases/cs01-the-first-half-hour/").status_code == 200

    def test_a_case_that_does_not_exist_is_not_there(self, browser, session):
        browser.sign_in(a_committed(session, Role.ASSESSOR))

        assert browser.get("/practice/cases/cs99-nothing/").status_code == 404

    def test_the_library_is_not_for_everybody(self, browser, session):
        browser.sign_in(a_committed(session, Role.COMMISSIONER))

        assert browser.get("/practice/cases/").status_code == 403


def a_committed(session, *roles):
    person = a_user(session, *roles)
    session.commit()
    return person
