"""A typeface whose embedded subset is written once for the same letters, not for every paper.

reportlab cuts, measures, compresses and describes a subset anew for each document, and always takes
all of ASCII into it. So nearly every paper embeds the same subsets: they are kept as the bytes that
go into the file.
"""

import threading
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject
from reportlab.pdfbase.ttfonts import (
    FF_NONSYMBOLIC,
    FF_SYMBOLIC,
    SUBSETN,
    TTFont,
    makeToUnicodeCMap,
)

#: reportlab reads a face through one place in its file: two threads would read across each other.
_one_at_a_time = threading.Lock()
#: Subsets kept: each face's own, and as many with letters beyond ASCII.
KEPT = 64


@dataclass(frozen=True)
class Subset:
    """What a document embeds of a face: two streams, and two dictionaries but for references."""

    name: str
    program: bytes
    letters: bytes
    described: bytes
    font: bytes


class Written(PDFObject):  # type: ignore[misc]
    """An object of the file that was formatted before; references to others are put at its end."""

    __RefOnly__ = 1

    def __init__(self, content: bytes, **references: Any) -> None:
        self.content, self.references = content, references

    def format(self, document: Any) -> bytes:
        """Return the object as it stands in the file."""
        pairs = [(key.encode(), one.format(document)) for key, one in self.references.items()]
        if not pairs:
            return self.content
        return (
            self.content.removesuffix(b">>")
            + b"".join(b"/%s %s\n" % pair for pair in pairs)
            + b">>"
        )


class Face(TTFont):  # type: ignore[misc]
    """A typeface that embeds itself from subsets already made."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 (reportlab's name)
        """Write the subsets that the document used into it."""
        state = self.state.pop(doc)
        for number, letters in enumerate(state.subsets):
            internal = f"{state.internalName}+{number}"
            with _one_at_a_time:
                subset = _subset(self, number, tuple(letters))
            program = doc.Reference(Written(subset.program), f"fontFile:{subset.name}")
            described = Written(subset.described, FontFile2=program)
            font = Written(
                subset.font,
                ToUnicode=doc.Reference(Written(subset.letters), f"toUnicodeCMap:{subset.name}"),
                FontDescriptor=doc.Reference(described, f"fontDescriptor:{subset.name}"),
            )
            doc.idToObject["BasicFonts"].dict[internal] = doc.Reference(font, internal)


@lru_cache(KEPT)
def _subset(font: Face, number: int, letters: tuple[int, ...]) -> Subset:
    face = font.face
    name = (SUBSETN(number) + b"+" + face.name + face.subfontNameX).decode("ascii")
    return Subset(
        name=name,
        program=_stream(face.makeSubset(list(letters))),
        letters=_stream(makeToUnicodeCMap(name, letters).encode("ascii")),
        described=_dictionary(_described(face, name)),
        font=_dictionary(
            {
                "Type": "/Font",
                "Subtype": "/TrueType",
                "BaseFont": PDFName(name),
                "FirstChar": 0,
                "LastChar": len(letters) - 1,
                "Widths": PDFArray([face.getCharWidth(one) for one in letters]),
            }
        ),
    )


def _described(face: Any, name: str) -> dict[str, Any]:
    return {
        "Type": "/FontDescriptor",
        "Ascent": face.ascent,
        "CapHeight": face.capHeight,
        "Descent": face.descent,
        "Flags": face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC,
        "FontBBox": PDFArray(face.bbox),
        "FontName": PDFName(name),
        "ItalicAngle": face.italicAngle,
        "StemV": face.stemV,
        "MissingWidth": face.defaultWidth,
    }


def _dictionary(entries: dict[str, Any]) -> bytes:
    # Nothing in it refers to another object, so no document is needed.
    written: bytes = PDFDictionary(entries).format(None)
    return written


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = {"Filter": PDFName("FlateDecode"), "Length": len(packed), "Length1": len(content)}
    return _dictionary(head) + b"\nstream\n" + packed + b"\nendstream\n"
