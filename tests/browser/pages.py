"""Every page of the house with what it needs: who looks, where, and what to do first."""

from dataclasses import dataclass
from time import time_ns
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
    "person": "SELECT person_id FROM casework_case WHERE id = %s",
    "goal": "SELECT g.id FROM plans_goal g JOIN plans_plan p ON p.id = g.plan_id WHERE p.case_id = %s LIMIT 1",
}
WITH_A_PLAN = """
SELECT p.case_id, p.id, u.username, c.person_id FROM plans_plan p JOIN casework_case c ON c.id = p.case_id
JOIN casework_grant g ON g.case_id = c.id AND upper_inf(g.validity) AND g.kind = 'contactpersoon'
JOIN accounts_user u ON u.id = g.user_id WHERE p.status = %s AND c.status = %s ORDER BY c.reference LIMIT 1
"""
WITH_A_HULPVRAAG = """
SELECT h.case_id, h.id, u.username FROM casework_hulpvraag h
JOIN casework_grant g ON g.case_id = h.case_id AND upper_inf(g.validity) AND g.kind = 'contactpersoon'
JOIN accounts_user u ON u.id = g.user_id WHERE h.status = %s LIMIT 1
"""


@dataclass(frozen=True)
class Page:
    """One picture: a name, who looks, the address and what is done before the picture."""

    name: str
    login: str
    path: str
    before: Any = None


NOBODY = ("Nergensman", 1950)
NAMED = """
SELECT p.family_name, p.born / 10000 FROM casework_case c JOIN casework_person p ON p.id = c.person_id WHERE c.id = %s
"""


def _known(wanted, *, wrong=False):
    """A melding for somebody who sounds like a person who is there; `wrong` sends the question without an answer."""

    def send(page):
        name, year = wanted
        typed = {"given_names": "Iemand", "family_name": name, "born_jaar": str(year), "words": "Het lukt niet meer.",
                 "need": "Hulp in huis"}  # fmt: skip
        for field, text in typed.items():
            page.locator(f"[name={field}]").fill(text)
        for field, value in (("route", "telefoon"), ("aware", "ja"), ("law", "wmo")):
            page.locator(f"[name={field}][value={value}]").check()
        page.locator("main form button[type=submit]").last.click()
        page.locator("[name=known]").first.wait_for()
        if wrong:
            page.locator("main form button[type=submit]").last.click()
            page.get_by_text("Er klopt nog iets niet").wait_for()

    return send


def _search(wanted):
    """Look somebody up by family name and year of birth."""

    def send(page):
        name, year = wanted
        page.locator("[name=family_name]").fill(name)
        page.locator("[name=born_jaar]").fill(str(year))
        page.locator("main form button[type=submit]").last.click()
        page.locator("#gevonden").wait_for()

    return send


def _empty_form(page):
    page.locator("main form button[type=submit]").last.click()


def _emptied(*names):
    """Clear the first fields whose names end so, and send the form that they are in."""

    def send(page):
        for name in names:
            page.locator(f"main [name$={name}]:not([type=hidden])").first.fill("")
        page.locator(f"main form:has([name$={names[0]}]:not([type=hidden])) button[type=submit]").first.click()

    return send


def _first_choice(page):
    page.locator("main input[type=radio]").first.check()
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
    return [
        *_open_pages(),
        *_work_pages(house, case, who),
        *_step_pages(house, case, who),
        *_plan_pages(house, case["plan"], who["plan"]),
        *_review_pages(house),
        *_file_pages(house),
        *_people_pages(house),
        *_feedback_pages(house),
        *_signal_pages(house),
        *_web_pages(house),
        *_divide_pages(house),
        *_gate_pages(house, case["plan"], who["plan"]),
        *_partner_pages(house),
        *_privacy_pages(house, case, who),
        *_beheer_pages(house),
        *_other_doors(house),
        *_resident_pages(house),
        *_own_pages(house),
    ]


def _open_pages():
    return [
        Page("inloggen", "", "/inloggen/"),
        Page("inloggen-fout", "", "/inloggen/", _empty_form),
        Page("inwoner-kiezen", "", "/demo/inwoner/"),
        Page("geen-pagina", "", "/bestaat-niet/"),
        Page("uitnodiging-oud", "", "/uitnodiging/1/oud/"),
    ]


