"""The roles of the scheme."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the scheme. The order is that of the account menu."""

    LEARNER = "learner"
    MENTOR = "mentor"
    ROLE_PLAYER = "role-player"
    ASSESSOR = "assessor"
    INTERNAL_VERIFIER = "internal-verifier"
    EXTERNAL_VERIFIER = "external-verifier"
    SUPERVISOR = "supervisor"
    PANEL_MEMBER = "panel-member"
    COMMISSIONER = "commissioner"
    COORDINATOR = "coordinator"

    @property
    def label(self) -> str:
        """Return the role as people say it: "Panel member"."""
        return self.value.replace("-", " ").capitalize()
