"""A photo from outside: what goes on of it, what is refused in words, and that nothing else comes of hostile bytes."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile

from toegang.core.images import (
    BROKEN,
    MOST_BYTES,
    MOST_PIXELS,
    NO_PHOTO,
    SIDE,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    UnusableImage,
    square,
)

LEFT, MIDDLE, RIGHT = (220, 30, 30), (30, 160, 30), (30, 30, 220)
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def encoded(image, kind="JPEG", **how):
    found = BytesIO()
    image.save(found, kind, **how)
    return found.getvalue()


def stripes(mode="RGB", size=(900, 300)):
    """Three squares beside each other, each of one colour."""
    image = Image.new("RGB", size, MIDDLE)
    third = size[0] // 3
    image.paste(LEFT, (0, 0, third, size[1]))
    image.paste(RIGHT, (2 * third, 0, size[0], size[1]))
    return image.convert(mode)


def read(content):
    return Image.open(BytesIO(content), formats=["JPEG"])


def near(pixel, colour):
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


def why(content):
    with pytest.raises(UnusableImage) as refusal:
        square(content)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGB", "JPEG"), ("CMYK", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG")]
)
def test_the_middle_goes_on_as_a_small_square_jpeg(mode, kind):
    made = read(square(encoded(stripes(mode), kind)))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (300, 300))
    assert all(near(made.getpixel(at), MIDDLE) for at in ((5, 5), (150, 150), (295, 295)))


@pytest.mark.parametrize(("size", "side"), [((4000, 3000), SIDE), ((321, 5000), SIDE), ((50, 70), 50), ((1, 1), 1)])
def test_it_is_never_larger_than_it_was_nor_than_the_limit(size, side):
    assert read(square(encoded(Image.new("RGB", size, MIDDLE)))).size == (side, side)
    assert read(square(encoded(Image.new("L", size, 90), "PNG"))).size == (side, side)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)),
        Image.new("LA", (40, 40), (0, 0)),
        Image.new("P", (40, 40), 0),
    ],
)
def test_what_is_transparent_becomes_white(image):
    how = {"transparency": 0} if image.mode == "P" else {}
    assert near(read(square(encoded(image, "PNG", **how))).getpixel((20, 20)), (255, 255, 255))


@pytest.mark.parametrize(("mode", "grey", "shade"), [("1", 0, 0), ("1", 1, 255), ("L", 90, 90), ("LA", (90, 255), 90)])
def test_grey_keeps_its_shade(mode, grey, shade):
    made = read(square(encoded(Image.new(mode, (40, 40), grey), "PNG"))).getpixel((20, 20))
    assert near(made, (shade, shade, shade))


def from_a_telephone(kind="JPEG"):
    """Lying on its side, with the place where it was taken, a maker, a remark and a small picture of itself."""
    image, exif = Image.new("RGB", (300, 300), LEFT), Image.Exif()
    image.paste(RIGHT, (0, 150, 300, 300))
    exif[ORIENTATION], exif[MAKE] = 6, "Kanarie"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 5.0, 1.0), 3: "E", 4: (4.0, 18.0, 2.0)})
    how = {"comment": b"kanarie"} if kind == "JPEG" else {}
    return encoded(image, kind, exif=exif, icc_profile=b"kanarie" * 20, **how)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_place_maker_and_remarks_are_gone_and_the_photo_stands_upright(kind):
    sent = from_a_telephone(kind)
    before = Image.open(BytesIO(sent))
    assert before.getexif().get_ifd(GPS) and b"Kanarie" in sent  # so that the test can fail
    content = square(sent)
    made = read(content)
    assert dict(made.getexif()) == {}
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"kanarie" not in content.lower() and b"Exif" not in content
    assert near(made.getpixel((250, 150)), LEFT) and near(made.getpixel((50, 150)), RIGHT)  # turned to the right


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width, height):
    """A PNG of one line that says how large it is; the rest of its pixels would come out of nothing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 3000))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5001, 5000), (12_000, 9_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_before_they_take_memory(size):
    bomb = png_of(*size)
    assert len(bomb) < 200
    assert why(bomb) == TOO_MANY_PIXELS


def test_a_jpeg_that_says_it_is_huge_is_refused_too():
    small = encoded(Image.new("RGB", (64, 64)))
    at = small.index(b"\xff\xc0") + 5
    assert why(small[:at] + struct.pack(">HH", 65_000, 65_000) + small[at + 4 :]) == TOO_MANY_PIXELS


def test_as_many_pixels_as_may_be_are_taken():
    full = Image.new("1", (5000, MOST_PIXELS // 5000))
    assert read(square(encoded(full, "PNG"))).size == (SIDE, SIDE)


def test_more_bytes_than_may_be_are_refused():
    photo = encoded(stripes())
    assert square(photo + b"\0" * (MOST_BYTES - len(photo)))
    assert why(photo + b"\0" * (MOST_BYTES - len(photo) + 1)) == TOO_LARGE


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Dit is geen foto.",
        SVG,
        b"%PDF-1.7",
        encoded(Image.new("I;16", (40, 40), 40_000), "PNG"),
        encoded(stripes(), "GIF"),
        encoded(stripes(), "WEBP"),
        encoded(stripes(), "TIFF"),
        encoded(stripes(), "BMP"),
        b"MZ\x90\0" + encoded(stripes()),
    ],
    ids=["empty", "text", "svg", "pdf", "grey-of-16-bits", "gif", "webp", "tiff", "bmp", "program"],
)
def test_what_is_no_jpeg_or_png_is_refused(content):
    assert why(content) == NO_PHOTO


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_that_stops_halfway_is_refused(kind):
    noise = Image.effect_noise((600, 600), 90).convert("RGB")
    content = encoded(noise, kind)
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as WeasyPrint leaves it in a process that made a letter
    assert why(content[: len(content) // 2]) == BROKEN


def test_what_hides_behind_or_in_a_photo_does_not_go_on():
    assert b"<script>" not in square(encoded(stripes()) + SVG)
    assert b"<script>" not in square(encoded(stripes(), comment=SVG))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_damaged_bytes_end_as_a_photo_or_as_a_sentence(kind):
    chance, content = random.Random(20261122), from_a_telephone(kind)
    ends = []
    for _ in range(400):
        hurt = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        try:
            ends.append(read(square(bytes(hurt))).format)
        except UnusableImage as refusal:
            ends.append(str(refusal))
    assert {"JPEG", BROKEN} <= set(ends) <= {"JPEG", NO_PHOTO, BROKEN, TOO_MANY_PIXELS}
