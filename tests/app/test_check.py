"""The public check: the true state of a genuine code, and one answer for every other."""

import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accreditation import actions, certificate_queries
from app.accreditation.models import Certificate, CertificateCheck, Fact, Record
from app.formats import day, today
from assessments.facts import FactOutcome
from tests.app.test_certificates import accredited, choose, owner
from tests.client import Browser, Queries, words
from tests.conftest import IN_EITHER
from tests.tries import grow_old

JSON = {"Accept": "application/json"}


def by_hand(session: Session, row: Certificate, **dates: date) -> Certificate:
    """Return a certificate like another, printed with other dates."""
    other = Certificate(
        record_id=row.record_id,
        decision_id=row.decision_id,
        code="TW-00000-00000-0000",
        link_token="x" * 24,
        printed={**row.printed, "code": "TW-00000-00000-0000"},
        valid_from=dates.get("starts", row.valid_from),
        valid_until=dates.get("ends", row.valid_until),
        pdf=row.pdf,
        pdf_digest=row.pdf_digest,
        issued_at=row.issued_at,
        issued_by_id=row.issued_by_id,
    )
    session.add(other)
    session.commit()
    return other


@pytest.mark.row("F63")
class TestACheck:
    def test_repeats_every_printed_fact_with_the_moment(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        reply = browser.get(f"/check/{row.code}")
        page = words(reply)
        assert reply.status_code == 200
        assert "This certificate is valid today" in page
        assert f"Checked {day(datetime.now(UTC))} at" in page
        for _, fact in certificate_queries.printed_facts(row):
            assert fact in page
        assert "right wing" not in page
        assert reply.headers["Cache-Control"] == "no-store"

    @pytest.mark.row("F65")
    def test_forgives_capitals_spaces_dashes_and_letters_that_look_alike(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        loose = row.code.removeprefix("TW-").replace("-", " ").lower().replace("0", "o")
        reply = browser.get("/check", query_string={"code": f"  {loose} "})
        assert reply.status_code == 303
        assert reply.location == f"/check/{row.code}"
        assert browser.get(f"/check/{loose}").status_code == 200

    @pytest.mark.row("F65")
    @pytest.mark.papers
    def test_works_from_the_square_on_the_paper(
        self, app: Flask, session: Session, browser: Browser, tmp_path: Path
    ) -> None:
        row = accredited(app, session)
        (tmp_path / "c.pdf").write_bytes(row.pdf)
        picture = ["pdftoppm", "-r", "150", "-png", "-singlefile", "c.pdf", "c"]
        subprocess.run(picture, cwd=tmp_path, check=True)
        read = subprocess.run(
            ["zbarimg", "-q", "--raw", "c.png"], cwd=tmp_path, check=True, capture_output=True
        )
        address = read.stdout.decode().strip()
        assert address == f"http://127.0.0.1:8000/check/{row.link_token}"
        reply = browser.get(address.removeprefix("http://127.0.0.1:8000"))
        assert "This certificate is valid today" in words(reply)
        assert row.code in words(reply)

    @pytest.mark.row("F68")
    def test_answers_a_script_with_the_same_facts(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        said = browser.get(f"/check/{row.code}", headers=JSON).json
        assert said is not None
        assert said["state"] == "valid"
        facts = [(one["what"], one["words"]) for one in said["printed"]]
        assert facts == list(certificate_queries.printed_facts(row))
        unknown = browser.get("/check/TW-11111-11111-1111", headers=JSON)
        assert unknown.status_code == 404
        assert unknown.json is not None
        assert unknown.json["state"] == "unknown"

    def test_is_logged_without_what_was_typed(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        browser.get(f"/check/{row.code}")
        browser.get("/check/Imran-Qureshi")
        logged = session.execute(
            select(CertificateCheck.certificate_id, CertificateCheck.answer).order_by(
                CertificateCheck.id
            )
        )
        assert [tuple(one) for one in logged] == [(row.id, "valid"), (None, "unknown")]

    def test_takes_few_queries(
        self, app: Flask, session: Session, browser: Browser, queries: Queries
    ) -> None:
        row = accredited(app, session)
        browser.get("/check")
        queries.reset()
        browser.get(f"/check/{row.code}")
        assert queries.number <= 12


@pytest.mark.row("F64")
class TestEveryState:
    def said(self, browser: Browser, row: Certificate) -> tuple[str, str]:
        reply = browser.get(f"/check/{row.code}", headers=JSON)
        assert reply.status_code == 200
        assert reply.json is not None
        return reply.json["state"], words(browser.get(f"/check/{row.code}"))

    @pytest.mark.row("F65")
    def test_suspended_from_the_next_request_on(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        assert self.said(browser, row)[0] == "valid"
        record = session.get_one(Record, row.record_id)
        now = datetime.now(UTC)
        actions.suspend(session, record, "A concern.", on=today(), now=now, by_id=row.issued_by_id)
        session.commit()
        state, page = self.said(browser, row)
        assert state == "suspended"
        assert "It is not a finding." in page
        assert f"Suspended since {day(today())}" in page
        assert "A concern." not in page
        actions.lift(session, record, "Done.", on=today(), now=now, by_id=row.issued_by_id)
        session.commit()
        assert self.said(browser, row)[0] == "valid"

    def test_withdrawn(self, app: Flask, session: Session, browser: Browser) -> None:
        row = accredited(app, session)
        actions.withdraw(
            session,
            session.get_one(Record, row.record_id),
            FactOutcome.BY_MENTOR,
            "Moved away.",
            on=today(),
            now=datetime.now(UTC),
            by_id=row.issued_by_id,
        )
        session.commit()
        state, page = self.said(browser, row)
        assert state == "withdrawn"
        assert f"withdrawn on {day(today())}" in page
        assert "Moved away." not in page

    def test_replaced(self, app: Flask, session: Session, browser: Browser) -> None:
        row = accredited(app, session)
        choose(owner(app, session, row), row, name="I. Qureshi")
        state, page = self.said(browser, row)
        newer = certificate_queries.successor(session, row.id)
        assert newer is not None
        assert state == "replaced"
        assert "Imran Qureshi" in page
        assert newer.code not in page
        assert "I. Qureshi" not in page

    def test_not_yet_valid(self, app: Flask, session: Session, browser: Browser) -> None:
        row = accredited(app, session)
        ahead = by_hand(session, row, starts=today() + timedelta(days=3))
        state, page = self.said(browser, ahead)
        assert state == "not_yet_valid"
        assert f"Valid only from {day(ahead.valid_from)}" in page

    def test_expired(self, app: Flask, session: Session, browser: Browser) -> None:
        row = accredited(app, session)
        over = by_hand(session, row, ends=today() - timedelta(days=1))
        state, page = self.said(browser, over)
        assert state == "expired"
        assert f"it was valid until {day(over.valid_until)}" in page

    def test_expired_where_the_accreditation_ended_before_the_paper(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        record = session.get_one(Record, row.record_id)
        vetting = session.scalars(select(Fact).where(Fact.kind == "vetting")).one()
        new = actions.NewFact(
            kind=actions.FactKind.VETTING,
            outcome=FactOutcome.NOT_CLEAR,
            effective=vetting.effective_on,
        )
        now = datetime.now(UTC)
        actions.correct_fact(session, record, vetting, new, now=now, by_id=row.issued_by_id)
        session.commit()
        state, page = self.said(browser, row)
        assert state == "expired"
        assert "before the date on the paper" in page


@pytest.mark.row("F65")
class TestAnUnknownCode:
    def body(self, browser: Browser, typed: str) -> tuple[int, str]:
        reply = browser.get(f"/check/{typed}")
        html = reply.get_data(as_text=True).replace(typed, "CODE")
        return reply.status_code, re.sub(r"Checked [^<]+", "Checked", html)

    def test_mistyped_or_never_issued_is_one_and_the_same_answer(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        row = accredited(app, session)
        last = "1" if row.code[-1] != "1" else "2"
        mistyped, never, nonsense = row.code[:-1] + last, "TW-00000-00000-0000", "Imran Qureshi"
        answers = {self.body(browser, one) for one in (mistyped, never, nonsense)}
        assert len(answers) == 1
        status, page = answers.pop()
        assert status == 404
        assert "We have no certificate with that code" in page

    def test_says_what_may_have_been_misread_and_escapes_it(self, browser: Browser) -> None:
        reply = browser.get("/check/<b>x")
        assert "<b>x" not in reply.get_data(as_text=True)
        assert "We never use the letters O, I, L or U" in words(reply)
        assert reply.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("typed", ["", "  ", "/", "..", "."])
    def test_left_out_is_asked_for(self, browser: Browser, typed: str) -> None:
        reply = browser.get("/check", query_string={"code": typed})
        assert reply.status_code == 422
        assert "Write the code that is printed" in words(reply)

    def test_with_a_slash_or_very_long_finds_its_way(self, browser: Browser) -> None:
        for typed in ("TW/123/45", "x" * 500):
            reply = browser.get("/check", query_string={"code": typed}, follow_redirects=True)
            assert reply.status_code == 404
            assert "We have no certificate" in words(reply)

    def test_can_be_sent_by_post_as_well(self, browser: Browser) -> None:
        assert browser.post("/check", {"code": "TW-1"}).location == "/check/TW-1"

    def test_needs_no_account_and_the_page_says_so(self, browser: Browser) -> None:
        for address in ("/check", "/check/"):
            reply = browser.get(address)
            assert reply.status_code == 200
            assert "You need no account." in words(reply)


@IN_EITHER
@pytest.mark.row("F65")
class TestTooManyChecks:
    def test_from_one_network_are_refused_for_a_while(self, browser: Browser) -> None:
        for _ in range(30):
            assert browser.get("/check/TW-1").status_code == 404
        refused = browser.get("/check/TW-1")
        assert refused.status_code == 429
        assert "Wait 15 minutes" in words(refused)
        assert browser.get("/check/TW-1", headers=JSON).status_code == 429
        elsewhere = browser.get("/check/TW-1", environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert elsewhere.status_code == 404

    def test_are_counted_for_a_whole_ipv6_home(self, browser: Browser) -> None:
        for number in range(30):
            browser.get("/check/TW-1", environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"})
        next_door = {"REMOTE_ADDR": "2001:db8::ffff"}
        assert browser.get("/check/TW-1", environ_base=next_door).status_code == 429

    def test_are_forgotten_after_a_quarter_of_an_hour(
        self, app: Flask, session: Session, browser: Browser
    ) -> None:
        for _ in range(30):
            browser.get("/check/TW-1")
        grow_old(app, session, minutes=16)
        assert browser.get("/check/TW-1").status_code == 404
