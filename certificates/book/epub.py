"""A book as EPUB 3, with the standard library alone: the same words give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid5

from certificates.book.words import Book, Part, Section, every, places
from certificates.book.xhtml import Writer, file_of, page

#: Names every edition of the manual; the version makes an identifier of it.
MANUAL = UUID("6c8f3a52-0f0e-4b5f-9d3e-2c1a7e5b9d40")
STYLE = Path(__file__).parent / "epub.css"
#: What is in the file, said in the terms of schema.org, so that a library can say it to readers.
ACCESS = (
    ("accessMode", "textual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "unlocked"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Text only, with headings, lists and tables marked as such. Not certified by anybody.",
    ),
)
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" \
media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" \
xml:lang="en-GB" prefix="schema: http://schema.org/">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
COVER = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 800" width="600" height="800" role="img" \
aria-labelledby="t"><title id="t">{title}: {subtitle}</title>
<rect width="600" height="800" fill="#F4F4ED"/>
<g fill="none" stroke-width="6.5" transform="translate(60 150) scale(4.4)">
<path d="M8 46C8 25 22 23 22 2" stroke="#1B5557"/>
<path d="M19.5 46C19.5 25 33.5 23 33.5 2" stroke="#6B2E58" stroke-dasharray="9.1 4.35"/></g>
<text x="88" y="470" font-family="Literata, Georgia, serif" font-size="84" \
fill="#1E2627">{title}</text>
<text x="90" y="520" font-family="Literata, Georgia, serif" font-size="27" font-style="italic" \
fill="#475152">{subtitle}</text>
<path d="M90 570H510" stroke="#1B5557" stroke-width="4"/>
<path d="M90 579H510" stroke="#6B2E58" stroke-width="3" stroke-dasharray="9 6.7"/>
<text x="90" y="730" font-family="Atkinson Hyperlegible Next, Verdana, sans-serif" font-size="20" \
fill="#475152">{edition}</text>
</svg>
"""


@dataclass(frozen=True, kw_only=True)
class Typeface:
    """A WOFF2 file to go along. ``letters``: the range of characters that it is there for."""

    name: str
    family: str
    content: bytes
    style: str = "normal"
    weights: str = "200 900"
    letters: str = ""


@dataclass(frozen=True)
class _File:
    """A file of the EPUB. ``reads``: whether it is a page in the order of reading."""

    name: str
    media: str
    content: bytes
    properties: str = ""
    reads: bool = False


