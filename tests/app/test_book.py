"""Pages made from the whole book: where each theme went, the index, the leaflets, what is live."""

import re
from dataclasses import replace

import pytest

from app.accounts.roles import Role
from app.content import framework, manual
from modules import plain
from tests.client import Browser, words
from tests.factories import a_user

TRACE, INDEX = "/manual/traceability", "/manual/index"
CODE, CARD = "/manual/code-of-conduct", "/manual/safety-card"


@pytest.fixture
def book(app):
    with app.app_context():
        return manual()


@pytest.fixture
def commissioner(app, session):
    user = a_user(session, Role.COMMISSIONER)
    session.commit()
    return Browser(app).sign_in(user)


def html(reply):
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def rows(page):
    return re.findall(r'<tr role="row">(?:(?!<th role="columnheader).)*?</tr>', page, re.S)


class TestFromReportToProgramme:
    @pytest.mark.row("B6")
    def test_each_theme_leads_to_the_sections_that_treat_it(self, browser, reader, book):
        page = html(browser.get(TRACE))

        assert len(rows(page)) == len(book.traceability) == 105
        for theme, row in zip(book.traceability, rows(page), strict=True):
            assert theme.theme in words_of(row)
            for place in theme.places:
                assert f'<span class="num">{place}</span>' in row

    def test_a_theme_leads_to_criteria_cases_and_questions(self, browser, reader, book):
        row = next(r for r in rows(html(browser.get(TRACE))) if "Provocation or threat" in r)

        chapter = book.chapter(5)
        assert f'href="/manual/{chapter.slug}#provocation-or-threat"' in row
        assert 'href="/standard/criteria/M3.2.3">M3.2.3</a>' in row
        assert 'href="/practice/cases/cs02-what-did-you-just-say/"' in row
        assert f'href="/manual/{chapter.slug}#check">K5.2</a>' in row
        assert ">K5.1<" not in row  # it is about another section

    def test_a_unit_stands_for_all_of_its_criteria(self, browser, reader):
        row = next(r for r in rows(html(browser.get(TRACE))) if "Agreed standards" in r)

        assert 'href="/standard/P3"' in row
        assert "P3.1.1" not in row

    def test_a_role_player_reads_no_names_of_cases_and_meets_no_closed_door(
        self, app, session, book
    ):
        player = a_user(session, Role.ROLE_PLAYER)
        session.commit()

        page = html(Browser(app).sign_in(player).get(TRACE))

        assert "CS2" in words_of(page)
        assert "/practice/cases/" not in page
        assert not any(case.title in words_of(page) for case in book.cases)

    def test_every_address_on_it_opens(self, browser, reader, book):
        page = html(browser.get(TRACE))
        links = {link for row in rows(page) for link in re.findall(r'href="([^"]+)"', row)}

        pages = {link.split("#")[0] for link in links}
        assert len(pages) > 60
        assert {browser.get(link).status_code for link in pages} == {200}
        for link in sorted(links):
            address, _, anchor = link.partition("#")
            if anchor:
                assert f'id="{anchor}"' in html(browser.get(address)), link

    def test_chapters_of_the_report_can_be_jumped_to(self, browser, reader):
        page = html(browser.get(TRACE))

        for number in range(1, 9):
            assert f'href="#report-{number}"' in page
            assert f'id="report-{number}"' in page

    def test_who_may_not_read_cases_sees_their_codes_alone(self, commissioner, book):
        page = html(commissioner.get(TRACE))

        assert "CS2" in page
        assert not [case for case in book.cases if case.title in words_of(page)]
        assert "/practice/cases/" not in page

    def test_nothing_confidential_stands_on_it(self, browser, reader, book):
        page = words_of(html(browser.get(TRACE)))

        for case in book.cases:
            assert case.player.test_line not in page
            assert not [fact for fact in case.player.facts if fact.text in page]
            assert not [row for row in case.assessor.grid if row.achieved in page]

    def test_it_asks_the_database_nothing_that_grows(self, browser, reader, queries):
        browser.get(TRACE)

        queries.reset()
        browser.get(TRACE)

        assert queries.number <= 4


def words_of(markup):
    """The words of some markup, with single spaces."""
    return " ".join(plain(markup).split())


