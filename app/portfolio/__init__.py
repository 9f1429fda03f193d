"""What a learner is registered for, the evidence, and the judgements on it."""

from flask import Blueprint

bp = Blueprint("portfolio", __name__)
