"""The quick way out of the pages on which somebody without an account asks for help."""

import pytest

from tests.browser.doors import enter

REPORT = "/mijn/melden/"


@pytest.fixture
def asking(house, visit):
    """Somebody who came by the page to sign in, and types."""
    tab = visit(width=390)
    tab.goto(f"{house.url}/mijn/inloggen/")
    tab.goto(house.url + REPORT)
    tab.get_by_role("textbox", name="Wat is er aan de hand?").fill("Ik ben bang.")
    return tab


def gone(tab, house):
    """Whether the way out is shown, reached without telling from where, and Back does not lead to the form."""
    tab.wait_for_url(house.env["WAY_OUT"])
    from_where = tab.evaluate("document.referrer")
    tab.go_back()
    return (from_where, tab.url) == ("", f"{house.url}/mijn/inloggen/")


def test_a_press_on_the_button_leaves_and_back_does_not_return(house, asking):
    asking.get_by_role("link", name="Verlaat deze pagina snel").click()
    assert gone(asking, house)


def test_nothing_is_seen_while_the_other_page_is_on_its_way(house, asking):
    asking.get_by_role("button", name="Versturen").click()
    asking.wait_for_selector("[data-focus]")
    seen = "(document.title + document.body.innerText + document.querySelector('textarea')?.value)"
    assert "Ik ben bang." in asking.evaluate(seen)
    at_once = f"(() => {{ document.querySelector('[data-leave]').click(); return {seen} }})()"
    assert asking.evaluate(at_once) == "…undefined"


def test_back_after_a_wrong_form_gives_an_empty_one(house, asking):
    asking.get_by_label("Postcode").fill("1234 AB")
    asking.get_by_label("Jaar").fill("1951")
    asking.get_by_role("button", name="Versturen").click()
    asking.wait_for_selector("[data-focus]")
    asking.get_by_role("link", name="Verlaat deze pagina snel").click()
    asking.wait_for_url(house.env["WAY_OUT"])
    asking.go_back()
    assert asking.url == house.url + REPORT
    fields = asking.evaluate(
        "[...document.querySelectorAll('main :is(input[type=text], textarea)')].map((f) => f.value)"
    )
    assert len(fields) > 10 and not any(fields)


def test_who_was_signed_in_is_not_any_more(house, visit):
    (someone,) = house.ask("SELECT addressee_id FROM casework_letter WHERE sent_on IS NOT NULL LIMIT 1")
    tab = visit()
    enter(tab, house, f"inwoner:{someone}")
    tab.goto(house.url + REPORT)
    tab.get_by_role("link", name="Verlaat deze pagina snel").click()
    tab.wait_for_url(house.env["WAY_OUT"])
    tab.wait_for_timeout(500)
    tab.goto(f"{house.url}/mijn/")
    assert "/inloggen/" in tab.url


def test_the_way_out_stays_in_sight_and_covers_nothing_that_has_the_focus(house, asking):
    way_out = asking.get_by_role("link", name="Verlaat deze pagina snel")
    seen = 0
    while not asking.evaluate("document.activeElement.matches('button[type=submit]')"):
        asking.keyboard.press("Tab")
        left, top, bottom = asking.evaluate(
            "(b => [b.left, b.top, b.bottom])(document.activeElement.getBoundingClientRect())"
        )
        mine = way_out.bounding_box()
        assert 0 <= mine["y"] < 800
        assert bottom <= mine["y"] or top >= mine["y"] + mine["height"] or left >= mine["x"] + mine["width"]
        seen += 1
    assert seen > 15


def test_without_javascript_it_is_a_link(house, visit):
    tab = visit(javascript=False)
    tab.goto(house.url + REPORT)
    tab.get_by_role("link", name="Verlaat deze pagina snel").click()
    tab.wait_for_url(house.env["WAY_OUT"])
