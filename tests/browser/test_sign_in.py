"""Signing in and staying in, as a person does it: passkeys, the warning before the end, keys and colours."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.browser.doors import PASSWORD, enter, sign_in
from tests.browser.test_accessibility import faults
from tests.core.test_assets import FIRST_LOAD_KB

NO_WIDER = "document.documentElement.scrollWidth <= innerWidth"
AGE = """
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore({key!r})
facts = session["toegang"]
for name, by in {seconds!r}.items():
    facts[name] -= by
session["toegang"] = facts
session["account_authentication_methods"] = []
session.save()
"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def age(house, tab, **seconds):
    """Set the clocks of the tab's session back, on the server."""
    (key,) = [cookie["value"] for cookie in tab.context.cookies() if cookie["name"] == "sessie"]
    house.manage("shell", "-c", AGE.format(key=key, seconds=seconds))


def warn_at(tab, seconds):
    """Let the page warn when so many seconds are left."""
    tab.evaluate("seconds => { document.querySelector('[data-session]').dataset.warn = seconds }", seconds)


def dialog(tab):
    return tab.locator("dialog[data-session][open]")


def words_of(tab):
    dialog(tab).wait_for()
    return dialog(tab).evaluate("it => document.getElementById(it.getAttribute('aria-describedby')).textContent")


# -- The warning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390])
def test_one_key_to_stay(house, visit, axe_source, width):
    tab = visit("contactpersoon", width=width)
    tab.goto(f"{house.url}/werkplek/melding/nieuw/")
    title = tab.title()
    tab.locator("textarea").first.fill("Het lukt niet meer alleen.")
    warn_at(tab, 1798)
    assert words_of(tab) == "U wordt over 30 minuten uitgelogd, omdat u niets deed."
    assert tab.title() == f"U wordt over 30 minuten uitgelogd – {title}"
    assert dialog(tab).get_attribute("role") == "alertdialog"
    assert tab.evaluate("document.activeElement.textContent.trim()") == "Blijven werken"
    assert tab.evaluate(NO_WIDER)
    assert faults(tab, axe_source) == []
    warn_at(tab, 300)
    with tab.expect_response(lambda answer: answer.url.endswith("/sessie/")) as told:
        tab.keyboard.press("Enter")
    assert told.value.request.method == "POST" and told.value.status == 200
    dialog(tab).wait_for(state="detached")
    assert tab.title() == title
    assert tab.locator("textarea").first.input_value() == "Het lukt niet meer alleen."


def test_escape_stays_too(house, visit):
    tab = visit("contactpersoon")
    warn_at(tab, 1798)
    words_of(tab)
    warn_at(tab, 300)
    with tab.expect_request(lambda asked: asked.url.endswith("/sessie/") and asked.method == "POST"):
        tab.keyboard.press("Escape")
    dialog(tab).wait_for(state="detached")


def test_work_in_another_tab_counts(house, visit):
    tab = visit("contactpersoon")
    tab.clock.install()
    tab.goto(f"{house.url}/werkplek/")
    with tab.expect_response(lambda answer: answer.url.endswith("/sessie/")) as told:
        tab.clock.fast_forward("26:00")
    assert told.value.json()["idle"] > 1700
    tab.clock.run_for(5000)
    assert not dialog(tab).count()


def test_the_whole_end_is_told_with_its_time(house, visit):
    tab = visit("contactpersoon")
    age(house, tab, began=10 * 3600 - 200)
    tab.goto(f"{house.url}/werkplek/")
    words = words_of(tab)
    left = datetime.strptime(words[3:8], "%H:%M")
    now = tab.evaluate("new Date().toLocaleTimeString('nl-NL', { hour: '2-digit', minute: '2-digit' })")
    assert (left - datetime.strptime(now, "%H:%M")).seconds in range(120, 301)
    assert words.endswith(" moet u opnieuw inloggen. Sla uw werk op.")
    tab.get_by_role("button", name="Verder werken").click()
    tab.wait_for_timeout(2500)
    assert not dialog(tab).count()


