"""Fixed words of the pages about the scheme."""

COLUMNS = ("You", "Assessor", "Verifier", "Supervisor", "Panel", "Coordinator")


def _row(what: str, *cells: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return what, tuple(zip(COLUMNS, cells, strict=True))


#: The award specification D8, as this site holds it.
WHO_SEES = (
    _row("Reflections", "All", "No", "No", "No", "No", "No"),
    _row("Remarks on the manual", "Own ones", "No", "No", "No", "No", "All, with names"),
    _row(
        "Places on open questions",
        "Own, and dots from five",
        "Dots",
        "Dots",
        "Dots",
        "Dots",
        "Dots",
    ),
    _row("Answers to knowledge checks", "All", "Passed or not", "Passed or not", "No", "No", "No"),
    _row("Practice of knowledge checks", "All", "No", "No", "No", "No", "That you did"),
    _row("Questions for a tutorial", "All", "Own learners", "All", "No", "No", "That one waits"),
    _row("Drills", "All", "Once you file it", "Once you file it", "No", "No", "No"),
    _row("Confidence ratings", "All", "Once judged", "Once judged", "No", "No", "No"),
    _row("Evidence", "All", "Own learners", "All", "No", "No", "Number"),
    _row(
        "Role-play marks", "Own result", "Own plays", "What they sample", "No", "Result", "Result"
    ),
    _row("Judgements on criteria", "All", "Own learners", "All", "No", "Award only", "Award only"),
    _row("Files with your evidence", "All", "Own learners", "All", "No", "No", "No"),
    _row("That supervision took place", "All", "No", "No", "Own mentors", "Figures", "Figures"),
    _row(
        "What was said in supervision", "All but one box", "No", "No", "All but one box", "No", "No"
    ),
    _row("How you have been", "All", "No", "No", "Own mentors", "No", "No"),
    _row("Vetting", "Dates, outcome", "No", "No", "No", "Dates, outcome", "Dates, outcome"),
    _row("Places on open questions", "All", "No", "No", "No", "No", "No"),
    _row("What waits, and reminders of it", "All", "No", "No", "No", "No", "That one was sent"),
    _row("Standing", "All", "No", "No", "Status", "All", "All"),
)

#: What each role does here, for the help page.
DUTIES = (
    ("Learner", "Reads the manual, answers, reflects, plays role plays and gathers evidence."),
    ("Mentor", "Keeps the supervision log with a supervisor, and their standing current."),
    ("Role player", "Plays the client from a confidential brief. Never sees marks."),
    (
        "Assessor",
        "Marks role plays and evidence against the criteria, apart from the other assessor.",
    ),
    ("Internal verifier", "Agrees or returns judgements, never their own."),
    ("Supervisor", "Keeps the supervision log with the mentor. Never sits on that mentor’s panel."),
    ("Panel member", "Declares interests, records suitability, then sees results, and votes."),
    ("Commissioner", "Checks a certificate by its code. Never browses people."),
    ("Coordinator", "Invites people, books role plays, sets up supervision, records facts."),
)
