"""Agreements, the log that two people keep, signatures, and what nobody else sees."""

import re
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.roles import Role
from app.audit import first_fault
from app.kept import KeptVersion
from app.supervision.models import Addendum, Agreement, LogAction, SessionLog
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_supervision import an_agreement, log_form
from tests.supervision_steps import begin, sign, version


class TestAnAgreement:
    def form(self, mentor, supervisor, **given):
        return {
            "mentor": mentor.id,
            "supervisor": supervisor.id,
            "starts_on-day": "1",
            "starts_on-month": "6",
            "starts_on-year": "2026",
            "review_on-day": "1",
            "review_on-month": "5",
            "review_on-year": "2027",
            "monthly_minutes": "60",
            "cover": "Somebody",
            "formats": "One to one",
            **given,
        }

    @pytest.fixture
    def people(self, session, browser):
        coordinator = a_user(session, Role.COORDINATOR)
        pair = a_user(session, Role.MENTOR), a_user(session, Role.SUPERVISOR)
        session.commit()
        browser.sign_in(coordinator)
        return pair

    def test_it_counts_once_both_have_signed(self, app, browser, session, people):
        reply = browser.post("/supervision/agreements/new", self.form(*people))
        assert reply.status_code == 303
        row = session.scalar(select(Agreement))
        for person in people:
            assert not row.in_force
            Browser(app).sign_in(person).post(f"/supervision/agreements/{row.id}/sign")
            session.expire_all()
        assert row.in_force

    def test_nobody_signs_for_another(self, app, browser, session, people):
        browser.post("/supervision/agreements/new", self.form(*people))
        row = session.scalar(select(Agreement))

        reply = browser.post(f"/supervision/agreements/{row.id}/sign")

        assert reply.status_code == 404
        session.expire_all()
        assert row.mentor_signed_at is None

    def test_a_ninth_mentor_is_refused(self, browser, session, people):
        mentor, supervisor = people
        for _ in range(8):
            an_agreement(session, supervisor=supervisor)
        session.commit()

        reply = browser.post("/supervision/agreements/new", self.form(mentor, supervisor))

        assert reply.status_code == 422
        assert "eight mentors already" in words(reply)

    def test_a_second_agreement_is_refused(self, browser, session, people):
        an_agreement(session, mentor=people[0])
        session.commit()

        reply = browser.post("/supervision/agreements/new", self.form(*people))

        assert "has an agreement already" in words(reply)

    def test_the_review_lies_within_twelve_months(self, browser, session, people):
        late = self.form(*people, **{"review_on-year": "2028"})

        reply = browser.post("/supervision/agreements/new", late)

        assert reply.status_code == 422
        assert "within twelve months" in words(reply)
        assert 'value="2028"' in reply.get_data(as_text=True)

    def test_the_mentor_ends_it_without_a_reason_and_keeps_the_logs(
        self, session, agreement, mentor
    ):
        path = begin(mentor, agreement)

        mentor.post(f"/supervision/agreements/{agreement.id}/end")

        session.expire_all()
        assert session.get(Agreement, agreement.id).ended_on is not None
        assert mentor.get(path).status_code == 200


