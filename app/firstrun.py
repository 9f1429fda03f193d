"""What `make run` does before the site starts: keys, a database, the demonstration scheme.

Run with ``python -m app.firstrun FOLDER``. It changes nothing that is there already. Without a
folder it prints fresh keys, for a site that is set up by hand.
"""

import os
import secrets
import sys
from pathlib import Path
from shlex import quote

from cryptography.fernet import Fernet

TOWPATH = "towpath.db"
EVIDENCE = "evidence"


def fresh_keys() -> list[str]:
    """Return the two settings that must be secret and random, as lines of a settings file."""
    return [
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        f"SEALED_KEYS={Fernet.generate_key().decode()}",
    ]


def settings(folder: Path) -> Path:
    """Return the file with this machine's settings, made with fresh keys if there is none."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "settings.env"
    if not path.exists():
        lines = [
            "TOWPATH_MODE=demonstration",
            *fresh_keys(),
            # Quoted, since a shell reads this file, and a folder's name may hold a space.
            f"DATABASE_URL={quote(f'sqlite:///{(folder / TOWPATH).resolve()}')}",
            f"EVIDENCE_URL={quote((folder / EVIDENCE).resolve().as_uri())}",
        ]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
    return path


if __name__ == "__main__":
    if sys.argv[1:]:
        settings(Path(sys.argv[1]))
    else:
        sys.stdout.write("\n".join(fresh_keys()) + "\n")
