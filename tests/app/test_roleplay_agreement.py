"""Finishing a sheet, seeing the other only then, agreeing, and the result the learner reads."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit import AuditEvent
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
from tests.factories_roleplay import CS1, a_booking, a_judgement, a_sheet

SECRET = "Only the first assessor thinks so"


def assess(booking, what):
    return f"/assess/role-plays/{booking.id}/{what}"


def result_of(booking):
    return f"/practice/role-plays/{booking.id}/result"


class Table:
    """A role play with its two assessors, each in a browser of their own."""

    def __init__(self, app, session, **given):
        self.session = session
        self.booking = a_booking(session, **given)
        session.commit()
        self.first, self.second = (Browser(app).sign_in(one) for one in self.booking.assessors)
        self.learner = Browser(app).sign_in(self.booking.learners[0])

    def sheets(self, one=None, other=None, *, overalls=("clear", "clear"), comment=""):
        for person, marks, overall in zip(
            self.booking.assessors, (one, other), overalls, strict=True
        ):
            a_sheet(self.session, self.booking, person, marks, overall=overall, comment=comment)
        self.session.commit()
        return self

    def propose(self, browser, key, mark, reason="We looked at the notes", learner=None):
        form = {
            "do": "propose",
            "learner": str(learner or self.booking.learner_ids[0]),
            "key": key,
            "mark": mark,
            "reason": reason,
        }
        return browser.post(assess(self.booking, "settle"), form)

    def stand_by(self, browser):
        self.session.expire_all()
        newest = self.session.scalar(select(func.max(Proposal.id)))
        form = {"do": "stand-by", "proposal": str(newest)}
        return browser.post(assess(self.booking, "settle"), form)

    def agree(self, key, mark, reason="We looked at the notes", learner=None):
        assert self.propose(self.first, key, mark, reason, learner).status_code == 303
        assert self.stand_by(self.second).status_code == 303

    def release(self, browser=None):
        return (browser or self.first).post(assess(self.booking, "settle"), {"do": "release"})

    def all(self, kind):
        self.session.expire_all()
        return self.session.scalars(select(kind).order_by(kind.id)).all()


@pytest.fixture
def table(app, session):
    return Table(app, session)


def overall(browser, booking, learner=None, **given):
    form = {
        "overall": "borderline",
        "strength": "Waited",
        "next_step": "Ask sooner",
        "version": "0",
        **given,
    }
    of = f"learners/{learner or booking.learner_ids[0]}/overall"
    return browser.post(assess(booking, of), form)


class TestTheOverallJudgement:
    @pytest.mark.row("F17")
    def test_it_is_kept_beside_the_marks_and_neither_moves_the_other(self, table):
        overall(table.first, table.booking, overall="not_yet")
        a = table.all(MarkSheet)[0]
        assert (a.overalls[0].overall, a.marks) == ("not_yet", [])

        for ref in CS1:
            form = {"criterion": ref, "mark": "achieved", "comment": "", "version": "0"}
            of = f"learners/{table.booking.learner_ids[0]}/mark"
            table.first.post_json(assess(table.booking, of), form)

        assert table.all(MarkSheet)[0].overalls[0].overall == "not_yet"

    @pytest.mark.row("F17")
    def test_one_may_think_borderline_where_every_mark_is_achieved(self, table):
        table.sheets(overalls=("borderline", "borderline"))
        table.release()

        assert table.all(PlayResult)[0].overall == "borderline"
        assert table.all(PlayResult)[0].passed

    def test_nothing_of_it_may_be_left_out(self, table):
        reply = overall(table.first, table.booking, strength="", overall="")

        assert reply.status_code == 422
        assert "Write one strength" in words(reply)
        assert "Ask sooner" in reply.get_data(as_text=True)

    @pytest.mark.row("F22")
    def test_an_old_page_shows_both_versions_and_overwrites_nothing(self, table):
        overall(table.first, table.booking)
        reply = overall(table.first, table.booking, strength="Listened", version="0")

        assert reply.status_code == 409
        page = reply.get_data(as_text=True)
        assert "Listened" in page
        assert "Waited" in page
        assert table.all(MarkSheet)[0].overalls[0].strength == "Waited"

    def test_sending_the_same_again_is_no_clash(self, table):
        overall(table.first, table.booking)

        assert overall(table.first, table.booking).status_code == 303


class TestFinishing:
    def test_what_is_missing_is_named(self, table):
        name = table.booking.learners[0].working_name
        table.first.post(assess(table.booking, "clock"), {"do": "start"})

        page = words(table.first.get(assess(table.booking, "finish")))
        reply = table.first.post(assess(table.booking, "finish"))

        assert f"{name}: no mark yet for {', '.join(CS1)}." in page
        assert f"{name}: no overall judgement yet." in page
        assert f"{name}: no next step written yet." in page
        assert reply.status_code == 409
        assert table.all(MarkSheet)[0].final_at is None

    def test_a_stop_needs_its_reason_first(self, table, session):
        sheet = a_sheet(session, table.booking, table.booking.assessors[0], final=False)
        sheet.stopped_at = datetime.now(UTC)
        session.commit()

        reply = table.first.post(assess(table.booking, "finish"))

        assert "Say why the exercise was stopped" in words(reply)

    def test_both_learners_of_a_pair_are_needed(self, app, session):
        table = Table(app, session, case="CS11")
        one, other = (one.working_name for one in table.booking.learners)

        page = words(table.first.get(assess(table.booking, "finish")))

        assert f"{one}: no mark yet" in page
        assert f"{other}: no mark yet" in page

    def test_what_was_not_played_is_not_finished(self, app, session):
        ahead = datetime.now(UTC) + timedelta(hours=3)
        table = Table(app, session, starts_at=ahead)

        assert "not been played yet" in words(table.first.post(assess(table.booking, "finish")))

    def test_a_finished_sheet_is_read_and_never_changed(self, table, session):
        a_sheet(session, table.booking, table.booking.assessors[0], comment="Kind and clear")
        session.commit()
        learner_id = table.booking.learner_ids[0]
        mark = {"criterion": "M2.2.2", "mark": "not-yet", "comment": "", "version": "1"}

        page = words(table.first.get(assess(table.booking, "mark")))
        saved = table.first.post_json(assess(table.booking, f"learners/{learner_id}/mark"), mark)
        noted = table.first.post(assess(table.booking, "notes"), {"text": "x", "client_key": "k"})

        assert "no longer changed" in page
        assert "Kind and clear" in page
        assert saved.status_code == 422
        assert "finished" in saved.json["error"]
        assert noted.status_code == 409
        assert overall(table.first, table.booking).status_code == 409
        assert table.first.post(assess(table.booking, "clock"), {"do": "start"}).status_code == 409
        assert not table.all(TimedNote)

    def test_finishing_twice_does_it_once(self, table, session):
        a_sheet(session, table.booking, table.booking.assessors[0], final=False)
        session.commit()

        replies = [table.first.post(assess(table.booking, "finish")) for _ in range(2)]

        assert [one.status_code for one in replies] == [303, 303]
        finished = select(func.count()).where(AuditEvent.action == "mark-sheet.finished")
        assert session.scalar(finished) == 1

    def test_both_are_written_to_when_both_have_finished(self, table, session):
        for person in table.booking.assessors:
            a_sheet(session, table.booking, person, final=False)
        session.commit()

        table.first.post(assess(table.booking, "finish"))
        assert not table.all(OutboxMessage)
        reply = table.second.post(assess(table.booking, "finish"))

        assert reply.location.endswith("/settle")
        assert len(table.all(OutboxMessage)) == 2


@pytest.mark.row("F20")
class TestNeitherSeesTheOtherBeforeBothHaveFinished:
    @pytest.fixture
    def one_final(self, table, session):
        sheet = a_sheet(
            session, table.booking, table.booking.assessors[0], {"M3.2.1": "not_yet"},
            comment=SECRET, overall="borderline",
        )  # fmt: skip
        note = TimedNote(
            sheet_id=sheet.id, client_key="k", first_typed_at=sheet.opened_at, at_seconds=5,
            words=SECRET, saved_at=sheet.opened_at,
            criteria=[NoteCriterion(criterion="M3.2.1")],
        )  # fmt: skip
        session.add(note)
        session.commit()
        return table

    @pytest.mark.parametrize("begun", [False, True])
    def test_no_page_of_the_second_assessor_tells_anything_but_that_it_is_finished(
        self, one_final, session, begun
    ):
        booking = one_final.booking
        if begun:
            a_sheet(session, booking, booking.assessors[1], final=False)
            session.commit()
        learner_id = booking.learner_ids[0]
        pages = [
            assess(booking, one)
            for one in ("mark", "settle", "finish", "versions", "blank", "stop",
                        f"learners/{learner_id}/overall")
        ] + [f"/practice/role-plays/{booking.id}", f"/practice/role-plays/{booking.id}/guide",
             result_of(booking), "/practice/"]  # fmt: skip

        shown = [one_final.second.get(page) for page in pages]

        assert not any(SECRET in words(one) for one in shown)
        name = booking.assessors[0].working_name
        assert f"{name} has finished" in words(shown[1])
        assert one_final.second.get(result_of(booking)).status_code == 404

    def test_nor_can_anything_be_agreed_or_released(self, one_final):
        for reply in (
            one_final.propose(one_final.second, "M3.2.1", "achieved"),
            one_final.release(one_final.second),
            one_final.release(one_final.first),
        ):
            assert reply.status_code == 409
            assert SECRET not in words(reply)
        assert not one_final.all(Proposal)
        assert not one_final.all(PlayResult)

    def test_the_learner_and_the_coordinator_see_nothing_of_it_either(
        self, one_final, app, session
    ):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        for person in (one_final.booking.learners[0], coordinator):
            page = Browser(app).sign_in(person)
            assert page.get(assess(one_final.booking, "settle")).status_code == 404
            assert page.get(result_of(one_final.booking)).status_code == 404
            assert SECRET not in words(page.get(f"/practice/role-plays/{one_final.booking.id}"))

    def test_once_both_have_finished_each_sees_both(self, one_final, session):
        a_sheet(session, one_final.booking, one_final.booking.assessors[1])
        session.commit()

        for browser in (one_final.first, one_final.second):
            assert SECRET in words(browser.get(assess(one_final.booking, "settle")))


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
