"""The papers beside the code (licence, publiccode, security policy) and the data in reference/."""

import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from allauth.account import app_settings
from django.apps import apps

from casework.enums import GrantKind
from toegang.core import images
from toegang.core.logbook import check, sealer

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LAWS = ("wmo", "jeugd")

PLACEHOLDERS = {
    *("gemeente", "aanhef", "melding_datum", "onderzoek_uiterlijk", "eigen_plan_uiterlijk"),
    *("hulpvragen", "contactpersoon", "contact_telefoon", "zaaknummer", "gesprek_datum"),
    *("gesprek_vorm", "reactie_uiterlijk", "voorziening", "volume_tekst", "resultaat"),
    *("vanaf", "tot_en_met", "aanbieder", "vorm_tekst", "aanvraag_datum"),
    "vervangen_besluit",
    *("motivering", "bijdrage_bedrag", "bijdrage_jaar", "evaluatie_datum", "wetsartikel"),
    *("verordening", "bezwaar_tot_en_met", "verzenddatum", "bezwaar_postadres", "bezwaar_website"),
    *("onderzoek_zin", "geweigerd", "vervanger", "vervanger_telefoon", "gemeente_telefoon"),
    *("pgb_beheer", "pgb_kwaliteit", "pgb_bedrag", "pgb_berekening", "pgb_hulpverlener"),
    *("verzoek_datum", "avg_uiterlijk", "avg_uitleg", "avg_grond", "avg_artikel"),
    *("rechtbank", "clientondersteuning", "vertrouwenspersoon", "weigeringsgrond", "kenmerk"),
}
# Words that B1 readers stumble over, or that belong to lawyers.
FORBIDDEN = re.compile(
    r"\b(indien|middels|derhalve|conform|inzake|tevens|teneinde|omtrent|aangaande|desgewenst|dientengevolge"
    r"|betreffende|voornoemde?|hetgeen|alsmede|dan wel|thans|reeds|dienen|dient te|ten behoeve"
    r"|met betrekking tot|maatwerkvoorziening|individuele voorziening|zelfredzaamheid|participatie"
    r"|pro forma|ad hoc|per abuis|a priori|i\.v\.m|m\.b\.t|n\.a\.v|d\.d|d\.m\.v|t\.a\.v)\b",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"\b(artikel|art\.|lid \d)|\d:\d|\{wetsartikel\}", re.IGNORECASE)
LONGEST = 20
LONGEST_ON_AVERAGE = 15


def rows(file: str, table: str) -> list[dict[str, Any]]:
    """Give the rows of one table of reference/."""
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "reference" / file).read_text())[table]
    return found


def all_rows() -> list[tuple[str, dict[str, Any]]]:
    """Give every row of the tables of this project's reference data, with the name of its table."""
    tables = [
        *(
            ("terms.toml", "term"),
            ("leefgebieden.toml", "leefgebied"),
            ("leefgebieden.toml", "onderzoek_part"),
        ),
        *(("products.toml", "product"), ("tariffs.toml", "contribution"), ("reasons.toml", "reason")),
        ("letter_texts.toml", "letter_text"),
    ]
    return [(table, row) for file, table in tables for row in rows(file, table)]


LETTERS = rows("letter_texts.toml", "letter_text")


def name_of(row: dict[str, Any]) -> str:
    """Name a row in the list of tests."""
    return "/".join(str(row[part]) for part in ("kind", "block", "key", "law") if row.get(part))


def sentences(text: str) -> list[list[str]]:
    """Cut a text into sentences of words; an item of a list and a line of its own count as a sentence."""
    parts = [part for line in text.splitlines() for part in re.split(r"(?<=[.?!])\s+", line.removeprefix("- "))]
    return [words for part in parts if (words := re.findall(r"\S*\w\S*", part))]


