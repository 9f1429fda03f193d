"""Reading the manual, answering, reflecting, taking a place on open questions."""

from flask import Blueprint

bp = Blueprint("learning", __name__)
