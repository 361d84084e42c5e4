"""What a browser fetches first: small, complete and only from us."""

import gzip
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from fontTools.ttLib import TTFont

from toegang.core.management.commands import build_assets

OWN = ("toegang.css", "tokens-aanvulling.css", "print.css")
FIRST_LOAD_KB = 130


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    (folder / "css").mkdir()
    for path in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        (folder / "css" / path.name).write_text(path.read_text())
    call_command("build_assets", static=folder, stdout=StringIO())
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_load_fits_the_budget(static):
    sheets = [static / "vendor/nl-design.css", *(static / "css" / name for name in OWN)]
    styles = sum(len(gzip.compress(sheet.read_bytes())) for sheet in sheets)
    fonts = sum(len(path.read_bytes()) for path in (static / "vendor/fonts").glob("noto-sans-latin-[0-9]*.woff2"))
    assert styles > 0 and fonts > 0
    assert (styles + fonts) / 1000 <= FIRST_LOAD_KB / 2  # the other half is for the page, scripts and images


def test_every_address_in_the_styles_exists_and_is_ours(static):
    sheets = {static / "vendor": "nl-design.css", settings.BASE_DIR / "static/css": "toegang.css"}
    for folder, name in sheets.items():
        targets = re.findall(r"url\(\s*[\"']?([^\"')]+)", (folder / name).read_text())
        local = [target for target in targets if not target.startswith("data:image/svg+xml,")]
        assert local
        assert [target for target in local if not (folder / target).resolve().is_file()] == []


def test_no_style_reaches_outside_or_names_a_source_map(static):
    for path in [static / "vendor/nl-design.css", *(settings.BASE_DIR / "static/css").glob("*.css")]:
        text = re.sub(r"http://www\.w3\.org/2000/svg", "", path.read_text())
        assert re.findall(r"https?:|//[a-z]|@import|sourceMappingURL", text) == []


def test_our_layer_reads_only_tokens_that_have_a_value(static):
    sheets = [static / "vendor/nl-design.css", *(static / "css" / name for name in OWN)]
    defined = {name for path in sheets for name in re.findall(r"(--[\w-]+):", path.read_text())}
    used = build_assets.references((static / "css/toegang.css").read_text())
    assert used <= defined
    assert {name for name in used if not name.startswith("--basis-")} == set()


def test_accents_keep_their_contrast_on_white_and_on_their_tint(static):
    tokens = (static / "css/tokens-aanvulling.css").read_text()
    for door in ("portaal", "sturing"):
        block = re.search(rf"\.tg-door-{door} \{{\s*--voorbeeld.*?\}}", tokens, re.DOTALL)[0]
        tones = dict(re.findall(r"violet-(\d+): (#[0-9a-f]{6})", block))
        for dark, light in (
            ("400", "#ffffff"),
            ("500", "#ffffff"),
            ("500", tones["200"]),
            ("700", tones["100"]),
        ):
            assert contrast(tones[dark], light) >= 4.5


def contrast(one, other):
    """Contrast of two colours (WCAG 2.2, relative luminance)."""
    lights = sorted(luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_pdf_fonts_are_ttf_with_dutch_and_turkish_letters(static):
    names = {path.name for path in (static / "vendor/fonts-pdf").iterdir()}
    assert names == {f"noto-sans-{subset}-{weight}.ttf" for subset in ("latin", "latin-ext") for weight in (400, 700)}
    latin = TTFont(static / "vendor/fonts-pdf/noto-sans-latin-400.ttf")
    extended = TTFont(static / "vendor/fonts-pdf/noto-sans-latin-ext-700.ttf")
    assert latin.flavor is None
    assert set(map(ord, "aéëïĳ€")) <= latin.getBestCmap().keys() | extended.getBestCmap().keys()
    assert set(map(ord, "şğıő")) <= extended.getBestCmap().keys() | latin.getBestCmap().keys()


def test_building_again_gives_the_same_files_and_drops_strangers(static):
    before = files(static)
    (static / "vendor" / "left-behind.css").write_text("x")
    call_command("build_assets", static=static, stdout=StringIO())
    assert files(static) == before


def test_without_packages_it_says_what_to_do_and_leaves_everything(tmp_path, static):
    before = files(static)
    with pytest.raises(CommandError, match="Voer eerst uit: npm ci"):
        call_command("build_assets", static=static, modules=tmp_path, stdout=StringIO())
    assert files(static) == before


def test_a_subset_keeps_only_rules_and_selectors_of_our_components():
    css = """@charset "UTF-8"; /* x { */ .utrecht-alert, .utrecht-drawer { color: red; }
    .utrecht-alert .utrecht-drawer { color: red } .utrecht-grid { color: red }
    @media print { .utrecht-table > td { top: 0 } .utrecht-grid { top: 0 } }
    @media screen { .other { top: 0 } }
    /*# sourceMappingURL=x.css.map */"""
    assert build_assets.subset(css) == (".utrecht-alert{color: red;}\n@media print{.utrecht-table > td{top: 0}\n}\n")


def test_tokens_follow_one_another_and_the_rest_goes():
    theme = ".voorbeeld-theme { --a: var(--b); --b: 1px; --c: 2px; }"
    assert build_assets.tokens(theme, "x { top: var( --a, 0) }") == ".voorbeeld-theme{--a:var(--b);--b:1px;}\n"


def test_a_broken_sheet_is_refused():
    with pytest.raises(CommandError, match="niet compleet"):
        build_assets.subset(".utrecht-alert { color: red;")
