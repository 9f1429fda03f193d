"""Write tests/routes.txt, the reviewed table of pages and who may open each: `make routes`."""

from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask

from app import create_app
from app.config import Config, Mode

FILE = Path(__file__).parent / "routes.txt"


def table(app: Flask) -> str:
    """Return one line for each page: its methods, its address, what it takes to open it."""
    lines = sorted(
        f"{','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'})):10}{rule.rule:76}"
        f"{app.view_functions[rule.endpoint].policy}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table as the site is now. Read what changed before you commit it."""
    config = Config(
        SECRET_KEY="x" * 40,
        SEALED_KEYS=(Fernet.generate_key().decode(),),
        DATABASE_URL="sqlite://",
        MODE=Mode.TEST,
    )
    FILE.write_text(table(create_app(config)))


if __name__ == "__main__":
    main()