def _work_pages(house, case, who):
    me = "contactpersoon"
    found = [
        Page("werkvoorraad", me, "/werkplek/"),
        Page("werkvoorraad-leeg", "teamleider", "/werkplek/"),
        Page("team", me, "/werkplek/team/"),
        Page("melding", me, "/werkplek/melding/nieuw/"),
        Page("melding-fout", me, "/werkplek/melding/nieuw/", _empty_form),
        Page("melding-bekend", me, "/werkplek/melding/nieuw/", _known(house.ask(NAMED, case["plan"]))),
        Page("melding-bekend-fout", me, "/werkplek/melding/nieuw/", _known(house.ask(NAMED, case["plan"]), wrong=True)),
        Page("korte-vraag", "klantcontact", "/werkplek/korte-vraag/"),
        Page("korte-vraag-fout", "klantcontact", "/werkplek/korte-vraag/", _empty_form),
        Page("zoeken", "klantcontact", "/werkplek/zoeken/"),
        Page("zoeken-fout", "klantcontact", "/werkplek/zoeken/", _empty_form),
        Page("zoeken-gevonden", me, "/werkplek/zoeken/", _search(house.ask(NAMED, case["plan"]))),
        Page("zoeken-niets", "klantcontact", "/werkplek/zoeken/", _search(NOBODY)),
        Page("afdrukken", me, "/werkplek/afdrukken/"),
        Page("zaak-collega", "collega", f"/werkplek/zaak/{case['plan']}/"),
        Page("zaak-vreemd", "buurteam", f"/werkplek/zaak/{case['plan']}/"),
    ]
    found += [Page(f"zaak-{state}", who[state], f"/werkplek/zaak/{pk}/") for state, pk in case.items()]
    parts = {
        "melding": ["gesprek/"],
        "gesprek": ["gesprek/", "gesprek/gevoerd/", "gesprek/op-stukken/", "contactpersoon/"],
        "vraaganalyse": ["analyse/", f"analyse/leefgebied/{_of(house, 'note', case['vraaganalyse'])}/", "terug/"],
        "plan": ["plan/", "analyse/"],
        "aanbieder": ["aanbieder/", f"aanbieder/regel/{_of(house, 'line', case['aanbieder'])}/", "plan/"],
        "besluit": ["besluit/", "brieven/"],
        "uitvoering": ["aanbieder/", "evaluatie/", "besluit/", "brieven/", "sluiten/"],
        "evaluatie": ["evaluatie/"],
    }
    for state, paths in parts.items():
        for path in paths:
            name = f"{state}-" + "-".join(word for word in path.split("/")[:2] if word)
            found.append(Page(name, who[state], f"/werkplek/zaak/{case[state]}/{path}"))
    number = f"/werkplek/zaak/{case['plan']}/persoon/{_of(house, 'person', case['plan'])}/bsn/"
    found.append(Page("bsn", who["plan"], number))
    found.append(Page("bsn-getoond", who["plan"], number, _empty_form))
    found.append(Page("bsn-collega", "collega", number))
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


def _step_pages(house, case, who):
    """The forms of single steps, and what a colleague may not open."""
    work = "/werkplek/zaak"
    new_case, new = house.ask(WITH_A_HULPVRAAG, "gemeld")[:2]
    referred, referral, worker = house.ask(WITH_A_HULPVRAAG, "verwezen")
    reported, with_verslag = house.ask(
        "SELECT h.case_id, h.id FROM casework_hulpvraag h JOIN casework_case c ON c.id = h.case_id "
        "WHERE h.status = 'verslag' AND c.status = 'vraaganalyse' LIMIT 1"
    )
    (closed,) = house.ask("SELECT id FROM casework_case WHERE status = 'afgesloten' LIMIT 1")
    (alone,) = house.ask(
        "SELECT c.id FROM casework_case c WHERE c.status = 'melding' AND NOT EXISTS "
        "(SELECT 1 FROM casework_grant g WHERE g.case_id = c.id AND g.kind = 'contactpersoon') LIMIT 1"
    )
    asked = _of(house, "hulpvraag", case["aanbieder"])
    talk, evaluation = f"{work}/{case['gesprek']}/gesprek/", f"{work}/{case['uitvoering']}/evaluatie/"
    return [
        Page("doorzetten", "contactpersoon", f"{work}/{new_case}/doorzetten/{new}/"),
        Page("zaak-verwezen", worker, f"{work}/{referred}/"),
        Page("verwijzing", worker, f"{work}/{referred}/verwijzing/{referral}/"),
        Page("zaak-zonder-contactpersoon", "teamleider", f"{work}/{alone}/"),
        Page("contactpersoon-kiezen", "teamleider", f"{work}/{alone}/contactpersoon/"),
        Page("reactie", "contactpersoon", f"{work}/{reported}/analyse/reactie/{with_verslag}/"),
        Page("aanvraag", who["aanbieder"], f"{work}/{case['aanbieder']}/aanbieder/aanvraag/{asked}/"),
        Page("zaak-afgesloten", "contactpersoon", f"{work}/{closed}/"),
        Page("heropenen", "contactpersoon", f"{work}/{closed}/heropenen/"),
        Page("mag-niet", "collega", f"{work}/{case['plan']}/plan/woorden/"),
        Page("gesprek-fout", who["gesprek"], talk, _emptied("on", "time")),
        Page("evaluatie-fout", who["uitvoering"], evaluation, _emptied("inwoner_view", "our_view")),
        Page("afdrukken-fout", "contactpersoon", "/werkplek/afdrukken/", _emptied("posted_on")),
    ]


