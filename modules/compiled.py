"""The manual as it was last loaded, kept beside its files as Python keeps its own modules.

Rendering every chapter and case takes longer than the rest of a start. What is kept is found by a
digest of all files, code and versions that it was made from: a changed letter makes it anew.
"""

import os
import pickle
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from modules.loading import load_manual
from modules.manual import Manual

FOLDER = Path(__file__).parent
MADE_FROM = ("*.md", "chapters/*.md", "cases/*.yaml", "cases/*/*", "*.yaml", "*.py")
RENDERERS = ("markdown", "nh3", "pydantic", "pyyaml")
#: What reading a file that broke off, or that another version wrote, may raise.
_UNREADABLE = (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError,
               KeyError, TypeError, ValueError)  # fmt: skip


def kept_manual() -> Manual:
    """Return the package's own manual, read back or loaded. Raises ContentErrors as loading does.

    It is kept in ``__pycache__``, which only who may change the code itself can write to. Where
    nobody can, it is loaded at each start.
    """
    kept = FOLDER / "__pycache__" / f"manual-{_digest()}.pickle"
    with suppress(*_UNREADABLE):
        found = pickle.loads(kept.read_bytes())  # noqa: S301 (ours, as the compiled code is)
        if isinstance(found, Manual):
            return found
    manual = load_manual()
    with suppress(OSError):
        _keep(manual, kept)
    return manual


def _keep(manual: Manual, kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(pickle.dumps(manual))
    unfinished.replace(kept)
    for older in kept.parent.glob("manual-*.pickle"):
        if older != kept:
            older.unlink(missing_ok=True)


def _digest() -> str:
    found = sha256(f"{sys.version} {[version(name) for name in RENDERERS]}".encode())
    files = (path for pattern in MADE_FROM for path in FOLDER.glob(pattern) if path.is_file())
    for path in sorted(files):
        found.update(f"\0{path.relative_to(FOLDER)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:24]
