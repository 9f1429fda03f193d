"""A canvas whose content is tagged, so that a screen reader meets it in order and by kind.

reportlab writes no structure; we add it: marked content round what is drawn, and a tree of elements
that points at it. The result is a tagged PDF. It has not been validated as PDF/UA or PDF/A, and
nothing may say so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from certificates.typefaces import SANS, normal, register

LANGUAGE = "en-GB"
#: Text armour for mail of the last century: a quarter larger, and slow to make.
rl_config.useA85 = 0


@dataclass
class Element:
    """One node of the structure. ``parts``: elements, or (page, number of marked content)."""

    tag: str
    parts: list[Any] = field(default_factory=list)
    alt: str | None = None
    scope: str | None = None  #: of a table heading: Column or Row
    reference: Any = None


@dataclass(frozen=True)
class Pressed:
    """A place on a page that leads somewhere, as a part of its Link element."""

    page: Any
    reference: Any


class TaggedCanvas:
    """A reportlab canvas and the tree of what was drawn. The same drawing gives the same bytes."""

    def __init__(
        self,
        size: tuple[float, float],
        *,
        title: str,
        subject: str,
        author: str,
        day: date | None = None,
    ) -> None:
        register()
        self.buffer = BytesIO()
        self.canvas = Canvas(
            self.buffer,
            pagesize=size,
            invariant=True,
            pageCompression=1,
            initialFontName=SANS,
            lang=LANGUAGE,
        )
        self.title = normal(title)
        self.canvas.setTitle(self.title)
        self.canvas.setSubject(normal(subject))
        self.canvas.setAuthor(normal(author))
        self.canvas.setCreator("Towpath")
        if day:  # of the words; papers that bear dates of their own say nothing here
            self.canvas._doc._timeStamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
        self.root = Element("Document")
        self._open = [self.root]
        self._on_page: list[Element] = []
        self._pages: list[list[Element]] = []
        self._links: list[tuple[PDFDictionary, Element]] = []

    @contextmanager
    def element(
        self, tag: str, *, alt: str | None = None, scope: str | None = None
    ) -> Iterator[Element]:
        """Everything drawn or opened inside belongs to this element."""
        node = Element(tag, alt=alt, scope=scope)
        self._open[-1].parts.append(node)
        self._open.append(node)
        yield node
        self._open.pop()

    @contextmanager
    def marked(self, node: Element | None = None) -> Iterator[None]:
        """What is drawn inside is content of an element: the innermost open one, or this."""
        node, number = node or self._open[-1], len(self._on_page)
        node.parts.append((self.canvas._doc.thisPageRef(), number))
        self._on_page.append(node)
        self.canvas._code.append(f"/{node.tag} <</MCID {number}>> BDC")
        yield
        self.canvas._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is decoration or repeats on every page: readers pass over it."""
        self.canvas._code.append("/Artifact BMC")
        yield
        self.canvas._code.append("EMC")

    def link(
        self, node: Element, box: tuple[float, float, float, float], to: str, says: str
    ) -> None:
        """Let a box of the page (left, bottom, right, top) lead to a #place or an https:// address.

        ``node`` is the Link element of the words in it; ``says`` is what a screen reader reads out.
        """
        entry = PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName("Link"),
                "Rect": PDFArray([round(one, 2) for one in box]),
                "Border": PDFArray([0, 0, 0]),
                "F": 4,  # printed with the page
                "Contents": PDFString(says),
            }
        )
        if to.startswith("#"):
            entry.dict["Dest"] = self.canvas._bookmarkReference(to[1:])
        else:
            entry.dict["A"] = PDFDictionary({"S": PDFName("URI"), "URI": PDFString(to)})
        name = f"link{len(self._links)}"
        self.canvas._addAnnotation(entry, name)
        reference = self.canvas._doc.refAnnotation(name)
        node.parts.append(Pressed(self.canvas._doc.thisPageRef(), reference))
        self._links.append((entry, node))

    def place(self, name: str, top: float) -> None:
        """Name a height of this page, in points from its bottom, so that links can lead there."""
        self.canvas.bookmarkHorizontalAbsolute(name, round(top, 2))

    def new_page(self) -> None:
        """End this page."""
        self.canvas.showPage()
        page = self.canvas._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._pages), PDFName("S")
        self._pages.append(self._on_page)
        self._on_page = []

    def finish(self) -> bytes:
        """End the last page and return the document."""
        self.new_page()
        document = self.canvas._doc
        catalog = document.Catalog
        catalog.StructTreeRoot = self._tree(document)
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
        catalog.Metadata = self._metadata()
        self.canvas.save()
        return self.buffer.getvalue()

    def _tree(self, document: Any) -> Any:
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        reference = document.Reference(root)
        root.dict["K"] = self._written(document, self.root, reference)
        numbers: list[Any] = []
        for page, nodes in enumerate(self._pages):
            numbers += [page, PDFArray([node.reference for node in nodes])]
        for key, (entry, node) in enumerate(self._links, len(self._pages)):
            entry.dict["StructParent"] = key
            numbers += [key, node.reference]
        root.dict["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        root.dict["ParentTreeNextKey"] = len(self._pages) + len(self._links)
        return root

    def _written(self, document: Any, node: Element, parent: Any) -> Any:
        entry = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(node.tag), "P": parent})
        node.reference = document.Reference(entry)
        page = next((part[0] for part in node.parts if isinstance(part, tuple)), None)
        if page:
            entry.dict["Pg"] = page
        parts = [self._part(document, part, node, page) for part in node.parts]
        entry.dict["K"] = PDFArray(parts)
        if node.alt:
            entry.dict["Alt"] = PDFString(node.alt)
        if node.scope:
            entry.dict["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(node.scope)})
        return node.reference

    def _part(self, document: Any, part: Any, node: Element, own: Any) -> Any:
        """Return a child; or content by number alone where it is on the element's own page."""
        if isinstance(part, Element):
            return self._written(document, part, node.reference)
        if isinstance(part, Pressed):
            held = {"Type": PDFName("OBJR"), "Pg": part.page, "Obj": part.reference}
            return PDFDictionary(held)
        page, number = part
        if page == own:
            return number
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": number})

    def _metadata(self) -> Any:
        text = (
            '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
            f"{escape(self.title)}</rdf:li></rdf:Alt></dc:title>"
            f"<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>"
            '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
        )
        described = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
        return PDFStream(PDFDictionary(described), text.encode("utf-8"))
