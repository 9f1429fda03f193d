"""Forms: WTForms with our own fields, CSRF on every unsafe request, and no double sending."""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import wtforms
from flask import Flask, Response, g, has_request_context, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from app.db import Base, after_commit, transaction
from app.formats import today

csrf = CSRFProtect()
#: The hidden field that makes a form act once, however often it is sent.
ONCE = "once"
#: Where the sign-in keeps the token of its forms.
WITH_SIGN_IN = "forms_token"
#: Years between which a date is a real one here. Far outside, adding a few months breaks off.
EARLIEST, LATEST = 1900, 2199


class SentForm(Base):
    """The one-time token of a form that was acted on, so that a double press acts once."""

    __tablename__ = "sent_forms"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    sent_at: Mapped[datetime]


class AlreadySent(Exception):
    """The same form, with the same one-time token, was acted on before."""


class Form(wtforms.Form):
    """What every form shares: text comes back trimmed at the ends, never otherwise changed."""

    class Meta:
        """How WTForms binds fields."""

        def wrap_formdata(self, form: wtforms.Form, formdata: Any) -> Any:
            """Return what was sent, or None where nothing was.

            WTForms takes an empty form for one in which every box was unticked, and would forget
            what is stored.
            """
            return formdata or None

        def bind_field(self, form: wtforms.Form, unbound: Any, options: dict[str, Any]) -> Any:
            """Return the field, with a filter for stray spaces on texts."""
            if issubclass(unbound.field_class, wtforms.StringField) and not issubclass(
                unbound.field_class, wtforms.PasswordField
            ):
                options.setdefault("filters", [_trimmed])
            return unbound.bind(form=form, **options)


def _trimmed(text: str | None) -> str | None:
    return text.strip().replace("\r\n", "\n") if isinstance(text, str) else text


def choices(pairs: Sequence[tuple[Any, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms 3.3 wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


class TooLong:
    """Refuses a text over the limit, and says by how much."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        """Raise StopValidation with what to do."""
        over = len(field.data or "") - self.most
        if over > 0:
            raise StopValidation(
                f"Shorten this by {over} character{'s'[: over > 1]}; it can hold {self.most}"
            )


class DayField(wtforms.FormField):
    """A date in three short boxes: day, month, year. ``.data`` is the date, or None.

    ``past`` refuses a day that is still to come: what is recorded has happened.
    """

    class Boxes(wtforms.Form):
        """The three boxes."""

        day = wtforms.StringField("Day")
        month = wtforms.StringField("Month")
        year = wtforms.StringField("Year")

    def __init__(
        self,
        label: str = "",
        *,
        required: str | None = None,
        description: str = "",
        past: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(self.Boxes, label, **kwargs)
        self.description = description
        self.required, self.past = required, past
        self.faults: list[str] = []
        self.value: date | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the boxes from what was sent or from a date."""
        if isinstance(data, date):
            data = {"day": str(data.day), "month": str(data.month), "year": str(data.year)}
        elif data is not None and not isinstance(data, dict):
            data = None
        super().process(formdata, data, extra_filters) if data else super().process(formdata)

    def validate(self, form: wtforms.Form, extra_validators: Any = ()) -> bool:
        """Return whether the boxes hold a real date, or nothing where nothing is needed."""
        self.faults = []
        texts = [(box.data or "").strip() for box in (self.day, self.month, self.year)]
        if not any(texts):
            self.faults = [self.required] if self.required else []
        else:
            self.value = real_date(texts)
            if self.value is None:
                self.faults = [f"{self.label.text.rstrip('?')} needs a real date, like 27 3 2026"]
            elif self.past and self.value > today():
                self.faults = ["This day is still to come. Choose today or an earlier day"]
        return not self.faults

    @property
    def errors(self) -> list[str]:
        """Return what is wrong with the date."""
        return self.faults

    @errors.setter
    def errors(self, _: object) -> None:
        """WTForms empties the list before each validation; ours is filled by ``validate``."""

    @property
    def data(self) -> Any:
        """Return the date, or None. Any, because after validation a required one is there."""
        texts = [(box.data or "").strip() for box in (self.day, self.month, self.year)]
        return real_date(texts)

    @property
    def day(self) -> Any:
        """Return the first box."""
        return self.form.day

    @property
    def month(self) -> Any:
        """Return the second box."""
        return self.form.month

    @property
    def year(self) -> Any:
        """Return the third box."""
        return self.form.year


def real_date(texts: Sequence[str]) -> date | None:
    """Return the date of three boxes (day, month, year), or None where there is no such day."""
    # Figures of any script, but no more of them than a date has: a number can be too large for one.
    if not all(text.isdecimal() and len(text) <= 4 for text in texts) or len(texts[2]) != 4:
        return None
    try:
        found = date(int(texts[2]), int(texts[1]), int(texts[0]))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def once_token() -> str:
    """Return a fresh one-time token for the hidden field of a form."""
    return secrets.token_urlsafe(18)


def _act_once(session: Session) -> None:
    token = request.form.get(ONCE, "")[:40] if has_request_context() else ""
    # A request may need several transactions; its form is still the one that was sent once.
    if not token or g.get("sent_form") == token:
        return
    if session.scalar(select(SentForm.id).where(SentForm.token == token)):
        raise AlreadySent
    session.add(SentForm(token=token, sent_at=datetime.now(UTC)))
    after_commit(lambda: setattr(g, "sent_form", token))


def _give_back(answer: Response) -> Response:
    # A form that was refused was not acted on, even if something else was written meanwhile (that
    # a sealed record was opened, that a password was tried): it may be sent again.
    token = g.get("sent_form")
    if token and 400 <= answer.status_code < 500:
        with transaction() as work:
            work.execute(delete(SentForm).where(SentForm.token == token))
    return answer


def forget_old(session: Session, now: datetime) -> None:
    """Forget tokens of pages that nobody has open any more."""
    session.execute(delete(SentForm).where(SentForm.sent_at < now - timedelta(days=30)))


def csrf_token() -> str:
    """Return the token for the forms of this page, made once however many there are."""
    if "forms_token" not in g:
        # Kept with the sign-in: a token signed anew each second would make the same page new.
        g.forms_token = session.get(WITH_SIGN_IN) or generate_csrf()
        session.setdefault(WITH_SIGN_IN, g.forms_token)
    found: str = g.forms_token
    return found


def forget_token() -> None:
    """Make the next page begin with another token. What is on its way now was looked at already."""
    g.pop("forms_token", None)
    g.pop("csrf_token", None)  # Flask-WTF's own, of this request
    for name in (WITH_SIGN_IN, "csrf_token"):
        session.pop(name, None)


def init_app(app: Flask) -> None:
    """Check every unsafe request, and let templates make tokens."""
    csrf.init_app(app)
    app.extensions["at_begin"].append(_act_once)
    app.after_request(_give_back)
    app.jinja_env.globals.update(once_token=once_token)
    app.context_processor(lambda: {"csrf_token": csrf_token})
