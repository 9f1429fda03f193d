"""What people send about the scheme's settings."""

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from app.forms import Form, TooLong


class SignOffForm(Form):
    point = RadioField("Which point is signed off?", validators=[InputRequired("Choose the point")])
    advised_by = StringField(
        "On whose advice?",
        validators=[InputRequired("Name who gave the advice"), TooLong(120)],
        description="A solicitor or a data-protection officer, by name and office.",
    )
