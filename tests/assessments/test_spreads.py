"""Spreads of open questions by cohort and over time: nobody can be picked out of any two."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.dates import LONDON
from assessments.spreads import Placed, published

pytestmark = pytest.mark.row("N1")
TODAY = date(2026, 11, 20)


def placed(person, place, year, month=3, day=10):
    return Placed(person=person, place=place, at=datetime(year, month, day, 12, tzinfo=UTC))


def several(people, place, year, month=3):
    return [placed(person, place, year, month) for person in people]


def labels(spreads):
    return [one.label for one in spreads]


class TestCohorts:
    def test_each_year_stands_where_its_people_stand_now(self):
        rows = [*several(range(5), 2, 2024), *several(range(10, 16), 6, 2025)]
        rows += several(range(5), 3, 2026)

        first, second = published(rows, TODAY).cohorts

        assert (first.label, first.counts) == ("2024", (0, 0, 5, 0, 0, 0, 0))
        assert (second.label, second.people) == ("2025", 6)

    def test_a_year_of_four_is_put_together_with_another(self):
        rows = [*several(range(4), 2, 2023), *several(range(10, 13), 3, 2024)]
        rows += [*several(range(20, 25), 6, 2025), *several(range(30, 34), 6, 2026)]

        assert labels(published(rows, TODAY).cohorts) == ["2023 to 2024", "2025 to 2026"]

    def test_one_group_alone_is_the_whole_and_is_not_shown_again(self):
        rows = [*several(range(9), 2, 2025), *several(range(10, 14), 3, 2026)]

        assert published(rows, TODAY).cohorts == ()

    def test_the_year_is_londons(self):
        late = [
            Placed(person=n, place=1, at=datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
            for n in range(5)
        ]
        rows = [*late, *several(range(10, 15), 2, 2025)]

        assert labels(published(rows, TODAY).cohorts) == ["2024", "2025"]


class TestOverTime:
    def test_each_half_year_stands_as_it_stood_at_its_end(self):
        rows = [*several(range(5), 1, 2025, 2), *several(range(5), 7, 2025, 8)]
        rows += several(range(10, 15), 4, 2026, 8)

        june, december = published(rows, TODAY).over_time

        assert (june.label, june.counts) == ("End of June 2025", (5, 0, 0, 0, 0, 0, 0))
        assert (december.label, december.counts) == ("End of December 2025", (0, 0, 0, 0, 0, 0, 5))

    @pytest.mark.parametrize(("moved", "shown"), [(4, 1), (5, 2)])
    def test_a_half_year_in_which_four_moved_is_left_out(self, moved, shown):
        rows = [*several(range(9), 1, 2025, 2), *several(range(moved), 7, 2025, 8)]
        rows += several(range(20, 30), 4, 2026, 8)

        assert len(published(rows, TODAY).over_time) == shown

    def test_one_that_differs_from_today_by_one_person_is_left_out(self):
        rows = [*several(range(9), 1, 2025, 2), placed(0, 6, 2026, 8)]

        assert published(rows, TODAY).over_time == ()

    def test_nor_from_the_cohorts_up_to_a_year(self):
        """Everybody of 2025 stands where they stood, but one: the cohort would show whom."""
        rows = [*several(range(6), 1, 2025, 2), *several(range(10, 16), 3, 2026, 2)]
        moved = [*rows, placed(0, 6, 2026, 8)]

        assert "End of December 2025" not in labels(published(moved, TODAY).over_time)
        assert "End of June 2025" in labels(published(rows, TODAY).over_time)

    def test_the_half_year_that_runs_is_not_shown(self):
        assert published(several(range(9), 1, 2026, 7), TODAY).over_time == ()
        assert published([], TODAY).over_time == ()


rows = st.lists(
    st.builds(
        lambda person, place, days: Placed(
            person=person, place=place, at=datetime(2024, 1, 5, tzinfo=UTC) + days * timedelta(1)
        ),
        st.integers(0, 25),
        st.integers(1, 7),
        st.integers(0, 1000),
    ),
    max_size=90,
)


class TestWhateverPeopleDo:
    @given(rows)
    def test_nobody_can_be_picked_out(self, several):
        found = published(several, TODAY)
        ordered = sorted(several, key=lambda one: one.at)
        now = standing(ordered)

        assert all(one.people >= 5 for one in (*found.cohorts, *found.over_time))
        assert len(found.cohorts) != 1
        assert sum(one.people for one in found.cohorts) in (0, len(now))
        shown = [standing(before(ordered, one.label)) for one in found.over_time]
        upto = [standing(ordered, until=int(one.label[-4:])) for one in found.cohorts]
        for one, other in [*combinations(shown, 2), *product(shown, [now, *upto])]:
            assert apart(one, other) not in range(1, 5)


def standing(ordered, until=9999):
    """Where people stand after these places: of those who came by a year."""
    first = {one.person: one.at.year for one in reversed(ordered)}
    return {one.person: one.place for one in ordered if first[one.person] <= until}


def before(ordered, label):
    """The places up to "End of June 2025"."""
    _, _, month, year = label.split()
    ends = date(int(year), 6, 30) if month == "June" else date(int(year), 12, 31)
    return [one for one in ordered if one.at.astimezone(LONDON).date() <= ends]


def apart(one, other):
    return sum(one.get(person) != other.get(person) for person in {*one, *other})
