"""Who is signed in: the cookie's token, looked up afresh on every request."""

from datetime import UTC, datetime, timedelta

from flask import (
    Flask,
    Request,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, login_user

from app import db, limits
from app.accounts import actions, queries
from app.accounts.forms import SignInForm
from app.accounts.models import SignIn, User
from app.errors import kept_words, wants_json, whole_path
from app.formats import day_and_time
from app.forms import forget_token

COOKIE = "sign_in"
#: What the fields of a sign-in begin with that goes along with other words.
RESUME = "resume_"
#: From one network for one address; from one network in all; for one address from everywhere.
MOST_HERE, MOST_FROM_HERE, MOST_ANYWHERE = 8, 60, 40
DEVICE = "devices"
#: Whose forms this browser's token was last for.
FORMS_OF = "forms_of"
#: How long a person is told of somebody who opened a link of theirs.
TOLD_FOR = timedelta(days=30)


class WrongPassword(Exception):
    """No account has this address with this password. Which of the two is wrong is not said."""


def current_sign_in() -> SignIn | None:
    """Return the sign-in of this request."""
    found: SignIn | None = g.get("sign_in")
    return found


def enter(user: User) -> None:
    """Sign the person in, in this browser.

    Words typed elsewhere keep their token, but not for the next person: whoever sat here before
    may have noted it.
    """
    if session.get(FORMS_OF, user.id) != user.id:
        forget_token()
    session[FORMS_OF] = user.id
    with db.transaction() as work:
        session[COOKIE] = actions.begin_sign_in(work, user, now=datetime.now(UTC))
    _tell_of_opened_links(user)
    g.sign_in = queries.open_sign_in(db.session(), session[COOKIE], datetime.now(UTC))
    g.person_id = user.id
    session.permanent = True
    known = [d for d in session.get(DEVICE, []) if d != limits.bucket(user.email)]
    session[DEVICE] = [limits.bucket(user.email), *known][:5]
    login_user(user)


def _tell_of_opened_links(user: User) -> None:
    # At every sign-in for a month, not only at the next: the next may be the other person's.
    since = datetime.now(UTC) - TOLD_FOR
    for name, at in queries.who_opened_links(db.session(), user.id, since):
        flash(
            f"Your reset link was opened by {name} on {day_and_time(at)}, and your password was "
            "changed with it. If you did not ask for it, choose another password and tell "
            f"{current_app.config['SCHEME_RUN_BY']}.",
            "wait",
        )


def check_password(email: str, password: str) -> User:
    """Return the person. Raises WrongPassword or TooMany.

    A browser in which this person signed in before has a count of its own, so a stranger who
    guesses at the address from elsewhere cannot lock its owner out.
    """
    now = datetime.now(UTC)
    email, network = email.strip().lower(), request.remote_addr or ""
    known = limits.bucket(email) in session.get(DEVICE, [])
    tries = [_limit(MOST_HERE, email, network, str(known))]
    if not known:
        tries += [_limit(MOST_FROM_HERE, network), _limit(MOST_ANYWHERE, email)]
    limits.refuse_over(*tries, now=now)
    user = queries.by_email(db.session(), email)
    if not actions.password_is_right(user, password) or user is None:
        limits.count(*tries, now=now)
        raise WrongPassword
    return user


def _limit(most: int, *words: str) -> limits.Limit:
    return limits.Limit(kind="sign-in", of=limits.bucket(*words), most=most)


def load(_: Request) -> User | None:
    """Return the person of this request, if their sign-in is still open."""
    token = session.get(COOKIE)
    if not token:
        return None
    row = queries.open_sign_in(db.session(), token, datetime.now(UTC))
    if row is None or not row.user.is_active:
        return None
    g.sign_in, g.person_id = row, row.user_id
    return row.user


def sign_in_first() -> ResponseReturnValue:
    """Ask to sign in. Words that were on their way are kept in the page and go on afterwards."""
    if wants_json():
        return {"error": "signed out"}, 401
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
    form = SignInForm(request.form, prefix=RESUME)
    page = render_template(
        "errors/401_kept.html", form=form, kept=kept_words(), action=whole_path()
    )
    return page, 401


def carry_on() -> ResponseReturnValue | None:
    """Sign in with the words that were kept, then let the request go its way."""
    # Where no page is, the CSRF token was not looked at: nobody may be signed in from outside.
    if request.endpoint is None or request.method != "POST" or f"{RESUME}email" not in request.form:
        return None
    try:
        password = request.form.get(f"{RESUME}password", "")
        enter(check_password(request.form[f"{RESUME}email"], password))
    except WrongPassword:
        flash("That address and password do not belong together. Nothing you wrote is lost.")
        return sign_in_first()
    return None


class Anonymous(AnonymousUserMixin):
    """Somebody who has not signed in."""

    id = None
    working_name = ""
    scheme = text_size = ""
    roles = ()

    def holds(self, *roles: object) -> bool:
        """Return False: a stranger holds nothing."""
        return False


def init_app(app: Flask) -> None:
    """Let Flask-Login ask us."""
    manager = LoginManager(app)
    manager.anonymous_user = Anonymous
    manager.session_protection = None  # our sign-ins are ended in the database, not by address
    manager.request_loader(load)
    manager.unauthorized_handler(sign_in_first)
    app.before_request(carry_on)
