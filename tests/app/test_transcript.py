"""The unit transcript as PDF, for its learner alone."""

import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.formats import today
from app.portfolio.models import Registration
from tests.app.test_panel_agenda import a_judgement
from tests.client import Browser, words
from tests.factories import a_user


def registered(session: Session, name: str) -> User:
    """Return a learner who is registered on the award."""
    learner = a_user(session, Role.LEARNER, working_name=name)
    session.add(
        Registration(
            person_id=learner.id,
            award_version="1",
            pathways="P2",
            enrolled_on=today(),
            ends_on=today(),
        )
    )
    session.flush()
    return learner


@pytest.mark.row("F90")
class TestTheTranscript:
    @pytest.mark.papers
    def test_names_units_results_and_who_judged(
        self, app: Flask, session: Session, tmp_path: Path
    ) -> None:
        learner = registered(session, "Halima Yusuf")
        assessor = a_user(session, Role.ASSESSOR, working_name="Ada Finch")
        a_judgement(session, learner, assessor)
        session.commit()
        reply = Browser(app).sign_in(learner).get("/portfolio/transcript.pdf")
        assert reply.mimetype == "application/pdf"
        (tmp_path / "t.pdf").write_bytes(reply.data)
        read = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "t.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        read = " ".join(read.split())
        for part in ("Halima Yusuf", "M1", "P2", "T-0001", "Not begun", "not a regulated"):
            assert part in read

    def test_is_not_there_without_a_registration(self, app: Flask, session: Session) -> None:
        learner = a_user(session, Role.LEARNER)
        session.commit()
        reply = Browser(app).sign_in(learner).get("/portfolio/transcript.pdf")
        assert reply.status_code == 404

    def test_says_which_letters_cannot_be_set(self, app: Flask, session: Session) -> None:
        learner = registered(session, "عمران")
        session.commit()
        browser = Browser(app).sign_in(learner)
        reply = browser.get("/portfolio/transcript.pdf")
        assert reply.status_code == 303
        assert "Our typefaces cannot set" in words(browser.get(reply.location))
