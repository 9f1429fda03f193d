"""Who is in the demonstration scheme. Every name is invented."""

from dataclasses import dataclass

from app.accounts.roles import Role

PASSWORD = "walk-alongside"  # noqa: S105 (known to everybody: it opens made-up people only)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One fictional person."""

    key: str
    name: str
    roles: tuple[Role, ...]

    @property
    def email(self) -> str:
        """Return the address to sign in with."""
        return f"{self.key}@example.org"


def _p(key: str, name: str, *roles: Role) -> Person:
    return Person(key=key, name=name, roles=roles)


#: The sign-ins that the README names.
MAIN = (
    _p("learner", "Nasreen Akhtar", Role.LEARNER),
    _p("mentor", "Imran Qureshi", Role.MENTOR),
    _p("player", "Ewa Nowak", Role.ROLE_PLAYER),
    _p("assessor", "Hannah Oduya", Role.ASSESSOR),
    _p("assessor2", "Gareth Pugh", Role.ASSESSOR),
    _p("verifier", "Sue Hartshorne", Role.INTERNAL_VERIFIER),
    _p("supervisor", "Delroy Simmonds", Role.SUPERVISOR),
    _p("panel", "Ellen Fairbrother", Role.PANEL_MEMBER),
    _p("panel2", "Marcus Bell", Role.PANEL_MEMBER),
    _p("panel3", "Yvonne Clarke", Role.PANEL_MEMBER),
    _p("panel4", "Priya Raman", Role.PANEL_MEMBER),
    _p("commissioner", "Alan Whitcombe", Role.COMMISSIONER),
    _p("external", "Ruth Adair", Role.EXTERNAL_VERIFIER),
    _p("coordinator", "Joan Tierney", Role.COORDINATOR),
)
#: Everybody else, so that lists and charts look as they will in use.
OTHERS = (
    _p("player2", "Tom Garside", Role.ROLE_PLAYER),
    _p("supervisor2", "Anneka Vos", Role.SUPERVISOR),
    _p("verifier2", "Colm Deasy", Role.INTERNAL_VERIFIER, Role.ASSESSOR),
    _p("applicant1", "Stefan Ilić", Role.LEARNER),
    _p("applicant2", "Moira Sheen", Role.LEARNER),
    _p("training1", "Halima Yusuf", Role.LEARNER),
    _p("training2", "Callum Price", Role.LEARNER),
    _p("training3", "Nguyễn Thị Mai", Role.LEARNER),
    _p("ready1", "Beatrix Lowe", Role.LEARNER),
    _p("ready2", "Samuel Adeyinka", Role.LEARNER),
    _p("declined1", "Peter Hallam", Role.LEARNER),
    _p("accredited1", "Aoife Brennan", Role.MENTOR),
    _p("accredited2", "Bilal Rehman", Role.MENTOR),
    _p("accredited3", "Tomasz Wolny", Role.MENTOR),
    _p("accredited4", "Kiran Sandhu", Role.MENTOR),
    _p("conditions1", "Marcia Blenkinsop", Role.MENTOR),
    _p("renewal1", "Yusuf Adeyemi", Role.MENTOR),
    _p("lapsed1", "Gwen Tranter", Role.MENTOR),
    _p("lapsed2", "Rafiq Miah", Role.MENTOR),
    _p("suspended1", "Peter Millward", Role.MENTOR),
    _p("withdrawn1", "Lorna Keys", Role.MENTOR),
)
EVERYBODY = MAIN + OTHERS
