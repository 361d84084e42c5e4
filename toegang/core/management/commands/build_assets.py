"""Make static/vendor/ from node_modules: only the styles, tokens and fonts that our pages use."""

import json
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from fontTools.ttLib import TTFont

UTRECHT = "@utrecht/component-library-css"
THEME = "@nl-design-system-unstable/voorbeeld-design-tokens"
FONT = "@fontsource/noto-sans"
CANDIDATES = {
    "@nl-design-system-candidate/button-css": "dist/button.css",
    "@nl-design-system-candidate/data-badge-css": "dist/data-badge.css",
    "@nl-design-system-candidate/skip-link-css": "dist/skip-link.css",
}
COMPONENTS = {
    "utrecht-alert",
    "utrecht-custom-checkbox",
    "utrecht-form-field-description",
    "utrecht-form-field-error-message",
    "utrecht-form-label",
    "utrecht-radio-button",
    "utrecht-select",
    "utrecht-table",
    "utrecht-textarea",
    "utrecht-textbox",
    "nl-button",
    "nl-data-badge",
    "nl-skip-link",
}
UNUSED_VARIANT = re.compile(
    r"nl-button--(pressed|positive|negative|icon-only|busy|disabled)|__header--sticky|__footer|-size\b"
    r"|--(focus|focus-visible|hover|active|disabled|checked|placeholder-[a-z]+)$"
)
SUBSETS = ("latin", "latin-ext")
WEIGHTS = (400, 700)
STYLESHEET = "nl-design.css"


class Command(BaseCommand):
    """Copy what is used from node_modules to static/vendor/; running it again gives the same files."""

    help = "Maakt static/vendor/ uit node_modules (stijlen en lettertypen)."

    def add_arguments(self, parser: Any) -> None:
        """Take other folders than the project's own."""
        parser.add_argument("--modules", type=Path, default=settings.BASE_DIR / "node_modules")
        parser.add_argument("--static", type=Path, default=settings.BASE_DIR / "static")

    def handle(self, *, modules: Path, static: Path, **options: Any) -> None:  # noqa: ARG002
        """Build the folder from nothing, so that a file which is no longer used disappears."""
        for package in (UTRECHT, THEME, FONT, *CANDIDATES):
            if not (modules / package / "package.json").is_file():
                raise CommandError(f"{package} ontbreekt in {modules.name}. Voer eerst uit: npm ci")
        vendor = static / "vendor"
        shutil.rmtree(vendor, ignore_errors=True)
        (vendor / "fonts").mkdir(parents=True)
        (vendor / "fonts-pdf").mkdir()
        faces = "".join(copy_fonts(modules / FONT, vendor))
        own = "".join(path.read_text() for path in sorted((static / "css").glob("*.css")))
        sheet = faces + stylesheet(modules, own)
        (vendor / STYLESHEET).write_text(sheet)
        self.stdout.write(f"static/vendor: {STYLESHEET} {len(sheet) // 1000} kB, {len(SUBSETS) * len(WEIGHTS)} fonts")


def copy_fonts(package: Path, vendor: Path) -> Iterator[str]:
    """Copy each web font, store it as TTF for PDFs too, and yield its @font-face rule."""
    ranges = json.loads((package / "unicode.json").read_text())
    yield origin(package)
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"noto-sans-{subset}-{weight}"
            content = (package / "files" / f"{name}-normal.woff2").read_bytes()
            (vendor / "fonts" / f"{name}.woff2").write_bytes(content)
            # WeasyPrint reads TTF almost twice as fast as WOFF2.
            font = TTFont(BytesIO(content), recalcTimestamp=False)
            font.flavor = None
            font.save(vendor / "fonts-pdf" / f"{name}.ttf")
            yield (
                f"@font-face{{font-family:'Noto Sans';font-style:normal;font-weight:{weight};"
                f"font-display:swap;src:url(fonts/{name}.woff2) format('woff2');"
                f"unicode-range:{ranges[subset]}}}\n"
            )


def stylesheet(modules: Path, own: str) -> str:
    """Return tokens and components in one text; `own` is our layer, whose tokens are kept as well."""
    sources = {UTRECHT: "dist/index.css", **CANDIDATES}
    parts = [origin(modules / p) + subset((modules / p / path).read_text()) for p, path in sources.items()]
    components = "".join(parts)
    theme = (modules / THEME / "dist/theme.css").read_text()
    return origin(modules / THEME) + tokens(theme, components + own) + components


def origin(package: Path) -> str:
    """Name the package, its version and its licence above the part that comes from it."""
    facts = json.loads((package / "package.json").read_text())
    return f"/* {facts['name']} {facts['version']}, {facts['license']} */\n"


def tokens(theme: str, users: str) -> str:
    """Keep the tokens of the theme that `users` refer to, directly or through other tokens."""
    defined = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", without_comments(theme)))
    kept: set[str] = set()
    todo = references(users)
    while todo:
        kept |= todo
        todo = {name for token in todo for name in references(defined.get(token, ""))} - kept
    lines = "".join(f"{name}:{value};" for name, value in defined.items() if name in kept)
    return f".voorbeeld-theme{{{lines}}}\n"


def references(text: str) -> set[str]:
    """Return the custom properties that the text reads."""
    return set(re.findall(r"var\(\s*(--[\w-]+)", text))


def subset(css: str) -> str:
    """Keep the rules, and of each rule the selectors, that belong to our components."""
    kept = []
    for prelude, body in rules(without_comments(css)):
        if prelude.startswith(("@media", "@supports")):
            inner = subset(body)
            kept += [f"{prelude}{{{inner}}}\n"] if inner else []
        elif not prelude.startswith("@"):
            selectors = [s.strip() for s in re.split(r",(?![^(]*\))", prelude) if is_used(s)]
            content = re.sub(r"\s+", " ", body).strip()
            kept += [f"{','.join(selectors)}{{{content}}}\n"] if selectors and content else []
    return "".join(kept)


def is_used(selector: str) -> bool:
    """Tell whether every class in the selector is of a component, in a variant, that we use."""
    classes = re.findall(r"\.([a-z][\w-]*)", selector)
    ours = all(re.split(r"--|__", name)[0] in COMPONENTS for name in classes)
    return bool(classes) and ours and not any(UNUSED_VARIANT.search(name) for name in classes)


def without_comments(css: str) -> str:
    """Drop comments; among them the source-map lines, whose files we do not serve."""
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of each rule at the outer level; a statement without body is passed over."""
    start = 0
    while (opening := css.find("{", start)) != -1:
        end = closing_brace(css, opening)
        yield css[start:opening].rpartition(";")[2].strip(), css[opening + 1 : end]
        start = end + 1


def closing_brace(css: str, opening: int) -> int:
    """Return the place of the brace that closes the one at `opening`; no string in the packages has one."""
    depth = 0
    for mark in re.finditer(r"[{}]", css[opening:]):
        depth += 1 if mark.group() == "{" else -1
        if depth == 0:
            return opening + mark.start()
    raise CommandError("Een stijlbestand in node_modules is niet compleet. Voer opnieuw uit: npm ci")