def test_after_the_end_the_text_is_still_there_and_comes_back(house, visit):
    tab = visit("contactpersoon")
    tab.clock.install()
    tab.goto(f"{house.url}/werkplek/melding/nieuw/")
    words = "Dit typte ik toen de telefoon ging."
    tab.locator("textarea[name=words]").fill(words)
    age(house, tab, seen=31 * 60)
    tab.clock.fast_forward("26:00")
    tab.clock.run_for(3000)
    assert words_of(tab) == (
        "U bent uitgelogd. Wat u typte staat er nog. Druk op opslaan en log opnieuw in: uw tekst komt terug."
    )
    tab.get_by_role("button", name="Terug naar mijn tekst").click()
    assert tab.locator("textarea[name=words]").input_value() == words
    tab.get_by_role("button", name="Melding opslaan").click()
    assert "Wat u typte is bewaard." in tab.locator("main, .tg-messages").first.inner_text()
    tab.get_by_label("Gebruikersnaam").fill("contactpersoon")
    tab.get_by_label("Wachtwoord").fill(PASSWORD)
    tab.get_by_role("button", name="Inloggen", exact=True).click()
    tab.wait_for_url("**/verder/")
    assert words in tab.locator("main").inner_text()
    tab.get_by_role("button", name="Alsnog opslaan").click()
    tab.wait_for_load_state()
    assert tab.locator("textarea[name=words]").input_value() == words  # the form says what is still missing


def test_a_session_that_was_ended_elsewhere_says_how_to_go_on(house, visit):
    tab = visit("contactpersoon")
    tab.goto(f"{house.url}/werkplek/melding/nieuw/")
    tab.locator("textarea").first.fill("Nog niet opgeslagen.")
    tab.context.clear_cookies()
    warn_at(tab, 1798)
    assert "Log opnieuw in op een nieuw tabblad" in words_of(tab)
    assert tab.get_by_role("link", name="Inloggen op een nieuw tabblad").get_attribute("target") == "_blank"


def test_who_typed_nothing_is_simply_asked_to_sign_in(house, visit):
    tab = visit("contactpersoon")
    tab.context.clear_cookies()
    warn_at(tab, 1798)
    assert words_of(tab).startswith("U bent uitgelogd. Er is niets verloren gegaan.")
    tab.get_by_role("link", name="Opnieuw inloggen").click()
    tab.wait_for_url("**/inloggen/**")


# -- Keys, colours and room --------------------------------------------------------------------------------------------


@pytest.fixture
def settings_of(house, visit):
    """Change one's settings by the page, and put them back at the end."""
    changed = []

    def change(login, **choices):
        tab = visit(login)
        changed.append(login)
        tab.goto(f"{house.url}/account/")
        for name, value in choices.items():
            field = tab.locator(f"[name={name}]")
            field.set_checked(value) if isinstance(value, bool) else tab.locator(
                f"[name={name}][value={value}]"
            ).check()
        tab.get_by_role("button", name="Opslaan").click()
        assert "Uw instellingen zijn bewaard." in tab.locator(".tg-messages").inner_text()
        return tab

    yield change
    for login in changed:
        sql = "UPDATE accounts_user SET density = 'ruim', theme = 'systeem', shortcuts = false WHERE username = %s"
        house.ask(f"{sql} RETURNING id", login)