@pytest.mark.row("B11", "F71")
class TestTheLog:
    def test_two_people_write_it_together(self, session, agreement, mentor, supervisor):
        path = begin(mentor, agreement)
        change = log_form(
            shared_note="we looked at silence, and at waiting.", version=version(session)
        )
        change.pop("wellbeing"), change.pop("influence")

        reply = supervisor.post(f"{path}/change", change)

        assert reply.status_code == 303
        page = words(mentor.get(path))
        assert "and at waiting" in page
        assert "I am managing" in page

    def test_changing_it_begins_with_everything_that_stands(self, session, agreement, mentor):
        path = begin(mentor, agreement)

        html = mentor.get(f"{path}/change").get_data(as_text=True)

        for value in ("trust", "silence", "one_to_one", "clear", "none", "no"):
            assert re.search(rf'value="{value}"[^>]* checked', html), value

    def test_it_holds_every_field_of_the_specification(self, agreement, mentor):
        path = begin(
            mentor,
            agreement,
            **{"new-1-kind": "rest", "new-1-words": "two weeks", "new-1-owner": agreement.mentor_id,
               "new-1-due_on-day": "9", "new-1-due_on-month": "12", "new-1-due_on-year": "2026"},
        )  # fmt: skip

        page = words(mentor.get(path))

        for shown in (
            "3 November 2026", "60 minutes", "One to one", "in person", "K7-204",
            "Trust and Silence",
            "I am managing", "Clear", "None", "Rest", "two weeks", "9 December 2026",
            "1 December 2026",
        ):  # fmt: skip
            assert shown in page, shown

    def test_open_actions_carry_over_into_the_next_session(
        self, session, agreement, mentor, supervisor
    ):
        action = {"new-1-kind": "safety_plan", "new-1-owner": agreement.mentor_id,
                  "new-1-due_on-day": "9", "new-1-due_on-month": "12",
                  "new-1-due_on-year": "2026"}  # fmt: skip
        begin(mentor, agreement, **action)
        second = begin(supervisor, agreement, **{"held_on-day": "10"})
        assert "Safety plan" in words(mentor.get(second))
        assert "From an earlier session" in words(mentor.get(second))
        one = session.scalar(select(LogAction.id))

        mentor.post(f"{second}/change", log_form(**{"held_on-day": "10"}, done=[one],
                    version=version(session)))  # fmt: skip
        third = begin(supervisor, agreement, **{"held_on-day": "17"})

        session.expire_all()
        assert session.get(LogAction, one).done_on == date(2026, 11, 10)
        assert "Safety plan" not in words(mentor.get(third))

    def test_the_supervisor_cannot_answer_for_the_mentor(self, session, agreement, supervisor):
        begin(supervisor, agreement, wellbeing="5", influence="no")

        row = session.scalar(select(SessionLog))
        assert row.wellbeing is None
        assert row.influence is None

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"minutes": ""}, "Write how many minutes it lasted"),
            ({"minutes": "-4"}, "Write a number from 1 to 600"),
            ({"minutes": "an hour"}, "minutes"),
            ({"held_on-day": "31", "held_on-month": "2"}, "needs a real date"),
            ({"held_on-day": "", "held_on-month": "", "held_on-year": ""}, "Write the day"),
            ({"shared_note": "x" * 8001}, "Shorten this by 1 character"),
            ({"themes": ["astrology"]}, "not"),
        ],
    )
    def test_a_fault_is_said_and_every_word_comes_back(
        self, session, agreement, mentor, given, message
    ):
        sent = log_form(**given)

        reply = mentor.post(f"/supervision/agreements/{agreement.id}/logs/new", sent)

        assert reply.status_code == 422
        assert message in words(reply)
        assert sent["shared_note"] in words(reply)
        assert session.scalar(select(SessionLog)) is None

    def test_what_may_identify_somebody_is_asked_about_and_may_stand_with_a_reason(
        self, session, agreement, mentor
    ):
        risky = {"shared_note": "we met near B14 7QH and he is 16 years old."}
        refused = mentor.post(f"/supervision/agreements/{agreement.id}/logs/new", log_form(**risky))
        assert refused.status_code == 422
        assert "B14 7QH" in words(refused)
        assert "may be a postcode" in words(refused)

        path = begin(mentor, agreement, **risky, screening_reason="An invented example.")

        assert "B14 7QH" in words(mentor.get(path))
        assert session.scalar(select(SessionLog.screening_reason)) == "An invented example."

    def test_sending_twice_begins_one_log(self, session, agreement, mentor):
        for _ in range(2):
            mentor.post(
                f"/supervision/agreements/{agreement.id}/logs/new", log_form(once="a token")
            )

        assert len(session.scalars(select(SessionLog)).all()) == 1

    @pytest.mark.row("F22")
    def test_two_who_save_at_once_keep_both_notes(self, session, agreement, mentor, supervisor):
        path = begin(mentor, agreement)
        old = version(session)
        mentor.post(f"{path}/change", log_form(shared_note="the mentor's version", version=old))

        late = supervisor.post(
            f"{path}/change", log_form(shared_note="the supervisor's version", version=old)
        )

        assert late.status_code == 409
        page = words(late)
        assert "the mentor's version" in page
        assert "the supervisor's version" in page
        assert session.scalar(select(KeptVersion)).words == "the supervisor's version"
        assert "the mentor's version" in words(mentor.get(path))


@pytest.mark.row("F73", "B11")
class TestSigning:
    def test_both_sign_and_it_locks(self, session, agreement, mentor, supervisor):
        path = begin(mentor, agreement)

        assert sign(mentor, session, path).status_code == 303
        assert "Signed by you" in words(mentor.get(path))
        assert "Waiting for you to sign" in words(supervisor.get(path))
        sign(supervisor, session, path)

        assert "Signed by both" in words(mentor.get(path))
        reply = mentor.post(f"{path}/change", log_form(shared_note="too late", version=99))
        assert "too late" not in words(supervisor.get(path))
        assert reply.status_code in (409, 422)
        assert first_fault(session) is None

    def test_what_is_missing_is_listed_instead(self, session, agreement, supervisor):
        path = begin(supervisor, agreement)

        reply = sign(supervisor, session, path)

        assert reply.status_code == 422
        assert "Choose how you are, from 1 to 5." in words(reply)
        assert "Answer the influence check." in words(reply)

    def test_nobody_signs_what_changed_under_their_eyes(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        old = version(session)
        mentor.post(f"{path}/change", log_form(shared_note="something new", version=old))

        supervisor.post(f"{path}/sign", {"version": old})

        session.expire_all()
        assert session.scalar(select(SessionLog)).signed_by == []

    def test_one_signature_can_be_undone_by_sending_it_back(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        sign(mentor, session, path)

        supervisor.post(f"{path}/send-back")
        changed = mentor.post(f"{path}/change", log_form(minutes="45", version=version(session)))

        assert changed.status_code == 303
        assert "Nobody has signed yet" in words(mentor.get(path))

    def test_a_later_thought_is_dated_and_leaves_the_log_as_it_was(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        sign(mentor, session, path)
        sign(supervisor, session, path)

        reply = supervisor.post(f"{path}/thoughts", {"words": "on reflection, we went too fast."})

        assert reply.status_code == 303
        page = words(mentor.get(path))
        assert "we went too fast" in page
        assert agreement.supervisor.working_name in page
        assert "how long a silence" in page

    def test_an_open_log_takes_changes_not_thoughts(self, session, agreement, mentor):
        path = begin(mentor, agreement)

        reply = mentor.post(f"{path}/thoughts", {"words": "a thought too early"})

        assert reply.status_code == 409
        assert "a thought too early" in words(reply)
        assert session.scalar(select(Addendum)) is None

    def test_signatures_and_thoughts_cannot_be_changed_in_the_database(
        self, session, agreement, mentor, supervisor
    ):
        path = begin(mentor, agreement)
        sign(mentor, session, path)

        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text("update log_signatures set person_id = 1"))
