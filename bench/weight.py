"""What a page weighs on the wire: itself, its style sheets, its scripts, its typefaces."""

import re

from bench.visitor import Visitor

LINKS = re.compile(r'<(?:link|script)[^>]*?(?:href|src)="(/static/[^"]+)"')
IMPORTS = re.compile(r'from "\./([\w.-]+\.js)"')
FACES = re.compile(r"@font-face\{[^}]*?url\(([^)]+)\)[^}]*?\}")
#: A page in English needs the faces that cover its letters.
ENGLISH = "U+0020-007E"
PACKED = {"Accept-Encoding": "gzip"}


def weigh(visitor: Visitor, path: str) -> tuple[int, int]:
    """Return the bytes that come for a page: with its files cached but for itself, and cold.

    "Cached" follows the target: typefaces are there already, style sheets and scripts are not.
    """
    page = len(visitor.get(path, **PACKED).body)
    files = sorted(_files(visitor, path))
    sizes = {name: len(visitor.get(name, **PACKED).body) for name in files}
    fonts = sum(size for name, size in sizes.items() if ".woff2" in name)
    return page + sum(sizes.values()) - fonts, page + sum(sizes.values())


def _files(visitor: Visitor, path: str) -> set[str]:
    """Return every file that the page may fetch: all faces with English letters, used or not."""
    wanted = set(LINKS.findall(visitor.get(path).body.decode()))
    for name in list(wanted):
        text = visitor.get(name).body.decode("utf-8", "replace")
        if ".js" in name:
            wanted |= _imported(visitor, text)
        if ".css" in name:
            faces = [face for face in FACES.finditer(text) if ENGLISH in face[0]]
            wanted |= {f"/static/{face[1]}" for face in faces}
    return wanted


def _imported(visitor: Visitor, text: str) -> set[str]:
    names = {f"/static/js/{name}" for name in IMPORTS.findall(text)}
    for name in list(names):
        names |= _imported(visitor, visitor.get(name).body.decode())
    return names