def _plan_pages(house, case, worker):
    """The forms of a plan in the making, and a plan that was shared."""
    plan = f"/werkplek/zaak/{case}/plan"
    goal, hulpvraag = _of(house, "goal", case), _of(house, "hulpvraag", case)
    shared, _, sharer, _ = house.ask(WITH_A_PLAN, "gedeeld", "plan")
    return [
        Page("plan-woorden", worker, f"{plan}/woorden/"),
        Page("plan-doel", worker, f"{plan}/doel/"),
        Page("plan-doel-fout", worker, f"{plan}/doel/", _empty_form),
        Page("plan-actie", worker, f"{plan}/doel/{goal}/actie/"),
        Page("plan-ladder", worker, f"{plan}/ladder/{hulpvraag}/"),
        Page("plan-maatwerk", worker, f"{plan}/maatwerk/{hulpvraag}/"),
        Page("plan-maatwerk-hulp", worker, f"{plan}/maatwerk/{hulpvraag}/", _first_choice),
        Page("plan-gedeeld", sharer, f"/werkplek/zaak/{shared}/plan/"),
        Page("plan-antwoord", sharer, f"/werkplek/zaak/{shared}/plan/antwoord/"),
    ]


def _review_pages(house):
    waiting = house.ask("SELECT id FROM decisions_beschikking WHERE status = 'ter_toetsing' LIMIT 1")
    return [
        Page("toetsen", "toetser", "/werkplek/toetsen/"),
        Page("toetsen-besluit", "toetser", f"/werkplek/toetsen/{waiting[0]}/"),
        Page("toetsen-fout", "toetser", f"/werkplek/toetsen/{waiting[0]}/", _empty_form),
        *_urgent_pages(house),
    ]


URGENT = """
SELECT d.id, d.case_id, d.hulpvraag_id FROM decisions_urgentdecision d WHERE d.tested_on IS NULL LIMIT 1
"""
FAST = """
SELECT h.case_id, h.id FROM casework_hulpvraag h JOIN casework_grant g ON g.case_id = h.case_id
AND upper_inf(g.validity) AND g.kind = 'contactpersoon' JOIN accounts_user u ON u.id = g.user_id
JOIN casework_case c ON c.id = h.case_id WHERE u.username = 'contactpersoon' AND h.law = 'wmo'
AND c.status = 'melding' AND h.status = 'gemeld' LIMIT 1
"""


def _urgent_pages(house):
    """What cannot wait, the fast lane and the first call."""
    urgent, case, hulpvraag = house.ask(URGENT)
    first, question = house.ask(FAST)
    at_once, fast = f"/werkplek/zaak/{case}/spoed/{hulpvraag}/", f"/werkplek/zaak/{first}/snel/{question}/"
    call = f"/werkplek/zaak/{first}/gesprek/eerste/"
    return [
        Page("spoed", "contactpersoon", at_once),
        Page("spoed-brief", "contactpersoon", at_once, _show_letter),
        Page("spoed-fout", "contactpersoon", at_once, _empty_form),
        Page("spoed-besluiten", "contactpersoon", f"/werkplek/zaak/{case}/besluit/"),
        Page("spoed-toets", "toetser", f"/werkplek/toetsen/spoed/{urgent}/"),
        Page("spoed-toets-fout", "toetser", f"/werkplek/toetsen/spoed/{urgent}/", _empty_form),
        Page("snel-kiezen", "contactpersoon", fast),
        Page("snel", "contactpersoon", f"{fast}rolstoel/"),
        Page("snel-fout", "contactpersoon", f"{fast}rolstoel/", _empty_form),
        Page("eerste-gesprek", "contactpersoon", call),
        Page("eerste-gesprek-fout", "contactpersoon", call, _empty_form),
    ]


