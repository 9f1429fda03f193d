"""People, the roles they hold and since when, invitations, signing in."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
