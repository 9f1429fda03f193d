"""Searching the manual: what is found, by whom, and what never is."""

import pytest

from app.accounts.roles import Role
from app.content import framework, manual
from app.learning.search import Reach, entries
from modules import plain
from tests.client import words
from tests.factories import a_user

SEARCH = "/manual/search?words="


@pytest.mark.row("B2")
class TestSearching:
    def test_a_word_leads_to_the_section_that_has_it(self, browser, reader):
        page = browser.get(f"{SEARCH}confidence").get_data(as_text=True)

        assert "<mark>confidence</mark>" in page
        assert 'href="/manual/ethics-confidentiality-and-when-it-must-be-broken#' in page

    def test_a_criterion_leads_to_its_page(self, browser, reader):
        page = browser.get(f"{SEARCH}M3.2.1").get_data(as_text=True)

        assert 'href="/standard/criteria/M3.2.1"' in page

    def test_a_term_leads_to_the_glossary(self, browser, reader, app):
        with app.app_context():
            term = manual().glossary[0]
        page = browser.get(f"{SEARCH}{term.term}").get_data(as_text=True)

        assert f'href="/manual/glossary#{term.slug}"' in page

    def test_one_slip_is_forgiven_and_said(self, browser, reader):
        page = words(browser.get(f"{SEARCH}confidentialty"))

        assert "“confidentialty” stands nowhere; looked for confidentiality" in page

    def test_nothing_found_says_what_to_try(self, browser, reader):
        page = words(browser.get(f"{SEARCH}qqqqzzzz"))

        assert "Nothing has these words" in page
        assert "Try fewer words" in page

    def test_before_anything_is_typed_it_says_what_is_searched(self, browser, reader):
        assert "the titles of case studies" in words(browser.get("/manual/search"))

    def test_what_was_typed_stands_in_the_box_and_harms_nothing(self, browser, reader):
        page = browser.get(f'{SEARCH}"><script>x</script>').get_data(as_text=True)

        assert "<script>x" not in page
        assert 'value="&#34;&gt;&lt;script&gt;x&lt;/script&gt;"' in page

    def test_far_too_many_words_are_cut_and_not_refused(self, browser, reader):
        assert browser.get(SEARCH + "word " * 1000).status_code == 200

    def test_a_script_gets_the_hits_alone(self, browser, reader):
        reply = browser.get(f"{SEARCH}confidence", headers={"Accept": "application/json"})

        assert reply.json["total"] > 0
        assert "<mark>confidence</mark>" in reply.json["html"]
        assert "<html" not in reply.json["html"]

    def test_it_asks_the_database_only_who_is_there(self, browser, reader, queries):
        browser.get(f"{SEARCH}confidence")
        queries.reset()
        browser.get(f"{SEARCH}confidence")

        assert queries.number <= 2

    def test_a_stranger_signs_in_first(self, browser):
        assert browser.get(f"{SEARCH}confidence").status_code == 303


@pytest.mark.row("B2", "B5")
class TestConfidentialBriefs:
    """Somebody who may still play a case finds its title, never a word of its briefs."""

    def test_no_entry_of_a_learners_search_holds_a_word_of_a_brief(self, app):
        with app.app_context():
            book = manual()
            for reach in (Reach.MANUAL, Reach.CASE_TITLES):
                cases = [one for one in entries(book, framework(), reach) if one.kind == "case"]
                assert [one.text for one in cases] == [""] * len(cases)
                assert len(cases) == (len(book.cases) if reach is Reach.CASE_TITLES else 0)

    @pytest.mark.parametrize(
        "roles", [(Role.LEARNER,), (Role.MENTOR,), (Role.ASSESSOR, Role.LEARNER),
                  (Role.COORDINATOR, Role.MENTOR), (Role.COMMISSIONER,), (Role.ROLE_PLAYER,)]
    )  # fmt: skip
    def test_a_planted_fact_is_found_by_nobody_who_may_play(self, app, browser, session, roles):
        user = a_user(session, *roles)
        session.commit()
        browser.sign_in(user)
        with app.app_context():
            told = [fact.text for case in manual().cases for fact in case.player.facts]
        assert told

        for fact in told:
            page = browser.get("/manual/search", query_string={"words": plain(fact)[:190]})
            assert "/practice/cases/cs" not in page.get_data(as_text=True)

    def test_an_assessor_finds_the_case_by_its_text(self, app, browser, session):
        user = a_user(session, Role.ASSESSOR)
        session.commit()
        browser.sign_in(user)
        with app.app_context():
            case = manual().cases[0]
            fact = plain(case.player.facts[0].text)

        page = browser.get("/manual/search", query_string={"words": fact[:60]})

        assert f"/practice/cases/{case.slug}/" in page.get_data(as_text=True)