def _show_letter(page):
    """Fill in a spoedbesluit and ask for its letter."""
    page.locator("[name=product]").first.check()
    for name, text in (("volume", "4"), ("motivation", "U kunt nu niet alleen thuis zijn.")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=reviewer]").select_option(index=1)
    page.locator("[name=bekijken]").click()


def _partner_pages(house):
    """What somebody of a ketenpartner was asked, and the own form for meldingen; who gives that right."""
    person, right = house.ask(
        "SELECT r.user_id, r.id FROM accounts_reportright r JOIN accounts_user u ON u.id = r.user_id "
        "WHERE u.username = 'ketenpartner'"
    )
    page = f"/werkplek/beheer/mensen/{person}/"
    return [
        Page("keten-gevraagd", "ketenpartner", "/werkplek/gevraagd/"),
        Page("keten-melden", "ketenpartner", "/werkplek/gevraagd/melden/"),
        Page("keten-melden-fout", "ketenpartner", "/werkplek/gevraagd/melden/", _empty_form),
        Page("keten-persoon", "beheerder", page),
        Page("keten-laten-melden", "beheerder", f"{page}melden/"),
        Page("keten-laten-melden-fout", "beheerder", f"{page}melden/", _emptied("until", "reason")),
        Page("keten-melden-einde", "beheerder", f"{page}melden/{right}/"),
    ]


def _file_pages(house):
    """The file of somebody with a question under two laws: what one law sees, and the forms."""
    case, person, worker = house.ask(
        "SELECT h.case_id, h.person_id, u.username FROM casework_hulpvraag h "
        "JOIN casework_grant g ON g.case_id = h.case_id AND upper_inf(g.validity) AND g.kind = 'contactpersoon' "
        "JOIN accounts_user u ON u.id = g.user_id WHERE h.law = 'wgs' LIMIT 1"
    )
    (fact,) = house.ask("SELECT id FROM casework_fact WHERE case_id = %s AND law = 'wmo'", case)
    asked, law = house.ask("SELECT id, law FROM casework_hulpvraag WHERE case_id = %s AND law = 'wmo'", case)
    url = f"/werkplek/zaak/{case}/dossier/{person}/{law}/"
    return [
        Page("dossier", worker, url),
        Page("dossier-wgs", worker, f"/werkplek/zaak/{case}/dossier/{person}/wgs/"),
        Page("dossier-toevoegen", worker, f"{url}toevoegen/"),
        Page("dossier-toevoegen-fout", worker, f"{url}toevoegen/", _empty_form),
        Page("dossier-verbeteren", worker, f"{url}verbeteren/{fact}/"),
        Page("dossier-gebruik", worker, f"{url}gebruik/"),
        Page("dossier-gebruik-fout", worker, f"{url}gebruik/", _empty_form),
        Page("dossier-onderzoek", worker, f"/werkplek/zaak/{case}/analyse/onderzoek/{asked}/"),
        Page("dossier-lezen", "collega", f"{url}toevoegen/"),
        Page("dossier-gedeeld", worker, f"{url}gebruik/", _allow_use),
    ]


