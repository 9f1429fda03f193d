"""The manual as files to take away: made once for each version, beside the pages, and kept."""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from flask import Flask, current_app

import certificates
from app.content import framework, manual
from app.learning.download_words import as_book
from assessments.framework import Framework
from certificates.book import Typeface, as_epub, as_pdf
from modules import Manual

HERE = Path(__file__).parent
CODE = (HERE, "download*.py"), (Path(certificates.__file__).parent, "**/*.*")
DRAWN_WITH = ("reportlab",)
FONTS = HERE.parent / "static" / "fonts"
LATIN = (
    "U+0020-007E,U+00A0-00FF,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2032-2033,U+2039-203A,"
    "U+20AC,U+2122,U+2190-2193,U+2212"
)
SERIF, SANS = "Literata", "Atkinson Hyperlegible Next"
#: (file, family, style, letters) of each typeface that goes along in the EPUB.
FACES = (
    ("literata.woff2", SERIF, "normal", LATIN),
    ("literata-italic.woff2", SERIF, "italic", LATIN),
    ("literata-latin-ext.woff2", SERIF, "normal", "U+0100-02BA,U+1E00-1E9F"),
    ("atkinson-next.woff2", SANS, "normal", LATIN),
)
MEDIA = {"pdf": "application/pdf", "epub": "application/epub+zip"}


@dataclass(frozen=True, kw_only=True)
class File:
    """One file to take away. ``name`` says which edition and version it is."""

    name: str
    media: str
    content: bytes
    digest: str


Files = dict[str, File]


class Shelf:
    """Holds the files of one process, and the thread that makes them."""

    def __init__(self, book: Manual, award: Framework) -> None:
        self._manual, self._award = book, award
        self._lock = threading.Lock()
        self._files: Files | None = None
        self._making: threading.Thread | None = None

    def ask(self) -> Files | None:
        """Return the files, or None if they are still to be made: then that begins.

        It takes a few seconds, so no page waits for it.
        """
        with self._lock:
            if self._files is None and (self._making is None or not self._making.is_alive()):
                self._files = _kept(self._manual, self._award)
                if self._files is None:
                    self._making = threading.Thread(target=self.make, daemon=True)
                    self._making.start()
            return self._files

    def wait(self, seconds: float) -> Files | None:
        """Return the files, or None if they are not made after so many seconds."""
        files, making = self.ask(), self._making
        if files is None and making is not None:
            making.join(seconds)
        return self._files

    def make(self) -> Files:
        """Return the files, read back or made here and now; keep them where that is possible."""
        found = _kept(self._manual, self._award)
        if found is None:
            found = made(self._manual, self._award)
            with suppress(OSError):  # where nobody can write, each process makes its own
                _keep(found, _folder(), _stem(self._manual, self._award))
        self._files = found
        return found


def made(book: Manual, award: Framework) -> Files:
    """Return the files, made anew. The same words and the same code give the same bytes."""
    words = as_book(book, award)
    faces = [
        Typeface(
            name=name,
            family=family,
            style=style,
            weights="400 650",
            letters=letters,
            content=(FONTS / name).read_bytes(),
        )
        for name, family, style, letters in FACES
    ]
    return _named(book, {"pdf": as_pdf(words), "epub": as_epub(words, faces)})


def _named(book: Manual, contents: dict[str, bytes]) -> Files:
    stem = f"towpath-manual-{book.edition.number}-{book.version}"
    return {
        kind: File(
            name=f"{stem}.{kind}",
            media=MEDIA[kind],
            content=content,
            digest=sha256(content).hexdigest()[:32],
        )
        for kind, content in contents.items()
    }


def _folder() -> Path:
    """Return where files are kept: only who may change the code itself can write there."""
    return HERE / "__pycache__"


def _stem(book: Manual, award: Framework) -> str:
    """Return a name that changes with anything that the files are made from."""
    found = sha256(f"{book.version} {[version(name) for name in DRAWN_WITH]}".encode())
    found.update(f"{award.award.status_statement} {award.criteria}".encode())
    code = {path for folder, pattern in CODE for path in folder.glob(pattern) if _is_source(path)}
    for path in sorted(code | {FONTS / name for name, *_ in FACES}):
        found.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return f"book-{found.hexdigest()[:24]}"


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _kept(book: Manual, award: Framework) -> Files | None:
    stem = _folder() / _stem(book, award)
    try:
        return _named(book, {kind: stem.with_suffix(f".{kind}").read_bytes() for kind in MEDIA})
    except OSError:
        return None


def _keep(files: Files, folder: Path, stem: str) -> None:
    folder.mkdir(exist_ok=True)
    for kind, file in files.items():
        unfinished = folder / f"{stem}.{kind}.{os.getpid()}"
        unfinished.write_bytes(file.content)
        unfinished.replace(folder / f"{stem}.{kind}")
    for older in folder.glob("book-*"):
        if not older.name.startswith(stem):
            older.unlink(missing_ok=True)


def shelf() -> Shelf:
    """Return this site's shelf."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def init_app(app: Flask) -> None:
    """Put up the shelf. Nothing is made before somebody asks."""
    with app.app_context():
        app.extensions["shelf"] = Shelf(manual(), framework())
