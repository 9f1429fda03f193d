"""The whole chain in a real browser: from an invitation to a certificate that anyone can check.

Each step is done as its person would do it, in a browser of their own, on the demonstration scheme.
Pictures of every page are kept at 1280 and 390 pixels.
"""
# ruff: noqa: F811 (a fixture that is imported is an argument of the same name)

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.demonstration import demo, demo_template  # noqa: F401
from tests.journey import Journey, choose, fill_day, journey, press  # noqa: F401
from tests.test_pages_browser import PICTURES

pytestmark = pytest.mark.browser
PASSWORD = "three plain words"
CHAPTER = "/manual/ethics-confidentiality-and-when-it-must-be-broken"
TODAY = date.today()  # noqa: DTZ011 (the demonstration counts its days from today)


@pytest.mark.row("B12", "B17")
class TestTheJourney:
    """Steps 1 to 9, in order: each builds on the one before."""

    def test_1_an_invitation_becomes_a_person(self, journey: Journey) -> None:
        page = journey.go(journey.as_("coordinator"), "/people/invite")
        page.get_by_label("Which e-mail address?").fill("sam@example.net")
        choose(page, "Learner")
        journey.picture(page, "invite")
        press(page, "Send the invitation")
        expect(page.get_by_text("sam@example.net is invited")).to_be_visible()
        journey.go(page, "/outbox")
        page.get_by_role("link", name="Your invitation to Towpath").first.click()
        journey.picture(page, "message")
        press(page, "Open the message")
        link = re.search(r"http://\S+/invitation/\S+", page.locator(".msg").first.inner_text())[0]

        sam = journey.go(journey.stranger("sam"), link)
        sam.get_by_label("What name do you go by?").fill("Sam Okafor")
        sam.get_by_label("Choose a password").fill(PASSWORD)
        journey.picture(sam, "invitation")
        press(sam, "Begin")
        expect(sam.get_by_text("Welcome, Sam Okafor")).to_be_visible()
        again = journey.go(journey.stranger("again"), link)
        expect(again.get_by_role("heading", level=1)).to_have_text("This link no longer works")

        journey.go(page, "/people?words=sam")
        page.get_by_role("link", name="Sam Okafor").click()
        page.get_by_role("link", name="Register Sam Okafor on the award").click()
        page.get_by_label("P1", exact=False).first.check(force=True)
        press(page, "Register")
        expect(page.get_by_text("Sam Okafor is registered on the award")).to_be_visible()

    @pytest.mark.row("B3", "B4")
    def test_2_the_learner_reads_answers_reflects_and_takes_a_place(self, journey: Journey) -> None:
        page = journey.go(journey.pages["sam"], "/")
        journey.picture(page, "path")
        page.get_by_role("link", name="Begin reading").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("A missing service")
        journey.go(page, CHAPTER)
        page.get_by_role("button", name=re.compile("Read to here")).nth(1).click()
        expect(page.locator(".toread .st--ok").first).to_be_visible()

        box = page.locator("textarea[data-autosave]").first
        box.fill("I would say it before anything else, and slowly.")
        expect(page.locator("[data-save-words]").first).to_contain_text("Saved", timeout=8000)
        page.locator(".oq__o input").nth(2).check(force=True)
        press(page, "Place me here")
        expect(page.get_by_text("Your place is kept. You can move")).to_be_visible()
        expect(page.locator("textarea[data-autosave]").first).to_have_value(
            "I would say it before anything else, and slowly."
        )
        journey.picture(page, "chapter")

        journey.go(page, f"{CHAPTER}/check")
        press(page, "Begin attempt 1 of 3")
        for group in page.locator("fieldset.check__q").all():
            if group.locator("select").count():
                for number, select in enumerate(group.locator("select").all(), 1):
                    select.select_option(index=number)
            else:
                group.locator("input").first.check(force=True)
        journey.picture(page, "check")
        press(page, "Send my answers")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Passed|Not yet"))
        journey.picture(page, "answered")
        journey.go(page, "/")
        expect(page.get_by_role("link", name="Carry on reading")).to_be_visible()

    @pytest.mark.row("F10")
    def test_3_a_role_play_is_booked_and_a_clash_is_named(self, journey: Journey) -> None:
        page = journey.as_("coordinator")
        taken, free = TODAY + timedelta(days=5), TODAY + timedelta(days=2)
        for day, clashes in ((taken, True), (free, False)):
            journey.go(page, "/practice/book")
            page.get_by_label("Which case?").select_option(index=1)
            choose(page, "First")
            fill_day(page, "day", day)
            page.get_by_label("When does it begin?").fill("14:10")
            page.get_by_label("Which room?").fill("Small hall")
            page.get_by_label("Who is the learner?").select_option(label="Sam Okafor")
            page.get_by_label("Who plays the client?").select_option(label="Ewa Nowak")
            page.get_by_label("Who marks it?", exact=True).select_option(label="Hannah Oduya")
            page.get_by_label("Who marks it as well?").select_option(label="Gareth Pugh")
            page.get_by_label("When do the briefs open?").select_option(label="A week before")
            press(page, "Book the role play")
            if page.get_by_label("Why is it booked all the same?").is_visible():
                page.get_by_label("Why is it booked all the same?").fill(
                    "The written criteria were shown on paper."
                )
                press(page, "Book the role play")
            if clashes:
                expect(page.locator("main")).to_contain_text("Small hall")
                expect(page.locator("main")).to_contain_text("Nasreen Akhtar")
                journey.picture(page, "clash")
        expect(page).to_have_url(re.compile(r"/practice/role-plays/\d+$"))
        journey.path = re.search(r"/practice/role-plays/\d+", page.url)[0]
        journey.picture(page, "booked")

        sam = journey.go(journey.pages["sam"], "/")
        expect(sam.get_by_text("The first half hour")).to_be_visible()
        journey.go(sam, journey.path + "/brief")
        journey.picture(sam, "brief")
        assert sam.goto(journey.demo.address + journey.path + "/player").status == 404
        player = journey.go(journey.as_("player"), journey.path + "/player")
        expect(player.locator("main")).to_contain_text("Jamie")
        journey.picture(player, "player")

    @pytest.mark.row("F11", "F17", "F18", "F20")
    def test_4_two_assessors_mark_apart_and_agree(self, journey: Journey) -> None:
        sheet = journey.path.replace("/practice/", "/assess/")
        for key in ("assessor", "assessor2"):
            page = journey.go(journey.as_(key), sheet + "/mark")
            press(page, "Start clock")
            page.get_by_label("New note").fill("Says who pays, before being asked twice.")
            page.locator(".chip input").first.check(force=True)
            page.get_by_role("button", name="Add note").click()
            expect(page.locator("[data-item-state]").first).to_contain_text("Confirmed")
            groups = page.locator("fieldset.jd").all()
            for number, group in enumerate(groups):
                differs = key == "assessor2" and number == 3  # a safety-critical one
                group.locator("input[type=radio]").nth(1 if differs else 0).check(force=True)
            page.wait_for_timeout(1500)
            journey.picture(page, f"sheet-{key}")
            journey.go(
                page, page.get_by_role("link", name="Overall judgement").get_attribute("href")
            )
            page.locator("input[type=radio]").first.check(force=True)
            page.locator("textarea").nth(0).fill("You were open about who pays.")
            page.locator("textarea").nth(1).fill("Leave a longer pause.")
            press(page, "Save the judgement")
            journey.go(page, sheet + "/finish")
            press(page, "Finish and sign")
            if key == "assessor":  # nothing of the other's sheet opens before both are finished
                journey.go(page, sheet + "/settle")
                expect(page.locator("main")).not_to_contain_text("Release the result")
                assert page.locator(".settle").count() == 0

        first = journey.go(journey.as_("assessor"), sheet + "/settle")
        journey.picture(first, "settle")
        first.get_by_label("Not yet", exact=True).first.check(force=True)
        first.get_by_label("Why, for both of you and the learner").fill(
            "Jamie had begun the story before the limits were said."
        )
        press(first, "Propose this")
        second = journey.go(journey.as_("assessor2"), sheet + "/settle")
        press(second, "I stand by this, too")
        journey.picture(second, "agreed")
        press(second, "Release the result")
        expect(second.locator("main")).to_contain_text("released")

    @pytest.mark.row("F29", "B8", "F18")
    def test_5_the_learner_sees_the_result_and_what_is_missing(self, journey: Journey) -> None:
        page = journey.go(journey.pages["sam"], journey.path + "/result")
        expect(page.locator("main")).to_contain_text("M3.2.1")
        expect(page.locator("main")).to_contain_text("safety-critical")
        expect(page.locator("main")).to_contain_text("You were open about who pays.")
        journey.picture(page, "result")
        journey.go(page, "/portfolio/")
        assert page.locator(".mx--ok").count() >= 4
        assert page.locator(".mx--notyet").count() == 1
        expect(page.locator("main")).to_contain_text("0 of 18 credits")
        journey.picture(page, "map")

    @pytest.mark.row("F43", "B7")
    def test_6_the_verifier_agrees_and_returns(self, journey: Journey) -> None:
        page = journey.go(journey.as_("verifier"), "/quality/sampling")
        journey.picture(page, "sampling")
        page.locator("main a[href*='/quality/']").first.click()
        if "/evidence/" in page.url:
            page.locator("main a[href*='/quality/judgements/']").first.click()
        ref = page.locator("main").inner_text()
        assert re.search(r"[MP]\d\.\d\.\d", ref)
        choose(page, "I return it to the assessor")
        page.locator("textarea").first.fill("Say which words you heard.")
        journey.picture(page, "judgement")
        press(page, "Record decision")
        tasks = journey.go(journey.as_("assessor"), "/quality/actions")
        expect(tasks.locator("main")).to_contain_text("Say which words you heard.")
        journey.picture(tasks, "returned")

    @pytest.mark.row("B11", "F71", "F73")
    def test_7_supervision_is_agreed_written_and_signed_by_both(self, journey: Journey) -> None:
        boss = journey.go(journey.as_("coordinator"), "/supervision/agreements/new")
        boss.get_by_label("Who is supervised?").select_option(label="Sam Okafor")
        boss.get_by_label("Who supervises?").select_option(label="Delroy Simmonds")
        fill_day(boss, "starts_on", TODAY)
        fill_day(boss, "review_on", TODAY + timedelta(days=300))
        boss.get_by_label("Who stands in when the supervisor is away?").fill("Anneka Vos")
        boss.get_by_label("How will they meet?").fill("One to one")
        press(boss, "Send to both to sign")
        sam, delroy = journey.pages["sam"], journey.as_("supervisor")
        for page in (sam, delroy):
            journey.go(page, "/supervision/")
            page.get_by_role("link", name="Read and sign").click()
            press(page, "Sign the agreement")

        journey.go(sam, "/supervision/")
        sam.get_by_role("link", name=re.compile("Write up a session")).first.click()
        fill_day(sam, "held_on", TODAY)
        sam.get_by_label("For how many minutes?").fill("60")
        for label in ("One to one", "In person", "I am steady", "Trust", "Clear"):
            choose(sam, label)
        sam.locator("[name=influence]").first.check(force=True)
        sam.locator("[name=risk_flags][value=none]").check(force=True)
        sam.get_by_label("What you talked about").fill("we talked about waiting.")
        fill_day(sam, "next_on", TODAY + timedelta(days=21))
        journey.picture(sam, "log-form")
        press(sam, "Save the log")
        press(sam, "Sign the log")
        path = sam.url
        journey.go(delroy, path)
        expect(delroy.locator("main")).to_contain_text("we talked about waiting.")
        press(delroy, "Sign the log")
        expect(delroy.get_by_text("You have both signed, so the log is locked.")).to_be_visible()
        journey.picture(delroy, "log")
        reply = sam.request.get(path + "/paper")
        assert reply.body().startswith(b"%PDF")

    @pytest.mark.row("N15", "N7", "F52")
    def test_8_the_panel_declares_judges_reads_votes_and_decides(self, journey: Journey) -> None:
        chair = journey.go(journey.as_("panel"), "/panel/")
        journey.picture(chair, "agenda")
        item = re.search(r"/panel/items/\d+", chair.content())[0]
        for key in ("panel2", "panel3", "panel4", "panel"):
            page = journey.go(journey.as_(key), item)
            expect(page.locator("main")).not_to_contain_text("Award progress")
            choose(page, "No")
            press(page, "Keep my declaration")
            choose(page, "Suitable")
            page.get_by_label("Why?").fill("Steady, and frank about limits.")
            if key == "panel":
                journey.picture(page, "suitability")
            press(page, "Keep my view")
            press(page, "Open the results")
            choose(page, "For accrediting, with or without conditions")
            if key == "panel":
                journey.picture(page, "results")
            press(page, "Vote")
        journey.go(chair, item)
        chair.get_by_role("link", name="Write the decision").click()
        choose(chair, "Accredit")
        chair.locator("[name=pathways]").first.check(force=True)
        chair.get_by_label("Clients from which age?").fill("16")
        chair.get_by_label("Up to which age?").fill("30")
        chair.get_by_label("In which languages?").fill("English")
        chair.get_by_label("In which locality?").fill("Tameford")
        choose(chair, "Alone or in a pair")
        chair.get_by_label("The reasons, in words that the person will read").fill(
            "You hold a silence well, and you tell people what you cannot keep."
        )
        journey.picture(chair, "decision")
        press(chair, "Read it once more")
        journey.picture(chair, "decision-check")
        press(chair, "Record the decision")
        expect(chair.locator("main")).to_contain_text("May mentor in the")
        journey.picture(chair, "decided")

    @pytest.mark.row("B9", "F62", "F63", "F64", "F65", "F53")
    def test_9_the_certificate_is_checked_and_a_suspension_shows_at_once(
        self, journey: Journey, tmp_path: Path
    ) -> None:
        mentor = journey.go(journey.as_("ready1"), "/certificate/")
        journey.picture(mentor, "certificate")
        link = mentor.locator("a[href$='.pdf']").first.get_attribute("href")
        paper = tmp_path / "certificate.pdf"
        paper.write_bytes(mentor.request.get(journey.demo.address + link).body())
        subprocess.run(["pdftoppm", "-r", "200", "-png", paper, tmp_path / "c"], check=True)
        subprocess.run(["cp", tmp_path / "c-1.png", PICTURES / "certificate.png"], check=True)
        code = subprocess.run(
            ["zbarimg", "-q", "--raw", tmp_path / "c-1.png"], capture_output=True, check=True
        ).stdout.decode().strip()  # fmt: skip
        read = subprocess.run(
            ["pdftotext", "-layout", paper, "-"], capture_output=True, check=True
        ).stdout.decode()
        assert "Beatrix Lowe" in read
        assert code.startswith(journey.demo.address + "/check/")

        anybody = journey.go(journey.stranger("anybody"), code)
        expect(anybody.locator("main")).to_contain_text("Valid")
        expect(anybody.locator("main")).to_contain_text("Beatrix Lowe")
        journey.picture(anybody, "valid")

        boss = journey.go(journey.as_("coordinator"), "/register/?words=beatrix")
        boss.get_by_role("link", name="Beatrix Lowe").click()
        boss.get_by_role("link", name="Suspend", exact=True).click()
        boss.get_by_label("Why?").fill("Something is being looked into.")
        press(boss, "Suspend from today")
        anybody.reload()
        expect(anybody.locator("main")).to_contain_text("Suspended")
        journey.picture(anybody, "suspended")
        journey.go(anybody, "/check/TW-00000-00000-0000")
        journey.picture(anybody, "unknown")

        panel = journey.go(journey.as_("panel"), "/register/?words=beatrix")
        expect(panel.locator("main")).to_contain_text("Suspended")
        yesterday = TODAY - timedelta(days=1)
        journey.go(
            panel,
            f"/register/?words=beatrix&d={yesterday.day}&m={yesterday.month}&y={yesterday.year}",
        )
        expect(panel.locator(".reglist")).to_contain_text("Ready for panel")
        journey.picture(panel, "register-as-at")


@pytest.mark.row("F87", "B14")
def test_signing_in_and_reading_on_by_keyboard_alone(journey: Journey) -> None:
    page = journey.stranger("keys")
    journey.go(page, "/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("training3@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("walk-alongside")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your path")
    for _ in range(40):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.textContent")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", where
        if "reading" in where:
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/manual/"))
