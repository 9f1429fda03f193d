"""Our Markdown: blocks become what the stylesheet knows, nothing hostile gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.manual import Term
from modules.markup import ORDINARY, Renderer, plain, sanitised
from modules.yamlfile import Report


def rendered(text: str, terms: list[Term] | None = None) -> str:
    report = Report("file.md")
    html = Renderer(report, terms or []).html(text, line=1, link_terms=bool(terms))
    assert report.faults == []
    return html


def refused(text: str) -> list[str]:
    report = Report("file.md")
    assert Renderer(report).html(text, line=1) == ""
    return [str(fault) for fault in report.faults]


def a_term(*forms: str) -> Term:
    return Term(term=forms[0], slug=forms[0].lower(), definition_html="", forms=forms)


class TestBlocks:
    def test_a_key_point_is_a_box_with_its_label(self):
        html = rendered("/// keypoint | Remember\nSay *it*.\n///")

        assert '<div class="keypoint">' in html
        assert '<p class="block-title">Key point: Remember</p>' in html
        assert "<em>it</em>" in html

    def test_a_safety_note_has_the_role_of_a_note(self):
        assert '<div class="safety" role="note">' in rendered("/// safety\nRing.\n///")

    def test_a_dialogue_is_a_list_of_who_says_what(self):
        html = rendered("/// dialogue\nShe says: No & yes.\nYou: *Right*.\n///")

        assert html.startswith('<dl class="dialogue">')
        assert "<dt>She says</dt>\n<dd>No &amp; yes.</dd>" in html
        assert "<dt>You</dt>\n<dd><em>Right</em>.</dd>" in html

    def test_a_margin_note_follows_its_paragraph_and_begins_with_its_reference(self):
        html = rendered("One.\n\n/// note | §3.2\nSo *it* says.\n///\n\nTwo.")

        assert html == (
            '<p>One.</p>\n<aside class="mn"><b>§3.2</b> So <em>it</em> says.</aside>\n<p>Two.</p>'
        )

    def test_an_empty_line_in_a_dialogue_says_nothing(self):
        assert rendered("/// dialogue\nYou: One.\n\nShe: Two.\n///").count("<dt>") == 2

    def test_an_example_may_hold_a_dialogue(self):
        html = rendered(
            "/// example | Asha\nOne.\n/// dialogue\nYou: Two.\n///\nThree.\n///\nFour."
        )

        assert html.index("Asha") < html.index("One") < html.index('<dl class="dialogue">')
        assert html.index("<p>Three.</p>") < html.index("</div>\n<p>Four.</p>")

    def test_a_dialogue_line_without_a_speaker_is_a_fault(self):
        assert refused("/// dialogue\nYou: One.\nTwo, and no speaker.\n///") == [
            "file.md:3: dialogue needs 'Speaker: words', not 'Two, and no speaker.'"
        ]

    @pytest.mark.row("B18")
    def test_a_block_that_is_never_closed_does_not_swallow_the_rest(self):
        assert refused("One.\n\n/// safety\nTwo.\n\nThree.") == [
            "file.md:3: 'safety' is never closed"
        ]

    def test_a_structural_block_cannot_stand_inside_another(self):
        assert (
            "cannot stand inside 'keypoint'" in refused("/// keypoint\n/// safety\nx\n///\n///")[0]
        )


class TestMarkdown:
    @pytest.mark.row("B1")
    def test_a_footnote_is_linked_both_ways(self):
        html = rendered("A word.[^1]\n\n[^1]: Its note.")

        assert 'class="footnote-ref"' in html
        assert 'class="footnote-backref"' in html

    def test_footnotes_of_two_pieces_do_not_share_their_anchors(self):
        renderer = Renderer(Report("file.md"))

        first, second = (renderer.html("A.[^1]\n\n[^1]: B.", line=1) for _ in range(2))

        assert first != second

    def test_a_table_is_aligned_without_style(self):
        html = rendered("| a | b |\n|---|--:|\n| 1 | 2 |")

        assert 'align="right"' in html
        assert html.count('scope="col"') == 2
        assert "style" not in html

    def test_quotes_and_apostrophes_are_typographic(self):
        assert rendered('It\'s "so".') == "<p>It’s “so”.</p>"

    def test_plain_words_are_those_a_reader_sees(self):
        assert plain("<p>A &amp; <em>b</em>.</p><p>C</p>") == "A & b. C"


class TestTerms:
    def test_only_the_first_use_is_linked_in_any_form_and_case(self):
        html = rendered("Clients and a client.", [a_term("Client", "client", "clients")])

        assert html == (
            '<p><a class="term" href="/manual/glossary#client">Clients</a> and a client.</p>'
        )

    def test_a_longer_term_goes_before_a_shorter_one_inside_it(self):
        html = rendered("A safe space.", [a_term("space"), a_term("safe space")])

        assert "#safe space" in html
        assert "#space" not in html

    def test_headings_links_dialogues_and_notes_are_left_alone(self):
        source = (
            "### Client\n\n[client](/x)\n\n/// dialogue\nYou: client.\n///\n\n"
            "/// note | ES\nA client.\n///\n\nTrue to a client-led way, client."
        )
        html = rendered(source, [a_term("client")])

        assert html.count('class="term"') == 1
        assert html.endswith("client</a>.</p>")


class TestHostileText:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onclick='x'>b</b>",
            "<!-- hidden -->",
            "[a](javascript:alert(1))",
            "[a](http://example.org)",
            "[a](//example.org)",
            "[a]: data:text/html,x",
            "<javascript:alert(1)>",
        ],
    )
    def test_html_and_unsafe_links_are_faults_and_not_stripped_in_silence(self, text):
        assert refused(text)[0].startswith("file.md:1: ")

    def test_the_sanitiser_stands_behind_all_this(self):
        hostile = '<p style="x" onclick="y">a<script>b</script><a href="javascript:c">d</a></p>'

        assert sanitised(hostile) == "<p>a<a>d</a></p>"

    @given(st.text(alphabet=st.sampled_from("<>&/[](){}:*_`#|^!\"' \nabjs=x-."), max_size=120))
    def test_whatever_is_typed_gives_no_script_style_or_handler(self, text):
        report = Report("file.md")

        html = Renderer(report).html(text, line=1).lower()

        assert "<script" not in html
        assert '<a href="javascript' not in html
        assert not any(
            f" {bad}=" in tag
            for tag in html.split("<")[1:]
            for bad in ("style", "onclick", "src")
            for tag in [tag.split(">")[0]]
        )


class TestOrdinaryWords:
    """They go round Markdown, which must make no difference."""

    @given(st.text("aB1 ,.;:?()’‘“”–—-é/_*", min_size=1, max_size=30))
    def test_come_out_as_markdown_gives_them_back(self, text):
        words = " ".join(text.split())

        if ORDINARY.fullmatch(words):
            assert rendered(words) == f"<p>{words}</p>"

    @pytest.mark.parametrize(
        "text", ["1. One", "it's", "a *b*", "a...", "a -- b", "https://a.example", "# a", "a_b_c"]
    )
    def test_are_none_of_these(self, text):
        assert not ORDINARY.fullmatch(text)
