"""What a mentor sends about their own certificate."""

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Optional

from app.forms import Form, TooLong, choices


class PrintForm(Form):
    name = StringField(
        "The name on the certificate",
        validators=[Optional(), TooLong(120)],
        description="Empty: the name you go by here. Choose what a host will know you by.",
    )
    pathways = RadioField(
        "Print the pathway?",
        choices=choices([("no", "No, leave it off"), ("yes", "Yes, print it")]),
        validators=[InputRequired("Choose whether the pathway is printed")],
        description="A pathway hints at who you are and where you come from. Whoever holds the "
        "paper reads it, and so does whoever checks it. It can put you in danger. Nobody needs it "
        "to check that you are accredited.",
    )
