"""The chair records the decision: what it needs, and what follows from it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accreditation import queries
from app.accreditation.models import Certificate, Decision, Fact, PanelItem
from app.formats import today
from app.mail import OutboxMessage
from tests.client import Browser, words
from tests.factories_accreditation import a_panel, a_ready_record, an_item, has_come_to_vote
from tests.panel_steps import a_decision, at, boxes


@pytest.mark.row("F51")
class TestTheDecision:
    def ready(self, session: Session, vote: str = "for") -> tuple[PanelItem, list[User]]:
        members = a_panel(session)
        item = an_item(session, a_ready_record(session), members[0])
        has_come_to_vote(session, item, *members, vote=vote)
        session.commit()
        return item, members

    def record(self, browser: Browser, item: PanelItem, **given: Any) -> TestResponse:
        """Send the form, then record what the check page repeats."""
        checked = browser.post(f"/panel/items/{item.id}/decision", {"step": "check", **given})
        assert checked.status_code == 200, words(checked)
        html = checked.get_data(as_text=True)
        seen = re.search(r'name="seen_votes" value="(\d+)"', html)
        assert seen
        sent = {"step": "record", "seen_votes": seen[1], **given}
        return browser.post(f"/panel/items/{item.id}/decision", sent)

    @pytest.mark.row("N7")
    def test_is_repeated_in_words_and_then_accredits_with_a_certificate(
        self, app: Flask, session: Session
    ) -> None:
        item, (chair, *_) = self.ready(session)
        browser = at(app, chair)
        checked = browser.post(f"/panel/items/{item.id}/decision", a_decision())
        sentence = (
            "May mentor in the extreme right wing pathway, with clients aged 16 to 25, in English "
            "and Somali, in Tameford, alone or in a pair."
        )
        assert sentence in words(checked)
        assert session.scalar(select(Decision)) is None
        assert self.record(browser, item, **a_decision()).status_code == 303
        session.expire_all()
        decision = session.scalars(select(Decision)).one()
        assert decision.scope == sentence
        assert [row[1] for row in decision.present] == [
            "Chair Adeyemi",
            "Community Adeyemi",
            "Probation Adeyemi",
            "Safeguarding Adeyemi",
        ]
        standing = queries.interval_on(session, item.record_id, today())
        assert standing is not None
        assert (standing.status, standing.pathways) == ("accredited", "P2")
        certificate = session.scalars(select(Certificate)).one()
        assert certificate.decision_id == decision.id
        assert sentence in words(browser.get(f"/panel/items/{item.id}"))

    def test_is_told_to_the_person_without_its_content(self, app: Flask, session: Session) -> None:
        item, (chair, *_) = self.ready(session)
        self.record(at(app, chair), item, **a_decision())
        message = session.scalars(select(OutboxMessage)).one()
        assert message.recipient == item.record.person.email
        for secret in ("ccredited", "Tameford", "You listened"):
            assert secret not in (message.body or "") + message.subject
        person = Browser(app).sign_in(item.record.person)
        assert "You listened, and you held your ground kindly." in words(
            person.get("/certificate/")
        )

    def test_with_conditions_sets_a_fact_with_its_review(
        self, app: Flask, session: Session
    ) -> None:
        item, (chair, *_) = self.ready(session)
        given = a_decision(
            outcome="conditions",
            conditions="Works in a pair.",
            owner="The coordinator",
            **boxes("review_on", today() + timedelta(days=90)),
        )
        assert self.record(at(app, chair), item, **given).status_code == 303
        session.expire_all()
        condition = session.scalars(select(Fact).where(Fact.kind == "condition")).one()
        assert condition.review_on == today() + timedelta(days=90)
        standing = queries.interval_on(session, item.record_id, today())
        assert standing is not None
        assert standing.status == "accredited_with_conditions"

    def test_can_be_put_off_once_and_leaves_the_status(self, app: Flask, session: Session) -> None:
        item, (chair, *others) = self.ready(session)
        later = boxes("deferred_until", today() + timedelta(days=30))
        given = {"outcome": "defer", "reasons": "We want to hear one more referee.", **later}
        assert self.record(at(app, chair), item, **given).status_code == 303
        standing = queries.interval_on(session, item.record_id, today())
        assert standing is not None
        assert standing.status == "ready_for_panel"
        again = an_item(session, item.record, chair)
        has_come_to_vote(session, again, chair, *others)
        session.commit()
        refused = at(app, chair).post(f"/panel/items/{again.id}/decision", given)
        assert refused.status_code == 422
        assert "deferred once already" in words(refused)

    def test_declines_after_a_vote_against(self, app: Flask, session: Session) -> None:
        item, (chair, *_) = self.ready(session, vote="against")
        given = {"outcome": "decline", "reasons": "Not this year."}
        assert self.record(at(app, chair), item, **given).status_code == 303
        session.expire_all()
        standing = queries.interval_on(session, item.record_id, today())
        assert standing is not None
        assert standing.status == "declined"
        assert session.scalar(select(Certificate)) is None

    @pytest.mark.parametrize(
        ("vote", "given", "said"),
        [
            ("against", a_decision(), "The vote was not carried"),
            ("for", {"outcome": "decline", "reasons": "No."}, "The vote was carried"),
        ],
    )
    def test_follows_the_vote(
        self, app: Flask, session: Session, vote: str, given: dict[str, Any], said: str
    ) -> None:
        item, (chair, *_) = self.ready(session, vote=vote)
        refused = at(app, chair).post(f"/panel/items/{item.id}/decision", given)
        assert refused.status_code == 422
        assert said in words(refused)

    def test_needs_the_casting_vote_in_a_tie(self, app: Flask, session: Session) -> None:
        members = a_panel(session)
        item = an_item(session, a_ready_record(session), members[0])
        has_come_to_vote(session, item, *members[:2])
        has_come_to_vote(session, item, *members[2:], vote="against")
        session.commit()
        browser = at(app, members[0])
        assert "The votes are equal" in words(browser.get(f"/panel/items/{item.id}/decision"))
        refused = browser.post(f"/panel/items/{item.id}/decision", a_decision())
        assert refused.status_code == 422
        assert "the chair has a casting vote" in words(refused)
        assert self.record(browser, item, **a_decision(casting="for")).status_code == 303
        decision = session.scalars(select(Decision)).one()
        assert "casting vote" in decision.vote

    def test_says_every_part_of_the_quorum_that_is_missing(
        self, app: Flask, session: Session
    ) -> None:
        members = a_panel(session)
        item = an_item(session, a_ready_record(session), members[0])
        has_come_to_vote(session, item, members[0])
        session.commit()
        refused = at(app, members[0]).post(f"/panel/items/{item.id}/decision", a_decision())
        said = words(refused)
        assert refused.status_code == 422
        assert "Four voting members are needed, and 1 can vote." in said
        assert "safeguarding or probation is needed" in said
        assert "community member or a practitioner mentor is needed" in said

    def test_is_recorded_by_the_chair_or_the_deputy_alone(
        self, app: Flask, session: Session
    ) -> None:
        item, (_, other, *_) = self.ready(session)
        browser = at(app, other)
        for reply in (
            browser.get(f"/panel/items/{item.id}/decision"),
            browser.post(f"/panel/items/{item.id}/decision", {"step": "record", **a_decision()}),
        ):
            assert reply.status_code == 409
            assert "The chair or the deputy chair records the decision" in words(reply)
        assert session.scalar(select(Decision)) is None

    @pytest.mark.row("N15")
    def test_never_follows_from_a_perfect_record_without_votes(
        self, app: Flask, session: Session
    ) -> None:
        chair, *_ = a_panel(session)
        item = an_item(session, a_ready_record(session), chair)
        session.commit()
        sent = {"step": "record", "seen_votes": "0", **a_decision()}
        refused = at(app, chair).post(f"/panel/items/{item.id}/decision", sent)
        assert refused.status_code == 409
        standing = queries.interval_on(session, item.record_id, today())
        assert standing is not None
        assert standing.status == "ready_for_panel"
        assert session.scalar(select(Certificate)) is None

    def test_is_shown_again_where_a_vote_came_in_meanwhile(
        self, app: Flask, session: Session
    ) -> None:
        item, (chair, *_) = self.ready(session)
        sent = {"step": "record", "seen_votes": "3", **a_decision()}
        stale = at(app, chair).post(f"/panel/items/{item.id}/decision", sent)
        assert stale.status_code == 409
        assert "have changed since you looked" in words(stale)
        assert "You listened, and you held your ground kindly." in words(stale)

    def test_is_recorded_once_however_often_it_is_sent(self, app: Flask, session: Session) -> None:
        item, (chair, *_) = self.ready(session)
        browser = at(app, chair)
        sent = {"step": "record", "seen_votes": "4", "once": "only", **a_decision()}
        first = browser.post(f"/panel/items/{item.id}/decision", sent)
        second = browser.post(f"/panel/items/{item.id}/decision", sent)
        assert first.status_code == 303
        assert second.status_code == 409
        assert "The panel has decided on this item" in words(second)
        assert len(session.scalars(select(Decision)).all()) == 1

    def test_cannot_run_longer_than_the_vetting(self, app: Flask, session: Session) -> None:
        item, (chair, *_) = self.ready(session)
        given = a_decision(**boxes("valid_until", today() + timedelta(days=900)))
        refused = at(app, chair).post(f"/panel/items/{item.id}/decision", given)
        assert refused.status_code == 422
        assert "at the latest" in words(refused)

    def test_needs_the_whole_scope(self, app: Flask, session: Session) -> None:
        item, (chair, *_) = self.ready(session)
        last_day = {f"valid_until-{box}": "" for box in ("day", "month", "year")}
        given = {"outcome": "accredit", "reasons": "Good.", "pathways": ["P1"], **last_day}
        refused = at(app, chair).post(f"/panel/items/{item.id}/decision", given)
        said = words(refused)
        assert refused.status_code == 422
        for lacking in ("youngest age", "at least one language", "the locality", "the last day"):
            assert lacking in said
        other = at(app, chair).post(f"/panel/items/{item.id}/decision", a_decision(pathways=["P1"]))
        assert "not achieved in pathway P1" in words(other)

    def test_can_be_changed_from_the_check_page_with_every_word_kept(
        self, app: Flask, session: Session
    ) -> None:
        item, (chair, *_) = self.ready(session)
        sent = {**a_decision(), "step": "change"}
        page = at(app, chair).post(f"/panel/items/{item.id}/decision", sent)
        assert page.status_code == 200
        assert "You listened, and you held your ground kindly." in words(page)
        assert session.scalar(select(Decision)) is None
