"""Certificates: frozen when issued, printed as the mentor chose, replaced and never changed."""

import hashlib
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.accreditation import actions, certificate_queries
from app.accreditation.models import Certificate, Decision, Record
from app.audit import AuditEvent
from app.formats import today
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_accreditation import (
    a_certificate,
    a_panel,
    a_ready_record,
    a_record,
    an_accreditation,
)


def a_mentor(session: Session, name: str = "Imran Qureshi") -> tuple[User, Record, Decision]:
    """Return somebody whom the panel has accredited, without a certificate yet."""
    chair = a_panel(session)[0]
    mentor = a_user(session, Role.MENTOR, working_name=name)
    record = a_ready_record(session, mentor)
    return mentor, record, an_accreditation(session, record, chair)


def accredited(app: Flask, session: Session, name: str = "Imran Qureshi") -> Certificate:
    """Return the certificate of somebody whom the panel has accredited."""
    _, record, decision = a_mentor(session, name)
    with app.app_context():
        row = a_certificate(session, record, decision)
        session.commit()
    return row


def owner(app: Flask, session: Session, row: Certificate) -> Browser:
    """Return the browser of whose certificate it is."""
    record = session.get_one(Record, row.record_id)
    return Browser(app).sign_in(record.person)


def text_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a PDF as somebody reads them, spaces tidied."""
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return re.sub(r"\s+", " ", read.stdout.decode())


def choose(browser: Browser, row: Certificate | None, **given: str) -> object:
    """Send the mentor's choice of what is printed."""
    seen = str(row.id) if row else "0"
    return browser.post("/certificate/", {"seen": seen, "pathways": "no", **given})


@pytest.mark.row("F62")
class TestThePaper:
    def test_prints_every_fact_that_is_kept_with_it(
        self, app: Flask, session: Session, tmp_path: Path
    ) -> None:
        row = accredited(app, session)
        assert hashlib.sha256(row.pdf).hexdigest() == row.pdf_digest
        read = text_of(row.pdf, tmp_path)
        for label, fact in certificate_queries.printed_facts(row):
            if label == "What it says":
                fact = fact.removeprefix("Imran Qureshi ")
            for part in re.split(r", (?=Chair)|(?<=Towpath) ", fact):
                assert part in read, label
        assert "right wing" not in read
        assert "Somali" not in read

    def test_has_a_code_and_a_longer_link_that_cannot_be_guessed(
        self, app: Flask, session: Session
    ) -> None:
        one, other = accredited(app, session), accredited(app, session, "Ada Finch")
        assert re.fullmatch(r"TW-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{4}", one.code)
        assert one.code != other.code
        assert len(one.link_token) * 6 >= 128
        assert one.link_token not in one.code

    def test_is_given_exactly_as_it_was_issued(self, app: Flask, session: Session) -> None:
        row = accredited(app, session)
        reply = owner(app, session, row).get(f"/certificates/{row.id}.pdf")
        assert reply.mimetype == "application/pdf"
        assert reply.data == row.pdf
        assert "Qureshi" not in reply.headers["Content-Disposition"]
        assert reply.headers["Cache-Control"] == "no-store"

    def test_is_not_given_to_another_mentor_or_a_stranger(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        stranger = a_user(session, Role.MENTOR)
        session.commit()
        assert browser.get(f"/certificates/{row.id}.pdf").status_code in (302, 303)
        other = Browser(app).sign_in(stranger)
        assert other.get(f"/certificates/{row.id}.pdf").status_code == 404
        assert other.get("/certificates/999.pdf").status_code == 404

    def test_opened_by_the_panel_leaves_a_line_for_its_owner(
        self, app: Flask, session: Session
    ) -> None:
        row = accredited(app, session)
        member = a_user(session, Role.PANEL_MEMBER)
        session.commit()
        assert Browser(app).sign_in(member).get(f"/certificates/{row.id}.pdf").status_code == 200
        owner(app, session, row).get(f"/certificates/{row.id}.pdf")
        seen = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "certificate.viewed")
        ).one()
        assert seen.actor_id == member.id


