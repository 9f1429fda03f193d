"""Scenes that several tests of role plays and verification play in: people, addresses, deeds."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.accounts.roles import Role
from app.quality.models import Verification
from app.roleplay.models import (
    Booking,
    Proposal,
)
from tests.client import Browser
from tests.factories import a_user
from tests.factories_roleplay import a_booking, a_judgement, a_registration, a_sheet

BOOK = "/practice/book"
SAMPLING = "/quality/sampling"
RETURN = {"decision": "returned", "reason": "Means were not explored"}
AGREE = {"decision": "agreed", "reason": ""}
PER_LEARNER = {"marks", "also-seen", "overall"}


class Cast:
    """Everybody needed for a role play, and the coordinator."""

    def __init__(self, session):
        self.coordinator = a_user(session, Role.COORDINATOR)
        self.learner = a_user(session, working_name="Nasreen")
        self.second = a_user(session, working_name="Kemi")
        self.player = a_user(session, Role.ROLE_PLAYER, working_name="Dan")
        self.hannah = a_user(session, Role.ASSESSOR, working_name="Hannah")
        self.gareth = a_user(session, Role.ASSESSOR, working_name="Gareth")

    def form(self, **given):
        day = (datetime.now(UTC) + timedelta(days=9)).date()
        return {
            "case": "cs01-the-first-half-hour",
            "round": "1",
            "day-day": str(day.day),
            "day-month": str(day.month),
            "day-year": str(day.year),
            "time": "2 pm",
            "room": "Small hall",
            "learner": str(self.learner.id),
            "second_learner": "",
            "role_player": str(self.player.id),
            "assessor": str(self.hannah.id),
            "second_assessor": str(self.gareth.id),
            "opens": "24",
            "override_reason": "She knows both units by heart",
            **given,
        }


def booked(session):
    session.expire_all()
    return session.scalars(select(Booking).order_by(Booking.id)).all()


def change_of(row):
    return f"/practice/role-plays/{row.id}/change"


def at(booking, what, learner=None):
    of = f"/learners/{learner or booking.learner_ids[0]}" if what in PER_LEARNER else ""
    return f"/assess/role-plays/{booking.id}{of}/{what}"


PER_LEARNER = {"marks", "also-seen", "overall"}


def save(browser, booking, ref="M2.2.2", mark="achieved", comment="", version=0, learner=None):
    address = f"/assess/role-plays/{booking.id}/learners/{learner or booking.learner_ids[0]}/mark"
    form = {
        "criterion": ref,
        "mark": mark,
        "comment": comment,
        "version": str(version),
        "client_key": "k",
    }
    return browser.post_json(address, form)


def a_note(**given):
    return {"text": "Waits, then asks who told him", "client_key": "note-1", **given}


def only(session, kind):
    session.expire_all()
    return session.scalars(select(kind)).one()


def how_many(session, kind):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(kind))


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


class Case:
    """A learner, the assessor who judged them, and a verifier who is signed in."""

    def __init__(self, session, browser):
        self.learner = a_user(session, working_name="Nasreen")
        self.assessor = a_user(session, Role.ASSESSOR, working_name="Hannah")
        self.verifier = a_user(session, Role.INTERNAL_VERIFIER, working_name="Sue")
        self.registration = a_registration(session, self.learner)
        session.commit()
        self.session = session
        browser.sign_in(self.verifier)

    def judged(self, criterion="M3.2.1", **given):
        row = a_judgement(self.session, self.learner, self.assessor, criterion, **given)
        self.session.commit()
        return row

    def said(self):
        self.session.expire_all()
        return self.session.scalars(select(Verification).order_by(Verification.id)).all()


def page_of(row):
    return f"/quality/judgements/{row.id}"


#: An assessor’s decision on a criterion, but for the evidence that it rests on.
DECISION = {
    "verdict": "achieved",
    "feedback": "You named what you saw.",
    "observed_on-day": "5",
    "observed_on-month": "10",
    "observed_on-year": "2026",
    "reason": "I looked again.",
}


def assessors_of(registered):
    return f"/learners/{registered.id}/assessors"


def end_of(row):
    return f"/learners/{row.registration_id}/assessors/{row.id}/end"