def _people_pages(house):
    """The people of a case with somebody around them, and each form, empty, filled and wrong."""
    case, person, worker, row = house.ask(
        "SELECT r.case_id, r.person_id, u.username, r.id FROM casework_representation r "
        "JOIN casework_grant g ON g.case_id = r.case_id AND upper_inf(g.validity) AND g.kind = 'contactpersoon' "
        "JOIN accounts_user u ON u.id = g.user_id LIMIT 1"
    )
    family, other = house.ask(
        "SELECT r.case_id, u.username FROM casework_relation r "
        "JOIN casework_grant g ON g.case_id = r.case_id AND upper_inf(g.validity) AND g.kind = 'contactpersoon' "
        "JOIN accounts_user u ON u.id = g.user_id WHERE r.gezag = 'ja' LIMIT 1"
    )
    url = f"/werkplek/zaak/{case}/mensen/"
    mine = f"{url}{person}/"
    return [
        Page("mensen", worker, url),
        Page("mensen-gezin", other, f"/werkplek/zaak/{family}/mensen/"),
        Page("mensen-overzicht", worker, f"/werkplek/zaak/{case}/"),
        Page("mensen-lezen", "collega", url),
        Page("mensen-toevoegen", worker, f"{url}toevoegen/"),
        Page("mensen-toevoegen-fout", worker, f"{url}toevoegen/", _empty_form),
        Page("mensen-naam", worker, f"{mine}naam/"),
        Page("mensen-naam-fout", worker, f"{mine}naam/", _emptied("given_names", "family_name")),
        Page("mensen-contact", worker, f"{mine}contact/"),
        Page("mensen-contact-fout", worker, f"{mine}contact/", _emptied("safe_contact")),
        Page("mensen-verhuizing", worker, f"{mine}verhuizing/"),
        Page("mensen-verhuizing-fout", worker, f"{mine}verhuizing/", _empty_form),
        Page("mensen-postadres", worker, f"{mine}postadres/"),
        Page("mensen-postadres-fout", worker, f"{mine}postadres/", _emptied("city", "since")),
        Page("mensen-weg", worker, f"{mine}weg/"),
        Page("mensen-weg-fout", worker, f"{mine}weg/", _emptied("until")),
        Page("mensen-familie", worker, f"{mine}familie/nieuw/"),
        Page("mensen-familie-fout", worker, f"{mine}familie/nieuw/", _emptied("since")),
        Page("mensen-vertegenwoordiger", worker, f"{mine}vertegenwoordiger/{row}/"),
        Page("mensen-vertegenwoordiger-fout", worker, f"{mine}vertegenwoordiger/{row}/", _emptied("name")),
        Page("mensen-netwerk", worker, f"{mine}netwerk/nieuw/"),
        Page("mensen-dubbel", worker, f"{mine}samenvoegen/"),
        Page("mensen-netwerk-fout", worker, f"{mine}netwerk/nieuw/", _empty_form),
    ]


def _feedback_pages(house):
    """What a verwijzer may be told."""
    case, melding, worker = house.ask(
        "SELECT h.case_id, h.melding_id, u.username FROM casework_hulpvraag h "
        "JOIN casework_grant g ON g.case_id = h.case_id AND upper_inf(g.validity) AND g.kind = 'contactpersoon' "
        "JOIN accounts_user u ON u.id = g.user_id WHERE h.referrer <> '' LIMIT 1"
    )
    url = f"/werkplek/zaak/{case}/melding/{melding}/terugkoppelen/"
    return [Page("terugkoppelen", worker, url), Page("terugkoppelen-fout", worker, url, _emptied("said_by"))]


def _web_pages(house):
    """Asking for help by the website, what the team sees of it, and the melding that comes of it."""
    (pk,) = house.ask("SELECT id FROM casework_webmelding LIMIT 1")
    me = "contactpersoon"
    return [
        Page("website-vragen", "", "/mijn/melden/"),
        Page("website-vragen-fout", "", "/mijn/melden/", _empty_form),
        Page("website-ontvangen", "", f"/mijn/melden/{pk}/"),
        Page("website-melding", me, f"/werkplek/website/{pk}/"),
        Page("website-melding-fout", me, f"/werkplek/website/{pk}/", _drop_without_reason),
        Page("website-opslaan", me, f"/werkplek/melding/nieuw/?website={pk}"),
    ]


def _drop_without_reason(page):
    page.locator("details summary").click()
    page.locator("main details form button[type=submit]").click()


def _divide_pages(house):
    """What waits for a contactpersoon, and a case that was given."""
    return [
        Page("verdelen", "teamleider", "/werkplek/team/verdelen/"),
        Page("verdelen-fout", "teamleider", "/werkplek/team/verdelen/", _empty_form),
        *(Page(f"toegewezen{name}", "collega", path, do) for name, path, do in _given(house)),
    ]


def _given(house):
    (case,) = house.ask("SELECT case_id FROM casework_assignment WHERE answered_on IS NULL LIMIT 1")
    back = f"/werkplek/zaak/{case}/teruggeven/"
    return [("", "/werkplek/", None), ("-teruggeven", back, None), ("-teruggeven-fout", back, _empty_form)]


