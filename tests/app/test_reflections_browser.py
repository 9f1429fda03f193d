"""Reflecting in a real browser: without a network, after a crash, and on a shared device."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.learning.models import Reflection
from tests.factories import a_user
from tests.live import chromium, live, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.row("F2")]
TEXT = "What I could not send at once."


@pytest.fixture
def context(chromium):
    """The browser without workers: what one of them sends knows nothing of "no network" here."""
    context = chromium.browser.new_context(service_workers="block")
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def reader(app, live, context, session):
    user = a_user(session)
    session.commit()
    sign_in(context, app, live, user)
    return user


def box_on(page, chapter):
    return page.locator(f"#{chapter.prompts[0].id.replace('.', chr(92) + '.')}-text")


def opened(page, live, chapter):
    """Open the chapter, and wait until unsaved words can be kept on the device."""
    with page.expect_response("**/journal/draft-key"):
        page.goto(f"{live}/manual/{chapter.slug}")
    page.wait_for_timeout(200)
    return box_on(page, chapter)


def device(page):
    return page.evaluate("Object.entries(localStorage).filter(([k]) => k.startsWith('towpath:d'))")


def kept_on_device(page):
    """Wait until the device has kept something; return it."""
    for _ in range(50):
        if found := device(page):
            return found
        page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def saved(session):
    session.rollback()
    return session.scalar(select(Reflection.words))


def test_words_written_without_a_network_are_sent_when_it_is_back(
    live, context, reader, chapter, session
):
    page = context.new_page()
    box = opened(page, live, chapter)
    context.set_offline(True)
    box.fill(TEXT)
    expect(page.get_by_text("No connection.").first).to_be_visible()
    assert saved(session) is None

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("[data-save-words]").first).to_contain_text("Saved")
    assert saved(session) == TEXT
    assert device(page) == []


def test_words_come_back_after_the_browser_broke_off_and_are_saved(
    live, context, reader, chapter, session
):
    page = context.new_page()
    box = opened(page, live, chapter)
    context.set_offline(True)
    box.fill(TEXT)
    ((_, sealed),) = kept_on_device(page)
    assert "could not send" not in sealed
    page.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{live}/manual/{chapter.slug}")

    expect(box_on(again, chapter)).to_have_value(TEXT)
    expect(again.locator("[data-save-words]").first).to_contain_text("Saved")
    assert saved(session) == TEXT
    assert device(again) == []


def test_the_next_person_on_the_device_sees_nothing_of_them(
    app, live, context, reader, chapter, session
):
    page = context.new_page()
    box = opened(page, live, chapter)
    context.set_offline(True)
    box.fill(TEXT)
    kept_on_device(page)
    page.close(run_before_unload=False)
    context.set_offline(False)
    other = a_user(session)
    session.commit()
    sign_in(context, app, live, other)

    theirs = context.new_page()

    expect(opened(theirs, live, chapter)).to_have_value("")
    assert len(device(theirs)) == 1


def test_words_from_before_a_newer_version_meet_it_openly(live, context, reader, chapter, session):
    page = context.new_page()
    box = opened(page, live, chapter)
    context.set_offline(True)
    box.fill(TEXT)
    kept_on_device(page)
    page.close(run_before_unload=False)
    context.set_offline(False)
    prompt = chapter.prompts[0]
    elsewhere = context.new_page()
    elsewhere.goto(f"{live}/manual/working-in-pairs")
    elsewhere.evaluate(
        """async (url) => fetch(url, {method: 'POST', headers: {Accept: 'application/json'},
        body: new URLSearchParams({text: 'Written on my phone meanwhile.', version: 0,
        csrf_token: document.querySelector('[data-token]').dataset.token})})""",
        f"/manual/{chapter.slug}/reflections/{prompt.id}",
    )

    again = context.new_page()
    again.goto(f"{live}/manual/{chapter.slug}")

    expect(again.get_by_text("nothing is overwritten")).to_be_visible()
    again.get_by_role("link", name="See both versions side by side").click()
    expect(again.get_by_text(TEXT).first).to_be_visible()
    expect(again.get_by_text("Written on my phone meanwhile.").first).to_be_visible()


def test_words_typed_before_the_script_has_come_are_saved_too(
    live, context, reader, chapter, session
):
    page, held = context.new_page(), []
    page.route("**/js/autosave.js*", lambda route: held.append(route))
    page.goto(f"{live}/manual/{chapter.slug}", wait_until="commit")
    box = box_on(page, chapter)
    box.wait_for(state="visible")
    box.fill(TEXT)

    held[0].continue_()

    expect(page.locator("[data-save-words]").first).to_contain_text("Saved")
    assert saved(session) == TEXT
