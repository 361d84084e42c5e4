"""Letters as PDF: both standards in one file, the right glyphs, the same bytes, and nothing fetched."""

import hashlib
import re
import subprocess
import sys
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pikepdf
import pytest
import weasyprint
from django.template import Context, Engine
from fontTools.ttLib import TTFont
from page import ValidationProfile, validate_pdf
from pypdf import PdfReader

from toegang.core import pdf
from toegang.core.pdf import PdfError, render_pdf, warm_up

ROOT = Path(__file__).parents[2]
# WeasyPrint 70 leaves its colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")


def section(heading, *paragraphs, items=(), table=None):
    return SimpleNamespace(heading=heading, paragraphs=paragraphs, items=items, table=table)


def letter(**changes):
    facts = {
        "gemeente_name": "Lindemeer",
        "sender_lines": ["Wijkteam Noord", "Postbus 120", "1234 AB  Lindemeer"],
        "addressee_lines": ["Mevrouw Ş. Yıldız-Őry", "Coöperatieplein 12 B", "1234 CD  Lindemeer"],
        "date_text": "23 november 2026",
        "reference": "WMO-2026-000123",
        "contact_name": "Fatma Doğan",
        "contact_phone": "0123 45 67 89",
        "subject": "Besluit op uw aanvraag hulp bij het huishouden (Wmo)",
        "sections": [
            section("", "Geachte mevrouw Yıldız-Őry,", "In deze brief leest u ons besluit."),
            section(
                "Wat is ons besluit?",
                "U krijgt hulp bij het huishouden.",
                table=SimpleNamespace(
                    caption="Uw hulp",
                    columns=["Hulp", "Hoeveel", "Wie helpt u"],
                    rows=[
                        ["Schoonmaken", "2,5 uur per week", "Café Één"],
                        ["Was", "1 keer", "Şirin"],
                    ],
                ),
            ),
            section("Waarom krijgt u deze hulp?", *["U kunt niet meer zwaar tillen en bukken. " * 6] * 5),
            section("Wat geeft u aan ons door?", "Bijvoorbeeld:", items=["u gaat verhuizen;", "iemand trekt in."]),
            section("Wat betaalt u zelf?", "U betaalt ten hoogste € 21,80 per maand. " * 12),
            section("Hebt u vragen?", "Bel gerust met Fatma Doğan. " * 20),
        ],
        "closing_lines": ["Met vriendelijke groet,", "namens het college van Lindemeer,", "", "S. de Vries"],
        "enclosures": ["Verslag van het gesprek", "Advies van de ergotherapeut"],
    }
    return SimpleNamespace(**facts | changes)


def html_of(a_letter):
    template = Engine(dirs=[ROOT / "templates"]).get_template("letters/base.html")
    return template.render(Context({"letter": a_letter}))


