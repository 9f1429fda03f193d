"""The supervision log, and whether enough supervision was held."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.supervision import (
    Action,
    ActionKind,
    Boundary,
    BoundaryAnswer,
    Format,
    InfluenceAnswer,
    LogDraft,
    Medium,
    RiskFlag,
    Theme,
    Wellbeing,
    may_edit,
    panel_view,
    ready_to_sign,
)
from assessments.supervision_time import (
    OpenPeriod,
    RhythmState,
    Session,
    counted_minutes,
    months,
    months_met_percent,
    rhythm,
)

DAY = timedelta(days=1)
HELD = date(2026, 3, 2)
FULL = LogDraft(
    held=HELD,
    minutes=55,
    format=Format.ONE_TO_ONE,
    medium=Medium.IN_PERSON,
    supervisor="Delroy Simmonds",
    themes=frozenset({Theme.GRIEVANCE}),
    wellbeing=Wellbeing.MANAGING,
    influence=InfluenceAnswer.NO,
    boundaries=BoundaryAnswer.CLEAR,
    risk_flags=frozenset({RiskFlag.NONE}),
    actions=(Action(kind=ActionKind.REST, owner="Imran Qureshi", due=date(2026, 3, 9)),),
    next_date=date(2026, 3, 30),
)


class TestTheFixedLists:
    def test_there_are_sixteen_themes_and_every_value_has_words(self):
        assert len(Theme) == 16
        for fixed in (Theme, Format, Medium, Boundary, BoundaryAnswer, RiskFlag, ActionKind):
            assert len({one.label for one in fixed}) == len(fixed)

    def test_words_are_those_that_a_page_shows(self):
        assert Theme.FAITH_OR_IDEOLOGY.label == "Faith or ideology content"
        assert InfluenceAnswer.DISCUSSED.label == "Yes, discussed"
        assert BoundaryAnswer.DISCUSSED.label == "Discussed"
        assert RiskFlag.MENTOR_SAFETY.label == "Mentor's safety"
        assert Format.ONE_TO_ONE.label == "One to one"

    def test_wellbeing_runs_from_1_to_5_in_the_mentors_words(self):
        assert [int(one) for one in Wellbeing] == [1, 2, 3, 4, 5]
        assert Wellbeing(1).label == "I am not all right"
        assert Wellbeing(5).label == "I am well"


class TestSigning:
    @pytest.mark.row("F71")
    def test_a_full_log_can_be_signed(self):
        assert ready_to_sign(FULL) == ()

    @pytest.mark.row("F71")
    def test_an_empty_log_lacks_eleven_things(self):
        assert len(ready_to_sign(LogDraft())) == 11

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"minutes": 0}, "Give how many minutes it lasted."),
            ({"themes": frozenset()}, "Choose at least one theme."),
            (
                {"risk_flags": frozenset({RiskFlag.NONE, RiskFlag.DATA})},
                "Choose either a risk flag or none.",
            ),
            ({"next_date": HELD}, "The next meeting comes after this one."),
            (
                {"actions": (Action(kind=ActionKind.REST, owner=" ", due=HELD),)},
                "Action 1 needs a person and a date.",
            ),
            (
                {"actions": (Action(kind=ActionKind.REST, owner="I", due=HELD, text="x" * 141),)},
                "Action 1 has room for 140 characters.",
            ),
        ],
    )
    def test_what_is_missing_or_odd_is_told(self, change, sentence):
        assert ready_to_sign(replace(FULL, **change)) == (sentence,)

    @pytest.mark.row("F73")
    def test_a_signed_log_is_locked(self):
        assert may_edit([])
        assert not may_edit([4])
        assert not may_edit([4, 9])


class TestWhatThePanelSees:
    @pytest.mark.row("F74")
    def test_figures_and_no_content(self):
        flagged = replace(FULL, risk_flags=frozenset({RiskFlag.CONDUCT}), held=HELD + DAY)

        figures = panel_view([FULL, flagged, flagged, LogDraft()])

        assert (figures.meetings, figures.minutes) == (4, 165)
        assert figures.last_held == HELD + DAY
        assert figures.flags == ((RiskFlag.CONDUCT, 2),)

    @pytest.mark.row("N9")
    def test_no_figure_depends_on_wellbeing_or_influence(self):
        shaken = replace(
            FULL, wellbeing=Wellbeing.NOT_ALL_RIGHT, influence=InfluenceAnswer.NEEDS_ACTION
        )

        assert panel_view([shaken]) == panel_view([FULL])

    def test_without_logs_there_is_no_last_meeting(self):
        assert panel_view([]).last_held is None


def session(day: date, minutes: int = 60, group: bool = False) -> Session:
    return Session(held=day, minutes=minutes, group=group)


class TestMonths:
    @pytest.mark.row("F70")
    def test_a_short_month_is_not_averaged_away(self):
        held = [session(date(2026, 1, 5), 120), session(date(2026, 2, 9), 30)]

        found = months(held, 60, date(2026, 1, 1), date(2026, 3, 1))

        assert [month.short for month in found] == [False, True, False]
        assert found[1].sentence == "February 2026: 30 of 60 minutes, a short month."
        assert found[0].sentence == "January 2026: 120 of 60 minutes."

    @pytest.mark.row("F70")
    def test_a_group_counts_half_and_for_half_of_what_is_required_at_most(self):
        assert counted_minutes([session(HELD, 45, group=True)], 60) == Fraction(45, 2)
        assert counted_minutes([session(HELD, 300, group=True)], 60) == 30
        assert counted_minutes([session(HELD, 30), session(HELD, 90, group=True)], 60) == 60

    def test_the_running_month_is_not_short_yet_and_later_sessions_do_not_count(self):
        found = months([session(date(2026, 3, 20))], 60, date(2026, 3, 1), date(2026, 3, 10))

        assert [(month.finished, month.short, month.counted_minutes) for month in found] == [
            (False, False, 0)
        ]

    def test_the_percent_is_of_finished_months(self):
        found = months([session(date(2026, 1, 5))], 60, date(2026, 1, 1), date(2026, 4, 15))

        assert months_met_percent(found) == 33
        assert months_met_percent(found[-1:]) is None

    @given(
        st.lists(st.tuples(st.integers(0, 200), st.integers(1, 240)), max_size=12),
        st.integers(10, 240),
    )
    def test_groups_alone_never_fill_a_month(self, groups, required):
        first = date(2026, 1, 1)
        held = [session(first + days * DAY, minutes, group=True) for days, minutes in groups]

        found = months(held, required, first, date(2026, 9, 1))

        assert all(month.short for month in found if month.finished)


class TestRhythm:
    started = date(2026, 1, 1)
    open_case = OpenPeriod(starts=date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("days", "state"),
        [
            (24, RhythmState.IN_DATE),
            (25, RhythmState.DUE_SOON),
            (28, RhythmState.DUE_SOON),
            (29, RhythmState.OVERDUE),
        ],
    )
    def test_with_a_case_open_28_days_are_allowed(self, days, state):
        found = rhythm([session(HELD)], [self.open_case], self.started, HELD + days * DAY)

        assert found.state is state
        assert found.next_due == HELD + 28 * DAY
        assert found.days_since == days

    def test_with_no_case_open_90_days_are_allowed(self):
        found = rhythm([session(HELD)], [], self.started, HELD + 90 * DAY)

        assert (found.state, found.next_due) == (RhythmState.DUE_SOON, HELD + 90 * DAY)

    def test_its_words_say_when_the_next_is_due(self):
        assert rhythm([session(HELD)], [], self.started, HELD).sentence == (
            "In date. The last meeting was on 2 March 2026. The next is due by 31 May 2026."
        )
        assert rhythm([], [], self.started, self.started).sentence == (
            "In date. No meeting has been held yet. The next is due by 1 April 2026."
        )
        assert rhythm([session(HELD)], [self.open_case], self.started,
                      HELD + 40 * DAY).sentence == (
            "Overdue. The last meeting was on 2 March 2026."
        )  # fmt: skip
        assert RhythmState.DUE_SOON.label == "Due soon"

    def test_gaps_that_were_too_long_stay_in_the_record(self):
        held = [session(date(2026, 1, 20)), session(date(2026, 3, 2)), session(date(2026, 3, 30))]

        found = rhythm(held, [self.open_case], self.started, date(2026, 4, 1))

        assert [(gap.starts, gap.ends, gap.days) for gap in found.late_gaps] == [
            (date(2026, 1, 20), date(2026, 3, 2), 41)
        ]
        assert found.state is RhythmState.IN_DATE

    def test_meetings_before_supervision_was_owed_and_after_today_do_not_count(self):
        held = [session(self.started - DAY), session(HELD + 50 * DAY)]

        assert rhythm(held, [], self.started, HELD).last_held is None

    def test_a_case_that_closed_leaves_the_longer_time(self):
        closed = OpenPeriod(starts=self.started, ends=HELD + 5 * DAY)

        found = rhythm([session(HELD)], [closed], self.started, HELD + 40 * DAY)

        assert (found.state, found.next_due) == (RhythmState.IN_DATE, HELD + 90 * DAY)