def test_keys_work_only_for_who_asked_and_never_in_a_field(house, visit, settings_of, axe_source):
    plain = visit("collega")
    for key in ("n", "?"):
        plain.keyboard.press(key)
    assert plain.url.endswith("/werkplek/") and not plain.locator("dialog[open]").count()
    tab = settings_of("collega", shortcuts=True)
    tab.keyboard.press("w")
    tab.wait_for_url("**/werkplek/")
    tab.keyboard.press("?")
    assert tab.locator("dialog[open]").get_by_role("heading", name="Sneltoetsen").is_visible()
    assert faults(tab, axe_source) == []
    tab.keyboard.press("Escape")
    tab.keyboard.press("n")
    tab.wait_for_url("**/melding/nieuw/")
    words = tab.locator("textarea[name=words]")
    words.press("w")
    assert tab.url.endswith("/melding/nieuw/") and words.input_value() == "w"
    tab.locator("h1").click()
    tab.keyboard.press("w")  # something was typed: the key does not throw it away
    tab.wait_for_timeout(300)
    assert tab.url.endswith("/melding/nieuw/")
    words.fill("")
    tab.locator("h1").click()
    tab.keyboard.press("Shift+W")
    assert tab.url.endswith("/melding/nieuw/")


def test_compact_takes_less_room(house, visit, settings_of):
    height = "document.querySelector('.tg-page').getBoundingClientRect().height"
    tab = visit("collega")
    tab.goto(f"{house.url}/werkplek/team/")
    before = tab.evaluate(height)
    tab = settings_of("collega", density="compact")
    tab.goto(f"{house.url}/werkplek/team/")
    assert tab.evaluate(height) < 0.9 * before


DARK = {"collega": ("/werkplek/", "/werkplek/team/", "/werkplek/melding/nieuw/", "/account/", "/account/sessies/",
                    "/account/tweede-stap/", "/account/tweede-stap/app/"),
        "manager": ("/sturing/",), "toetser": ("/werkplek/toetsen/",)}  # fmt: skip


@pytest.mark.parametrize("login", DARK)
def test_the_dark_theme_is_readable(house, settings_of, axe_source, login):
    tab = settings_of(login, theme="donker")
    wrong = []
    for path in DARK[login]:
        tab.goto(house.url + path)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 38)"
        wrong += [(path, *fault) for fault in faults(tab, axe_source)]
    assert wrong == []


def test_a_case_is_readable_in_the_dark(house, settings_of, axe_source):
    tab = settings_of("contactpersoon", theme="donker")
    tab.goto(f"{house.url}/werkplek/")
    case = tab.locator("a[href^='/werkplek/zaak/']").first.get_attribute("href")
    wrong = []
    for part in ("", "gesprek/", "analyse/", "plan/", "aanbieder/", "besluit/", "evaluatie/", "brieven/"):
        tab.goto(house.url + case + part)
        wrong += [(part, *fault) for fault in faults(tab, axe_source)]
    assert wrong == []


def test_the_theme_follows_the_device_until_one_chooses(house, visit, settings_of):
    colour = "getComputedStyle(document.body).backgroundColor"
    tab = visit("collega")
    tab.emulate_media(color_scheme="dark")
    assert tab.evaluate(colour) == "rgb(16, 24, 38)"
    tab.emulate_media(color_scheme="light")
    assert tab.evaluate(colour) == "rgb(255, 255, 255)"
    tab.emulate_media(color_scheme="dark", media="print")
    assert tab.evaluate(colour) == "rgb(255, 255, 255)"
    tab = settings_of("collega", theme="licht")
    tab.emulate_media(color_scheme="dark")
    assert tab.evaluate(colour) == "rgb(255, 255, 255)"


def test_the_portaal_is_readable_in_the_dark(house, visit, axe_source):
    (person,) = house.ask(
        "SELECT l.addressee_id FROM casework_letter l WHERE l.kind = 'beschikking' AND l.sent_on IS NOT NULL LIMIT 1"
    )
    tab = visit()
    enter(tab, house, f"inwoner:{person}")
    tab.emulate_media(color_scheme="dark")
    wrong = []
    for path in ("/mijn/", "/account/sessies/"):
        tab.goto(house.url + path)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 38)"
        wrong += [(path, *fault) for fault in faults(tab, axe_source)]
    assert wrong == []