def _signal_pages(house):
    """The list of the team, a new signal, one with a trail, and each step."""
    me, url = "contactpersoon", "/werkplek/signalen/"
    (pk,) = house.ask("SELECT signal_id FROM casework_signalattempt LIMIT 1")
    (handed,) = house.ask("SELECT id FROM casework_signal WHERE status = 'overgedragen' LIMIT 1")
    one = f"{url}{pk}/"
    return [
        Page("signalen", me, url),
        Page("signalen-afgerond", me, f"{url}?stand=afgerond"),
        Page("signaal-nieuw", me, f"{url}nieuw/"),
        Page("signaal-nieuw-fout", me, f"{url}nieuw/", _empty_form),
        Page("signaal", me, one),
        Page("signaal-bron", me, f"{one}bron/"),
        Page("signaal-poging", me, f"{one}poging/"),
        Page("signaal-poging-fout", me, f"{one}poging/", _empty_form),
        Page("signaal-melding", me, f"/werkplek/melding/nieuw/?signaal={pk}"),
        Page("signaal-melding-fout", me, f"/werkplek/melding/nieuw/?signaal={pk}", _emptied("given_names")),
        *(Page(f"signaal-{step}", me, f"{one}stap/{step}/") for step in ("zaak", "eerder", "overdragen", "niet")),
        Page("signaal-niet-fout", me, f"{one}stap/niet/", _empty_form),
        Page("signaal-bewaren", me, f"{one}stap/bewaren/"),
        Page("signaal-overgedragen", me, f"{url}{handed}/"),
        Page("signaal-uitkomst", me, f"{url}{handed}/stap/uitkomst/"),
        Page("signaal-heropenen", me, f"{url}{handed}/stap/heropenen/"),
    ]


def _allow_use(page):
    """Allow the use of another law's facts; the file then shows it, with the way to end it."""
    page.locator("[name=from_law][value=wgs]").check()
    page.locator("[name=ground][value=toestemming]").check()
    for name, text in {"giver": "de inwoner zelf", "purpose": "Rust thuis hoort bij de vraag", "evidence": "Gezegd",
                       "until": "vandaag"}.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(text)
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("link", name="Beëindigen").first.wait_for()


def _ask_emergency(reference):
    """Ask noodtoegang to a case; at a second picture it is open already."""

    def send(page):
        page.locator("[name=reference]").fill(reference)
        page.locator("[name=category]").first.check()
        page.locator("[name=reason]").fill("De politie belt: er is nu iemand in gevaar.")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url("**/zaak/*/")

    return send


def _gate_pages(house, case, worker):
    """Noodtoegang of another team and its review, the veiligheidsdossier, and shielding."""
    ask, safety = "/werkplek/noodtoegang/", f"/werkplek/zaak/{case}/veiligheid/"
    (reference,) = house.ask(
        "SELECT c.reference FROM casework_case c JOIN accounts_team t ON t.id = c.team_id "
        "WHERE c.status = 'gesprek' AND t.name = 'Wijkteam Noord' ORDER BY c.reference LIMIT 1"
    )
    (gemeente,) = house.ask("SELECT gemeente_id FROM casework_case WHERE id = %s", case)
    return [
        Page("noodtoegang", "buurteam", ask),
        Page("noodtoegang-fout", "buurteam", ask, _empty_form),
        Page("noodtoegang-zaak", "buurteam", ask, _ask_emergency(reference)),
        Page("noodtoegang-beoordelen", "teamleider", f"{ask}beoordelen/"),
        Page("noodtoegang-beoordelen-privacy", "privacy", f"{ask}beoordelen/"),
        Page("noodtoegang-regels", "privacy", f"{ask}regels/"),
        Page("noodtoegang-regels-privacy", "privacy", f"{ask}regels/{gemeente}/"),
        Page("noodtoegang-regels-fout", "beheerder", f"{ask}regels/{gemeente}/", _emptied("minutes", "a_day")),
        Page("veiligheid", worker, safety),
        Page("veiligheid-fout", worker, safety, _empty_form),
        Page("veiligheid-toegang", worker, f"{safety}toegang/"),
        Page("inzage", worker, f"/werkplek/zaak/{case}/inzage/"),
        Page("inzage-fout", worker, f"/werkplek/zaak/{case}/inzage/?since=gisteren"),
        Page("opvallend", "privacy", "/werkplek/logboek/opvallend/"),
        Page("opvallend-nu", "privacy", "/werkplek/logboek/opvallend/?week=2099-01-01"),
        Page("logboek", "privacy", "/werkplek/logboek/"),
        Page("logboek-niets", "privacy", "/werkplek/logboek/?since=2020-01-01&until=2020-01-02"),
        Page("logboek-fout", "privacy", "/werkplek/logboek/?reference=bestaat-niet"),
        Page("afschermen", worker, f"/werkplek/zaak/{case}/afschermen/"),
    ]


def _privacy(person, kind, *steps):
    """Register a request about the own data, unless it is there, and take these steps of it."""

    def send(page):
        page.locator(f"[name=kind][value={kind}]").check()
        page.locator("[name=words]").fill("Ik wil weten wat er over mij is opgeschreven.")
        page.locator("[name=route][value=telefoon]").check()
        page.locator(f"[name=person][value='{person}']").check()
        if kind == "correctie":
            page.locator("[name=subject]").select_option("plan")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(lambda url: "nieuw" not in url)
        for step in steps:
            step(page)

    return send


