"""Finding what could identify a person, and leaving ordinary words alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.screening import FindingKind, find_identifiers

K = FindingKind

FOUND = [
    ("I told Delroy about it.", K.NAME, "Delroy"),
    ("Delroy said no.", K.NAME, "Delroy"),
    ("Marcia Blenkinsop was there.", K.NAME, "Marcia Blenkinsop"),
    ("Marcia's brother came.", K.NAME, "Marcia's"),
    ("We met Mr Khan.", K.NAME, "Mr Khan"),
    ("It was Mrs Osei-Tutu again.", K.NAME, "Mrs Osei-Tutu"),
    ("a friend called Zed", K.NAME, "called Zed"),
    ("She spoke to J.R. twice.", K.NAME, "J.R."),
    ("Held in Brierley library.", K.NAME, "Brierley"),
    ("On Monday Samira rang.", K.NAME, "Samira"),
    ("my friend Sean O’Neill agreed", K.NAME, "Sean O’Neill"),
    ("he saw José there", K.NAME, "José"),
    ("it was McDonald again", K.NAME, "McDonald"),
    ("near B12 8QT", K.POSTCODE, "B12 8QT"),
    ("near sw1a 1aa", K.POSTCODE, "sw1a 1aa"),
    ("near M11AE", K.POSTCODE, "M11AE"),
    ("ring 07700 900123 tonight", K.TELEPHONE, "07700 900123"),
    ("ring (0121) 496 0000", K.TELEPHONE, "0121) 496 0000"),
    ("ring +44 7700 900 123", K.TELEPHONE, "+44 7700 900 123"),
    ("write to z.f@mail.example.org", K.EMAIL, "z.f@mail.example.org"),
    ("see https://example.org/a?b=1", K.WEB_ADDRESS, "https://example.org/a?b=1"),
    ("see www.example.org/page", K.WEB_ADDRESS, "www.example.org/page"),
    ("posts on example.co.uk daily", K.WEB_ADDRESS, "example.co.uk"),
    ("dob 3/5/2001", K.BIRTH_DATE, "dob 3/5/2001"),
    ("born on 3rd of May 2001", K.BIRTH_DATE, "born on 3rd of May 2001"),
    ("date of birth: 2001-05-03", K.BIRTH_DATE, "date of birth: 2001-05-03"),
    ("born in 2004", K.BIRTH_DATE, "born in 2004"),
    ("it says 12.03.1998 here", K.BIRTH_DATE, "12.03.1998"),
    ("aged 16", K.AGE, "aged 16"),
    ("a 16-year-old", K.AGE, "16-year-old"),
    ("is 16 years old", K.AGE, "16 years old"),
    ("sixteen years old", K.AGE, "sixteen years old"),
    ("a twenty-one year old", K.AGE, "twenty-one year old"),
    ("turned 18 in spring", K.AGE, "turned 18"),
    ("I think she is 17.", K.AGE, "she is 17"),
    ("lives at 14", K.ADDRESS, "lives at 14"),
    ("of 14a Cavendish Road", K.ADDRESS, "14a Cavendish Road"),
    ("down Cavendish Road", K.ADDRESS, "Cavendish Road"),
    ("moved to flat 4", K.ADDRESS, "flat 4"),
]

LEFT_ALONE = [
    "",
    "We met on Monday and again on Tuesday in March.",
    "CS2 and CS11 show M3.2.4 and P1.3.3.",
    "CS2 2nd round at 10.30, cs2 1st round at 9.",
    "The Muslim client asked about the Qur'an. I said I do not know.",
    "Nobody said anything. Everybody was calm.",
    "Grief was heard and named.",
    "Themes: Trust, Silence and Challenge.",
    "The Panel and the Coordinator know. Supervision was on time.",
    "Met for 55 minutes, 3 times in 28 days, 5 minutes down the road.",
    "He is 30 minutes late, and she was 2 weeks away.",
    "I called him and I called the coordinator, as he was called Monday.",
    "Case 7F3-K92 was discussed on 16/06/2025.",
    "Agreed: rest. Next: meet sooner.",
    "Under U.K. law a duty applies.",
    "I trust the Mentor Support Network.",
    "Boundaries were clear - Safety too.",
    "I read it on my iPhone and on YouTube.",
    "He scored 0 to 10 and 00 more.",
]


class TestFinding:
    @pytest.mark.row("F77")
    @pytest.mark.parametrize(("text", "kind", "excerpt"), FOUND)
    def test_what_could_identify_somebody_is_found(self, text, kind, excerpt):
        found = find_identifiers(text)

        assert (kind, excerpt) in [(one.kind, one.excerpt) for one in found], found

    @pytest.mark.parametrize("text", LEFT_ALONE)
    def test_ordinary_words_are_left_alone(self, text):
        assert find_identifiers(text) == ()

    def test_several_are_told_in_the_order_of_the_text(self):
        found = find_identifiers("Told Samira, aged 16, of 12 High Street, B12 8QT.")

        assert [one.kind for one in found] == [K.NAME, K.AGE, K.ADDRESS, K.POSTCODE]

    def test_a_name_beside_an_ordinary_word_is_found_alone(self):
        found = find_identifiers("then Monday Samira Panel Zak spoke")

        assert [one.excerpt for one in found] == ["Samira", "Zak"]

    def test_every_kind_has_words_for_the_warning(self):
        assert len({kind.label for kind in K}) == len(K)

    @given(st.text(alphabet=st.sampled_from("AabZ. 0123456789@-'\nMr"), max_size=60))
    def test_findings_lie_in_the_text_and_never_overlap(self, text):
        found = find_identifiers(text)

        ends = 0
        for one in found:
            assert text[one.start : one.end] == one.excerpt
            assert ends <= one.start < one.end
            ends = one.end
