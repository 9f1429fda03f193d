"""The words of the programme: all of them explained, each linked where a chapter first uses it."""

import re

import pytest

from modules import load_manual
from modules.manual import Chapter, Term

MANUAL = load_manual()
#: The terms of the curriculum's glossary (G1).
WANTED = """Accreditation; Advocacy; AQ-influenced; Award; Baseline; Befriending; Boundary; Case reference; Channel; Client;
Community-focussed; Community-targeted; Confidentiality contract; Counter-narrative; Credibility; De-biasing; Desistance,
primary and secondary; Disengagement; Distance travelled; Empathy; Empowerment; Exit; Extraction; Feedback return; Flag;
Flashpoint; Influence check; Intervention; IQA; Matching; Mentor Selection Panel; Mentor Support Network; Neutral base;
Non-manipulation; Open question (OQ); Pathway; Project Board, Project Coordinator; Provocation; Quorum; Re-radicalisation;
Recognition of prior learning (RPL); Red card, black card; Reflective practitioner; Safe space; Safety-critical (SC);
Single narrative; Steering Group; Supervision; Vulnerability"""  # noqa: E501
LINK = re.compile(r'<a class="term" href="/manual/glossary#([^"]+)">')
#: Where no word is linked: what is a link already, a heading, a speech, a note in the margin.
PASSED_OVER = re.compile(r"<(a|h3|h4|dl|aside)\b.*?</\1>", re.S)


def uses(chapter: Chapter, term: Term) -> list[bool]:
    """Whether each use of a term in a chapter is a link, in order."""
    forms = "|".join(re.escape(f) for f in sorted(term.forms, key=len, reverse=True))
    word = re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.I)
    found: list[bool] = []
    for part in chapter.sections:
        marked = LINK.sub(lambda m: f"\x01{m[1]}\x02", part.html)
        marked = re.sub(r"\x01([^\x02]+)\x02(.*?)</a>", "\x01\\1\x02\\2\x03", marked)
        text = re.sub(r"<[^>]+>", "\n", PASSED_OVER.sub("\n", marked))
        for piece in re.split("(\x01[^\x03]*\x03)", text):
            if piece.startswith("\x01"):
                found += [True] if piece[1:].split("\x02")[0] == term.slug else []
            else:
                found += [False] * len(word.findall(piece))
    return found


@pytest.mark.row("B1")
class TestTheGlossary:
    def test_explains_every_term_of_the_curriculum(self):
        have = {term.term for term in MANUAL.glossary}
        wanted = {re.sub(r"\s+", " ", one).strip() for one in WANTED.split(";")}

        assert len(have) >= 48
        assert {one.replace("Board, Project", "Board; Project") for one in wanted} <= have

    @pytest.mark.parametrize("number", range(1, 19))
    def test_each_term_is_linked_once_where_the_chapter_first_uses_it(self, number):
        chapter = MANUAL.chapter(number)

        for term in (term for term in MANUAL.glossary if term.forms):
            used = uses(chapter, term)
            assert used.count(True) == min(1, len(used)), (term.term, used)
            assert not used or used[0], (term.term, used)

    def test_no_link_leads_to_a_word_that_is_not_explained(self):
        slugs = {term.slug for term in MANUAL.glossary}
        pages = [part.html for chapter in MANUAL.chapters for part in chapter.sections]

        assert {slug for page in pages for slug in LINK.findall(page)} <= slugs
