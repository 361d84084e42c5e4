"""The own settings: kept for oneself alone, seen on every page, and refused in words."""

import pytest
from django.test import Client

from tests.factories import make_gemeente, make_staff, make_team
from toegang.accounts.models import User
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
ADDRESS = "/account/"
CHOICES = {"density": "compact", "theme": "donker", "shortcuts": "on", "digest": "wekelijks"}
SHEET = "css/thema-donker"


@pytest.fixture
def sanne():
    user = make_staff("sanne", make_team(make_gemeente()))
    User.objects.filter(pk=user.pk).update(email="sanne@voorbeeld.example")
    user.refresh_from_db()
    return user


@pytest.fixture
def browser(sanne):
    browser = Client()
    browser.force_login(sanne)
    return browser


def html_of(browser, path="/werkplek/"):
    return browser.get(path).content.decode()


def test_the_page_shows_what_is_chosen_and_where_the_rest_is(browser):
    html = html_of(browser, ADDRESS)
    for chosen in ('value="ruim" checked', 'value="systeem" checked', 'value="nooit" checked'):
        assert chosen in html
    assert "sanne@voorbeeld.example" in html
    assert 'href="/account/tweede-stap/"' in html and 'href="/account/sessies/"' in html
    assert 'href="/account/">Mijn account' in html_of(browser)


def test_choices_are_kept_with_who_and_what(browser, sanne):
    answer = browser.post(ADDRESS, CHOICES, follow=True)
    assert "Uw instellingen zijn bewaard." in answer.content.decode()
    sanne.refresh_from_db()
    kept = (sanne.density, sanne.theme, sanne.shortcuts, sanne.digest)
    assert kept == ("compact", "donker", True, "wekelijks")
    last = sanne.history.first()
    assert (last.history_user_id, last.history_change_reason) == (sanne.pk, "Instellingen aangepast")
    assert LogRow.objects.get(action="write", what="Instellingen aangepast").object_id == str(sanne.pk)


def test_nothing_else_of_the_account_changes(browser, sanne):
    before = {"name": sanne.name, "username": "sanne", "kind": "medewerker", "is_active": True, "email": sanne.email}
    browser.post(
        ADDRESS, CHOICES | {"name": "X", "username": "x", "kind": "inwoner", "is_active": "", "email": "x@x.nl"}
    )
    assert User.objects.values(*before).get(pk=sanne.pk) == before


def test_density_is_a_class_of_the_page(browser, sanne):
    assert "tg-compact" not in html_of(browser)
    User.objects.update(density="compact")
    for path in ("/werkplek/", ADDRESS):
        assert html_of(browser, path).split("<head>")[0].count("tg-compact") == 1


@pytest.mark.parametrize(
    ("theme", "media"),
    [("licht", None), ("donker", 'media="screen"'), ("systeem", 'media="screen and (prefers-color-scheme: dark)"')],
)
def test_the_dark_sheet_comes_last_and_only_where_it_is_wanted(browser, theme, media):
    User.objects.update(theme=theme)
    head = html_of(browser).split("</head>")[0]
    assert (SHEET in head) == bool(media)
    if media:
        line = next(line for line in head.splitlines() if SHEET in line)
        assert media in line
        assert head.index("css/toegang") < head.index(SHEET)


def test_who_is_not_signed_in_sees_the_plain_page():
    html = html_of(Client(), "/inloggen/")
    assert SHEET not in html and "tg-compact" not in html and "data-shortcuts" not in html


def test_keys_are_listed_only_for_who_asked(browser):
    assert "data-shortcuts" not in html_of(browser)
    User.objects.update(shortcuts=True)
    html = html_of(browser)
    assert html.count("data-shortcuts") == 1
    assert 'data-key="w" href="/werkplek/"' in html and 'data-key="n" href="/werkplek/melding/nieuw/"' in html
    assert 'data-key="t"' not in html and 'data-key="s"' not in html


def test_a_mail_needs_an_address(browser, sanne):
    User.objects.update(email="")
    html = browser.post(ADDRESS, CHOICES).content.decode()
    assert "<title>Fout: Mijn instellingen" in html
    assert html.count("Wij hebben geen e-mailadres van u.") == 2
    assert 'value="wekelijks" checked' in html and 'value="donker" checked' in html
    sanne.refresh_from_db()
    assert (sanne.digest, sanne.theme) == ("nooit", "systeem")


def test_the_own_postcode_is_asked_with_its_reason_and_may_stay_empty(browser, sanne):
    assert "alleen om inzage in zaken van buren te herkennen" in browser.get(ADDRESS).content.decode()
    for typed, kept in (("1234ab", "1234 AB"), ("", "")):
        assert browser.post(ADDRESS, CHOICES | {"home_postcode": typed}).status_code == 302
        sanne.refresh_from_db()
        assert sanne.home_postcode == kept


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"home_postcode": "1234"}, "Vul een postcode in, bijvoorbeeld 1234 AB"),
        ({"density": ""}, "Kies een antwoord: Ruimte op de pagina"),
        ({"theme": "paars"}, "Kies een van de antwoorden"),
        ({"digest": ""}, "Kies een antwoord: E-mail over uw werk"),
    ],
)
def test_what_is_no_choice_changes_nothing(browser, sanne, facts, sentence):
    html = browser.post(ADDRESS, CHOICES | facts).content.decode()
    assert sentence in html
    sanne.refresh_from_db()
    assert (sanne.density, sanne.theme, sanne.shortcuts, sanne.digest) == ("ruim", "systeem", False, "nooit")


def test_an_inwoner_has_no_settings():
    browser = Client()
    browser.force_login(User.objects.create_user("fatima", kind="inwoner", name="Fatima"))
    assert browser.get(ADDRESS).status_code == 404
    assert browser.post(ADDRESS, CHOICES).status_code == 404
    assert 'href="/account/"' not in html_of(browser, "/mijn/")
