"""Drawn faces for two of the invented medewerkers: a disc, hair and a smile, of nobody who lives."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

# {login: background, hair, skin}
FACES = {
    "contactpersoon": ("#d9ecf2", "#6b3f1f", "#f0c8a4"),
    "collega": ("#f4e3c8", "#2b2b2b", "#c98f62"),
}


def draw_face(login: str) -> bytes:
    """Give the face of this login as a PNG."""
    background, hair, skin = FACES[login]
    image = Image.new("RGB", (640, 640), background)
    pen = ImageDraw.Draw(image)
    pen.ellipse((120, 465, 520, 865), fill="#33607a")
    pen.ellipse((165, 90, 475, 420), fill=hair)
    pen.ellipse((190, 140, 450, 480), fill=skin)
    pen.chord((185, 110, 455, 330), 180, 360, fill=hair)
    for x in (262, 362):
        pen.ellipse((x, 285, x + 22, 315), fill="#222222")
    pen.arc((255, 320, 385, 420), 25, 155, fill="#7a2f2f", width=9)
    found = BytesIO()
    image.save(found, "PNG")
    return found.getvalue()