def faults(text: str) -> list[str]:
    """Name what keeps a text from being B1: long sentences, difficult words."""
    counts = [len(words) for words in sentences(text)]
    found = [f"{count} woorden" for count in counts if count > LONGEST]
    if sum(counts) > LONGEST_ON_AVERAGE * len(counts):
        found.append("gemiddeld te lang")
    return found + [match[0].lower() for match in FORBIDDEN.finditer(text)]


# Papers


def test_the_licence_is_the_whole_eupl():
    text = (ROOT / "LICENSE").read_text()
    headings = re.findall(r"^(\d+)\. (\S.*)$", text, re.MULTILINE)
    assert [int(number) for number, _ in headings] == list(range(1, 16))
    assert dict(headings)["5"] == "Obligations of the Licensee"
    assert dict(headings)["15"] == "Applicable Law"
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text.splitlines()[0]
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in text
    assert len(text.split()) > 2200


def test_publiccode_has_what_the_standard_asks():
    paper = yaml.safe_load((ROOT / "publiccode.yaml").read_text())
    required = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"}
    assert required | {"description", "legal", "maintenance", "localisation"} <= paper.keys()
    assert paper["publiccodeYmlVersion"] == "0.4"
    assert paper["softwareVersion"] == PROJECT["version"]
    assert paper["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert paper["url"].startswith("https://")
    assert paper["softwareType"] == "standalone/web"
    assert paper["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert paper["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert paper["localisation"] == {"localisationReady": True, "availableLanguages": ["nl"]}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_publiccode_describes_itself_in_two_languages(language):
    description = yaml.safe_load((ROOT / "publiccode.yaml").read_text())["description"][language]
    assert len(description["shortDescription"]) <= 150
    assert 500 <= len(description["longDescription"]) <= 10000
    assert 5 <= len(description["features"]) <= 20


def test_the_security_policy_says_how_what_and_which_versions():
    text = (ROOT / "SECURITY.md").read_text()
    dutch, english = text.split("# Security policy (English)")
    for heading in ("Hoe meldt u een zwakke plek?", "Wat beloven wij?", "Welke versies ondersteunen wij?"):
        assert f"\n## {heading}\n" in dutch
    for promise in ("2 werkdagen", "48 uur", "7 dagen", "30 dagen"):
        assert promise in dutch
    for part in ("**Report privately.**", "**We promise**", "**Supported versions.**", "48 hours"):
        assert part in english
    assert f"| laatste {PROJECT['version'].split('.')[0]}.x | ja |" in dutch


# Letters


def test_the_lint_finds_what_it_should_find():
    assert faults("U krijgt hulp. Wij bellen u morgen.") == []
    assert faults("Indien u dit wilt, dient te worden gebeld.") == ["indien", "dient te"]
    assert faults(" ".join(["woord"] * 21) + ". Kort. Kort.") == ["21 woorden"]
    assert faults(" ".join(["woord"] * 16) + ".") == ["gemiddeld te lang"]
    assert sentences("{aanhef}\n\nBel ons. Nu?\n\n- een brief\n- {kenmerk}, van u") == [
        *(["{aanhef}"], ["Bel", "ons."], ["Nu?"], ["een", "brief"], ["{kenmerk},", "van", "u"])
    ]


@pytest.mark.parametrize("row", LETTERS, ids=name_of)
def test_a_letter_text_is_b1(row):
    assert faults(row["text"]) == []
    assert faults(row["heading"]) == []
    assert row["heading"] == "" or row["heading"].endswith("?")


@pytest.mark.parametrize("row", LETTERS, ids=name_of)
def test_a_letter_text_holds_only_known_placeholders(row):
    text = row["heading"] + row["text"]
    assert set(re.findall(r"\{(\w*)\}", text)) <= PLACEHOLDERS
    assert not re.search(r"[{}<>%]", re.sub(r"\{\w+\}", "", text))


def test_every_placeholder_has_its_place():
    assert set(re.findall(r"\{(\w+)\}", "".join(row["text"] for row in LETTERS))) == PLACEHOLDERS


@pytest.mark.parametrize("row", LETTERS, ids=name_of)
def test_articles_stand_in_wet_en_regels_only(row):
    assert bool(ARTICLE.search(row["heading"] + row["text"])) == (row["block"] == "wet_en_regels")


@pytest.mark.parametrize("row", LETTERS, ids=name_of)
def test_a_list_ends_its_block(row):
    """The layout puts the items of a block after its paragraphs: text behind a list would jump before it."""
    lines = [line for line in row["text"].splitlines() if line.strip()]
    items = [line.startswith("- ") for line in lines]
    assert items == sorted(items)
    assert not items[0]


ENDING = "wet_en_regels bezwaar bezwaar_inhoud bezwaar_hulp vragen"
DECISION = "besluit_toekenning besluit_weigering wat_krijgt_u pgb besluit_deels waarom"
RECEIPT = "ontvangst wat_gebeurt_er termijn eigen_plan clientondersteuning"
BLOCKS = {
    ("ontvangstbevestiging", "wmo"): f"{RECEIPT} identiteit privacy vragen",
    ("ontvangstbevestiging", "jeugd"): f"{RECEIPT} vertrouwenspersoon privacy vragen",
    ("uitnodiging", ""): "afspraak waarover neem_mee clientondersteuning verzetten",
    ("nieuwe_contactpersoon", ""): "wie vervanging er_niet vragen",
    ("eerste_contactpersoon", ""): "wie vervanging er_niet vragen",
    ("verslag", "wmo"): "inleiding reageren aanvraag vragen",
    ("verslag", "jeugd"): "inleiding reageren aanvraag vragen",
    ("beschikking", "wmo"): f"{DECISION} eigen_bijdrage geen_eigen_bijdrage afspraken {ENDING}",
    ("beschikking", "jeugd"): f"{DECISION} eigen_bijdrage afspraken {ENDING}",
    ("avg_antwoord", ""): "inleiding pakket verklaring gewijzigd beperkt afwijzing wet_en_regels bezwaar klacht vragen",
    ("avg_verlenging", ""): "inleiding waarom klacht vragen",
    ("inzage", ""): "inleiding teruggehouden rechten",
    ("herinnering_evaluatie", "wmo"): "afspraak voorbereiden eigen_plan clientondersteuning vragen",
    ("herinnering_evaluatie", "jeugd"): "afspraak voorbereiden clientondersteuning vragen",
}


@pytest.mark.parametrize(("kind", "law"), BLOCKS)
def test_a_letter_has_its_blocks_in_order(kind, law):
    chosen = [row for row in LETTERS if row["kind"] == kind and row["law"] in {"", law}]
    in_order = sorted(chosen, key=lambda row: row["order"])
    assert [row["block"] for row in in_order] == BLOCKS[kind, law].split()
    assert in_order[0]["text"].startswith("{aanhef}\n\n")


def text_of(kind: str, block: str, law: str = "") -> str:
    """Give the one text of a block."""
    [text] = [r["text"] for r in LETTERS if (r["kind"], r["block"], r["law"]) == (kind, block, law)]
    return str(text)


@pytest.mark.parametrize(
    ("kind", "block", "law", "needed"),
    [
        ("ontvangstbevestiging", "termijn", "wmo", ["{onderzoek_uiterlijk}", "zes weken", "aanvraag"]),
        ("ontvangstbevestiging", "eigen_plan", "wmo", ["{eigen_plan_uiterlijk}", "persoonlijk plan"]),
        (
            "ontvangstbevestiging",
            "clientondersteuning",
            "",
            ["gratis", "mantelzorger", "{clientondersteuning}"],
        ),
        ("ontvangstbevestiging", "vertrouwenspersoon", "jeugd", ["{vertrouwenspersoon}"]),
        ("ontvangstbevestiging", "identiteit", "wmo", ["paspoort, identiteitskaart of verblijfsdocument"]),
        ("uitnodiging", "waarover", "", ["persoonsgebonden budget"]),
        ("verslag", "reageren", "", ["uiterlijk op {reactie_uiterlijk}"]),
        ("verslag", "aanvraag", "", ["altijd een besluit vragen"]),
        (
            "beschikking",
            "wat_krijgt_u",
            "",
            ["{volume_tekst}", "{vanaf}", "{tot_en_met}", "{resultaat}", "{vorm_tekst}"],
        ),
        (
            "beschikking",
            "pgb",
            "",
            ["{pgb_bedrag}", "{pgb_berekening}", "{pgb_beheer}", "{pgb_kwaliteit}", "SVB", "zorgovereenkomst"],
        ),
        ("beschikking", "eigen_bijdrage", "wmo", ["{bijdrage_bedrag} per maand", "{bijdrage_jaar}", "CAK"]),
        ("beschikking", "eigen_bijdrage", "jeugd", ["geen eigen bijdrage"]),
        (
            "beschikking",
            "wet_en_regels",
            "wmo",
            ["{wetsartikel}", "{verordening}", "2.3.8", "2.3.9", "2.3.10"],
        ),
        ("beschikking", "wet_en_regels", "jeugd", ["{wetsartikel} van de Jeugdwet", "{verordening}"]),
        (
            "beschikking",
            "bezwaar",
            "",
            ["tot en met {bezwaar_tot_en_met}", "zes weken", "{verzenddatum}", "{gemeente}"],
        ),
        ("beschikking", "bezwaar", "", ["DigiD: {bezwaar_website}", "brief: {bezwaar_postadres}"]),
        (
            "beschikking",
            "bezwaar_inhoud",
            "",
            ["naam en adres", "datum", "{kenmerk}", "waarom", "handtekening"],
        ),
        (
            "beschikking",
            "bezwaar_hulp",
            "",
            ["{clientondersteuning}", "blijft gelden", "voorlopige voorziening"],
        ),
    ],
)
def test_a_letter_says_what_the_law_asks(kind, block, law, needed):
    text = text_of(kind, block, law)
    assert [part for part in needed if part not in text] == []


# Reference data


@pytest.mark.parametrize(
    ("table", "row"), all_rows(), ids=lambda value: value if isinstance(value, str) else name_of(value)
)
def test_every_row_starts_on_a_day(table, row):
    assert type(row["valid_from"]) is date, table
    assert row["valid_from"] <= row.get("valid_until", date.max)


def test_no_row_stands_twice():
    parts = ("kind", "block", "law", "key", "valid_from")
    seen = Counter((table, *(row.get(part) for part in parts)) for table, row in all_rows())
    assert [row for row, times in seen.items() if times > 1] == []


def test_every_row_fits_the_table_that_loads_it():
    """load_reference drops what is no field and the database cuts nothing short: a row must fit by itself."""
    loads = [(config, *spec) for config in apps.get_app_configs() for spec in getattr(config, "reference", ())]
    assert {file for _, file, *_ in loads} >= {
        "terms.toml",
        "leefgebieden.toml",
        "reasons.toml",
        "letter_texts.toml",
    }
    for config, file, table, model_name, _ in loads:
        model = config.get_model(model_name)
        fields = {field.attname for field in model._meta.concrete_fields}
        for row in rows(file, table):
            assert row.keys() <= fields, f"{file}: {row.keys() - fields}"
            model(**row).clean_fields()


def test_the_terms_are_those_of_the_law():
    assert {
        row["key"]: (row["law"], row.get("days"), row.get("weeks"), row["suspendable"])
        for row in rows("terms.toml", "term")
        if "months" not in row
    } == {
        "wmo_persoonlijk_plan": ("wmo", 7, None, False),
        "wmo_onderzoek": ("wmo", None, 6, False),
        "wmo_besluit": ("wmo", None, 2, True),
        "jeugd_onderzoek": ("beleid", None, 6, False),
        "jeugd_besluit": ("jeugd", None, 8, True),
        "herstel_aanvraag": ("beleid", None, 2, False),
        "bezwaar_indienen": ("awb", None, 6, False),
        "bezwaar_besluit": ("awb", None, 6, True),
        "bezwaar_besluit_commissie": ("awb", None, 12, True),
        "ingebrekestelling": ("awb", None, 2, False),
        "wgs_eerste_gesprek": ("wgs", None, 4, False),
        "ketenpartner_toegang": ("beleid", None, 52, False),
        "wmo_spoed": ("beleid", None, 8, False),
        "jeugd_spoed": ("beleid", None, 8, False),
        "spoed_toets": ("beleid", 7, None, False),
        "spoed_begin": ("beleid", 3, None, False),
        "verslag_reactie": ("beleid", 7, None, False),
        "huisbezoek_contact": ("beleid", 3, None, False),
        "evaluatie_standaard": ("beleid", None, 26, False),
        "inzage_download": ("beleid", 60, None, False),
        "signaal_herbeoordeling": ("beleid", None, 4, False),
        "signaal_wvggz": ("wvggz", 14, None, False),
        "loket": ("beleid", None, 2, False),
        "loket_schulden": ("wgs", None, 4, False),
    }
    in_months = {row["key"]: (row["law"], row["months"]) for row in rows("terms.toml", "term") if "months" in row}
    assert in_months == {"avg_verzoek": ("avg", 1), "avg_verlenging": ("avg", 2)}


@pytest.mark.parametrize(
    ("key", "article"),
    [
        ("wmo_persoonlijk_plan", "Wmo 2015, artikel 2.3.2 lid 2"),
        ("wmo_onderzoek", "Wmo 2015, artikel 2.3.2 lid 1"),
        ("wmo_besluit", "Wmo 2015, artikel 2.3.5 lid 2"),
        ("jeugd_besluit", "Awb, artikel 4:13"),
        ("bezwaar_indienen", "Awb, artikel 6:7 en 6:8"),
        ("bezwaar_besluit", "Awb, artikel 7:10 lid 1"),
        ("bezwaar_besluit_commissie", "Awb, artikel 7:10 lid 1 met 7:13"),
        ("ingebrekestelling", "Awb, artikel 4:17 lid 3"),
        ("avg_verzoek", "AVG, artikel 12 lid 3"),
        ("avg_verlenging", "AVG, artikel 12 lid 3"),
        ("wgs_eerste_gesprek", "Wet gemeentelijke schuldhulpverlening, artikel 4 lid 1"),
    ],
)
def test_a_statutory_term_names_its_article(key, article):
    [source] = [row["source"] for row in rows("terms.toml", "term") if row["key"] == key]
    assert source.startswith(f"{article}: ")


def test_a_term_of_policy_says_so():
    for row in rows("terms.toml", "term"):
        assert row["source"].startswith("Beleid") == (row["law"] == "beleid")


def test_the_parts_of_the_onderzoek_are_complete():
    parts = rows("leefgebieden.toml", "onderzoek_part")
    asked = {law: [p["key"] for p in sorted(parts, key=lambda p: p["order"]) if p["law"] == law] for law in LAWS}
    assert asked == {"wmo": list("abcdefg"), "jeugd": ["j1", "j2", "j3", "j4", "j5"]}
    for part in parts:
        law = "2.3.2 lid 4 onder " + part["key"] if part["law"] == "wmo" else "artikel 2.3 lid 1 Jeugdwet"
        assert law in part["article"]
        assert faults(part["question"]) == []
        assert part["question"].endswith("?")


def test_the_leefgebieden_ask_one_open_question_each():
    areas = sorted(rows("leefgebieden.toml", "leefgebied"), key=lambda row: row["order"])
    assert [area["key"] for area in areas] == [
        *("gezondheid", "huishouden", "wonen", "gezinssituatie", "opvoeding"),
        *("dagbesteding", "financien", "sociaal_netwerk", "mantelzorg", "vervoer"),
    ]
    for area in areas:
        assert faults(area["help"]) == []
        assert re.fullmatch(r"(Wat|Waar|Met wie) [^.?]+\?", area["help"])


def test_products_never_ask_a_contribution_that_the_law_forbids():
    products = rows("products.toml", "product")
    free = {p["key"] for p in products if not p["contribution"]}
    assert free == {p["key"] for p in products if p["law"] == "jeugd"} | {"rolstoel"}


@pytest.mark.parametrize("row", rows("products.toml", "product"), ids=name_of)
def test_a_product_speaks_the_language_of_the_standard(row):
    categories = {"wmo": range(1, 19), "jeugd": range(40, 56)}[row["law"]]
    assert int(row["category"]) in categories
    assert re.fullmatch(r"\d\d", row["category"])
    assert row["unit"] in {"uur", "dagdeel", "etmaal", "stuk", "minuut"}
    assert row["frequency"] in {"week", "maand", "dag", "totaal"}
    assert faults(row["description"]) == []


def test_the_contribution_is_known_until_the_end_of_2026():
    assert [
        (row["law"], row["regime"], row["valid_from"], row["valid_until"], row["amount_cents"])
        for row in rows("tariffs.toml", "contribution")
    ] == [
        ("wmo", "abonnementstarief", date(2024, 1, 1), date(2024, 12, 31), 2060),
        ("wmo", "abonnementstarief", date(2025, 1, 1), date(2025, 12, 31), 2100),
        ("wmo", "abonnementstarief", date(2026, 1, 1), date(2026, 12, 31), 2180),
    ]


def test_the_reasons_to_close_are_those_of_the_life_of_a_case():
    assert {row["key"] for row in rows("reasons.toml", "reason") if row["kind"] == "sluiten"} == {
        *("opgelost_informatie", "alleen_geluisterd", "lichte_hulp", "doorverwezen", "resultaat_bereikt"),
        *("ingetrokken", "geen_contact", "hulp_geweigerd", "verhuisd", "overleden", "andere_wet"),
        *("huishouden_gesplitst", "afgewezen", "ten_onrechte_geopend"),
    }


@pytest.mark.parametrize("row", rows("reasons.toml", "reason"), ids=name_of)
def test_a_reason_reads_well_and_a_refusal_has_its_article(row):
    told = {"weigering", "avg_afwijzing", "avg_terughouden"}  # in a letter, with the article that they rest on
    assert row["kind"] in {
        *("sluiten", "geen_gesprek", "terug", "meldingsroute", "noodtoegang", "afscherming", "terugkoppeling"),
        *("signaal_grond", "signaal_naar", "signaal_niet", "korte_vraag", "loket"),
        *told,
    }
    assert not row["label"].endswith(".")
    assert ("article" in row) == (row["kind"] in told | {"signaal_grond"})
    assert row["kind"] not in told or faults(row["label"]) == []
    if row["kind"] == "weigering":
        law = "Wmo 2015" if row["key"].startswith("wmo_") else "Jeugdwet"
        assert re.fullmatch(rf"artikel [\w. ]+ {law}", row["article"])


def test_the_readme_tells_the_limits_of_signing_in(settings):
    """What the README says of sessions, tries and ways in is what the settings do (ASVS 5.0 6.1, 7.1)."""
    section = (ROOT / "README.md").read_text().split("## Signing in")[1].split("\n## ")[0]
    (staff_idle, staff_whole), (own_idle, own_whole) = (settings.SESSION_LIMITS[k] for k in ("medewerker", "inwoner"))
    assert f"| session ends without use | {staff_idle} minutes (`STAFF_IDLE_MINUTES`) | {own_idle} minutes" in section
    assert f"| session ends in any case | {staff_whole} hours (`STAFF_SESSION_HOURS`) | {own_whole} hours" in section
    assert f"not older than {settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes" in section
    assert {"STAFF_OIDC", "RESIDENT_OIDC", "TOEGANG_MODE=demo"} <= set(re.findall(r"`([A-Z_=a-z]+)`", section))
    assert "5 in 5 minutes per account, 10 a minute per address" in section
    assert "Somebody may have several" in section
    assert "signing out here does not end it" in section and "`prompt=login`, `auth_time`" in section
    assert app_settings.RATE_LIMITS["login_failed"] == "10/m/ip,5/300s/key"


def test_the_readme_tells_how_the_log_is_sealed_and_verified():
    """The numbers and names of its section are those of the code."""
    section = (ROOT / "README.md").read_text().split("## The log")[1].split("\n## ")[0]
    assert f"at most {sealer.BATCH:,} rows" in section
    assert {"manage.py verify_log", "LOG_ROOTS_FOLDER", "core_logseal"} <= set(re.findall(r"`([^`]+)`", section))
    assert timedelta(hours=1) == check.LONGEST
    assert section.count("more than an hour") == 2


def test_the_readme_names_every_log_there_is(settings):
    """The database's log, consoles and the proxy's own: no other place is written to (ASVS 5.0 16.1.1, 16.2.3)."""
    section = (ROOT / "README.md").read_text().split("## The log")[1].split("\n## ")[0]
    assert re.findall(r"^\*\*([\w ]+)\.\*\*", section, re.MULTILINE) == [
        *("What is written", "Kept as it is", "Sealing", "Roots outside", "Verifying", "Weekly review", "Beside it"),
        "Retention",
    ]
    told = ("Web, worker and clock", "in UTC", "the proxy writes", "without the query")
    assert [words for words in told if words not in section] == []
    assert settings.LOGGING["handlers"].keys() == {"console"}
    assert settings.LOGGING["handlers"]["console"]["class"] == "logging.StreamHandler"
    nginx = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["configs"]["nginx"]["content"]
    assert set(re.findall(r"(?:access|error)_log (\S+?)[ ;]", nginx)) == {"/dev/stdout", "/dev/stderr", "off"}
    assert "$$request_uri" not in re.findall(r"log_format .*", nginx)[0]


def test_the_readme_tells_which_files_are_taken_and_who_sees_a_photo():
    """Kinds, sizes and pixels are those of the code, and what a medewerker must know stands there (ASVS 5.0 5.1.1)."""
    section = (ROOT / "README.md").read_text().split("## A face for the contactpersoon")[1].split("\n## ")[0]
    endings = ", ".join(f"`{ending}`" for ending in images.ENDINGS)
    assert f"A {' or '.join(images.KINDS)} ({endings})" in section
    assert f"at most {images.MOST_BYTES // 10**6} MB and {images.MOST_PIXELS // 10**6} million pixels" in section
    assert f"at most {images.SIDE} pixels wide, without place, maker or remarks" in section
    for words in ("It is voluntary", "whose contactpersoon you are or for whom you cover", "taken away at any time"):
        assert words in section


def test_the_readme_tells_who_may_see_and_do_what():
    """Every role and every kind of grant has its row, and no row is of one that does not exist (ASVS 5.0 8.1.1)."""
    section = (ROOT / "README.md").read_text().split("## Who may see and do what")[1].split("\n## ")[0]
    roles, grants = (part.split("\n\n")[0] for part in (section.split("| role |")[1], section.split("| grant |")[1]))
    known = {row["key"] for row in rows("roles.toml", "role")}
    assert set(re.findall(r"^\| `(\w+)`", roles, re.MULTILINE)) == known
    named = [
        name for row in re.findall(r"^\| (`[^|]+)\|", grants, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    assert sorted(named) == sorted(GrantKind.values)
