"""Every page, filled, empty and with errors: axe, reflow at 320 px, one h1, a title that tells the state."""

import pytest

from tests.browser.doors import enter
from tests.browser.pages import pages

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: tags})"
FACTS = """() => ({
    h1: document.querySelectorAll('h1').length,
    title: document.title,
    lang: document.documentElement.lang,
    wide: document.documentElement.scrollWidth,
    styled: document.querySelectorAll('[style], style, script:not([src]):not([type="application/json"])').length,
})"""


def faults(page, source):
    page.evaluate(source)
    found = page.evaluate(RUN, TAGS)
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]]


@pytest.fixture(scope="module")
def by_login(house):
    found = {}
    for page in pages(house):
        found.setdefault(page.login, []).append(page)
    return found


def test_every_page_is_accessible(house, visit, by_login, axe_source):
    wrong = []
    for login, mine in sorted(by_login.items()):
        tab = visit()
        enter(tab, house, login)
        for page in mine:
            tab.set_viewport_size({"width": 1280, "height": 900})
            tab.goto(house.url + page.path)
            if page.before:
                page.before(tab)
            wrong += [(page.name, *fault) for fault in faults(tab, axe_source)]
            tab.set_viewport_size({"width": 320, "height": 800})
            facts = tab.evaluate(FACTS)
            wrong += [(page.name, key) for key, ok in _judged(page, facts).items() if not ok]
    assert wrong == []


def _judged(page, facts):
    return {
        "one h1": facts["h1"] == 1,
        "title": len(facts["title"]) > 10 and facts["title"].startswith("Fout: ") == page.name.endswith("-fout"),
        "lang": facts["lang"] == "nl",
        "reflow": facts["wide"] <= 320,
        "nothing inline": facts["styled"] == 0,
    }


def test_axe_finds_a_missing_label(house, visit, axe_source):
    tab = visit()
    tab.goto(f"{house.url}/inloggen/")
    assert faults(tab, axe_source) == []
    tab.evaluate("document.querySelector('label').remove()")
    assert [rule for rule, _ in faults(tab, axe_source)] == ["label"]
