"""Internal verification: judged work is agreed or returned, never by its own assessor."""

from flask import Blueprint

bp = Blueprint("quality", __name__)