def _privacy_step(link, **typed):
    """Take a step of a request by its link, unless it was taken at another width."""

    def take(page):
        found = page.get_by_role("link", name=link, exact=True)
        if not found.count():
            return
        found.click()
        for name, text in typed.items():
            page.locator(f"[name={name}]").fill(text)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(lambda url: "/stap/" not in url)

    return take


def _open_link(link):
    return lambda page: page.get_by_role("link", name=link, exact=True).click()


def _use_restricted(page):
    """Send something in a case whose use is restricted."""
    page.goto(page.url.partition("/privacy/")[0] + "/terug/")
    page.locator("[name=reason]").fill("De inwoner wil eerst nog een gesprek.")
    page.locator("main form button[type=submit]").last.click()


def _send_empty(page):
    """Answer the question without a word."""
    page.locator("main form button[type=submit]").last.click()
    page.locator(".tg-errors").wait_for()


def _privacy_pages(house, case, who):
    """Requests about the own data: empty, registered, answered, chosen part by part, and a restricted case."""
    took = _privacy_step("Verzoek oppakken", identity="Paspoort getoond aan de balie")
    gathered = _privacy_step("Gegevens verzamelen")
    limited = _privacy_step("Gebruik beperken", explanation="Tot wij het weten, gebruiken wij uw gegevens niet.")
    runs, done = f"/werkplek/zaak/{case['uitvoering']}/privacy/", f"/werkplek/zaak/{case['evaluatie']}/privacy/"
    worker, other = who["uitvoering"], who["evaluatie"]
    reader, evaluated = (
        house.ask("SELECT person_id FROM casework_case WHERE id = %s", case[state])[0]
        for state in ("uitvoering", "evaluatie")
    )
    return [
        Page("privacy-leeg", who["plan"], f"/werkplek/zaak/{case['plan']}/privacy/"),
        Page("privacy-nieuw", worker, f"{runs}nieuw/"),
        Page("privacy-nieuw-fout", worker, f"{runs}nieuw/", _empty_form),
        Page("privacy-inzage", worker, f"{runs}nieuw/", _privacy(reader, "inzage", took)),
        Page("privacy-controle", worker, f"{runs}nieuw/", _privacy(reader, "inzage", took, gathered)),
        Page(
            "privacy-onderdelen", worker, f"{runs}nieuw/",
            _privacy(reader, "inzage", took, gathered, _open_link("Onderdelen bekijken")),
        ),
        Page("privacy-verbetering", worker, f"{runs}nieuw/",
             _privacy(reader, "correctie", took, _open_link("Verbetering afronden"))),
        Page("privacy-afwijzen", worker, f"{runs}nieuw/",
             _privacy(reader, "correctie", took, _open_link("Verzoek afwijzen"))),
        Page("privacy-beperkt", other, f"{done}nieuw/", _privacy(evaluated, "beperking", took, limited)),
        Page(
            "privacy-gebruik", other, f"{done}nieuw/",
            _privacy(evaluated, "beperking", took, limited, _use_restricted),
        ),
        Page(
            "privacy-gebruik-fout", other, f"{done}nieuw/",
            _privacy(evaluated, "beperking", took, limited, _use_restricted, _send_empty),
        ),
        Page("zaak-beperkt", other, f"/werkplek/zaak/{case['evaluatie']}/"),
        Page("privacy-zaak", worker, runs),
        Page("privacy-lijst", "privacy", "/werkplek/privacyverzoeken/"),
        Page("mijn-gegevens", f"inwoner:{reader}", "/mijn/gegevens/"),
        Page("mijn-gegevens-fout", f"inwoner:{reader}", "/mijn/gegevens/", _empty_form),
    ]  # fmt: skip


