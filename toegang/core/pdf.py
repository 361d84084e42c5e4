"""Letters as PDF files: the only module that calls WeasyPrint.

WeasyPrint is imported at its first use: the site must also run where its system library Pango is absent.
"""

import importlib
import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

_STATIC = Path(__file__).resolve().parents[2] / "static"
_FONTS = _STATIC / "vendor" / "fonts-pdf"
_STYLE = _STATIC / "css" / "letter.css"
# Family names of our own keep a "Noto Sans" of the machine out of the letters. Latin and its extension differ
# in name, because WeasyPrint takes two files of one family and weight for one font and misprints "Doğan".
_FONT_FILES = (
    ("noto-sans-latin-400.ttf", "Toegang Noto Sans", 400),
    ("noto-sans-latin-700.ttf", "Toegang Noto Sans", 700),
    ("noto-sans-latin-ext-400.ttf", "Toegang Noto Sans Ext", 400),
    ("noto-sans-latin-ext-700.ttf", "Toegang Noto Sans Ext", 700),
)

_VARIANT = "pdf/a-2a"
# PDF/A forbids interpolated pictures.
_PRELUDE = "html { image-rendering: crisp-edges }\n"
# WeasyPrint says PDF/A or PDF/UA, never both. PDF/A in turn wants each namespace it does not know described.
_PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END_OF_METADATA = b"</rdf:RDF>"


class PdfError(Exception):
    """A PDF cannot be made; the message says in Dutch why."""


class _Enclosed:
    """A URL fetcher that opens data: URLs alone and remembers what else was asked of it.

    WeasyPrint swallows most errors of a fetcher (it leaves out the picture) and wraps the rest in a
    BaseException if told to, hence the memory.
    """

    _fail_on_errors = False  # WeasyPrint reads this name on every fetcher

    def __init__(self, fetch_data: Callable[[str], Any]) -> None:
        self._fetch_data = fetch_data
        self._refused: list[str] = []

    def __call__(self, url: str) -> Any:
        if not url.startswith("data:"):
            self._refused.append(url)
            raise ValueError("refused")
        return self._fetch_data(url)

    def check(self) -> None:
        """Raise PdfError when anything but a data: URL was asked for."""
        if self._refused:
            raise PdfError(f"Een brief haalt niets op van buiten: {self._refused[0][:200]}")


@dataclass(frozen=True)
class _Press:
    """What is made once in a process: half of the time of a letter would go to it."""

    weasyprint: ModuleType
    fetch_data: Callable[[str], Any]
    fonts: Any
    style: Any


def render_pdf(html: str, *, title: str) -> bytes:
    """Return `html` as one file, both PDF/A-2a and PDF/UA-1, in the style of static/css/letter.css.

    Neither network nor file system is read: pictures are data: URLs. No date of making is written, so the
    same arguments give the same bytes as long as WeasyPrint, Pango and the fonts stay the same. `title` is
    what a reader shows; the language is that of the html element. Raises PdfError when either is missing,
    when the html refers to anything outside itself, or when the fonts are not there.
    """
    press = _press(os.getpid())
    fetcher = _Enclosed(press.fetch_data)
    try:
        # The base makes relative addresses reach the fetcher; without one they are left out in silence.
        page = press.weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=fetcher)
        document = page.render(font_config=press.fonts, stylesheets=[press.style], pdf_variant=_VARIANT)
        document.metadata.title = title.strip()
        if not (document.metadata.title and document.metadata.lang):
            raise PdfError("Een brief heeft een titel en een taal nodig.")
        content: bytes = document.write_pdf(finisher=_declare_pdf_ua, pdf_variant=_VARIANT)
    except press.weasyprint.urls.URLFetchingError:
        fetcher.check()  # the few places where WeasyPrint lets the refusal through
        raise
    fetcher.check()
    return content


def warm_up() -> None:
    """Load WeasyPrint, the fonts and the style at the start of a worker process. Raises PdfError."""
    _press(os.getpid())


@cache
def _press(_process: int) -> _Press:
    """Make the press of one process: a child must not use the font folder that its parent removes."""
    weasyprint = importlib.import_module("weasyprint")
    fetch_data = weasyprint.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    fetcher = _Enclosed(fetch_data)
    fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
    style = weasyprint.CSS(
        string=_PRELUDE + _font_faces(_FONTS) + _STYLE.read_text(encoding="utf-8"),
        font_config=fonts,
        url_fetcher=fetcher,  # a style sheet without its own fetcher would reach the network
    )
    fetcher.check()
    return _Press(weasyprint=weasyprint, fetch_data=fetch_data, fonts=fonts, style=style)


def _font_faces(folder: Path) -> str:
    """Return the @font-face rules with the font files themselves inside."""
    missing = [name for name, *_ in _FONT_FILES if not (folder / name).is_file()]
    if missing:
        raise PdfError(f"Lettertypen ontbreken ({', '.join(missing)}). Draai eerst: manage.py build_assets")
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{b64encode((folder / name).read_bytes()).decode()}) }}\n"
        for name, family, weight in _FONT_FILES
    )


def _declare_pdf_ua(_document: Any, pdf: Any) -> None:
    """Add PDF/UA-1 to the metadata and leave them uncompressed, as PDF/A asks."""
    (metadata,) = (o for o in pdf.objects if getattr(o, "extra", {}).get("Type") == "/Metadata")
    metadata.compress = False
    (xml,) = metadata.stream
    metadata.stream = [xml.replace(_END_OF_METADATA, _PDF_UA + _END_OF_METADATA)]