def as_epub(book: Book, typefaces: Sequence[Typeface] = ()) -> bytes:
    """Return the book as EPUB 3."""
    files = list(_files(book, typefaces))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _write(archive, book, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _write(archive, book, "META-INF/container.xml", CONTAINER.encode())
        _write(archive, book, "EPUB/package.opf", _package(book, files).encode())
        for file in files:
            _write(archive, book, f"EPUB/{file.name}", file.content)
    return out.getvalue()


def _write(
    archive: zipfile.ZipFile,
    book: Book,
    name: str,
    content: bytes,
    method: int = zipfile.ZIP_DEFLATED,
) -> None:
    entry = zipfile.ZipInfo(name, (book.day.year, book.day.month, book.day.day, 0, 0, 0))
    entry.compress_type, entry.create_system, entry.external_attr = method, 3, 0o644 << 16
    archive.writestr(entry, content, compresslevel=9)


def _files(book: Book, typefaces: Sequence[Typeface]) -> Iterator[_File]:
    known = places(book)
    yield _File("cover.svg", "image/svg+xml", _cover(book).encode(), "cover-image")
    yield _page("cover.xhtml", _cover_page(book))
    yield _page("title.xhtml", _title_page(book))
    yield _page("nav.xhtml", _contents(book), "nav")
    for part in book.parts:
        yield _page(file_of(part), Writer(part, known).whole())
    yield _File("style.css", "text/css", _style(typefaces).encode())
    for face in typefaces:
        yield _File(f"fonts/{face.name}", "font/woff2", face.content)


def _page(name: str, content: str, properties: str = "") -> _File:
    return _File(name, "application/xhtml+xml", content.encode(), properties, reads=True)


def _cover(book: Book) -> str:
    words = (book.title, book.subtitle, book.edition)
    title, subtitle, edition = map(escape, words)
    return COVER.format(title=title, subtitle=subtitle, edition=edition)


def _cover_page(book: Book) -> str:
    alt = escape(f"{book.title}: {book.subtitle}")
    image = f'<img src="cover.svg" alt="{alt}" role="doc-cover"/>'
    return page(book.title, image, ' class="cover" epub:type="cover"')


def _title_page(book: Book) -> str:
    writer = Writer(Part(place="title", title=book.title), places(book))
    imprint = "\n".join(f'<p class="quiet">{writer.text(text)}</p>' for text in book.imprint)
    return page(
        book.title,
        f'<section class="front" epub:type="titlepage"><h1>{escape(book.title)}</h1>'
        f'<p class="subtitle">{escape(book.subtitle)}</p><hr class="twin"/>'
        f"<p>{escape(book.edition)}, {escape(book.day_in_words)}</p></section>"
        f'\n<section class="imprint" epub:type="copyright-page">\n{imprint}\n</section>',
    )


def _contents(book: Book) -> str:
    chapters = "\n".join(_entry(part) for part in book.parts)
    first = next((part for part in book.parts if part.number), book.parts[0])
    marks = [("cover", "cover.xhtml", "Cover"), ("titlepage", "title.xhtml", "Title page")]
    marks += [("toc", "nav.xhtml", "Contents"), ("bodymatter", file_of(first), "Chapters")]
    marks += [
        (part.place, file_of(part), part.title)
        for part in book.parts
        if part.place in {"glossary", "index"}
    ]
    landmarks = "".join(
        f'<li><a epub:type="{kind}" href="{file}">{escape(title)}</a></li>'
        for kind, file, title in marks
    )
    return page(
        "Contents",
        '<nav epub:type="toc" role="doc-toc" id="toc"><h1>Contents</h1>'
        f"<ol>\n{chapters}\n</ol></nav>"
        f'\n<nav epub:type="landmarks" hidden="hidden"><h2>Places</h2><ol>{landmarks}</ol></nav>',
    )


def _entry(part: Part) -> str:
    file = file_of(part)
    name = escape(f"{part.number} {part.title}" if part.number else part.title)
    listed = [one for one in every(Section, part) if one.listed]
    inner = "".join(
        f'<li><a href="{file}#{one.place}">{escape(f"{one.number} {one.title}".strip())}</a></li>'
        for one in listed
    )
    return f'<li><a href="{file}">{name}</a>{f"<ol>{inner}</ol>" if inner else ""}</li>'


def _style(typefaces: Sequence[Typeface]) -> str:
    return "".join(map(_face, typefaces)) + STYLE.read_text(encoding="utf-8")


def _face(one: Typeface) -> str:
    letters = f";unicode-range:{one.letters}" if one.letters else ""
    return (
        f'@font-face{{font-family:"{one.family}";src:url(fonts/{one.name});'
        f"font-style:{one.style};font-weight:{one.weights}{letters}}}\n"
    )


def _package(book: Book, files: Sequence[_File]) -> str:
    items = "\n".join(map(_item, files))
    spine = "\n".join(f'<itemref idref="{_id(one)}"/>' for one in files if one.reads)
    return PACKAGE.format(metadata="\n".join(_metadata(book)), manifest=items, spine=spine)


def _item(file: _File) -> str:
    properties = f' properties="{file.properties}"' if file.properties else ""
    return f'<item id="{_id(file)}" href="{file.name}" media-type="{file.media}"{properties}/>'


def _id(file: _File) -> str:
    return "f-" + file.name.replace("/", "-").replace(".", "-")


def _metadata(book: Book) -> Iterator[str]:
    number = uuid5(MANUAL, f"{book.edition} {book.version}")
    yield f'<dc:identifier id="id">urn:uuid:{number}</dc:identifier>'
    yield f'<dc:title id="title">{escape(book.title)}: {escape(book.subtitle)}</dc:title>'
    yield "<dc:language>en-GB</dc:language>"
    yield f"<dc:creator>{escape(book.author)}</dc:creator>"
    yield f"<dc:date>{book.day.isoformat()}</dc:date>"
    yield f"<dc:description>{escape(book.description)}</dc:description>"
    yield f"<dc:rights>{escape(book.rights)}</dc:rights>"
    yield f'<meta property="dcterms:modified">{book.day.isoformat()}T00:00:00Z</meta>'
    yield '<meta name="cover" content="f-cover-svg"/>'
    for name, value in ACCESS:
        yield f'<meta property="schema:{name}">{escape(value)}</meta>'
