"""The register as at any day, a person's record, facts, suspension and what follows from them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.accreditation.models import Record, StandingInterval
from app.formats import today
from assessments.facts import FactKind as K
from assessments.facts import FactOutcome as O
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_accreditation import (
    a_ready_record,
    a_record,
    an_item,
    facts_for,
    has_come_to_vote,
)


def as_at(path, day):
    return f"{path}?d={day.day}&m={day.month}&y={day.year}"


@pytest.mark.row("B10")
class TestTheRegister:
    def test_everyone_is_there_with_status_since_until_and_pathway(
        self, session, panel, accredited
    ):
        a_record(session, a_user(session, working_name="Stefan Novak"))
        facts_for(session, session.scalars(select(Record)).all()[-1],
                  ((K.APPLICATION, O.DONE, 3, ""),))  # fmt: skip
        session.commit()

        page = words(panel.get("/register/"))

        assert "Aoife Brennan M-0001 Extreme right wing Accredited" in page
        assert "Stefan Novak M-0002 – Applicant" in page

    def test_it_filters_by_status_pathway_and_name(self, session, panel, accredited):
        other = a_ready_record(session, a_user(session, working_name="Beatrix Lowe"))
        assert other.number == "M-0002"
        session.commit()

        def shown(query):
            return re.findall(r'/register/(\d+)"', panel.get(f"/register/?{query}").text)

        assert shown("status=accredited") == ["1"]
        assert shown("status=ready_for_panel") == ["2"]
        assert shown("status=accredited&status=ready_for_panel") == ["1", "2"]
        assert shown("pathway=P2") == ["1"]
        assert shown("words=bea") == ["2"]
        assert shown("words=m-0001") == ["1"]
        assert shown("words=nobody") == []
        assert "Nobody fits that on this day" in words(panel.get("/register/?words=nobody"))

    @pytest.mark.parametrize("order", ["name", "number", "until"])
    def test_it_sorts_and_every_person_is_on_exactly_one_page(self, session, panel, order):
        for number in range(65):
            row = Record(
                person_id=a_user(session, working_name=f"Same {number % 7}").id,
                number=f"M-{number:04}",
                opened_at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            session.add(
                StandingInterval(
                    record_id=row.id, status="accredited", starts_on=today(), since_on=today(),
                    valid_until=today() + timedelta(days=number % 5), holds=[], reasons=[],
                )
            )  # fmt: skip
        session.commit()

        seen, address = [], f"/register/?order={order}"
        while address:
            html = panel.get(address).text
            seen += re.findall(r'/register/(\d+)"', html)
            found = re.search(r'href="(/register/\?[^"]*after=[^"]+)"', html)
            address = found[1].replace("&amp;", "&") if found else None

        assert len(seen) == len(set(seen)) == 65

    @pytest.mark.parametrize(
        "role", [r for r in Role if r not in (Role.PANEL_MEMBER, Role.COORDINATOR)]
    )
    def test_nobody_else_opens_it_or_a_record(self, app, session, accredited, role):
        other = a_user(session, role)
        session.commit()
        browser = Browser(app).sign_in(other)

        assert browser.get("/register/").status_code == 403
        assert browser.get(f"/register/{accredited.id}").status_code == 404

    @pytest.mark.parametrize("many", [10, 1000])
    def test_it_takes_the_same_number_of_queries_whatever_its_length(
        self, session, panel, queries, accredited, many
    ):
        for number in range(many):
            row = Record(
                person_id=a_user(session).id,
                number=f"N-{number:04}",
                opened_at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            session.add(
                StandingInterval(
                    record_id=row.id, status="accredited", starts_on=today(), since_on=today(),
                    holds=[], reasons=[],
                )
            )  # fmt: skip
        session.commit()

        for path in ("/register/", f"/register/{accredited.id}"):
            panel.get(path)
            queries.reset()
            assert panel.get(path).status_code == 200
            assert queries.number <= 12, path


@pytest.mark.row("F53", "B10")
class TestAnyPastDay:
    def test_the_register_answers_for_that_day(self, panel, accredited):
        before = words(panel.get(as_at("/register/", today() - timedelta(days=16))))
        long_before = words(panel.get(as_at("/register/", today() - timedelta(days=400))))

        assert "Aoife Brennan M-0001 – Ready for panel" in before
        assert "You are looking at" in before
        assert "Aoife Brennan" not in long_before

    def test_the_record_answers_for_that_day_and_leaves_later_facts_out(self, panel, accredited):
        page = words(panel.get(as_at(f"/register/{accredited.id}", today() - timedelta(days=100))))

        assert "In training" in page
        assert "Role play CS2: achieved" not in page
        assert "Interview: passed" in page

    def test_as_known_on_that_day_a_fact_recorded_later_is_not_there(
        self, session, panel, accredited
    ):
        yesterday = today() - timedelta(days=1)

        page = words(panel.get(f"/register/{accredited.id}?known={yesterday.isoformat()}"))

        assert "Not on the register" in page

    def test_a_day_that_does_not_exist_is_said(self, panel, accredited):
        reply = panel.get("/register/?d=31&m=2&y=2026")

        assert reply.status_code == 422
        assert "This needs a real date" in words(reply)


@pytest.mark.row("N15")
class TestResultsStayClosedUntilSuitability:
    def test_a_panel_member_does_not_read_them_on_the_record_either(self, app, session, panel):
        record = a_ready_record(session, a_user(session, working_name="Beatrix Lowe"))
        chair = a_user(session, Role.PANEL_MEMBER)
        item = an_item(session, record, chair)
        session.commit()
        path = f"/register/{record.id}"

        before = words(panel.get(path))
        has_come_to_vote(session, item, chair)
        session.commit()
        after = words(Browser(app).sign_in(chair).get(path))

        assert "Opens to you once you have recorded suitability" in before
        assert "Role play CS2" not in before
        assert "Interview: passed" in before
        assert "Role play CS2: achieved" in after
