"""Reminders: so many and no more, none once it is done, none while it cannot be done."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.dates import LONDON
from assessments.reminders import (
    APART,
    MAILS_APART,
    RHYTHMS,
    Kind,
    Pause,
    State,
    Step,
    digest,
    is_night,
    reminder,
)

pytestmark = pytest.mark.row("F8")
#: Noon in London, in winter.
SINCE = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_step(kind=Kind.CHAPTER_LEFT, **given):
    return Step(**{"kind": kind, "thing": "boundaries", "since": SINCE, **given})


def run(step, days, *, every=DAY):
    """Return the moments at which somebody is written to who is asked after every day."""
    sent, written_on = [], None
    for number in range(days):
        now = SINCE + number * every
        if digest([(step, sent)], written_on, now):
            sent.append(now)
            written_on = now.astimezone(LONDON).date()
    return sent


class TestHowOften:
    @pytest.mark.parametrize(
        ("kind", "after"),
        [
            (Kind.CHAPTER_LEFT, [7, 21, 42]),
            (Kind.CHECK_OPEN, [7, 21, 42]),
            (Kind.PLACE_OLD, [7, 42, 98]),
            (Kind.CHAPTER_CHANGED, [7, 28, 70]),
            (Kind.AGREEMENT_UNSIGNED, [3, 10, 24]),
            (Kind.LOG_UNSIGNED, [3, 10, 24]),
            (Kind.REGISTRATION_ENDS, [0, 60]),
        ],
    )
    def test_each_kind_has_its_days_and_then_stops(self, kind, after):
        assert [(at - SINCE).days for at in run(a_step(kind), 400)] == after
        assert all(len(rhythm.after) <= 3 for rhythm in RHYTHMS.values())

    def test_it_says_which_of_how_many_comes_and_when(self):
        step = a_step()

        ahead = reminder(step, [], SINCE)
        due = reminder(step, [SINCE + 7 * DAY], SINCE + 21 * DAY)
        spent = reminder(step, [SINCE + n * DAY for n in (7, 21, 42)], SINCE + 90 * DAY)

        assert (ahead.state, ahead.number, ahead.most) == (State.AHEAD, 1, 3)
        assert ahead.at == SINCE + 7 * DAY
        assert (due.state, due.number) == (State.DUE, 2)
        assert (spent.state, spent.number, spent.at) == (State.SPENT, 3, None)

    def test_where_nobody_was_asked_for_long_they_do_not_come_in_a_heap(self):
        late = SINCE + 100 * DAY

        assert reminder(a_step(), [], late).state is State.DUE
        assert reminder(a_step(), [late], late + 6 * DAY).state is State.AHEAD
        assert reminder(a_step(), [late], late + 7 * DAY).state is State.DUE

    def test_whoever_went_on_and_stopped_again_starts_anew(self):
        before = [SINCE - n * DAY for n in (40, 20, 10)]

        assert reminder(a_step(), before, SINCE + 7 * DAY).number == 1

    def test_a_text_that_changes_again_is_another_step(self):
        assert a_step(mark="a").key != a_step(mark="b").key


class TestWhatCannotBeDone:
    def test_nothing_comes_while_it_is_closed_and_no_day_of_that_counts(self):
        pause = Pause(starts=SINCE + 5 * DAY, ends=SINCE + 35 * DAY)
        step = a_step(Kind.CHECK_OPEN, pauses=(pause,))

        assert [(at - SINCE).days for at in run(step, 400)] == [37, 51, 72]
        assert reminder(step, [], SINCE + 20 * DAY).state is State.CLOSED

    def test_where_nobody_knows_the_end_nothing_is_promised(self):
        step = a_step(pauses=(Pause(starts=SINCE + DAY),))

        assert reminder(step, [], SINCE + 50 * DAY).at is None
        assert run(step, 400) == []

    def test_a_date_stays_where_it_is(self):
        pause = Pause(starts=SINCE - DAY, ends=SINCE + 20 * DAY)
        step = a_step(Kind.REGISTRATION_ENDS, pauses=(pause,))

        assert [(at - SINCE).days for at in run(step, 90)] == [20, 60]

    def test_two_pauses_that_overlap_are_not_counted_twice(self):
        pauses = (
            Pause(starts=SINCE + 2 * DAY, ends=SINCE + 10 * DAY),
            Pause(starts=SINCE + 4 * DAY, ends=SINCE + 6 * DAY),
        )

        assert reminder(a_step(pauses=pauses), [], SINCE).at == SINCE + 15 * DAY


class TestOneEMail:
    def test_it_tells_of_everything_that_is_due(self):
        first, second, later = (
            a_step(),
            a_step(Kind.CHECK_OPEN),
            a_step(Kind.PLACE_OLD, since=SINCE + 5 * DAY),
        )
        now = SINCE + 8 * DAY

        due = digest([(one, []) for one in (first, second, later)], None, now)

        assert due == ((first, 1), (second, 1))

    def test_two_are_never_written_on_one_day_nor_on_the_next(self):
        now = SINCE + 10 * DAY
        for days in range(3):
            assert digest([(a_step(), [])], now.date() - timedelta(days=days), now) == ()
        assert digest([(a_step(), [])], now.date() - timedelta(days=3), now)

    @pytest.mark.parametrize(
        ("moment", "night"),
        [
            (datetime(2026, 1, 20, 7, 59, tzinfo=UTC), True),
            (datetime(2026, 1, 20, 8, tzinfo=UTC), False),
            (datetime(2026, 7, 20, 7, tzinfo=UTC), False),  # 8 am by summer time
            (datetime(2026, 7, 20, 19, tzinfo=UTC), True),
            (datetime(2026, 1, 20, 19, 59, tzinfo=UTC), False),
        ],
    )
    def test_the_night_is_londons(self, moment, night):
        assert is_night(moment) is night
        assert bool(digest([(a_step(), [])], None, moment)) is not night
        assert digest([(a_step(), [])], None, moment, at_night=True)


moments = st.integers(0, 300).map(lambda days: SINCE + days * DAY)
pauses = st.lists(
    st.tuples(moments, st.none() | st.integers(1, 60)).map(
        lambda one: Pause(starts=one[0], ends=one[1] and one[0] + one[1] * DAY)
    ),
    max_size=4,
).map(tuple)
kinds = st.sampled_from(list(Kind))


class TestWhateverHappens:
    @given(kinds, pauses, st.sets(st.integers(0, 330)))
    def test_never_too_many_never_too_close_and_never_while_it_is_closed(self, kind, closed, asked):
        step, sent, written_on = a_step(kind, pauses=closed), [], None
        for days in sorted(asked):
            now = SINCE + days * DAY
            if digest([(step, sent)], written_on, now):
                assert not any(pause.holds(now) for pause in closed)
                assert not sent or now - sent[-1] >= max(APART, MAILS_APART)
                sent.append(now)
                written_on = now.date()
        assert len(sent) <= len(RHYTHMS[kind].after)

    @given(kinds, pauses, moments, st.lists(moments, max_size=3))
    def test_nothing_comes_once_it_is_done(self, kind, closed, now, sent):
        step = a_step(kind, pauses=closed, done=True)

        assert reminder(step, sent, now).state is State.DONE
        assert digest([(step, sent)], None, now) == ()

    @given(kinds, pauses, moments)
    def test_what_is_promised_is_kept(self, kind, closed, now):
        """Whoever is asked at the promised moment is reminded then, and not a day earlier."""
        step = a_step(kind, pauses=closed)
        promised = reminder(step, [], now)
        if promised.state is State.AHEAD:
            assert reminder(step, [], promised.at).state is State.DUE
            assert reminder(step, [], promised.at - DAY).state is not State.DUE

    @given(pauses.filter(lambda several: all(one.ends for one in several)))
    def test_the_clock_stands_still_in_a_pause(self, closed):
        """The days until the first reminder on which it could be done are always seven."""
        at = reminder(a_step(pauses=closed), [], SINCE - DAY).at
        if at is not None:
            days = [SINCE + n * DAY for n in range((at - SINCE).days)]
            assert sum(not any(p.holds(day) for p in closed) for day in days) == 7
