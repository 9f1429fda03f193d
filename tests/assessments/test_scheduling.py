"""Booking a role play: clashes, the clock, what comes first."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments.completion import Verification, award_progress
from assessments.scheduling import (
    Booking,
    Pause,
    Scene,
    before_live_contact,
    before_role_play,
    clashes,
    current_scene,
    elapsed,
    rounds_left,
)
from tests.assessments.test_completion import FRAMEWORK, TODAY, everything, judged

TEN = datetime(2026, 6, 19, 9, tzinfo=UTC)  # ten o'clock in London, in summer


def booking(number: int = 1, start: int = 0, minutes: int = 30, **values: object) -> Booking:
    given = {"room": "Room 2", "people": {1: "Hannah Oduya"}, "title": "CS2", **values}
    begins = TEN + timedelta(minutes=start)
    ends = begins + timedelta(minutes=minutes)
    return Booking(id=str(number), starts=begins, ends=ends, **given)


class TestClashes:
    @pytest.mark.row("F9")
    def test_a_person_and_a_room_that_are_taken_are_each_named_with_the_time(self):
        found = clashes(booking(2, start=15, title="CS9"), [booking(1)])

        assert [clash.sentence for clash in found] == [
            "Hannah Oduya is in CS2 from 10.00 am to 10.30 am on 19 June 2026.",
            "Room 2 is taken by CS2 from 10.00 am to 10.30 am on 19 June 2026.",
        ]
        assert [clash.what for clash in found] == ["Hannah Oduya", "Room 2"]
        assert {clash.booking_id for clash in found} == {"1"}

    @pytest.mark.row("F9")
    def test_candidate_assessor_and_player_are_all_checked(self):
        people = {1: "Nasreen Akhtar", 2: "Hannah Oduya", 3: "Gareth Pugh"}
        found = clashes(
            booking(2, people=people, room="Room 3"),
            [booking(1, people={2: "Hannah Oduya"}), booking(3, people={3: "Gareth Pugh"})],
        )

        assert [clash.what for clash in found] == ["Hannah Oduya", "Gareth Pugh"]

    @pytest.mark.parametrize("start", [-30, 30])
    def test_one_that_ends_as_the_other_begins_leaves_both_free(self, start):
        assert clashes(booking(2, start=start), [booking(1)]) == ()

    @pytest.mark.parametrize("start", [-29, 29])
    def test_a_single_minute_together_is_a_clash(self, start):
        assert len(clashes(booking(2, start=start), [booking(1)])) == 2

    def test_moving_a_booking_does_not_clash_with_itself(self):
        assert clashes(booking(1, start=10), [booking(1)]) == ()

    def test_two_by_video_share_no_room(self):
        other = booking(1, room="", people={5: "Delroy Simmonds"})

        assert clashes(booking(2, room=""), [other]) == ()


class TestTheClock:
    def test_a_scene_runs_up_to_its_end_which_belongs_to_the_next(self):
        scenes = (
            Scene(number=1, title="Small talk", starts=0, ends=240),
            Scene(number=2, title="Test line", starts=240, ends=540),
        )

        assert current_scene(scenes, 239) == scenes[0]
        assert current_scene(scenes, 240) == scenes[1]
        assert current_scene(scenes, 540) is None

    @pytest.mark.row("F12")
    def test_pauses_do_not_count(self):
        pause = Pause(started=TEN + timedelta(seconds=60), ended=TEN + timedelta(seconds=90))

        assert elapsed(TEN, [pause], TEN + timedelta(seconds=200)) == 170

    def test_the_clock_stands_still_while_a_pause_lasts(self):
        pause = Pause(started=TEN + timedelta(seconds=60), ended=None)

        assert elapsed(TEN, [pause], TEN + timedelta(seconds=90)) == 60
        assert elapsed(TEN, [pause], TEN + timedelta(seconds=900)) == 60

    def test_pauses_that_overlap_or_lie_outside_count_once_or_not_at_all(self):
        def pause(start: int, end: int) -> Pause:
            return Pause(started=TEN + timedelta(seconds=start), ended=TEN + timedelta(seconds=end))

        pauses = [pause(20, 40), pause(10, 30), pause(-50, -20), pause(300, 400)]

        assert elapsed(TEN, pauses, TEN + timedelta(seconds=100)) == 70

    def test_before_the_start_nothing_has_been_played(self):
        assert elapsed(TEN, [], TEN - timedelta(seconds=5)) == 0


class TestWhatComesFirst:
    @pytest.mark.row("F3")
    def test_a_first_role_play_needs_all_of_m1_and_m3_that_is_judged_without_one(self):
        progress = award_progress(FRAMEWORK, ["P1"], [], TODAY)

        found = before_role_play(FRAMEWORK, progress)

        assert "M1.1.1: Not yet judged." in found
        assert not any("M1.3.3" in sentence or "M3.2" in sentence for sentence in found)
        assert all(sentence.startswith(("M1.", "M3.")) for sentence in found)

    def test_with_those_achieved_it_can_be_booked_while_verification_waits(self):
        refs = [
            one.ref
            for code in ("M1", "M3")
            for one in FRAMEWORK.unit(code).criteria
            if "RO" not in one.methods
        ]
        decisions = [judged(ref, verification=Verification.WAITING) for ref in refs]

        progress = award_progress(FRAMEWORK, ["P1"], decisions, TODAY)

        assert before_role_play(FRAMEWORK, progress) == ()
        returned = [judged(refs[0], verification=Verification.RETURNED), *decisions[1:]]
        assert len(before_role_play(FRAMEWORK, award_progress(FRAMEWORK, [], returned, TODAY))) == 1

    def test_live_contact_needs_cs1_cs2_m5_vetting_agreement_and_the_client(self):
        progress = award_progress(FRAMEWORK, ["P1"], [], TODAY)

        found = before_live_contact(
            progress,
            cases_passed=(),
            vetting_clear=False,
            agreement_signed=False,
            client_agrees=False,
        )

        assert len(found) == 6

    def test_with_all_six_nothing_is_missing(self):
        progress = award_progress(FRAMEWORK, ["P1"], everything("M5"), TODAY)

        assert (
            before_live_contact(
                progress,
                cases_passed=("CS1", "CS2"),
                vetting_clear=True,
                agreement_signed=True,
                client_agrees=True,
            )
            == ()
        )

    def test_nine_rounds_are_left_at_the_start_with_the_pathways_own_case(self):
        found = rounds_left(FRAMEWORK, ["P2"], [])

        assert found == ("CS1", "CS2", "CS2", "CS9", "CS10", "CS11", "CS12", "CS6 or CS7", "CS4")

    def test_cs2_is_played_twice_and_another_pathways_case_does_not_count(self):
        played = ["CS1", "CS2", "CS9", "CS10", "CS11", "CS12", "CS7", "CS3"]

        assert rounds_left(FRAMEWORK, ["P2"], played) == ("CS2", "CS4")
        assert rounds_left(FRAMEWORK, ["P1"], [*played, "CS2"]) == ()

    def test_without_a_chosen_pathway_any_pathway_case_is_offered(self):
        assert rounds_left(FRAMEWORK, [], [])[-1] == "CS3 or CS4 or CS5"
