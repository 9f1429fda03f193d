"""Files as they are sent: what is in them decides, and images lose what is beside the picture."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.portfolio import pictures, received
from app.portfolio.received import FileKind, Refused, clean_name, receive
from tests.sample_files import HTML, PDF, PLACE, SVG, TEXT, docx, jpeg, moving_png, png


def got(content, name="a"):
    return receive(io.BytesIO(content), name)


def opened(content):
    made = Image.open(got(content).content)
    made.load()
    return made


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PDF, FileKind.PDF),
            (docx(), FileKind.DOCX),
            (jpeg(), FileKind.JPEG),
            (png(), FileKind.PNG),
            (TEXT, FileKind.TEXT),
            (b"\xef\xbb\xbf" + TEXT, FileKind.TEXT),
            (b"BM is how bitmaps begin, and letters, too", FileKind.TEXT),
            (b"MZ, dear colleague", FileKind.TEXT),
        ],
    )
    def test_what_is_in_it_decides_and_the_name_follows(self, content, kind):
        file = got(content, "holiday.exe")

        assert file.kind is kind
        assert file.name == f"holiday.exe{kind.ending}"

    @pytest.mark.parametrize("content", [PDF, docx(), TEXT])
    def test_documents_are_kept_byte_for_byte(self, content):
        assert got(content).content.read() == content

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (SVG, "a web page or a drawing made of text"),
            (HTML, "a web page or a drawing made of text"),
            (b"\xef\xbb\xbf  \n<?xml version='1.0'?><x/>", "a web page or a drawing"),
            (b"Dear all,\n<ScRiPt src=x>", "a web page or a drawing"),
            (b"{\\rtf1 hello}", "a web page or a drawing"),
            (b"%!PS-Adobe-3.0", "a web page or a drawing"),
            (TEXT + b"\0", "of a kind that is not kept"),
            ("Grüße".encode("utf-16"), "of a kind that is not kept"),
            ("Grüße".encode("latin-1"), "plain text in UTF-8"),
            (b"\x1b[2Jhello", "of a kind that is not kept"),
            (b"MZ\x90\0\x03\0\0\0", "of a kind that is not kept"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "of a kind that is not kept"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "of a kind that is not kept"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 20, "HEIC"),
            (PDF[:40], "cut off or damaged"),
            (docx()[:-30], "cannot be opened"),
            (b"PK\x03\x04" + b"\0" * 40, "cannot be opened"),
            (docx("word/vbaProject.bin"), "holds macros"),
            (docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        ],
    )
    def test_anything_else_is_refused_with_what_to_do(self, content, message):
        with pytest.raises(Refused, match=message):
            got(content, "photo.jpg")

    def test_a_zip_that_is_no_document_is_refused(self):
        with pytest.raises(Refused, match="not kept"):
            got(docx().replace(b"word/document.xml", b"xxxx/document.xml"))

    def test_a_web_page_behind_a_picture_goes_with_what_is_beside_the_picture(self):
        for content in (jpeg(), png()):
            kept = got(content + HTML).content.read()
            assert b"script" not in kept

    def test_a_file_of_just_the_limit_is_kept_and_one_byte_more_is_not(self, monkeypatch):
        monkeypatch.setattr(received, "LARGEST", len(TEXT))

        assert got(TEXT).size == len(TEXT)
        with pytest.raises(Refused, match="larger than"):
            got(TEXT + b"x")


class TestImages:
    @pytest.mark.parametrize("content", [jpeg(), jpeg(turned=6), png()])
    def test_where_when_and_by_whom_is_gone(self, content):
        assert b"An artist" in content

        kept = got(content).content.read()

        for trace in ("Exif", "eXIf", PLACE, "An artist", "camera", "xmp", "comment"):
            assert trace.encode() not in kept
        made = Image.open(io.BytesIO(kept))
        assert dict(made.getexif()) == {}
        assert not {"exif", "xmp", "comment", "XML:com.adobe.xmp", "Author"} & made.info.keys()

    def test_it_is_turned_as_it_was_meant_to_be_seen(self):
        made = opened(jpeg(turned=6))  # a quarter to the right

        assert made.size == (20, 40)
        red, _, blue = made.getpixel((17, 3))
        assert red > 200 > 100 > blue

    def test_colours_stay_as_they_were_meant(self):
        from PIL import ImageCms

        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

        assert opened(jpeg(icc_profile=profile)).info["icc_profile"] == profile
        assert "icc_profile" not in opened(jpeg(icc_profile=profile + b"\0" * 1_000_000)).info

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
    def test_every_kind_of_png_survives(self, mode):
        content = png(mode=mode, notes=False)

        made = opened(content)

        assert made.mode == Image.open(io.BytesIO(content)).mode
        assert made.convert("RGBA").getpixel((2, 2)) == Image.open(io.BytesIO(content)).convert(
            "RGBA"
        ).getpixel((2, 2))

    def test_two_pictures_in_one_jpeg_become_the_first(self):
        made = io.BytesIO()
        first, second = Image.new("RGB", (8, 8), "white"), Image.new("RGB", (8, 8), "black")
        first.save(made, "MPO", save_all=True, append_images=[second])

        file = got(made.getvalue())

        assert Image.open(file.content).format == "JPEG"
        assert Image.open(file.content).getpixel((1, 1)) == (255, 255, 255)

    def test_a_moving_image_is_refused(self):
        with pytest.raises(Refused, match="moving"):
            got(moving_png())

    @pytest.mark.parametrize("content", [jpeg(notes=False), png(notes=False)])
    def test_a_damaged_one_is_refused(self, content):
        for broken in (content[: len(content) // 2], content[:24] + b"\xff" * 200):
            with pytest.raises(Refused, match="damaged"):
                got(broken)

    def test_one_that_says_it_is_huge_is_refused_before_it_is_unpacked(self):
        for wide in (6_000, 60_000, 2_000_000_000):
            with pytest.raises(Refused, match=r"32 million points|damaged"):
                got(a_png_that_says_it_is(wide))

    def test_one_of_many_points_is_refused(self, monkeypatch):
        monkeypatch.setattr(pictures, "MOST_POINTS", 40 * 20 - 1)

        with pytest.raises(Refused, match="points"):
            got(png())


def a_png_that_says_it_is(wide):
    """Return a PNG of some hundred bytes that would fill the memory."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", wide, wide, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    )


class TestNames:
    @pytest.mark.parametrize(
        ("sent", "shown"),
        [
            ("My reflection.PDF", "My reflection.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\me\\essay.pdf", "essay.pdf"),
            ("report.pdf\r\nX-Evil: 1", "report.pdf X-Evil- 1.pdf"),
            ("\u202efdp.exe", "fdp.exe.pdf"),
            ("a\u200bb\x00c.pdf", "abc.pdf"),
            ('say "hello" <b>.pdf', "say -hello- -b-.pdf"),
            ("...", "file.pdf"),
            ("", "file.pdf"),
            (".pdf", "file.pdf"),
            ("  spaced   out .pdf", "spaced out.pdf"),
            ("Übung – Teil 2.pdf", "Übung – Teil 2.pdf"),
            ("U\u0308bung.pdf", "Übung.pdf"),
            ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ],
    )
    def test_folders_and_unseen_signs_go_and_the_rest_stays(self, sent, shown):
        assert clean_name(sent, FileKind.PDF) == shown

    def test_jpeg_and_jpg_are_the_same_ending(self):
        assert clean_name("a.JPEG", FileKind.JPEG) == "a.jpg"
