"""The main job: one household from melding to a sent beschikking and a planned evaluation, in the browser."""

import io

import pypdf
from page import ValidationProfile, validate_pdf

from tests.browser.doors import enter
from tests.browser.walk import Walk

ONE = "SELECT id FROM casework_hulpvraag WHERE case_id = %s AND law = 'wmo'"


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_one_household(house, visit, tmp_path):
    walk = Walk(house, visit)
    walk.report(names=("Rosa", "Testpersoon"), law="wmo", born=("", "", "1941"))
    (hulpvraag,) = walk.ids(ONE)
    walk.await_letters()
    walk.talk()
    walk.analyse(hulpvraag)
    walk.plan(hulpvraag)
    walk.choose_provider(hulpvraag)
    walk.decide()
    walk.review("terug", "Noem ook wat de inwoner zelf kan.")
    walk.part(f"besluit/{walk.beschikking}/")
    assert "Noem ook wat de inwoner zelf kan." in walk.tab.locator("main").inner_text()
    walk.fill(motivation="U kookt zelf. U kunt niet meer stofzuigen. Uw dochter doet de boodschappen.")
    walk.press("Opslaan")
    walk.part(f"besluit/{walk.beschikking}/")
    walk.press("Naar de toetser")
    walk.review("akkoord")
    walk.issue()
    walk.await_letters()
    walk.part()
    assert walk.ids("SELECT status, evaluation_on IS NOT NULL FROM casework_case WHERE id = %s") == ("uitvoering", True)

    person, letter, number = walk.ids(
        "SELECT l.addressee_id, l.id, b.number FROM casework_letter l "
        "JOIN decisions_beschikking b ON b.letter_id = l.id WHERE l.case_id = %s"
    )
    tab = visit(width=390)
    enter(tab, house, f"inwoner:{person}")
    shown = tab.locator("body").inner_text()
    assert "Hier bent u nu" in shown
    assert "Sanne Bakker" in shown
    tab.goto(f"{house.url}/mijn/brief/{letter}/")
    assert "tot en met" in tab.locator("main").inner_text()
    answer = tab.request.get(f"{house.url}/mijn/brief/{letter}/pdf/")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    text = text_of(answer.body())
    for words in (
        number, "R. Testpersoon", "2,5 uur per week", "31 december 2027", "U kunt bezwaar maken tot en met",
        "€ 21,80",
        "namens het college van burgemeester en wethouders van Lindemeer", "U kookt zelf",
    ):  # fmt: skip
        assert words in text, words
    stored = tmp_path / "brief.pdf"
    stored.write_bytes(answer.body())
    for profile in (ValidationProfile.PDF_A_2A, ValidationProfile.PDF_UA_1):
        assert validate_pdf(str(stored), profile=profile).is_compliant


def test_two_laws_at_once(house, visit):
    """The Wmo decision of the mother goes out while the Jeugd onderzoek of her son runs."""
    walk = Walk(house, visit)
    son = {"law": "jeugd", "given": "Bram", "family": "Voorbeeld", "born": ("3", "mei", "2015")}
    walk.report(names=("Mirjam", "Voorbeeld"), law="wmo", born=("1", "2", "1985"), second=son)
    (wmo,) = walk.ids(ONE)
    walk.await_letters()
    walk.post_paper()
    walk.talk()
    walk.analyse(wmo)
    walk.plan(wmo)
    walk.choose_provider(wmo)
    walk.decide()
    walk.review("akkoord")
    walk.issue()
    walk.await_letters()
    laws = "SELECT array_agg(law || ':' || status ORDER BY law) FROM casework_hulpvraag WHERE case_id = %s"
    assert walk.ids(laws) == (["jeugd:onderzoek", "wmo:loopt"],)
    for name, step in (("Mirjam", "Stap 6"), ("Bram", "Stap 3")):
        (person,) = house.ask(
            "SELECT id FROM casework_person WHERE given_names = %s AND family_name = 'Voorbeeld'", name
        )
        tab = visit(width=390)
        enter(tab, house, f"inwoner:{person}")
        now = tab.locator("[aria-current=step]")
        assert now.count() == 1
        assert step in now.inner_text()
