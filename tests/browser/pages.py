"""Every page of the house with what it needs: who looks, where, and what to do first."""

from dataclasses import dataclass
from typing import Any

OWN = """
SELECT c.id, u.username FROM casework_case c JOIN casework_grant g ON g.case_id = c.id AND upper_inf(g.validity)
JOIN accounts_user u ON u.id = g.user_id
WHERE g.kind = 'contactpersoon' AND c.status = %s ORDER BY u.username <> 'contactpersoon', c.reference LIMIT 1
"""
STATES = ("melding", "gesprek", "vraaganalyse", "plan", "aanbieder", "besluit", "uitvoering", "evaluatie")
OF_CASE = {
    "note": "SELECT id FROM casework_leefgebiednote WHERE case_id = %s ORDER BY id LIMIT 1",
    "inquiry": "SELECT id FROM casework_hulpvraag WHERE case_id = %s AND status = 'onderzoek' LIMIT 1",
    "hulpvraag": "SELECT id FROM casework_hulpvraag WHERE case_id = %s ORDER BY melding_on LIMIT 1",
    "line": "SELECT id FROM plans_maatwerkline WHERE case_id = %s LIMIT 1",
}


@dataclass(frozen=True)
class Page:
    """One picture: a name, who looks, the address and what is done before the picture."""

    name: str
    login: str
    path: str
    before: Any = None


def _empty_form(page):
    page.locator("main form button[type=submit]").last.click()


def _overtaken(page):
    """Send the form as if it was opened before a colleague wrote."""
    page.locator("[name=version]").first.evaluate("field => { field.value = '0' }")
    page.locator("[name=relevant]").first.check()
    page.locator("[name=why]").fill("Mijn tekst, getypt terwijl een collega ook schreef.")
    page.locator("main form button[type=submit]").first.click()


def _choose_pgb(page):
    page.locator("[name=choice][value=pgb]").check()
    page.locator("main form button[type=submit]").last.click()


def _empty_pgb(page):
    _choose_pgb(page)
    _empty_form(page)


def case_in(house, state):
    """The case in this state, with who handles it; the contactpersoon's own first."""
    return house.ask(OWN, state) or (None, None)


def _of(house, what, case):
    found = house.ask(OF_CASE[what], case) if case else None
    return found[0] if found else None


def pages(house):
    """Give all pages; a page whose object the demo lacks is an error, not a gap."""
    found = {state: case_in(house, state) for state in STATES}
    assert [state for state, (pk, _) in found.items() if pk is None] == []
    case = {state: pk for state, (pk, _) in found.items()}
    who = {state: login for state, (_, login) in found.items()}
    return [*_open_pages(), *_work_pages(house, case, who), *_review_pages(house), *_other_doors(house)]


def _open_pages():
    return [
        Page("inloggen", "", "/inloggen/"),
        Page("inloggen-fout", "", "/inloggen/", _empty_form),
        Page("inwoner-kiezen", "", "/demo/inwoner/"),
        Page("geen-pagina", "", "/bestaat-niet/"),
    ]


def _work_pages(house, case, who):
    me = "contactpersoon"
    found = [
        Page("werkvoorraad", me, "/werkplek/"),
        Page("werkvoorraad-leeg", "teamleider", "/werkplek/"),
        Page("team", me, "/werkplek/team/"),
        Page("melding", me, "/werkplek/melding/nieuw/"),
        Page("melding-fout", me, "/werkplek/melding/nieuw/", _empty_form),
        Page("afdrukken", me, "/werkplek/afdrukken/"),
        Page("beheer", "beheerder", "/werkplek/beheer/"),
        Page("zaak-collega", "collega", f"/werkplek/zaak/{case['plan']}/"),
        Page("zaak-vreemd", "buurteam", f"/werkplek/zaak/{case['plan']}/"),
    ]
    found += [Page(f"zaak-{state}", who[state], f"/werkplek/zaak/{pk}/") for state, pk in case.items()]
    parts = {
        "gesprek": ["gesprek/", "gesprek/gevoerd/", "gesprek/op-stukken/", "contactpersoon/"],
        "vraaganalyse": ["analyse/", f"analyse/leefgebied/{_of(house, 'note', case['vraaganalyse'])}/", "terug/"],
        "plan": ["plan/", "plan/antwoord/", "analyse/"],
        "aanbieder": ["aanbieder/", f"aanbieder/regel/{_of(house, 'line', case['aanbieder'])}/", "plan/"],
        "besluit": ["besluit/", "brieven/"],
        "uitvoering": ["evaluatie/", "besluit/", "brieven/", "sluiten/"],
    }
    for state, paths in parts.items():
        for path in paths:
            name = f"{state}-" + path.split("/")[0] + ("-2" if path.count("/") > 1 else "")
            found.append(Page(name, who[state], f"/werkplek/zaak/{case[state]}/{path}"))
    line = f"/werkplek/zaak/{case['aanbieder']}/aanbieder/regel/{_of(house, 'line', case['aanbieder'])}/"
    found.append(Page("pgb", who["aanbieder"], line, _choose_pgb))
    found.append(Page("pgb-fout", who["aanbieder"], line, _empty_pgb))
    note = _of(house, "note", case["vraaganalyse"])
    conflict = f"/werkplek/zaak/{case['vraaganalyse']}/analyse/leefgebied/{note}/"
    found.append(Page("conflict-fout", who["vraaganalyse"], conflict, _overtaken))
    inquiry = house.ask("SELECT case_id, id FROM casework_hulpvraag WHERE status = 'onderzoek' AND law = 'wmo' LIMIT 1")
    if inquiry:
        found.append(Page("onderzoek", me, f"/werkplek/zaak/{inquiry[0]}/analyse/onderzoek/{inquiry[1]}/"))
    draft = house.ask("SELECT case_id, id FROM decisions_beschikking WHERE status = 'concept' LIMIT 1")
    if draft:
        found.append(Page("besluit-opstellen", me, f"/werkplek/zaak/{draft[0]}/besluit/{draft[1]}/"))
    return found


def _review_pages(house):
    waiting = house.ask("SELECT id FROM decisions_beschikking WHERE status = 'ter_toetsing' LIMIT 1")
    return [
        Page("toetsen", "toetser", "/werkplek/toetsen/"),
        Page("toetsen-besluit", "toetser", f"/werkplek/toetsen/{waiting[0]}/"),
    ]


def _other_doors(house):
    letter = house.ask(
        "SELECT l.id, l.addressee_id FROM casework_letter l JOIN casework_person p ON p.id = l.addressee_id "
        "WHERE l.kind = 'beschikking' AND l.sent_on IS NOT NULL LIMIT 1"
    )
    return [
        Page("sturing", "manager", "/sturing/"),
        Page("mijn", f"inwoner:{letter[1]}", "/mijn/"),
        Page("mijn-brief", f"inwoner:{letter[1]}", f"/mijn/brief/{letter[0]}/"),
    ]