def written(a_letter):
    return render_pdf(html_of(a_letter), title=a_letter.subject)


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def findings(content, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    profiles = (ValidationProfile.PDF_A_2A, ValidationProfile.PDF_UA_1)
    return [str(failure) for p in profiles for failure in validate_pdf(str(path), profile=p).failures]


@pytest.fixture(scope="module")
def content():
    return written(letter())


def test_a_letter_of_two_pages_is_pdf_a_and_pdf_ua(content, tmp_path):
    assert len(PdfReader(BytesIO(content)).pages) == 2
    assert findings(content, tmp_path) == []


def test_a_picture_keeps_to_both_standards(tmp_path):
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    picture = f'<img alt="Wapen" src="data:image/png;base64,{dot}">'
    with_picture = render_pdf(f'<html lang="nl"><body><h1>Brief</h1>{picture}</body></html>', title="Brief")
    assert findings(with_picture, tmp_path) == []
    assert len(PdfReader(BytesIO(with_picture)).pages[0].images) == 1


def test_the_validator_sees_what_a_plain_pdf_lacks(tmp_path):
    assert findings(weasyprint.HTML(string=html_of(letter())).write_pdf(), tmp_path) != []


def test_title_language_and_mark_of_both_standards(content):
    with pikepdf.open(BytesIO(content)) as file:
        assert str(file.Root.Lang) == "nl"
        assert str(file.docinfo.Title) == letter().subject
        with file.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"


def test_text_can_be_read_back(content):
    text = text_of(content)
    for words in (
        "Gemeente Lindemeer",
        "Mevrouw Ş. Yıldız-Őry",
        "Coöperatieplein 12 B",
        "WMO-2026-000123",
        "Fatma Doğan",
        "Café Één",
        "€ 21,80",
        "Wat is ons besluit?",
        "Advies van de ergotherapeut",
        "pagina 1 van 2",
        "pagina 2 van 2",
    ):
        assert words in text


def test_every_printed_glyph_is_the_glyph_of_its_letter(content):
    seen = set()
    with pikepdf.open(BytesIO(content)) as file:
        for font in file.pages[0].Resources.Font.values():
            name = str(font.BaseFont).partition("+")[2]
            source = TTFont(ROOT / "static/vendor/fonts-pdf" / SOURCES[name])
            embedded = TTFont(BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
            for number, letter_ in letters_of(font):
                ours = outline(embedded, embedded.getGlyphName(number))
                assert ours == outline(source, source.getBestCmap()[ord(letter_)]), letter_
                seen.add((name, letter_))
    assert set("ŞŐğ") <= {letter_ for name, letter_ in seen if name == "Toegang-Noto-Sans-Ext"}
    assert set("ıöéÉ€") <= {letter_ for name, letter_ in seen if name == "Toegang-Noto-Sans"}


SOURCES = {
    "Toegang-Noto-Sans": "noto-sans-latin-400.ttf",
    "Toegang-Noto-Sans-Bold": "noto-sans-latin-700.ttf",
    "Toegang-Noto-Sans-Ext": "noto-sans-latin-ext-400.ttf",
    "Toegang-Noto-Sans-Ext-Bold": "noto-sans-latin-ext-700.ttf",
}


def letters_of(font):
    """Pairs of a glyph number and the one letter that it stands for (ligatures left out)."""
    mapping = font.ToUnicode.read_bytes().decode("ascii").partition("beginbfchar")[2]
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]{4})>", mapping, re.IGNORECASE)
    return [(int(number, 16), chr(int(code, 16))) for number, code in pairs if len(code) == 4 and code != "0020"]


def outline(font, name):
    points, ends, _ = font["glyf"][name].getCoordinates(font["glyf"])
    return list(points), list(ends)


def test_optional_lines_leave_no_empty_heading():
    text = text_of(written(letter(contact_phone="", enclosures=[])))
    assert "Telefoon" not in text
    assert "Bijlagen" not in text
    assert "Contactpersoon" in text


