"""The mark sheet in a real browser: time of the first letter, save words, sign-in, keyboard."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.accounts.actions import HASHER
from app.accounts.models import SignIn
from app.roleplay.models import MarkSheet, SheetMark, TimedNote
from tests.factories_roleplay import CS1, a_booking
from tests.live import chromium, live, sign_in  # noqa: F401

PASSWORD = "three plain words"
pytestmark = pytest.mark.browser


@pytest.fixture
def booking(session):
    made = a_booking(session)
    made.assessors[0].password_hash = HASHER.hash(PASSWORD)
    session.commit()
    return made


@pytest.fixture
def sheet(app, live, chromium, session, booking):
    sign_in(chromium, app, live, booking.assessors[0])
    page = chromium.new_page()
    page.goto(f"{live}/assess/role-plays/{booking.id}/mark")
    return page


def fresh(session, kind):
    session.expire_all()
    return session.scalars(select(kind).order_by(kind.id)).all()


@pytest.mark.row("F12")
class TestTheTimeOfANote:
    def test_the_clock_runs_and_a_note_takes_the_time_of_its_first_letter(self, sheet, session):
        sheet.get_by_role("button", name="Start clock").click()
        face = sheet.locator("[data-clock-time]")
        expect(face).not_to_have_text("00:00")

        sheet.get_by_label("New note").type("W")
        began = sheet.locator("[data-note-time]").inner_text()
        sheet.wait_for_timeout(2500)
        sheet.get_by_label("New note").type("aits")
        assert sheet.locator("[data-note-time]").inner_text() == began
        assert face.inner_text() != began
        sheet.get_by_role("button", name="Add note").click()
        expect(sheet.locator("[data-item-state]").first).to_contain_text("Confirmed")

        (note,) = fresh(session, TimedNote)
        assert note.words == "Waits"
        assert f"{note.at_seconds // 60:02}:{note.at_seconds % 60:02}" == began
        assert (note.saved_at - note.first_typed_at).total_seconds() > 2

    def test_the_scene_moves_with_the_clock(self, sheet, session, booking):
        sheet.get_by_role("button", name="Start clock").click()
        expect(sheet.get_by_role("button", name="Pause clock")).to_be_visible()
        expect(sheet.locator("[data-scene-cue]:visible")).to_contain_text("under arrest")
        session.execute(
            update(MarkSheet).values(started_at=datetime(2026, 1, 1, tzinfo=UTC), pauses=[])
        )
        session.commit()

        sheet.reload()

        expect(sheet.locator("[data-scene-cue]:visible")).to_contain_text("So is that it, then?")


@pytest.mark.row("F11")
class TestTags:
    def test_one_note_is_tagged_to_two_criteria(self, sheet, session):
        sheet.get_by_label("New note").fill("Says the limits, waits")
        for ref in ("M3.2.1", "M2.2.2"):
            sheet.locator(f"input[name=tags][value='{ref}']").check()
        sheet.get_by_role("button", name="Add note").click()
        expect(sheet.locator("[data-item-state]").first).to_contain_text("Confirmed")

        assert fresh(session, TimedNote)[0].refs == ["M2.2.2", "M3.2.1"]


class TestTheSaveWords:
    def test_they_say_confirmed_only_once_the_server_has_it(self, sheet, session, chromium):
        row = sheet.locator('[data-criterion="M2.2.2"]')
        chromium.set_offline(True)
        row.get_by_role("radio", name="Not yet").check()
        expect(row.locator("[data-item-state]")).to_have_text("On this device")
        expect(sheet.locator("[data-connection-words]")).to_have_text("No signal")
        assert not fresh(session, SheetMark)

        chromium.set_offline(False)
        expect(row.locator("[data-item-state]")).to_contain_text("Confirmed", timeout=9000)

        assert [one.mark for one in fresh(session, SheetMark)] == ["not_yet"]
        expect(sheet.locator("[data-connection-words]")).to_have_text("Connected")

    @pytest.mark.row("F22")
    def test_two_tabs_keep_both_and_say_where_to_see_them(self, sheet, session, chromium):
        other = chromium.new_page()
        other.goto(sheet.url)
        other.locator('[data-criterion="M2.2.2"]').get_by_role("radio", name="Achieved").check()
        expect(other.locator('[data-criterion="M2.2.2"] [data-item-state]')).to_contain_text(
            "Confirmed"
        )

        row = sheet.locator('[data-criterion="M2.2.2"]')
        row.get_by_role("radio", name="Not yet").check()

        expect(row.locator("[data-item-state]")).to_contain_text("both are kept")
        row.get_by_role("link", name="See both").click()
        expect(sheet.locator(".settle")).to_contain_text("Not yet")
        expect(sheet.locator(".settle")).to_contain_text("Achieved")
        assert fresh(session, SheetMark)[0].mark == "achieved"


@pytest.mark.row("F15")
class TestASignInThatRunsOut:
    def test_the_note_stays_and_goes_on_after_signing_in_in_another_tab(
        self,
        sheet,
        session,
        chromium,
        live,
        booking,
    ):
        sheet.get_by_label("New note").type("Half a sent")
        session.execute(update(SignIn).values(ended_at=datetime.now(UTC)))
        session.commit()
        sheet.get_by_label("New note").type("ence")
        sheet.get_by_role("button", name="Add note").click()

        expect(sheet.locator("[data-connection-words]")).to_have_text("Signed out")
        expect(sheet.locator("[data-notes]")).to_contain_text("Half a sentence")
        assert not fresh(session, TimedNote)

        tab = chromium.new_page()
        tab.goto(f"{live}/sign-in")
        tab.get_by_label("E-mail address").fill(booking.assessors[0].email)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button", name=re.compile("Sign in")).click()
        expect(tab).not_to_have_url(re.compile("sign-in"))

        expect(sheet.locator("[data-item-state]").first).to_contain_text("Confirmed", timeout=15000)
        assert [one.words for one in fresh(session, TimedNote)] == ["Half a sentence"]


@pytest.mark.row("F87")
class TestTheKeyboardAlone:
    def focused(self, sheet):
        return sheet.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels?.[0]?.innerText || e.innerText || e.name || e.id || '').trim(); }"
        )

    def tab_to(self, sheet, wanted, most=120):
        for _ in range(most):
            sheet.keyboard.press("Tab")
            if sheet.evaluate(f"() => document.activeElement?.matches({wanted!r})"):
                return
        raise AssertionError(f"no way to {wanted} with the tab key; at {self.focused(sheet)}")

    def test_start_note_tag_mark_comment_and_finish(self, sheet, session):
        self.tab_to(sheet, "button[value=start]")
        sheet.keyboard.press("Enter")
        expect(sheet.get_by_role("button", name="Pause clock")).to_be_visible()
        self.tab_to(sheet, "#note-text")
        sheet.keyboard.type("Looks at the door")
        self.tab_to(sheet, "input[name=tags][value='M5.2.2']")
        sheet.keyboard.press("Space")
        self.tab_to(sheet, "[data-note-form] button")
        sheet.keyboard.press("Enter")
        expect(sheet.locator("[data-item-state]").first).to_contain_text("Confirmed")

        self.tab_to(sheet, "input[name='mark-M1.3.3']")
        sheet.keyboard.press("Space")
        expect(sheet.locator('[data-criterion="M1.3.3"] [data-item-state]')).to_contain_text(
            "Confirmed"
        )
        sheet.keyboard.press("ArrowRight")
        self.tab_to(sheet, "[data-criterion='M1.3.3'] summary")
        sheet.keyboard.press("Enter")
        self.tab_to(sheet, "#comment-M1\\.3\\.3")
        sheet.keyboard.type("Named the funder")
        sheet.keyboard.press("Tab")
        expect(sheet.locator("[data-connection-words]")).to_have_text("Connected")
        sheet.wait_for_timeout(600)

        (mark,) = fresh(session, SheetMark)
        assert (mark.criterion, mark.mark, mark.comment) == (CS1[0], "not_yet", "Named the funder")
        assert fresh(session, TimedNote)[0].refs == ["M5.2.2"]
        self.tab_to(sheet, "a[href$='/finish']")
        sheet.keyboard.press("Enter")
        expect(sheet.locator("h1")).to_contain_text("Finish and sign")

    def test_focus_can_be_seen_on_every_control(self, sheet):
        unseen = []
        for _ in range(60):
            sheet.keyboard.press("Tab")
            seen = sheet.evaluate(
                "() => { const e = document.activeElement; if (e === document.body) return true;"
                " const drawn = (n) => n && getComputedStyle(n).outlineStyle !== 'none'"
                " && parseFloat(getComputedStyle(n).outlineWidth) >= 2;"
                " return drawn(e) || drawn(e.nextElementSibling) || drawn(e.labels?.[0]); }"
            )
            if not seen:
                unseen.append(self.focused(sheet))
        assert unseen == []