def _new_account(page):
    """Make an account, so that the page shows the link of the invitation."""
    page.locator("[name=name]").fill("Karel Post")
    page.locator("[name=username]").fill(f"karel{time_ns()}")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/mensen/*/")


def _beheer_pages(house):
    ids = {
        "person": house.ask("SELECT id FROM accounts_user WHERE username = 'contactpersoon'")[0],
        "team": house.ask("SELECT id FROM accounts_team ORDER BY name LIMIT 1")[0],
    }
    ids["role"] = house.ask("SELECT id FROM accounts_roleassignment WHERE user_id = %s", ids["person"])[0]
    person = f"mensen/{ids['person']}"
    paths = {
        "beheer": "",
        "beheer-mensen": "mensen/",
        "beheer-persoon": f"{person}/",
        "beheer-gegevens": f"{person}/gegevens/",
        "beheer-uitzetten": f"{person}/uit/",
        "beheer-rol": f"{person}/rol/",
        "beheer-rol-einde": f"{person}/rol/{ids['role']}/",
        "beheer-teams": "teams/",
        "beheer-team": f"teams/{ids['team']}/",
        "beheer-team-nieuw": "teams/nieuw/",
        "beheer-rollen": "rollen/",
        "beheer-rol-woorden": "rollen/toetser/",
        "beheer-ketenpartners": "ketenpartners/",
    }
    found = [Page(name, "beheerder", f"/werkplek/beheer/{path}") for name, path in paths.items()]
    found.append(Page("beheer-rol-fout", "beheerder", f"/werkplek/beheer/{person}/rol/", _empty_form))
    found.append(Page("beheer-uitnodiging", "beheerder", "/werkplek/beheer/mensen/nieuw/", _new_account))
    return found


def _warn_now(page):
    """Let the page say that the session ends."""
    page.evaluate("document.querySelector('[data-session]').dataset.warn = 1800")
    page.locator("dialog[data-session][open]").wait_for()


def _keep(page):
    """Send a form with a token of before the last sign-in: what was typed is shown to send once more."""
    page.locator("textarea[name=words]").fill("Het lukt niet meer alleen.\nMijn dochter helpt al met de was.")
    page.locator("[name=city]").first.fill("Lindemeer")
    page.locator("main [name=csrfmiddlewaretoken]").first.evaluate("field => { field.value = 'x'.repeat(64) }")
    page.locator("main form button[type=submit]").last.click()


def _wrong_digest(page):
    page.locator("[name=digest][value=wekelijks]").check()
    page.locator("main form button[type=submit]").last.click()


def _own_pages(house):
    me = "collega"
    own, factor = "/account/", "/account/tweede-stap/"
    (someone,) = house.ask("SELECT addressee_id FROM casework_letter WHERE sent_on IS NOT NULL LIMIT 1")
    return [
        Page("instellingen", me, own),
        Page("instellingen-fout", me, own, _wrong_digest),
        Page("foto", me, f"{own}foto/"),
        Page("foto-fout", me, f"{own}foto/", _empty_form),
        Page("foto-leeg", "teamleider", f"{own}foto/"),
        Page("instellingen-zonder-foto", "teamleider", own),
        Page("sessies", me, f"{own}sessies/"),
        Page("mijn-sessies", f"inwoner:{someone}", f"{own}sessies/"),
        Page("tweede-stap", me, factor),
        Page("tweede-stap-app", me, f"{factor}app/"),
        Page("tweede-stap-app-fout", me, f"{factor}app/", _empty_form),
        Page("passkeys-leeg", me, f"{factor}passkeys/"),
        Page("passkey-toevoegen", me, f"{factor}passkeys/nieuw/"),
        Page("herstelcodes-nieuw", me, f"{factor}herstelcodes/nieuw/"),
        Page("bewaard", me, "/werkplek/melding/nieuw/", _keep),
        Page("einde-sessie", me, "/werkplek/", _warn_now),
        Page("einde-sessie-inwoner", f"inwoner:{someone}", "/mijn/", _warn_now),
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


def _resident_pages(house):
    """What inwoners see at the start, with a plan to answer, with help, and when all is over."""
    (new,) = house.ask("SELECT person_id FROM casework_case WHERE status = 'melding' ORDER BY reference LIMIT 1")
    (over,) = house.ask("SELECT person_id FROM casework_case WHERE status = 'afgesloten' LIMIT 1")
    case, agreed, _, helped = house.ask(WITH_A_PLAN, "akkoord", "uitvoering")
    _, shared, _, reader = house.ask(WITH_A_PLAN, "gedeeld", "plan")
    return [
        Page("mijn-begin", f"inwoner:{new}", "/mijn/"),
        Page("mijn-gedeeld", f"inwoner:{reader}", "/mijn/"),
        Page("mijn-plan-gedeeld", f"inwoner:{reader}", f"/mijn/plan/{shared}/"),
        Page("mijn-zaak", f"inwoner:{helped}", f"/mijn/zaak/{case}/"),
        Page("mijn-inzage", f"inwoner:{helped}", f"/mijn/zaak/{case}/inzage/"),
        Page("mijn-plan", f"inwoner:{helped}", f"/mijn/plan/{agreed}/"),
        Page("mijn-klaar", f"inwoner:{over}", "/mijn/"),
    ]
