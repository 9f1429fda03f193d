"""The site: every part of it is named here."""

from flask import Flask

from app import (
    addresses,
    cli,
    compression,
    content,
    db,
    errors,
    formats,
    forms,
    headers,
    logs,
    policy,
    sealed,
    shell,
    store,
    uploads,
)
from app.accounts import entrance
from app.accounts import outbox_routes as outbox
from app.accounts import people_routes as people
from app.accounts import routes as accounts
from app.accreditation import certificate_routes as certificates
from app.accreditation import check_routes as check
from app.accreditation import panel_routes as panel
from app.accreditation import routes as accreditation
from app.config import Config
from app.learning import book_routes as book
from app.learning import check_routes as checks
from app.learning import cli as book_files
from app.learning import download_routes as downloads
from app.learning import drill_routes as drills
from app.learning import journal_routes as journal
from app.learning import question_routes as questions
from app.learning import reading_routes as reading
from app.learning import remark_routes as remarks
from app.learning import routes as learning
from app.learning import search_routes as searching
from app.portfolio import allocation_routes as allocations
from app.portfolio import cli as evidence
from app.portfolio import confidence_routes as confidence
from app.portfolio import drill_routes as filed_drills
from app.portfolio import file_routes as files
from app.portfolio import hand_in_routes as handing_in
from app.portfolio import paper_routes as transcripts
from app.portfolio import routes as portfolio
from app.portfolio import tutorial_routes as tutorials
from app.quality import routes as quality
from app.roleplay import agreement_routes as agreement
from app.roleplay import brief_routes as briefs
from app.roleplay import finishing_routes as finishing
from app.roleplay import marking_routes as marking
from app.roleplay import routes as roleplay
from app.scheme import cli as demonstration
from app.scheme import content_cli as content_check
from app.scheme import reminder_cli as reminding
from app.scheme import reminder_routes as reminders
from app.scheme import routes as scheme
from app.supervision import routes as supervision


class Site(Flask):
    """Flask, with templates that find what all of them know without a detour."""

    jinja_environment = formats.Templates


def create_app(config: Config | None = None) -> Flask:
    """Build the site. Tests pass their own ``Config``; production reads the environment."""
    app = Site(__name__)
    app.config.from_object(config or Config.from_environment())
    for part in PARTS:
        part.init_app(app)
    for blueprint in dict.fromkeys(pages.bp for pages in PAGES):
        app.register_blueprint(blueprint)
    policy.check_every_route(app)  # an unguarded route stops the site from starting
    return app


PARTS = (
    compression,
    headers,
    logs,
    uploads,  # before any part that reads a form
    addresses,
    db,
    store,
    sealed,
    content,
    forms,
    formats,
    entrance,
    shell,
    errors,
    cli,
    book_files,
    evidence,
    demonstration,
    content_check,
    reminding,
)
PAGES = (
    accounts,
    people,
    outbox,
    learning,
    reading,
    journal,
    remarks,
    book,
    checks,
    drills,
    questions,
    searching,
    downloads,
    portfolio,
    tutorials,
    confidence,
    filed_drills,
    allocations,
    files,
    handing_in,
    transcripts,
    roleplay,
    briefs,
    marking,
    finishing,
    agreement,
    quality,
    supervision,
    accreditation,
    panel,
    certificates,
    check,
    scheme,
    reminders,
)
