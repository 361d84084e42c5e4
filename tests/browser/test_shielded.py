"""A shielded address is in no page, no PDF and no row of log or outbox, whoever looks."""

from pathlib import Path

import pypdf

from tests.browser.doors import enter
from tests.browser.pages import pages

SHIELDED = """
SELECT p.id, p.street, p.postcode, c.id FROM casework_person p
JOIN casework_hulpvraag h ON h.person_id = p.id JOIN casework_case c ON c.id = h.case_id
WHERE p.shielded AND p.street <> '' LIMIT 1
"""
PARTS = ("", "gesprek/", "analyse/", "plan/", "aanbieder/", "besluit/", "evaluatie/", "brieven/", "sluiten/")


def test_the_address_is_nowhere(house, visit):
    person, street, postcode, case = house.ask(SHIELDED)
    tab = visit()
    enter(tab, house, "contactpersoon")
    seen = []
    for path in [f"/werkplek/zaak/{case}/{part}" for part in PARTS]:
        answer = tab.goto(house.url + path)
        assert answer.status == 200
        seen.append((path, tab.content()))
    assert "Adres afgeschermd" in seen[0][1]
    seen += _everything_else(house, visit, person)
    assert [path for path, text in seen if street in text or postcode in text] == []


def _everything_else(house, visit, person):
    seen = []
    for login in ("contactpersoon", "toetser", "manager", "beheerder", f"inwoner:{person}"):
        tab = visit()
        enter(tab, house, login)
        for page in (p for p in pages(house) if p.login == login):
            tab.goto(house.url + page.path)
            seen.append((page.path, tab.content()))
        seen.append((login, tab.content()))
    return seen


def test_the_address_is_in_no_letter_and_no_row(house):
    person, street, _, _ = house.ask(SHIELDED)
    (letters,) = house.ask(
        "SELECT count(*) FROM casework_letter WHERE addressee_id = %s AND document_id IS NOT NULL", person
    )
    assert letters > 0
    texts = [_text(path) for path in Path(house.env["FILES_FOLDER"]).glob("??/*")]
    assert len(texts) > 10
    assert any("Adres afgeschermd" in text for text in texts)
    assert [text[:60] for text in texts if street in text] == []
    for table in ("core_logrow", "core_outboxrow"):
        assert house.ask(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", f"%{street}%") == (0,), table


def _text(path):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
