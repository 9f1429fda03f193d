"""Agreeing on two sheets, releasing, and the result that the learner reads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.mail import OutboxMessage
from app.portfolio.models import Evidence, Judgement
from app.roleplay.models import (
    AgreedMark,
    MarkSheet,
    NoteCriterion,
    PlayResult,
    Proposal,
    TimedNote,
)
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_roleplay import CS1, a_judgement
from tests.scenes import Table, assess, result_of

SECRET = "Only the first assessor thinks so"


@pytest.fixture
def table(app, session):
    return Table(app, session)


class TestAgreeing:
    def test_what_was_marked_alike_needs_nothing(self, table):
        table.sheets()

        page = words(table.first.get(assess(table.booking, "settle")))

        assert "You marked everything alike" in page
        assert "Release the result" in page

    def test_a_difference_waits_for_a_mark_a_reason_and_both(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})

        assert table.propose(table.first, "M2.2.2", "achieved", "").status_code == 409
        assert table.propose(table.first, "M2.2.2", "").status_code == 409
        table.propose(table.first, "M2.2.2", "achieved")
        page = words(table.second.get(assess(table.booking, "settle")))

        assert "proposes: Achieved" in page
        assert "I stand by this" in page
        assert "Opens once every difference" in page
        assert table.release().status_code == 409
        assert not table.all(PlayResult)

    def test_the_words_of_a_refused_proposal_are_given_back(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})

        reply = table.propose(table.first, "M2.2.2", "", "Because of the second note")

        assert "Because of the second note" in reply.get_data(as_text=True)

    def test_nobody_stands_by_their_own_proposal(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})
        table.propose(table.first, "M2.2.2", "achieved")

        assert table.stand_by(table.first).status_code == 409
        assert not table.all(AgreedMark)

    def test_the_other_may_propose_something_else_instead(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})
        table.propose(table.first, "M2.2.2", "achieved")
        old = table.all(Proposal)[0].id
        table.propose(table.second, "M2.2.2", "not_yet", "The second note says it")

        late = table.second.post(
            assess(table.booking, "settle"), {"do": "stand-by", "proposal": str(old)}
        )
        assert late.status_code == 409
        assert table.stand_by(table.first).status_code == 303
        (agreed,) = table.all(AgreedMark)
        assert (agreed.mark, agreed.recorded_by_id, agreed.confirmed_by_id) == (
            "not_yet", table.booking.assessor_ids[1], table.booking.assessor_ids[0],
        )  # fmt: skip

    def test_what_is_agreed_stays_agreed(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})
        table.agree("M2.2.2", "achieved")

        assert table.propose(table.first, "M2.2.2", "not_yet").status_code == 409
        assert table.stand_by(table.second).status_code == 409

    def test_what_does_not_differ_is_not_open_to_proposals(self, table):
        table.sheets()

        assert table.propose(table.first, "M3.2.1", "not_yet").status_code == 409
        assert table.propose(table.first, "M3.2.1", "not_yet", learner=9999).status_code == 409

    def test_a_criterion_that_only_one_saw_is_a_difference(self, table):
        table.sheets({"M5.4.1": "achieved"}, {})

        page = words(table.first.get(assess(table.booking, "settle")))

        assert "Left out of this sheet" in page
        assert table.release().status_code == 409

    def test_the_overall_judgement_is_agreed_the_same_way(self, table):
        table.sheets(overalls=("clear", "not_yet"))

        assert table.release().status_code == 409
        table.agree("overall", "borderline", "Between the two")
        table.release()

        (result,) = table.all(PlayResult)
        assert (result.overall, result.overall_reason) == ("borderline", "Between the two")

    def test_an_address_that_asks_for_nothing_is_refused(self, table):
        table.sheets()

        assert table.first.post(assess(table.booking, "settle"), {"do": "x"}).status_code == 400


class TestReleasing:
    @pytest.mark.row("B7")
    def test_each_mark_becomes_a_decision_with_evidence_and_feedback(self, table):
        table.sheets({"M2.2.2": "not_observed"}, {"M2.2.2": "not_observed"}, comment="Well done")

        reply = table.release()

        assert reply.status_code == 303
        rows = table.all(Judgement)
        assert [one.criterion for one in rows] == sorted(set(CS1) - {"M2.2.2"})
        (evidence,) = table.all(Evidence)
        assert evidence.source == f"bookings:{table.booking.id}"
        assert {one.evidence_id for one in rows} == {evidence.id}
        assert {one.verdict for one in rows} == {"achieved"}
        one, other = (one.working_name for one in table.booking.assessors)
        assert rows[0].feedback == f"{one}: Well done\n\n{other}: Well done"
        assert {rows[0].assessor_id, rows[0].with_assessor_id} == set(table.booking.assessor_ids)
        assert rows[0].observed_on == table.booking.starts_at.date()

    def test_the_learner_is_told_that_there_is_something_and_not_what(self, table):
        table.sheets()
        table.release()

        (message,) = table.all(OutboxMessage)
        assert message.recipient == table.booking.learners[0].email
        assert "Passed" not in message.body

    def test_released_twice_it_is_released_once(self, table):
        table.sheets()
        table.release()

        assert table.release(table.second).status_code == 409
        assert len(table.all(PlayResult)) == 1
        assert len(table.all(Judgement)) == len(CS1)

    def test_a_criterion_judged_before_is_judged_again_with_its_reason(self, table, session):
        learner, assessor = table.booking.learners[0], table.booking.assessors[0]
        old = a_judgement(session, learner, assessor, "M3.2.1", verdict="not_yet")
        session.commit()
        table.sheets()
        table.release()

        new = next(o for o in table.all(Judgement) if o.criterion == "M3.2.1" and o.id != old.id)
        assert new.supersedes_id == old.id
        assert new.reason == "Seen again in CS1, The first half hour"

    def test_what_they_agreed_and_why_goes_into_the_feedback(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {})
        table.agree("M2.2.2", "achieved", "Both notes show it")
        table.release()

        row = next(one for one in table.all(Judgement) if one.criterion == "M2.2.2")
        assert row.feedback.endswith("Agreed: Both notes show it")

    def test_a_pair_gets_two_results(self, app, session):
        table = Table(app, session, case="CS11")
        refs = ("M5.2.1", "M5.2.2", "M5.3.2", "M5.4.1", "M5.4.2", "M3.3.2", "M7.3.2")
        table.sheets(dict.fromkeys(refs, "achieved"), dict.fromkeys(refs, "achieved"))

        table.release()

        assert len(table.all(PlayResult)) == 2
        assert len(table.all(Evidence)) == 2


@pytest.mark.row("F18")
class TestASafetyCriticalNotYet:
    def test_it_decides_whatever_else_was_good_and_the_page_names_it(self, table):
        table.sheets({"M3.2.1": "not_yet"}, {"M3.2.1": "not_yet"})
        table.release()

        (result,) = table.all(PlayResult)
        assert not result.passed
        assert result.safety_not_yet == "M3.2.1"
        assert result.overall == "clear"
        page = words(table.learner.get(result_of(table.booking)))
        assert "M3.2.1 is about safety" in page
        assert "at least seven days" in page
        assert "tutorial on safety" in page

    def test_any_other_not_yet_does_not_decide_alone(self, table):
        table.sheets({"M2.2.2": "not_yet"}, {"M2.2.2": "not_yet"})
        table.release()

        assert table.all(PlayResult)[0].passed

    def test_an_overall_not_yet_decides_too(self, table):
        table.sheets(overalls=("not_yet", "not_yet"))
        table.release()

        page = words(table.learner.get(result_of(table.booking)))
        assert "Not yet, taken as a whole" in page
        assert "tutorial on safety" not in page


class TestTheResult:
    def test_the_learner_reads_marks_comments_a_strength_and_a_next_step(self, table):
        table.sheets(comment="Waited for the answer")
        table.release()

        page = words(table.learner.get(result_of(table.booking)))

        assert "You have passed" in page
        assert "Waited for the answer" in page
        assert "Say the limits first" in page
        assert "for effect" in page

    def test_nobody_reads_it_before_it_is_released(self, table):
        table.sheets()

        assert table.learner.get(result_of(table.booking)).status_code == 404

    def test_the_role_player_and_strangers_never_see_marks(self, table, app, session):
        table.sheets()
        table.release()
        stranger = a_user(session)
        session.commit()

        for person in (table.booking.role_player, stranger):
            assert Browser(app).sign_in(person).get(result_of(table.booking)).status_code == 404
        page = words(Browser(app).sign_in(table.booking.role_player).get("/practice/"))
        assert "Passed" not in page

    def test_a_learner_of_a_pair_reads_only_their_own(self, app, session):
        table = Table(app, session, case="CS11")
        refs = ("M5.2.1", "M5.2.2", "M5.3.2", "M5.4.1", "M5.4.2", "M3.3.2", "M7.3.2")
        table.sheets(dict.fromkeys(refs, "achieved"), dict.fromkeys(refs, "achieved"))
        table.release()

        page = words(table.learner.get(result_of(table.booking)))
        both = words(table.first.get(result_of(table.booking)))

        assert page.count("What to keep doing") == 1
        assert both.count("What to keep doing") == 2

    def test_a_stop_for_safety_is_told_kindly(self, table, session):
        table.sheets()
        sheet = table.all(MarkSheet)[0]
        sheet.stopped_at, sheet.stopped_because = datetime.now(UTC), "The door was locked"
        session.commit()
        table.release()

        assert "The door was locked" in words(table.learner.get(result_of(table.booking)))


class TestTheNumberOfQueries:
    def test_agreeing_costs_the_same_with_many_notes_and_differences(self, table, session, queries):
        table.sheets({"M2.2.2": "not_yet"}, {})
        counted = []
        for many in (2, 58):
            for sheet in table.all(MarkSheet):
                for _ in range(many):
                    number = session.scalar(select(func.count(TimedNote.id)))
                    session.add(
                        TimedNote(
                            sheet_id=sheet.id, client_key=f"k{number}", at_seconds=number,
                            first_typed_at=sheet.opened_at, saved_at=sheet.opened_at, words="A",
                            criteria=[NoteCriterion(criterion="M2.2.2")],
                        )
                    )  # fmt: skip
                    session.flush()
            session.commit()
            table.first.get(assess(table.booking, "settle"))
            queries.reset()
            table.first.get(assess(table.booking, "settle"))
            counted.append(queries.number)

        assert counted[0] == counted[1]
        assert counted[1] <= 12
