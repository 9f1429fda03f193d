"""What people send about their accounts."""

from typing import Any

from wtforms import EmailField, PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, StopValidation

from app.accounts.actions import looks_like_address
from app.accounts.roles import Role
from app.forms import Form, TooLong, choices

SHORTEST_PASSWORD = 10


class LooksLikeAddress:
    """Refuses what cannot be an e-mail address, without guessing more."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise StopValidation with an example."""
        if not looks_like_address(field.data or ""):
            raise StopValidation("This needs an e-mail address, like sam@example.org")


class LongEnough:
    """Refuses short passwords. Length is what counts; nothing else is asked for."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise StopValidation with the length needed."""
        if len(field.data or "") < SHORTEST_PASSWORD:
            raise StopValidation(
                f"Choose at least {SHORTEST_PASSWORD} characters; three words are good"
            )


class SignInForm(Form):
    email = EmailField("E-mail address", validators=[InputRequired("Write your e-mail address")])
    password = PasswordField("Password", validators=[InputRequired("Write your password")])


class InviteForm(Form):
    email = EmailField(
        "Which e-mail address?",
        validators=[
            InputRequired("Write the person's e-mail address"),
            TooLong(254),
            LooksLikeAddress(),
        ],
    )
    roles = SelectMultipleField(
        "What will they do in the scheme?",
        choices=choices([(role.value, role.label) for role in Role]),
        validators=[InputRequired("Choose at least one role")],
        description="One person may hold several roles.",
    )


class ChoosePasswordForm(Form):
    password = PasswordField(
        "Choose a password",
        validators=[InputRequired("Choose a password"), LongEnough(), TooLong(200)],
        description=f"At least {SHORTEST_PASSWORD} characters. Pasting it in works.",
    )


class AcceptForm(ChoosePasswordForm):
    working_name = StringField(
        "What name do you go by?",
        validators=[InputRequired("Write the name you go by"), TooLong(80)],
        description="People in the scheme see this name. It need not be the one on your passport.",
    )


class ForgottenForm(Form):
    email = EmailField(
        "E-mail address",
        validators=[InputRequired("Write your e-mail address"), LooksLikeAddress()],
    )


class NewPasswordForm(ChoosePasswordForm):
    current = PasswordField("Your password now", validators=[InputRequired("Write your password")])


class AccountForm(Form):
    working_name = StringField(
        "What name do you go by?",
        validators=[InputRequired("Write the name you go by"), TooLong(80)],
    )
    scheme = RadioField(
        "Light or dark pages?",
        choices=choices([("", "As my device is set"), ("light", "Light"), ("dark", "Dark")]),
        default="",
    )
    text_size = RadioField(
        "How large should the text be?",
        choices=choices([("", "As it comes"), ("large", "Larger"), ("larger", "Largest")]),
        default="",
    )
    reminded = RadioField(
        "Should we remind you by e-mail of what waits for you?",
        description="The e-mail never says what it is. Of one thing there are three at most.",
        choices=choices([("yes", "Yes"), ("no", "No")]),
        default="yes",
    )


class RoleForm(Form):
    role = RadioField(
        "Which role?",
        choices=choices([(role.value, role.label) for role in Role]),
        coerce=Role,
        validators=[InputRequired("Choose a role")],
    )
