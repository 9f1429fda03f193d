"""Dated facts, the panel's decisions, standing over time, certificates and their check."""

from flask import Blueprint

bp = Blueprint("accreditation", __name__)
