"""A photo that somebody sends becomes a small square JPEG of our own: its pixels go on, and nothing else of it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

KINDS = ("JPEG", "PNG")
ENDINGS = (".jpg", ".jpeg", ".png")
MOST_BYTES = 5_000_000
MOST_PIXELS = 25_000_000  # a telephone makes 24 million; with transparency these take 200 MB for a moment
SIDE = 320
QUALITY = 85

NO_PHOTO = "Dit bestand is geen foto die wij kunnen lezen. Kies een foto die JPEG of PNG is"
BROKEN = "Deze foto is beschadigd of kunnen wij niet lezen. Kies een andere foto, of maak een nieuwe"
TOO_LARGE = f"Deze foto is groter dan {MOST_BYTES // 1_000_000} MB. Kies een kleinere foto, of maak hem kleiner"
TOO_MANY_PIXELS = (
    f"Deze foto heeft meer dan {MOST_PIXELS // 1_000_000} miljoen beeldpunten. "
    "Kies een kleinere foto, of maak hem kleiner"
)


class UnusableImage(Exception):  # noqa: N818 (names what was sent)
    """What was sent is no photo that the house takes; its text is a sentence for who sent it."""


def square(content: bytes) -> bytes:
    """Give the middle of a JPEG or PNG as a square JPEG without anything else; raises UnusableImage.

    The number of pixels is read from the head of the file, before any of them takes memory.
    """
    if len(content) > MOST_BYTES:
        raise UnusableImage(TOO_LARGE)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once loaded, lets half a photo be grey below
    try:
        with Image.open(BytesIO(content), formats=KINDS) as image:
            return _encoded(_middle(image))
    except UnusableImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusableImage(TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise UnusableImage(NO_PHOTO) from error
    except Exception as error:  # a decoder of hostile bytes fails in more ways than it tells
        raise UnusableImage(BROKEN) from error


def _middle(image: Image.Image) -> Image.Image:
    """The middle of a photo, upright as its camera told, at most SIDE wide."""
    if image.width * image.height > MOST_PIXELS:
        raise UnusableImage(TOO_MANY_PIXELS)
    if image.mode.startswith("I"):  # 65,536 shades of grey, of which every conversion makes white
        raise UnusableImage(NO_PHOTO)
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than needed
    mode = "RGBA" if image.has_transparency_data else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    size = min(side, SIDE)
    small = image.resize((size, size), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))
    return ImageOps.exif_transpose(small)


def _encoded(image: Image.Image) -> bytes:
    """A JPEG of these pixels on white; a fresh image bears no word of where it was taken, by whom and with what."""
    fresh, found = Image.new("RGB", image.size, "white"), BytesIO()
    fresh.paste(image, (0, 0), image if image.mode == "RGBA" else None)
    fresh.save(found, "JPEG", quality=QUALITY)
    return found.getvalue()
