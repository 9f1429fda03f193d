"""What somebody might try, and what anybody might type: refused in words, never with a fault."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.accounts.actions import HASHER
from app.accounts.models import SignIn, User
from app.accounts.roles import Role
from app.accreditation.models import Record
from app.content import manual
from app.kept import KeptVersion
from app.learning.models import Place, Reflection
from app.portfolio.models import Evidence, Registration
from app.roleplay.models import Proposal
from app.supervision.models import LogAction, SessionLog
from tests.client import Browser, words
from tests.conftest import IN_EITHER
from tests.factories import a_user
from tests.factories_roleplay import (
    a_booking,
    a_judgement,
    a_registration,
    a_sheet,
    some_evidence,
)
from tests.factories_supervision import an_agreement, log_form
from tests.scenes import Table, at

PASSWORD = "three plain words"
HUGE, ENDLESS = str(10**30), "9" * 5000
TOMORROW = datetime.now(UTC).date() + timedelta(days=2)


def boxes(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def signed_in(app, session, *roles, **given):
    user = a_user(session, *roles, password_hash=HASHER.hash(PASSWORD), **given)
    session.commit()
    return Browser(app).sign_in(user), user


@pytest.mark.row("F15")
class TestSigningInWithWordsOnTheWay:
    def ended(self, app, session):
        browser, user = signed_in(app, session)
        session.scalar(select(SignIn)).ended_at = datetime.now(UTC)
        session.commit()
        return browser, user

    def test_the_page_asks_for_the_sign_in_and_sends_every_word_on(self, app, session):
        browser, user = self.ended(app, session)
        with app.app_context():
            chapter = manual().chapter(5)
        path = f"/manual/{chapter.slug}/reflections/{chapter.prompts[0].id}"

        page = browser.post(f"{path}?from=a-tab", {"text": "What I have just understood"})
        html = page.get_data(as_text=True)
        form = html[html.index("<form") : html.index("</form>")]
        names = re.findall(r'name="([^"]+)"', form)

        assert page.status_code == 401
        assert {"text", "once", "resume_email", "resume_password"} <= set(names)
        assert unescape(re.search(r'action="([^"]+)"', form)[1]) == f"{path}?from=a-tab"
        sent = {"text": "What I have just understood", "once": "a-token", "version": "0"}
        sent |= {"resume_email": user.email, "resume_password": PASSWORD}
        assert browser.post(path, sent).status_code == 303
        assert session.scalar(select(Reflection.words)) == "What I have just understood"

    @pytest.mark.parametrize("field", ["current", "password", "resume_password"])
    @pytest.mark.parametrize("path", ["/account/password", "/no/such/page"])
    def test_a_password_is_never_shown_back(self, app, session, field, path):
        browser, _ = self.ended(app, session)

        reply = browser.post(
            path, {field: "a password as it was typed", "resume_email": "nobody@example.org"}
        )

        assert 400 <= reply.status_code < 500
        assert "as it was typed" not in reply.get_data(as_text=True)

    def test_nobody_is_signed_in_from_another_site_where_no_page_is(self, app, session):
        _, user = signed_in(app, session)
        victim = Browser(app)

        reply = victim.client.post(
            "/no/such/page", data={"resume_email": user.email, "resume_password": PASSWORD}
        )

        assert reply.status_code == 404
        assert victim.get("/account").status_code == 303

    def test_nor_where_one_is_without_its_token(self, app, session):
        _, user = signed_in(app, session)
        victim = Browser(app)

        victim.client.post(
            "/account", data={"resume_email": user.email, "resume_password": PASSWORD}
        )

        assert victim.get("/account").status_code == 303

    @IN_EITHER
    def test_guessing_this_way_is_limited_too(self, app, session):
        browser, user = self.ended(app, session)
        tries = {"resume_email": user.email, "resume_password": "no", "working_name": "My words"}

        replies = [browser.post("/account", tries) for _ in range(9)]

        assert [one.status_code for one in replies] == [401] * 8 + [429]

    @pytest.mark.parametrize(
        "wanted",
        ["//[", "/\t/[", "/\t/example.org", "/\n/example.org", "///example.org", "/\\example.org"],
    )
    def test_the_way_on_stays_on_this_site(self, app, session, wanted):
        browser, _ = signed_in(app, session)

        reply = browser.get("/sign-in", query_string={"next": wanted})

        assert (reply.status_code, reply.location) == (303, "/")


class TestNumbersThatNoRowHas:
    #: Pages that go on after a key: rubbish is a wrong address or the first page, never a fault.
    LISTS = (
        "/people", "/outbox", "/audit", "/learners/", "/practice/", "/register/",
        "/register/?order=until", "/quality/sampling", "/quality/actions", "/supervision/",
        "/supervision/agreements/", "/account/who-looked",
    )  # fmt: skip
    KEYS = (
        HUGE, ENDLESS, "x", "_", "5", "-1", "x_5", f"x_{HUGE}", f"2026-01-01_{HUGE}",
        f"2026-01-01_{ENDLESS}", "2026-01-01T00:00:00_5", "0001-01-01T00:00:00+23:59_1",
        "9999-12-31T23:59:59-23:59_1", f"2026-01-01T00:00:00+00:00_{HUGE}", "٣", "9999-12-31_1",
    )  # fmt: skip

    @pytest.mark.parametrize("path", LISTS)
    def test_a_list_ignores_or_refuses_a_key_that_is_none(self, app, session, path):
        roles = (Role.COORDINATOR, Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.SUPERVISOR)
        browser, _ = signed_in(app, session, *roles)
        glue = "&" if "?" in path else "?"

        got = {
            browser.get(f"{path}{glue}{name}={key}".replace("+", "%2B")).status_code
            for name in ("after", "before")
            for key in self.KEYS
        }

        assert got <= {200, 400}

    def test_numbers_in_hidden_fields_are_looked_at_too(self, app, session):
        booking = a_booking(session)
        session.commit()
        browser = Browser(app).sign_in(booking.assessors[0])
        note = {"text": "Waits", "client_key": "k", "at_seconds": ENDLESS}

        assert browser.post(at(booking, "notes"), note).status_code == 303
        overall = {"overall": "clear", "strength": "a", "next_step": "b", "version": ENDLESS}
        assert browser.post(at(booking, "overall"), overall).status_code == 303
        assert browser.get(at(booking, "mark") + f"?learner={ENDLESS}").status_code == 404

    @pytest.mark.parametrize(
        "day", [(ENDLESS, "1", "2026"), ("2147483648", "1", "2026"), ("31", "12", "9999")]
    )
    def test_a_date_box_holds_a_date(self, app, session, day):
        browser, user = signed_in(app, session)
        a_registration(session, user)
        session.commit()
        sent = dict(zip(("shown_on-day", "shown_on-month", "shown_on-year"), day, strict=True))

        reply = browser.post("/portfolio/evidence/add", sent)

        assert reply.status_code == 422
        assert "needs a real date" in words(reply)

    def test_figures_of_another_script_are_figures(self, app, session):
        browser, user = signed_in(app, session)
        a_registration(session, user)
        session.commit()
        sent = {"shown_on-day": "٣", "shown_on-month": "٣", "shown_on-year": "٢٠٢٦"}

        assert "needs a real date" not in words(browser.post("/portfolio/evidence/add", sent))

    def test_an_address_whose_small_letters_are_longer_is_refused(self, app, session):
        browser, _ = signed_in(app, session, Role.COORDINATOR)

        reply = browser.post("/people/invite", {"email": "İ" * 200 + "@a.b", "roles": ["learner"]})

        assert reply.status_code == 422


class TestWhatIsStillToCome:
    def test_evidence_has_been_written(self, app, session):
        browser, user = signed_in(app, session)
        a_registration(session, user)
        session.commit()
        sent = {"method": "WR", "title": "An account", "words": "Mine", "criteria": ["M1.1.1"]}

        reply = browser.post(
            "/portfolio/evidence/add", {**sent, "own": "y", **boxes("shown_on", TOMORROW)}
        )

        assert reply.status_code == 422
        assert "This day is still to come" in words(reply)
        assert session.scalar(select(Evidence)) is None

    def test_nobody_has_enrolled_tomorrow(self, app, session):
        browser, _ = signed_in(app, session, Role.COORDINATOR)
        learner = a_user(session)
        session.commit()

        reply = browser.post(
            f"/people/{learner.id}/register", {"pathways": ["P1"], **boxes("on", TOMORROW)}
        )

        assert reply.status_code == 422
        assert session.scalar(select(Registration)) is None

    @pytest.mark.row("B9")
    def test_a_session_that_was_not_held_cannot_be_signed_into_the_record(self, app, session):
        agreement = an_agreement(session)
        session.commit()
        mentor = Browser(app).sign_in(agreement.mentor)
        path = f"/supervision/agreements/{agreement.id}/logs/new"

        reply = mentor.post(path, log_form(**boxes("held_on", TOMORROW)))

        assert reply.status_code == 422
        assert "This day is still to come" in words(reply)
        assert session.scalar(select(SessionLog)) is None


class TestNothingTypedIsCutOff:
    def test_a_step_agreed_in_supervision_needs_its_kind_and_its_owner(self, app, session):
        agreement = an_agreement(session)
        session.commit()
        mentor = Browser(app).sign_in(agreement.mentor)
        path = f"/supervision/agreements/{agreement.id}/logs/new"

        no_kind = mentor.post(path, log_form(**{"new-1-words": "Read chapter 10 again"}))
        no_owner = mentor.post(path, log_form(**{"new-1-kind": "rest", "new-1-owner": ""}))

        assert (no_kind.status_code, no_owner.status_code) == (422, 422)
        assert "Read chapter 10 again" in no_kind.get_data(as_text=True)
        assert session.scalar(select(LogAction)) is None

    @pytest.mark.row("F22")
    def test_a_choice_between_two_versions_meets_a_third(self, app, session):
        browser, _ = signed_in(app, session)
        with app.app_context():
            chapter = manual().chapter(5)
        prompt = chapter.prompts[0].id
        save = f"/manual/{chapter.slug}/reflections/{prompt}"
        browser.post(save, {"text": "one", "version": "0"})
        browser.post(save, {"text": "two", "version": "1"})

        browser.post(f"/journal/{prompt}", {"text": "from an old page", "version": "1"})

        assert session.scalar(select(Reflection.words)) == "two"
        assert session.scalar(select(KeptVersion)).words == "from an old page"
        assert "from an old page" in words(browser.get(f"/journal/{prompt}"))

    def test_too_long_a_text_comes_back_whole(self, app, session):
        browser, _ = signed_in(app, session)
        with app.app_context():
            chapter = manual().chapter(5)
        prompt, question = chapter.prompts[0].id, chapter.open_questions[0].id
        here = f"/manual/{chapter.slug}"
        browser.post(f"{here}/reflections/{prompt}", {"text": "one", "version": "0"})
        long, reason = "a word " * 20_000 + "the last", "a word " * 400 + "the last"

        settled = browser.post(f"/journal/{prompt}", {"text": long, "version": "1"})
        placed = browser.post(
            f"/manual/open-questions/{question}", {"place": "3", "reason": reason}
        )

        assert (settled.status_code, placed.status_code) == (422, 422)
        assert "the last" in words(settled)
        assert "the last" in words(placed)
        assert session.scalar(select(Reflection.words)) == "one"
        assert session.scalar(select(Place)) is None

    @pytest.mark.row("F18")
    def test_nor_the_reason_of_a_proposal(self, app, session):
        table = Table(app, session)
        table.sheets({"M2.2.2": "not_yet"}, {})

        reply = table.propose(table.first, "M2.2.2", "achieved", "a word " * 600 + "the last")

        assert reply.status_code == 409
        assert "Shorten the reason by" in words(reply)
        assert "the last" in words(reply)
        assert not table.all(Proposal)

    def test_words_kept_beside_a_log_are_settled_by_its_next_version(self, app, session):
        agreement = an_agreement(session)
        session.commit()
        mentor = Browser(app).sign_in(agreement.mentor)
        new = f"/supervision/agreements/{agreement.id}/logs/new"
        path = mentor.post(new, log_form()).location
        old = session.scalar(select(SessionLog.version))
        mentor.post(f"{path}/change", log_form(shared_note="the first tab", version=old))
        mentor.post(f"{path}/change", log_form(shared_note="the second tab", version=old))
        session.expire_all()
        assert "the second tab" in words(mentor.get(path))

        now = session.scalar(select(SessionLog.version))
        mentor.post(f"{path}/change", log_form(shared_note="both joined", version=now))

        session.expire_all()
        assert session.scalar(select(KeptVersion)).settled_at is not None
        assert "the second tab" not in words(mentor.get(path))


class TestOnesOwnRecord:
    def test_a_coordinator_records_nothing_on_themselves(self, app, session):
        browser, me = signed_in(app, session, Role.COORDINATOR, Role.LEARNER)
        form = {"pathways": ["P1"], **boxes("on", TOMORROW - timedelta(days=9))}

        assert browser.get(f"/people/{me.id}/register").status_code == 404
        assert browser.post(f"/people/{me.id}/register", form).status_code == 404
        assert browser.post(f"/people/{me.id}/record").status_code == 404
        page = browser.get(f"/people/{me.id}").get_data(as_text=True)
        assert "/register" not in re.sub(r'href="/register/"', "", page)
        assert session.scalar(select(Registration)) is None
        assert session.scalar(select(Record)) is None

    def test_a_verifier_does_not_read_the_notes_on_themselves(self, app, session):
        booking = a_booking(session)
        learner, assessor = booking.learners[0], booking.assessors[0]
        a_sheet(session, booking, assessor, comment="Looked away")
        evidence = some_evidence(session, learner, ["M3.2.1"], source=f"bookings:{booking.id}")
        row = a_judgement(session, learner, assessor, evidence=evidence)
        other, _ = signed_in(app, session, Role.INTERNAL_VERIFIER)
        self.gives_role(session, learner, Role.INTERNAL_VERIFIER)
        mine = Browser(app).sign_in(learner, Role.INTERNAL_VERIFIER)

        assert "Looked away" in words(other.get(f"/quality/judgements/{row.id}"))
        assert "Looked away" not in words(mine.get(f"/quality/judgements/{row.id}"))

    def gives_role(self, session, user, role):
        found = session.get(User, user.id)
        grant = type(found.grants[0])(role=role, granted_at=datetime.now(UTC))
        found.grants.append(grant)
        session.commit()