@pytest.mark.row("F62")
class TestANewVersion:
    def test_follows_a_changed_name_and_leaves_the_old_one_in_place(
        self, app: Flask, session: Session, tmp_path: Path
    ) -> None:
        row = accredited(app, session)
        mentor = owner(app, session, row)
        reply = choose(mentor, row, name="Imran A. Qureshi")
        assert reply.status_code == 303  # type: ignore[attr-defined]
        old, new = session.scalars(select(Certificate).order_by(Certificate.id)).all()
        assert (old.pdf, old.printed["name"]) == (row.pdf, "Imran Qureshi")
        assert new.replaces_id == old.id
        assert "Imran A. Qureshi" in text_of(new.pdf, tmp_path)
        page = words(mentor.get("/certificate/"))
        assert "Replaced" in page
        assert old.code in page

    def test_prints_the_pathway_only_where_the_mentor_chooses_so(
        self, app: Flask, session: Session, tmp_path: Path
    ) -> None:
        row = accredited(app, session)
        mentor = owner(app, session, row)
        assert "It can put you in danger" in words(mentor.get("/certificate/"))
        choose(mentor, row, pathways="yes")
        new = session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
        assert new is not None
        assert "Accredited for: Extreme right wing." in text_of(new.pdf, tmp_path)

    def test_is_refused_where_nothing_changed(self, app: Flask, session: Session) -> None:
        row = accredited(app, session)
        reply = choose(owner(app, session, row), row)
        assert reply.status_code == 422  # type: ignore[attr-defined]
        assert "says exactly this already" in words(reply)  # type: ignore[arg-type]
        assert len(session.scalars(select(Certificate)).all()) == 1

    def test_is_refused_where_another_was_issued_meanwhile(
        self, app: Flask, session: Session
    ) -> None:
        row = accredited(app, session)
        mentor = owner(app, session, row)
        choose(mentor, row, name="I. Qureshi")
        late = choose(mentor, row, name="Imran Q.")
        assert late.status_code == 409  # type: ignore[attr-defined]
        assert "Imran Q." in late.get_data(as_text=True)  # type: ignore[attr-defined]

    def test_pressed_twice_is_issued_once(self, app: Flask, session: Session) -> None:
        row = accredited(app, session)
        mentor = owner(app, session, row)
        for _ in range(2):
            choose(mentor, row, name="I. Qureshi", once="one press")
        assert len(session.scalars(select(Certificate)).all()) == 2

    def test_with_a_name_that_cannot_be_set_is_refused_beside_the_field(
        self, app: Flask, session: Session
    ) -> None:
        row = accredited(app, session)
        reply = choose(owner(app, session, row), row, name="عمران")
        assert reply.status_code == 422  # type: ignore[attr-defined]
        assert "Our typefaces cannot set" in words(reply)  # type: ignore[arg-type]
        assert "عمران" in reply.get_data(as_text=True)  # type: ignore[attr-defined]
        assert session.get_one(Record, row.record_id).printed_name == ""

    def test_is_not_issued_while_suspended(self, app: Flask, session: Session) -> None:
        row = accredited(app, session)
        record = session.get_one(Record, row.record_id)
        actions.suspend(
            session, record, "Looked into.", on=today(), now=datetime.now(UTC), by_id=record.id
        )
        session.commit()
        mentor = owner(app, session, row)
        page = words(mentor.get("/certificate/"))
        assert "Suspended" in page
        assert "Issue a new version" not in page
        reply = choose(mentor, row, name="Another")
        assert reply.status_code == 422  # type: ignore[attr-defined]
        assert "only while the accreditation is in force" in words(reply)  # type: ignore[arg-type]

    def test_can_be_the_first_where_the_name_could_not_be_set(
        self, app: Flask, session: Session
    ) -> None:
        mentor, _, _ = a_mentor(session, "عمران")
        session.commit()
        browser = Browser(app).sign_in(mentor)
        assert "No certificate could be printed yet" in words(browser.get("/certificate/"))
        assert choose(browser, None, name="Imran").status_code == 303  # type: ignore[attr-defined]
        assert session.scalars(select(Certificate)).one().printed["name"] == "Imran"


class TestTheMentorsPage:
    def test_of_somebody_without_a_record_says_what_comes_first(
        self, app: Flask, session: Session
    ) -> None:
        learner = a_user(session, Role.LEARNER)
        session.commit()
        browser = Browser(app).sign_in(learner)
        assert "There is no certificate yet." in words(browser.get("/certificate/"))
        assert browser.post("/certificate/", {"pathways": "no"}).status_code == 404

    def test_of_somebody_in_training_shows_the_standing(self, app: Flask, session: Session) -> None:
        learner = a_user(session, Role.LEARNER)
        a_record(session, learner)
        session.commit()
        assert "There is no certificate yet." in words(
            Browser(app).sign_in(learner).get("/certificate/")
        )

    def test_shows_the_panels_reasons_and_the_whole_scope(
        self, app: Flask, session: Session
    ) -> None:
        row = accredited(app, session)
        page = words(owner(app, session, row).get("/certificate/"))
        assert "You listen well." in page
        assert "May mentor in the extreme right wing pathway." in page
        assert "Valid" in page

    def test_is_not_for_a_commissioner(self, app: Flask, session: Session) -> None:
        other = a_user(session, Role.COMMISSIONER)
        session.commit()
        assert Browser(app).sign_in(other).get("/certificate/").status_code == 403