# -- A passkey ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def device(chromium, house):
    """A browser with a passkey device of its own, at the one name where a passkey works without TLS."""
    context = chromium.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam")
    tab = context.new_page()
    link = context.new_cdp_session(tab)
    link.send("WebAuthn.enable")
    key = link.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    yield tab, link, key, house.url.replace("127.0.0.1", "localhost")
    context.close()
    house.ask("WITH gone AS (DELETE FROM mfa_authenticator RETURNING id) SELECT count(*) FROM gone")


def test_a_passkey_is_added_signs_in_and_proves_again(house, device):
    tab, _, _, url = device
    place = type("Place", (), {"url": url})
    sign_in(tab, place, "teamleider")
    tab.goto(f"{url}/account/tweede-stap/passkeys/nieuw/")
    tab.get_by_label("Naam").fill("Mijn telefoon")
    tab.get_by_role("button", name="Passkey toevoegen").click()
    tab.wait_for_url("**/herstelcodes/")
    assert tab.locator(".tg-codes li").count() == 10
    tab.goto(f"{url}/account/tweede-stap/passkeys/")
    assert "Mijn telefoon" in tab.locator("main").inner_text()

    tab.get_by_role("button", name="Uitloggen").click()
    tab.wait_for_url("**/inloggen/")
    tab.get_by_role("button", name="Inloggen met een passkey").click()
    tab.wait_for_url("**/werkplek/")

    age(house, tab, proved=301)
    tab.goto(f"{url}/account/tweede-stap/app/")
    tab.wait_for_url("**/account/opnieuw/**")
    tab.get_by_role("link", name="Met een passkey of sleutel").click()
    tab.get_by_role("button", name="Mijn passkey of sleutel gebruiken").click()
    tab.wait_for_url("**/account/tweede-stap/app/")
    assert tab.get_by_role("heading", level=1).inner_text() == "App toevoegen"


def test_a_passkey_that_is_refused_says_so_and_the_password_asks_for_it(house, device):
    tab, link, key, url = device
    place = type("Place", (), {"url": url})
    sign_in(tab, place, "teamleider")
    tab.goto(f"{url}/account/tweede-stap/passkeys/nieuw/")
    tab.get_by_role("button", name="Passkey toevoegen").click()
    tab.wait_for_url("**/herstelcodes/")
    tab.get_by_role("button", name="Uitloggen").click()
    tab.wait_for_url("**/inloggen/")
    link.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    tab.get_by_role("button", name="Inloggen met een passkey").click()
    tab.get_by_text("De passkey of sleutel werd niet herkend").wait_for()
    link.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    tab.get_by_label("Gebruikersnaam").fill("teamleider")
    tab.get_by_label("Wachtwoord").fill(PASSWORD)
    tab.get_by_role("button", name="Inloggen", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Tweede stap")
    tab.get_by_role("button", name="Mijn passkey of sleutel gebruiken").click()
    tab.wait_for_url("**/werkplek/")


# -- Going back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["contactpersoon", "inwoner"])
def test_the_back_button_after_signing_out_shows_nothing(house, visit, login):
    someone = house.ask("SELECT addressee_id FROM casework_letter WHERE sent_on IS NOT NULL LIMIT 1")
    tab = visit()
    enter(tab, house, f"inwoner:{someone[0]}" if login == "inwoner" else login)
    first = tab.url
    secret = tab.locator(".tg-user__name").inner_text()
    tab.get_by_role("button", name="Uitloggen").click()
    tab.wait_for_url("**/inloggen/")
    tab.go_back()
    tab.wait_for_load_state()
    assert tab.url != first and "/inloggen/" in tab.url
    assert secret not in tab.content()


# -- The first page ----------------------------------------------------------------------------------------------------


def test_the_page_to_sign_in_fits_the_budget(house, visit):
    tab = visit()
    link = tab.context.new_cdp_session(tab)
    link.send("Network.enable")
    sizes = []
    link.on("Network.loadingFinished", lambda it: sizes.append(it["encodedDataLength"]))
    tab.goto(f"{house.url}/inloggen/", wait_until="networkidle")
    assert 10_000 < sum(sizes) < FIRST_LOAD_KB * 1000
