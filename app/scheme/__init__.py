"""Home pages, the demonstration scheme, settings, the pages about the scheme itself."""

from flask import Blueprint

bp = Blueprint("scheme", __name__)
