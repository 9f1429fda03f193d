"""Agreements, session logs kept by two, signatures, and figures without content."""

from flask import Blueprint

bp = Blueprint("supervision", __name__)
