"""Images without what they say of where, when and by whom they were taken."""

import io
import threading
import zlib
from struct import error as StructError  # noqa: N812 (it is an exception)
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

#: Points in an image. A telephone's camera takes 12 to 24 million; each needs four bytes, twice.
MOST_POINTS = 32_000_000
#: A colour profile says how colours look. One as long as this says something else.
LONGEST_PROFILE = 1_000_000
QUALITY = 92
#: One at a time in each process, so that ten at once cannot exhaust its memory.
ONE_AT_A_TIME = threading.Lock()
#: What a decoder raises for a file that lies about itself, beyond what it was written to raise.
FAULTS = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError, OverflowError,
    AttributeError, StructError, zlib.error, ArithmeticError,
)  # fmt: skip


class Unreadable(Exception):
    """An image that cannot be drawn afresh, with what to do."""


def without_traces(sent: IO[bytes], form: str) -> IO[bytes]:
    """Return a JPEG or PNG drawn afresh: turned as it is meant to be seen, with nothing beside it.

    Of what stood beside the points, the colour profile alone is kept. Raises Unreadable.
    """
    from PIL import Image

    sent.seek(0)
    forms = ("JPEG", "MPO") if form == "JPEG" else ("PNG",)
    with ONE_AT_A_TIME:
        try:
            with Image.open(sent, formats=forms) as found:
                _refuse_huge(found)
                return _drawn(found, form)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_points() from error
        except FAULTS as error:
            raise Unreadable("is damaged. Save the image again, then choose it") from error


def _refuse_huge(found: "Image") -> None:
    # Known from the head of the file, before a single point is unpacked.
    if found.width * found.height > MOST_POINTS:
        raise _too_many_points()


def _too_many_points() -> Unreadable:
    most = MOST_POINTS // 1_000_000
    return Unreadable(f"has more than {most} million points. Save the image smaller")


def _drawn(found: "Image", form: str) -> IO[bytes]:
    from PIL import ImageOps

    if form == "PNG" and getattr(found, "n_frames", 1) > 1:
        raise Unreadable("is a moving image. Save one picture of it, then choose that")
    found.load()
    # Whatever else was read stands in ``info``, and some of it would be written out again.
    profile, clear = found.info.get("icc_profile"), found.info.get("transparency")
    ImageOps.exif_transpose(found, in_place=True)
    found.info = {} if clear is None else {"transparency": clear}
    kept: dict[str, Any] = {}
    if profile and len(profile) <= LONGEST_PROFILE:
        kept["icc_profile"] = profile
    if form == "JPEG":
        # As fine as it came, and so about as long; of two in one file, the tables are not known.
        kept["quality"] = "keep" if found.format == "JPEG" else QUALITY
    drawn = io.BytesIO()
    found.save(drawn, form, **kept)
    return drawn
