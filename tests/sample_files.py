"""Files as people send them: good ones, and ones that pretend."""

import io
import zipfile

from PIL import Image, PngImagePlugin

PDF = b"%PDF-1.7\n1 0 obj\n<< /Author (Sam) >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TEXT = "What I would say first – and why.\n".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"
#: What a camera's notes would betray.
PLACE = "51 deg 27 min north"


def docx(*more: str, types: str = "<Types/>") -> bytes:
    """Return a Word document with these further parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", *more):
            parts.writestr(name, types if name.startswith("[") else "<w/>")
    return made.getvalue()


def picture(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left upper corner is red."""
    made = Image.new("RGB", size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return made.convert(mode)


def jpeg(*, turned: int = 1, notes: bool = True, **given: object) -> bytes:
    """Return a photograph, with where, when and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = turned
    if notes:
        exif[0x010F] = "A camera maker"
        exif[0x013B] = "An artist"
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 0.0), 29: PLACE})
        given = {"comment": b"a comment", "xmp": b"<x:xmpmeta>a place</x:xmpmeta>", **given}
    made = io.BytesIO()
    picture().save(made, "JPEG", quality=95, exif=exif, **given)
    return made.getvalue()


def png(*, notes: bool = True, mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> bytes:
    """Return a PNG, with words beside the picture."""
    beside = PngImagePlugin.PngInfo()
    if notes:
        beside.add_text("Author", "An artist")
        beside.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>a place</x:xmpmeta>")
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "An artist"
    picture(size, mode).save(made, "PNG", pnginfo=beside, exif=exif)
    return made.getvalue()


def moving_png() -> bytes:
    """Return a PNG of two pictures, one after the other."""
    made = io.BytesIO()
    other = Image.new("RGB", (40, 20), "blue")
    picture().save(made, "PNG", save_all=True, append_images=[other])
    return made.getvalue()