def test_the_same_letter_gives_the_same_bytes():
    first = written(letter())
    other = written(letter(subject="Verslag", contact_name="Ö. Ünal"))
    assert written(letter()) == first != other
    code = (
        "import sys, hashlib; from toegang.core.pdf import render_pdf; "
        "print(hashlib.sha256(render_pdf(sys.stdin.read(), title=sys.argv[1])).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, letter().subject],
        input=html_of(letter()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_fonts_and_style_are_made_once_in_a_process():
    pdf._press.cache_clear()
    warm_up()
    written(letter())
    written(letter(subject="Verslag"))
    assert pdf._press.cache_info().misses == 1


def test_weasyprint_is_not_imported_with_the_module():
    code = "import sys, toegang.core.pdf; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_missing_fonts_name_the_command(tmp_path):
    with pytest.raises(PdfError, match=r"noto-sans-latin-400\.ttf.*manage\.py build_assets"):
        pdf._font_faces(tmp_path)


@pytest.mark.parametrize(("html", "title"), [("<html><p>x", "Brief"), ("<html lang=nl><p>x", " ")])
def test_a_letter_without_language_or_title_is_refused(html, title):
    with pytest.raises(PdfError, match="titel en een taal"):
        render_pdf(html, title=title)


class Listener(ThreadingHTTPServer):
    """A web server on loopback that notes each path asked of it; /redirect leads to /target."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.paths = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        self.send_response(302 if self.path == "/redirect" else 404)
        self.send_header("Location", "/target")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Keep the output of the tests clean."""


@pytest.fixture
def listener():
    server = Listener()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def data_url(kind, text):
    return f"data:{kind};base64,{b64encode(text.encode()).decode()}"


# HTTP stands for an address of the listener, FILE for that of a file with a secret.
REFUSED = {
    "img http": '<img alt="x" src="HTTP/img">',
    "img file": '<img alt="x" src="FILE">',
    "img relative": '<img alt="x" src="logo.png">',
    "img protocol relative": '<img alt="x" src="//127.0.0.1/logo.png">',
    "img redirect": '<img alt="x" src="HTTP/redirect">',
    "img after base": '<base href="HTTP/"><img alt="x" src="logo.png">',
    "link stylesheet": '<link rel="stylesheet" href="HTTP/style.css">',
    "link stylesheet file": '<link rel="stylesheet" href="FILE">',
    "css import": '<style>@import url("HTTP/import.css");</style>',
    "css import in a data style sheet": '<link rel="stylesheet" href="DATA_CSS">',
    "css font-face": '<style>@font-face { font-family: f; src: url("HTTP/f.ttf") }</style>',
    "css font-face file": '<style>@font-face { font-family: g; src: url("FILE") }</style>',
    "css background": "<p style=\"background: url('HTTP/background.png')\">x</p>",
    "css list image": "<ul style=\"list-style-image: url('HTTP/list.png')\"><li>x</ul>",
    "css content": '<style>p::before { content: url("HTTP/content.png") }</style><p>x',
    "css color profile": '<style>@color-profile --c { src: url("HTTP/c.icc") }</style>',
    "object": '<object data="HTTP/object.svg"></object>',
    "embed": '<embed src="HTTP/embed.svg">',
    "svg image": '<svg width="9" height="9"><image href="HTTP/svg.png" width="9" height="9"/></svg>',
    "svg image file": '<svg width="9" height="9"><image href="FILE" width="9" height="9"/></svg>',
    "svg in a data address": '<img alt="x" src="DATA_SVG">',
    "attachment http": '<link rel="attachment" href="HTTP/attachment">',
    "attachment file": '<link rel="attachment" href="FILE">',
    "attachment in the text": '<a rel="attachment" href="FILE">x</a>',
}
IGNORED = {
    "iframe http": '<iframe src="HTTP/iframe"></iframe>',
    "iframe file": '<iframe src="FILE"></iframe>',
    "script": '<script src="HTTP/script.js"></script>',
    "svg style": '<svg width="9" height="9"><style>@import url("HTTP/svg.css");</style></svg>',
    "svg use": '<svg width="9" height="9"><use href="HTTP/use.svg#x"/></svg>',
    "link to read": '<a href="HTTP/page">x</a>',
}


@pytest.fixture
def page_with(listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("GEHEIM-7f3a", encoding="utf-8")
    image = f'<image href="{listener.address}/inner" width="9" height="9"/>'
    values = {
        "DATA_CSS": data_url("text/css", f'@import url("{listener.address}/inner.css");'),
        "DATA_SVG": data_url("image/svg+xml", f'<svg xmlns="http://www.w3.org/2000/svg">{image}</svg>'),
        "HTTP": listener.address,
        "FILE": secret.as_uri(),
    }

    def fill(body):
        for name, value in values.items():
            body = body.replace(name, value)
        return f'<html lang="nl"><body><h1>Brief</h1>{body}</body></html>'

    return fill


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_lies_outside_the_letter_is_refused_and_never_fetched(body, page_with, listener):
    with pytest.raises(PdfError, match="haalt niets op van buiten"):
        render_pdf(page_with(body), title="Brief")
    assert listener.paths == []


@pytest.mark.parametrize("body", IGNORED.values(), ids=IGNORED)
def test_what_a_letter_cannot_hold_is_left_out(body, page_with, listener):
    content = render_pdf(page_with(body), title="Brief")
    assert listener.paths == []
    with pikepdf.open(BytesIO(content)) as file:
        assert len(file.attachments) == 0
        streams = [o.read_bytes() for o in file.objects if isinstance(o, pikepdf.Stream)]
    assert not [data for data in streams if b"GEHEIM" in data]


def test_the_listener_hears_weasyprint_without_our_fetcher(page_with, listener):
    body = REFUSED["img redirect"] + REFUSED["attachment file"]
    content = weasyprint.HTML(string=page_with(body)).write_pdf()
    assert listener.paths == ["/redirect", "/target"]
    with pikepdf.open(BytesIO(content)) as file:
        assert len(file.attachments) == 1


def test_the_style_sheet_itself_fetches_nothing(listener, tmp_path, monkeypatch):
    style = tmp_path / "letter.css"
    rule = f'@font-face {{ font-family: h; src: url("{listener.address}/font.ttf") }}'
    style.write_text(rule, encoding="utf-8")
    monkeypatch.setattr(pdf, "_STYLE", style)
    with pytest.raises(PdfError, match="/font"):
        pdf._press.__wrapped__(0)
    assert listener.paths == []


def test_markup_in_a_fact_is_printed_as_text(listener):
    subject = f'Verslag <img src="{listener.address}/fact">'
    assert "<img src=" in text_of(written(letter(subject=subject)))
    assert listener.paths == []
