"""Words that carry a capital without naming a person or a place. Used by screening alone."""

_DATES = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays
Fridays Saturdays Sundays January February March April May June July August September October
November December Easter Christmas Eid Ramadan Diwali Passover Vaisakhi Lent Advent Hanukkah
"""

_SENTENCE_OPENERS = """
A About Above According Across Action Actions After Again Agreed All Almost Along Already Also
Although Always An And Another Any Anyone Anything Are Around As Ask Asked At Away Back Be Because
Been Before Being Below Beside Between Both But By Can Challenge Check Client Clients Could Date
Dates Day Debrief Did Do Does Doing Done During Each Either Else Enough Even Ever Every Everybody
Everyone Everything Except Few Find First Five Follow For Four From Full Further Gave Get Give
Given Go Good Had Has Have Having He Heard Held Her Here Hers Him His How However I If In Inside
Instead Into Is It Its Just Keep Kept Knows Last Later Least Left Less Let Like Listened Little
Look Looked Made Make Many Maybe Me Meet Meeting Met Might Mine More Most Much Must My Near Need
Needs Neither Never New Next No Nobody None Nor Not Note Notes Nothing Now Of Off Often On Once One
Only Onto Or Other Others Our Ours Out Outside Over Own Paired People Perhaps Person Plan Please
Practised Quite Rather Read Recorded Review Said Same Saw Second See Seen She Should Show Since Six
So Some Somebody Someone Something Sometimes Soon Spoke Started Still Stopped Such Take Talked Tell
Ten Than Thank Thanks That The Their Theirs Them Then There These They Third This Those Though
Three Through Till To Today Together Told Tomorrow Too Took Towards Tried Try Trust Twice Two Under
Unless Until Up Upon Us Use Used Very Was We Week Weekly Well Went Were What Whatever When Whenever
Where Whether Which While Who Whole Whose Why Will With Within Without Work Worked Would Write Yes
Yesterday Yet You Your Yours
"""

_OF_THE_SCHEME = """
Accreditation Aim Assessor Award Board Boundaries Case Chair Chapter Code Community Conduct Contact
Coordinator Council Criterion Criteria Evidence Exit Feedback Group Home Internal Learner Level
Manual Mentor Mentors Mentoring Mentor's Module Network Outcome Panel Pathway Police Portfolio
Practice Probation Programme Project Reflection Register Risk Role Play Round Safeguarding Safety
Scheme School Section Session Sessions Silence Social Standard Steering Supervision Supervisor
Support Team Themes Theme Towpath Training Unit Verifier Wellbeing Work Workbook
"""

_GENERAL = """
Arabic Bengali Bible British Christian Christianity Christians Diploma Doctor English Europe
European God Google Gujarati Hindu Hinduism Imam Internet Irish Islam Islamic Jewish Judaism
Muslim Muslims Mum Dad Nan Grandad Auntie Uncle Pashto Polish Prevent Channel Punjabi Quran Qur'an
Romanian Scottish Sikh Sikhism Somali Turkish Urdu Wales Welsh Wi-Fi YouTube Zoom Teams WhatsApp
U.K. U.S. E.U.
"""

#: With a capital, and yet the name of nobody and nowhere in particular.
ORDINARY = frozenset(" ".join((_DATES, _SENTENCE_OPENERS, _OF_THE_SCHEME, _GENERAL)).split())

#: After one of these, a capital begins a name.
TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Lady", "PC", "Revd")

_PERSON_VERBS = """
said says told tells asked asks came comes went goes rang rings called calls wants wanted thinks
thought talked talks spoke speaks lives lived left met meets likes liked hates hated laughed cried
shouted agreed refused knows knew wrote writes texted sent gave took brought got admitted described
mentioned explained arrived
"""

#: What people do: a sentence whose first word is followed by one of these begins with a name.
PERSON_VERBS = frozenset(_PERSON_VERBS.split())

#: The last word of a street's name.
STREET_WORDS = (
    "street", "road", "avenue", "lane", "close", "crescent", "terrace", "drive", "court", "grove",
    "gardens", "square", "mews", "walk", "row", "way", "place", "hill", "st", "rd", "ave",
)  # fmt: skip
