"""The people of the scheme, signed in, for the pages' tests."""

import pytest

from app.accounts.roles import Role
from app.content import manual
from assessments.facts import FactKind, FactOutcome
from tests.client import Browser
from tests.factories import a_user
from tests.factories_accreditation import a_ready_record, facts_for
from tests.factories_portfolio import (
    a_judgement,
    a_registration,
    an_allocation,
    some_evidence,
)
from tests.factories_supervision import an_agreement

ACCREDITED = ((FactKind.PANEL_DECISION, FactOutcome.ACCREDITED, 15, "P2"),)


@pytest.fixture
def chapter(app):
    """The chapter on confidentiality: it has an open question, prompts, and questions on safety."""
    with app.app_context():
        return manual().chapter(5)


@pytest.fixture
def reader(session, browser):
    """Somebody who reads, signed in with ``browser``."""
    user = a_user(session, working_name="Maya Okafor")
    session.commit()
    browser.sign_in(user)
    return user


@pytest.fixture
def coordinator(app, session):
    user = a_user(session, Role.COORDINATOR)
    session.commit()
    browser = Browser(app).sign_in(user)
    browser.user = user
    return browser


@pytest.fixture
def panel(app, session):
    user = a_user(session, Role.PANEL_MEMBER)
    session.commit()
    return Browser(app).sign_in(user)


@pytest.fixture
def accredited(session):
    person = a_user(session, Role.MENTOR, working_name="Aoife Brennan")
    record = a_ready_record(session, person)
    facts_for(session, record, ACCREDITED)
    session.commit()
    return record


@pytest.fixture
def registered(session):
    row = a_registration(session)
    session.commit()
    return row


@pytest.fixture
def learner(app, registered):
    return Browser(app).sign_in(registered.person)


@pytest.fixture
def assessor(app, session):
    user = a_user(session, Role.ASSESSOR, working_name="Hannah Oduya")
    session.commit()
    browser = Browser(app).sign_in(user)
    browser.user = user
    return browser


@pytest.fixture
def allocated(session, registered, assessor):
    """The registered learner is the assessor's own."""
    row = an_allocation(session, registered, assessor.user)
    session.commit()
    return row


@pytest.fixture
def theirs(session, registered):
    """A portfolio with evidence on which an assessor of theirs has decided."""
    evidence = some_evidence(session, registered, "M1.1.1")
    row = a_judgement(session, evidence, "M1.1.1")
    session.commit()
    return row


@pytest.fixture
def agreement(session):
    row = an_agreement(session)
    session.commit()
    return row


@pytest.fixture
def mentor(app, agreement):
    return Browser(app).sign_in(agreement.mentor)


@pytest.fixture
def supervisor(app, agreement):
    return Browser(app).sign_in(agreement.supervisor)
