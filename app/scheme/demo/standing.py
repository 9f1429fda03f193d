"""How people of the demonstration came to stand where they stand: facts and panel decisions."""

from datetime import date
from typing import TYPE_CHECKING

from app.accreditation import actions, meeting_queries, panel_actions
from app.accreditation.certificate_actions import Scheme
from app.scheme.demo.telling import Teller
from assessments.facts import FactKind as Kind
from assessments.facts import FactOutcome as Out
from assessments.panel import Seat, Vote
from assessments.panel_decision import DecisionOutcome, Scope, Working

if TYPE_CHECKING:
    from app.accreditation.models import PanelItem

SEATS = {
    "panel": {Seat.CHAIR},
    "panel2": {Seat.PROBATION},
    "panel3": {Seat.COMMUNITY},
    "panel4": {Seat.COUNCIL},
}
PATHWAYS = {"P1": "AQ-influenced", "P2": "Extreme right wing", "P3": "Animal rights"}


def seat_the_panel(tell: Teller) -> None:
    """Give the members their voices."""
    for key, seats in SEATS.items():
        panel_actions.set_seats(
            tell.session,
            tell.ids[key],
            seats,
            now=tell.at(690),
            by_id=tell.ids["coordinator"],
        )


def applied(tell: Teller, key: str, ago: int) -> None:
    """Tell an application that was received."""
    tell.fact(key, ago, Kind.APPLICATION, note="Form of 2026, complete.")


def selected(tell: Teller, key: str, ago: int) -> None:
    """Tell a sift and an interview that were passed, and two good references."""
    tell.fact(key, ago, Kind.SIFT, outcome=Out.PASSED, note="24 of 32, two scorers apart.")
    tell.fact(key, ago - 14, Kind.INTERVIEW, outcome=Out.PASSED, note="29 of 36.")
    for kind in (Kind.REFERENCE_ONE, Kind.REFERENCE_TWO):
        tell.fact(key, ago - 20, kind, outcome=Out.SATISFACTORY)


def enrolled(tell: Teller, key: str, ago: int) -> None:
    """Tell an enrolment from the scheme's paper records."""
    tell.fact(key, ago, Kind.ENROLMENT)


def trained(tell: Teller, key: str, ago: int, pathway: str) -> None:
    """Tell everything that the panel needs, complete by ``ago``."""
    tell.fact(
        key,
        ago + 60,
        Kind.VETTING,
        outcome=Out.CLEAR,
        until=tell.day(ago + 60 - 1090),
        note="Enhanced check. Certificate seen by the vetting officer and given back.",
    )
    tell.fact(key, ago + 40, Kind.ROLE_PLAY, outcome=Out.ACHIEVED, key="CS2")
    tell.fact(key, ago + 33, Kind.ROLE_PLAY, outcome=Out.ACHIEVED, key="CS11")
    tell.fact(key, ago + 20, Kind.AWARD, key=pathway)
    signed(tell, key, ago)


def signed(tell: Teller, key: str, ago: int) -> None:
    """Tell what is signed afresh every year."""
    tell.fact(key, ago + 9, Kind.CODE_OF_CONDUCT, key="2026")
    tell.fact(key, ago + 8, Kind.TRAINING, note="Half a day, with the scheme’s own provider.")
    tell.fact(key, ago + 7, Kind.INTERESTS, note="None that touch the work.")
    tell.fact(key, ago + 6, Kind.CONTRACT, note="Volunteer, expenses paid. Insured.")


def agreement_on_paper(tell: Teller, key: str, ago: int) -> None:
    """Tell a supervision agreement from before the site."""
    tell.fact(key, ago, Kind.SUPERVISION_AGREEMENT, until=tell.day(ago - 360))


def supervised_on_paper(tell: Teller, key: str, *agos: int) -> None:
    """Tell supervision sessions from the scheme's paper records."""
    for ago in agos:
        tell.fact(key, ago, Kind.SUPERVISION_SESSION)


def decided(
    tell: Teller,
    key: str,
    ago: int,
    pathway: str,
    *,
    conditions: str = "",
    review: date | None = None,
    until: date | None = None,
) -> None:
    """Tell a meeting of the panel that accredited somebody, step by step."""
    session, chair = tell.session, tell.ids["panel"]
    item = panel_actions.make_item(
        session,
        tell.record(key),
        tell.day(ago),
        on=tell.day(ago + 3),
        now=tell.at(ago + 3),
        by_id=tell.ids["coordinator"],
    )
    session.flush()
    for number, member in enumerate(SEATS):
        _one_members_steps(tell, item, member, ago, number)
    best = meeting_queries.longest_validity(session, item.record_id, tell.day(ago))
    panel_actions.decide(
        session,
        item,
        meeting_queries.Given(
            outcome=DecisionOutcome.CONDITIONS if conditions else DecisionOutcome.ACCREDIT,
            reasons="You were frank about what you do not know, and the four of us would be glad "
            "to have you beside somebody whom we care about.",
            pathways=(pathway,),
            scope=Scope(
                pathways=(PATHWAYS[pathway],),
                age_group="aged 16 to 30",
                languages=("English",),
                locality="Tameford and Brierley",
                working=Working.PAIRED if conditions else Working.SOLO,
            ),
            conditions=conditions,
            review_on=review,
            owner="Joan Tierney" if conditions else "",
            valid_until=min(until, best) if until else best,
        ),
        seen_votes=len(SEATS),
        scheme=Scheme(name=tell.scheme_name, base_url=tell.base_url),
        on=tell.day(ago),
        now=tell.at(ago, 15),
        by_id=chair,
    )


def _one_members_steps(tell: Teller, item: "PanelItem", member: str, ago: int, number: int) -> None:
    session, person = tell.session, tell.ids[member]
    panel_actions.declare(
        session, item, person, has_interest=False, nature="", now=tell.at(ago + 2, 9, number)
    )
    session.flush()
    panel_actions.judge_suitability(
        session,
        item,
        person,
        "suitable",
        "Steady under provocation at interview, and honest about a time that went badly.",
        now=tell.at(ago + 1, 9, number),
    )
    session.flush()
    panel_actions.open_results(session, item, person, now=tell.at(ago, 10, number))
    session.flush()
    panel_actions.cast_vote(session, item, person, Vote.FOR, "", now=tell.at(ago, 12, number))
    session.flush()


def on_the_agenda(tell: Teller, key: str, ahead: int) -> None:
    """Put somebody before the next meeting."""
    panel_actions.make_item(
        tell.session,
        tell.record(key),
        tell.day(-ahead),
        on=tell.today,
        now=tell.at(1),
        by_id=tell.ids["coordinator"],
    )


def suspended(tell: Teller, key: str, ago: int) -> None:
    """Tell a suspension that is in force."""
    actions.suspend(
        tell.session,
        tell.record(key),
        "An allegation about contact outside the scheme is being looked into.",
        on=tell.day(ago),
        now=tell.at(ago, 11),
        by_id=tell.ids["coordinator"],
    )


def withdrawn(tell: Teller, key: str, ago: int) -> None:
    """Tell a mentor's notice."""
    actions.withdraw(
        tell.session,
        tell.record(key),
        Out.BY_MENTOR,
        "Moving away; leaves with our thanks.",
        on=tell.day(ago),
        now=tell.at(ago, 11),
        by_id=tell.ids["coordinator"],
    )
