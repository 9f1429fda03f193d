"""The site, for any WSGI server: ``gunicorn wsgi:app``."""

from app import create_app
from app.config import UnsafeSetting
from assessments.errors import AssessmentError
from modules import ContentErrors

try:
    app = create_app()
except (UnsafeSetting, ContentErrors, AssessmentError) as fault:
    # Said plainly, without a traceback: whoever starts the site can mend it.
    raise SystemExit(f"Towpath does not start. {fault}") from fault
