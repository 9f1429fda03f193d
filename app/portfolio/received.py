"""Files as learners send them: what they are, going by what is in them, and what may be kept.

A name says nothing here. What is neither of the four kinds is refused; an image is drawn afresh, so
that nothing stays of where, when and with what it was taken.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from zipfile import BadZipFile, ZipFile

from app.portfolio import pictures
from app.portfolio.pictures import Unreadable
from app.store import CHUNK
from app.uploads import LARGEST

#: Characters of a file's name, its ending included.
LONGEST_NAME = 100
#: How much of a file is looked at to see what it is.
HEAD = 8192


class FileKind(StrEnum):
    """What is kept."""

    PDF = "pdf"
    DOCX = "docx"
    JPEG = "jpeg"
    PNG = "png"
    TEXT = "text"

    @property
    def label(self) -> str:
        """Return the kind as pages name it."""
        return _KINDS[self][0]

    @property
    def media_type(self) -> str:
        """Return the kind as browsers name it."""
        return _KINDS[self][1]

    @property
    def ending(self) -> str:
        """Return what names of this kind end in."""
        return _KINDS[self][2]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {
    FileKind.PDF: ("PDF", "application/pdf", ".pdf"),
    FileKind.DOCX: ("Word document", _WORD, ".docx"),
    FileKind.JPEG: ("JPEG image", "image/jpeg", ".jpg"),
    FileKind.PNG: ("PNG image", "image/png", ".png"),
    FileKind.TEXT: ("Plain text", "text/plain", ".txt"),
}
_GUESSED = {
    "image/jpeg": FileKind.JPEG,
    "image/png": FileKind.PNG,
    "image/apng": FileKind.PNG,
    _WORD: FileKind.DOCX,
}
#: Other endings that say the same.
ALIKE = {FileKind.JPEG: (".jpeg",), FileKind.TEXT: (".text",)}
WHAT_IS_KEPT = "PDF, Word (.docx), JPEG, PNG or plain text"


class Refused(Exception):
    """A file that is not kept, with the reason and what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A file that may be kept, as it will be."""

    name: str
    kind: FileKind
    content: IO[bytes]
    size: int


def receive(sent: IO[bytes], name: str) -> Received:
    """Return a file as it will be kept. Raises Refused."""
    size = sent.seek(0, 2)
    if not size:
        raise Refused("is empty. Look at it on your device, then choose it again")
    if size > LARGEST:
        raise Refused(
            f"is larger than {LARGEST // 1_000_000} MB. Make it smaller, or send it in parts"
        )
    sent.seek(0)
    kind = _kind(sent.read(HEAD))
    content = _CHECKS[kind](sent)
    size = content.seek(0, 2)
    content.seek(0)
    return Received(name=clean_name(name, kind), kind=kind, content=content, size=size)


def _kind(head: bytes) -> FileKind:
    import filetype

    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    guess = filetype.guess_mime(head)
    if guess in _GUESSED:
        return _GUESSED[guess]
    if head.startswith(b"PK\x03\x04"):
        return FileKind.DOCX
    if guess in {"image/heic", "image/heif", "image/avif"}:
        raise Refused(
            "is a photograph in Apple’s HEIC format, from which we cannot take out where it was "
            "taken. Save it as JPEG, then choose that"
        )
    if b"\0" in head:
        raise Refused(f"is of a kind that is not kept. Save it as {WHAT_IS_KEPT}")
    return FileKind.TEXT


def _pdf(sent: IO[bytes]) -> IO[bytes]:
    # Readers look for the end in the last kilobyte or so; a copy that was cut off has none.
    sent.seek(max(sent.seek(0, 2) - 2048, 0))
    if b"%%EOF" not in sent.read():
        raise Refused("is a PDF that was cut off or damaged. Save it again, then choose it")
    return sent


#: More parts than any document has: what comes here is not unpacked, but its list is read.
MOST_PARTS = 5_000
MACROS = re.compile(r"vbaProject|macroEnabled", re.IGNORECASE)


def _docx(sent: IO[bytes]) -> IO[bytes]:
    sent.seek(0)
    try:
        with ZipFile(sent) as parts:
            names = parts.namelist()[:MOST_PARTS]
            if not {"[Content_Types].xml", "word/document.xml"} <= set(names):
                raise Refused(f"is of a kind that is not kept. Save it as {WHAT_IS_KEPT}")
            with parts.open("[Content_Types].xml") as types:
                said = types.read(CHUNK).decode("utf-8", "replace")
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused("is a Word document that cannot be opened. Save it again") from error
    if any(MACROS.search(text) for text in (*names, said)):
        raise Refused("holds macros, which are programs. Save it as .docx without them, or as PDF")
    return sent


#: How web pages, drawings and other programs' files begin or give themselves away.
MARKUP = re.compile(
    r"\A\s*(?:<[!?a-z]|%!PS|\{\\rtf)|<(?:script|svg|html|iframe|object|embed)[\s>/]", re.IGNORECASE
)
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _text(sent: IO[bytes]) -> IO[bytes]:
    sent.seek(0)
    try:
        text = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            f"is of a kind that is not kept. Save it as {WHAT_IS_KEPT}; plain text in UTF-8"
        ) from error
    if UNSEEN.search(text):
        raise Refused(f"is of a kind that is not kept. Save it as {WHAT_IS_KEPT}")
    if MARKUP.search(text):
        raise Refused("is a web page or a drawing made of text. Save it as PDF, then choose that")
    return sent


def _picture(kind: FileKind) -> Callable[[IO[bytes]], IO[bytes]]:
    def check(sent: IO[bytes]) -> IO[bytes]:
        try:
            drawn = pictures.without_traces(sent, kind.name)
        except Unreadable as refusal:
            raise Refused(str(refusal)) from refusal
        if drawn.seek(0, 2) > LARGEST:
            raise Refused("becomes too large once its hidden details are out. Make it smaller")
        return drawn

    return check


_CHECKS: dict[FileKind, Callable[[IO[bytes]], IO[bytes]]] = {
    FileKind.PDF: _pdf,
    FileKind.DOCX: _docx,
    FileKind.TEXT: _text,
    FileKind.JPEG: _picture(FileKind.JPEG),
    FileKind.PNG: _picture(FileKind.PNG),
}


def clean_name(name: str, kind: FileKind) -> str:
    """Return a name without folders or signs that cannot be seen, with the ending of its kind.

    Signs that turn the direction of reading are among those: with them, "fdp.exe" reads "exe.pdf".
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = re.sub(r"\s+", " ", "".join(_seen(name)))
    name = re.sub(r'[<>:"|?*]', "-", name).strip()
    for ending in (kind.ending, *ALIKE.get(kind, ())):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
            break
    name = name.strip(" .")[: LONGEST_NAME - len(kind.ending)].rstrip(" .")
    return (name or "file") + kind.ending


def _seen(name: str) -> Iterator[str]:
    for sign in name:
        kind = unicodedata.category(sign)
        if kind[0] != "C":
            yield " " if kind[0] == "Z" else sign
        elif sign in "\t\r\n":
            yield " "
