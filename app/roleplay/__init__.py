"""Booking role plays, marking them twice, agreeing, telling the learner."""

from flask import Blueprint

bp = Blueprint("roleplay", __name__)