@pytest.mark.row("B1")
class TestTheIndex:
    def test_it_leads_to_sections_terms_and_open_questions(self, browser, reader, book):
        page = html(browser.get(INDEX))

        chapter = book.chapter(4)
        assert f'<a class="num" href="/manual/{chapter.slug}#silence">4.5' in page
        assert '<a href="/manual/glossary#provocation">Provocation</a>' in page
        assert 'href="/manual/open-questions/OQ8">OQ8' in page
        assert page.count("<b><a") > 50  # the main places

    def test_every_letter_and_every_entry_can_be_reached(self, browser, reader, book):
        page = html(browser.get(INDEX))
        ids = re.findall(r'\bid="([^"]+)"', page)

        assert len(ids) == len(set(ids))
        for target in re.findall(r'href="#([^"]+)"', page):
            assert target in ids
        assert set(re.findall(r'href="#letter-(\w)"', page)) == {
            one.entry[0].lower() for one in book.index
        }

    def test_what_stands_elsewhere_is_said(self, browser, reader):
        page = words(browser.get(INDEX))

        assert "Money see Payment" in page
        assert "see also Self-disclosure ; Boundary" in page

    def test_it_asks_the_database_nothing_that_grows(self, browser, reader, queries):
        browser.get(INDEX)

        queries.reset()
        browser.get(INDEX)

        assert queries.number <= 4


@pytest.mark.row("B1")
class TestTheLeaflets:
    @pytest.mark.parametrize(
        ("address", "slug"), [(CODE, "code-of-conduct"), (CARD, "safety-card")]
    )
    def test_everything_in_them_is_shown(self, browser, reader, book, address, slug):
        page, leaflet = html(browser.get(address)), book.leaflet(slug)

        shown = words_of(page)
        assert leaflet.title in shown
        assert leaflet.lead in shown
        for part in leaflet.parts:
            assert f'id="{part.id}"' in page
            assert words_of(part.html) in shown
            for clause in part.clauses:
                assert f'id="clause-{clause.number}"' in page
                assert words_of(clause.html) in shown

    def test_a_manual_without_them_has_no_such_page(self, app, browser, reader, monkeypatch):
        monkeypatch.setitem(
            app.extensions, "manual", replace(app.extensions["manual"], leaflets=())
        )

        assert browser.get(CODE).status_code == 404
        assert browser.get(CARD).status_code == 404

    @pytest.mark.row("B2")
    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("whom to ring duty coordinator", f"{CARD}#whom-to-ring"),
            ("gather no intelligence", f"{CODE}#confidence"),
            ("safety card", CARD),
        ],
    )
    def test_search_finds_them(self, browser, reader, typed, address):
        page = html(browser.get("/manual/search", query_string={"words": typed}))

        assert f'href="{address}"' in page

    def test_the_contents_lead_to_all_of_these_pages(self, browser, reader):
        page = html(browser.get("/manual/"))

        for address in (TRACE, INDEX, CODE, CARD):
            assert f'href="{address}"' in page
            assert words(browser.get(address))


@pytest.mark.row("B18")
class TestWhichVersionIsLive:
    def test_a_coordinator_sees_it_with_since_when_and_every_edition(self, app, session, book):
        user = a_user(session, Role.COORDINATOR)
        session.commit()

        page = html(Browser(app).sign_in(user).get("/manual/"))

        assert book.version in page
        assert "Served since" in page
        for one in (*book.chapters, *book.leaflets):
            assert one.version.split("-")[1] in page

    def test_a_reader_is_not_bothered_with_it(self, browser, reader, book):
        assert book.version not in html(browser.get("/manual/"))


class TestAReaderWhoIsNotSignedIn:
    @pytest.mark.parametrize("address", [TRACE, INDEX, CODE, CARD])
    def test_is_asked_to_sign_in(self, app, address):
        reply = Browser(app).get(address)

        assert reply.status_code == 303
        assert reply.location.startswith("/sign-in")


class TestAChapterThatNamesAnUnknownCriterion:
    def test_can_still_be_read_by_its_author(self, app, browser, reader, book, monkeypatch):
        chapter = replace(book.chapters[0], criteria=("M1.1.1", "M9.9.9"))
        changed = replace(book, chapters=(chapter, *book.chapters[1:]))
        monkeypatch.setitem(app.extensions, "manual", changed)

        page = words(browser.get(f"/manual/{chapter.slug}"))

        with app.app_context():
            assert framework().criterion("M1.1.1").text in page


@pytest.mark.row("B18")
class TestTheCommandThatChecks:
    def test_it_misses_a_case_that_alone_observes_something(self, app, book, monkeypatch):
        cases = tuple(case for case in book.cases if case.code != "CS12")
        monkeypatch.setitem(app.extensions, "manual", replace(book, cases=cases))

        done = app.test_cli_runner().invoke(args=["check-content"])

        assert done.exit_code == 1
        assert "M7.2.1 must be observed in a role play" in done.output
        assert "traceability.yaml:" in done.output
        assert "no case study CS12" in done.output
