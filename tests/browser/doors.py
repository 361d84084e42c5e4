"""Coming in by the doors, as a person does."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-wachtwoord-1234"


def sign_in(page, house, login):
    page.goto(f"{house.url}/inloggen/")
    page.get_by_label("Gebruikersnaam").fill(login)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.wait_for_url(lambda url: "inloggen" not in url)


def enter(tab, house, login):
    """Sign in as a medewerker, choose a demo inwoner ("inwoner:<id>"), or stay outside ("")."""
    if login.startswith("inwoner:"):
        tab.goto(f"{house.url}/demo/inwoner/")
        tab.locator(f"input[value='{login.removeprefix('inwoner:')}']").check()
        tab.get_by_role("button", name="Inloggen als deze persoon").click()
        tab.wait_for_url("**/mijn/**")
    elif login:
        sign_in(tab, house, login)
