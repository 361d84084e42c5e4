"""Second factors: made, asked, used once, taken away; and nothing tells an account from none."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_gemeente, make_staff, make_team
from toegang.accounts.adapters import LAST_FACTOR, TOO_OFTEN, WRONG, WRONG_CODE
from toegang.accounts.models import User
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"
INDEX = "/account/tweede-stap/"
APP = f"{INDEX}app/"
CODES = f"{INDEX}herstelcodes/"


@pytest.fixture
def team():
    return make_team(make_gemeente())


def staff(name, team):
    user = make_staff(name, team)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sanne(team):
    return staff("sanne", team)


def sign_in(browser, name="sanne", password=PASSWORD):
    return browser.post("/inloggen/", {"login": name, "password": password})


@pytest.fixture
def browser(sanne):
    browser = Client()
    sign_in(browser)
    return browser


LIVES, SPARE = 30, 5  # seconds: how long a code holds, and how long a slow machine takes to send one


def code_for(secret, ahead=0):
    """The code of now, after the next one has begun when this one is nearly over."""
    left = LIVES - time.time() % LIVES
    if left < SPARE:
        time.sleep(left)
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter + ahead))


def wrong_code(secret):
    right = {code_for(secret, ahead) for ahead in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in right)


def enrol(browser):
    """Add an app; gives its secret and the recovery codes, which are shown here only."""
    secret = browser.get(APP).context["form"].secret
    answer = browser.post(APP, {"code": code_for(secret)})
    assert answer.url == CODES
    return secret, browser.get(CODES).context["unused_codes"]


def age_proof(browser):
    """Make the last proof of who is there older than what a weighty act accepts."""
    session = browser.session
    session[KEY] = session[KEY] | {"proved": session[KEY]["proved"] - 301}
    methods = [record | {"at": record["at"] - 301} for record in session.get("account_authentication_methods", [])]
    session["account_authentication_methods"] = methods
    session.save()


def forget_last_code():
    """A code is accepted once; the next one would take half a minute."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_cache WHERE cache_key LIKE '%%totp%%'")


# -- An app ------------------------------------------------------------------------------------------------------


def test_who_has_no_factor_reads_what_to_do(browser):
    html = browser.get(INDEX).content.decode()
    assert "U hebt nog geen tweede stap" in html and "App toevoegen" in html and "Passkey toevoegen" in html
    assert "Herstelcodes" not in html


def test_the_page_shows_the_key_as_picture_and_as_text(browser):
    page = browser.get(APP)
    html = page.content.decode()
    assert page.context["form"].secret in html and 'src="data:image/svg+xml;base64,' in html
    assert html.count("<li><div><h2>") == 3


def test_an_app_is_added_with_its_code_and_its_secret_is_stored_encrypted(browser, sanne):
    secret, codes = enrol(browser)
    stored = Authenticator.objects.get(user=sanne, type="totp").data["secret"]
    assert secret not in stored and len(codes) == 10
    assert "In gebruik" in browser.get(INDEX).content.decode()


def test_a_wrong_code_adds_nothing_and_keeps_the_key(browser, sanne):
    secret = browser.get(APP).context["form"].secret
    page = browser.post(APP, {"code": wrong_code(secret)})
    html = page.content.decode()
    assert WRONG_CODE in html and secret in html and 'aria-invalid="true"' in html
    assert not Authenticator.objects.filter(user=sanne).exists()
    assert "Vul de code in" in browser.post(APP, {"code": ""}).content.decode()


def test_the_code_is_asked_after_the_password(browser):
    secret, _ = enrol(browser)
    forget_last_code()
    fresh = Client()
    assert sign_in(fresh).url == "/inloggen/code/"
    assert fresh.get("/werkplek/").status_code == 302
    page = fresh.post("/inloggen/code/", {"code": wrong_code(secret)})
    assert WRONG_CODE in page.content.decode() and "<title>Fout: Tweede stap" in page.content.decode()
    assert LogRow.objects.get(what="Tweede stap mislukt").object_id == "sanne"
    assert fresh.get("/werkplek/").status_code == 302
    assert fresh.post("/inloggen/code/", {"code": code_for(secret)}).url == "/"
    assert fresh.get("/werkplek/").status_code == 200


def test_a_code_works_once(browser):
    secret, _ = enrol(browser)
    forget_last_code()
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    code = code_for(secret)
    assert first.post("/inloggen/code/", {"code": code}).status_code == 302
    assert WRONG_CODE in second.post("/inloggen/code/", {"code": code}).content.decode()


def test_a_code_lives_half_a_minute(browser, monkeypatch):
    """By a clock of the test's own, since the helpers here follow the settings."""
    secret, _ = enrol(browser)
    forget_last_code()
    fresh = Client()
    sign_in(fresh)
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    former, present = (format_hotp_value(hotp_value(secret, int(moment) // 30 - ago)) for ago in (1, 0))
    assert WRONG_CODE in fresh.post("/inloggen/code/", {"code": former}).content.decode()
    assert fresh.post("/inloggen/code/", {"code": present}).status_code == 302


def test_the_sixth_wrong_code_is_refused_even_if_it_is_right(browser):
    secret, _ = enrol(browser)
    forget_last_code()
    fresh = Client()
    sign_in(fresh)
    for _ in range(5):
        assert WRONG_CODE in fresh.post("/inloggen/code/", {"code": wrong_code(secret)}).content.decode()
    assert TOO_OFTEN in fresh.post("/inloggen/code/", {"code": code_for(secret)}).content.decode()


# -- Recovery codes ----------------------------------------------------------------------------------------------


def test_recovery_codes_are_shown_once(browser):
    _, codes = enrol(browser)
    html = browser.get(CODES).content.decode()
    assert "De codes zelf laten wij niet meer zien" in html
    assert [code for code in codes if code in html] == []


def test_a_recovery_code_works_once(browser):
    _, codes = enrol(browser)
    for expected in (302, 200):
        fresh = Client()
        sign_in(fresh)
        answer = fresh.post("/inloggen/code/", {"code": codes[3]})
        assert answer.status_code == expected
    assert WRONG_CODE in answer.content.decode()
    assert "U hebt nog 9 van de 10 codes." in browser.get(CODES).content.decode()


def test_new_codes_end_the_old_ones(browser):
    _, old = enrol(browser)
    assert "Uw oude codes werken daarna niet meer." in browser.get(f"{CODES}nieuw/").content.decode()
    browser.post(f"{CODES}nieuw/")
    new = browser.get(CODES).context["unused_codes"]
    assert len(new) == 10 and not set(new) & set(old)
    fresh = Client()
    sign_in(fresh)
    assert WRONG_CODE in fresh.post("/inloggen/code/", {"code": old[0]}).content.decode()
    assert fresh.post("/inloggen/code/", {"code": new[0]}).status_code == 302


def test_without_another_factor_there_are_no_codes_to_make(browser, sanne):
    html = browser.post(f"{CODES}nieuw/").content.decode()
    assert "<title>Fout: " not in html or "Nieuwe herstelcodes" in html
    assert not Authenticator.objects.filter(user=sanne).exists()


# -- Taking away, and once more who is there -----------------------------------------------------------------------


def test_an_app_is_taken_away_with_its_codes(browser, sanne):
    enrol(browser)
    assert browser.post(f"{APP}weg/").url == INDEX
    assert not Authenticator.objects.filter(user=sanne).exists()
    assert sign_in(Client()).url == "/"


def test_the_last_factor_stays_for_who_needs_one(browser, sanne, settings):
    enrol(browser)
    settings.SECOND_FACTOR_REQUIRED = True
    for answer in (browser.get(f"{APP}weg/"), browser.post(f"{APP}weg/")):
        assert LAST_FACTOR in answer.content.decode() and "App weghalen</span>" not in answer.content.decode()
    assert Authenticator.objects.filter(user=sanne, type="totp").exists()


def test_the_last_passkey_stays_for_who_needs_one(browser, sanne, settings):
    key = Authenticator.objects.create(user=sanne, type="webauthn", data={"name": "Sleutel", "credential": {}})
    settings.SECOND_FACTOR_REQUIRED = True
    html = browser.post(f"{INDEX}passkeys/{key.pk}/weg/", follow=True).content.decode()
    assert LAST_FACTOR in html and Authenticator.objects.filter(pk=key.pk).exists()
    settings.SECOND_FACTOR_REQUIRED = False
    browser.post(f"{INDEX}passkeys/{key.pk}/weg/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("address", [APP, f"{INDEX}passkeys/nieuw/", f"{CODES}nieuw/"])
def test_after_five_minutes_a_factor_asks_again_who_is_there(browser, address):
    assert browser.get(address).status_code == 200
    age_proof(browser)
    asked = browser.get(address)
    assert asked.headers.get("Location", "").startswith("/account/opnieuw/?next=")
    wrong = browser.post(asked.url, {"password": "iets anders", "next": address})
    assert "Dit wachtwoord klopt niet. Probeer het nog een keer." in wrong.content.decode()
    assert browser.post(asked.url, {"password": PASSWORD, "next": address}).url == address
    assert browser.get(address).status_code == 200


def test_what_was_sent_is_carried_out_after_the_proof(browser, sanne):
    enrol(browser)
    age_proof(browser)
    asked = browser.post(f"{APP}weg/")
    assert Authenticator.objects.filter(user=sanne, type="totp").exists()
    browser.post(asked.url, {"password": PASSWORD, "next": f"{APP}weg/"})
    assert not Authenticator.objects.filter(user=sanne).exists()


def test_who_came_in_by_the_organisation_proves_it_there(browser, settings):
    age_proof(browser)
    session = browser.session
    session[KEY] = session[KEY] | {"way": "oidc"}
    session.save()
    assert browser.get(APP).url.startswith("/inloggen/organisatie/?next=%2Faccount%2Ftweede-stap%2Fapp%2F&opnieuw=1")


# -- Needed --------------------------------------------------------------------------------------------------------


def test_without_a_factor_nobody_reaches_a_case_where_one_is_needed(browser, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    for address in ("/werkplek/", "/werkplek/team/", "/werkplek/melding/nieuw/", "/werkplek/afdrukken/", "/sturing/"):
        assert browser.get(address).headers.get("Location") == INDEX
        assert browser.post(address).url == INDEX
    assert "mag u geen zaken openen" in browser.get(INDEX).content.decode()
    assert browser.get("/account/").status_code == 200
    enrol(browser)
    assert browser.get("/werkplek/").status_code == 200


def test_an_inwoner_is_never_asked_for_a_factor_of_ours(settings, team):
    settings.SECOND_FACTOR_REQUIRED = True
    resident = User.objects.create_user("fatima", kind="inwoner", name="Fatima")
    browser = Client()
    browser.force_login(resident)
    session = browser.session
    session[KEY] = session[KEY] | {"way": "digid"}
    session.save()
    assert browser.get("/mijn/").status_code == 200


# -- Nothing tells an account from none ------------------------------------------------------------------------------


def test_the_sixth_wrong_password_is_refused_and_nobody_else_is(sanne, team):
    staff("joost", team)
    browser = Client()
    for _ in range(5):
        assert WRONG in sign_in(browser, password="niet het goede").content.decode()
    assert TOO_OFTEN in sign_in(browser).content.decode()
    assert "Wacht 5 minuten" in TOO_OFTEN and "Vraag uw functioneel beheerder" in TOO_OFTEN
    assert sign_in(Client(), "joost").status_code == 302


def test_a_name_without_an_account_is_limited_just_the_same():
    browser = Client()
    for _ in range(5):
        assert WRONG in sign_in(browser, "bestaat niet").content.decode()
    assert TOO_OFTEN in sign_in(browser, "bestaat niet").content.decode()


def test_every_refusal_costs_the_same_and_reads_the_same(sanne):
    User.objects.create_user("weg", kind="medewerker", password=PASSWORD, name="Weg", is_active=False)
    User.objects.create_user("inwoner", kind="inwoner", name="Fatima")
    User.objects.create_user("klok", kind="systeem", name="Klok")
    tries = [("sanne", "mis"), ("niemand", PASSWORD), ("weg", PASSWORD), ("weg", "mis"), ("inwoner", PASSWORD),
             ("klok", PASSWORD)]  # fmt: skip
    sign_in(Client(REMOTE_ADDR="10.1.1.1"), "warm", "mis")
    seen = set()
    for number, (name, password) in enumerate(tries):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), name, password)
        html = answer.content.decode()
        before = html.partition('name="csrfmiddlewaretoken" value="')[0]
        seen.add((answer.status_code, len(queries), WRONG in html, before, html.count("tg-field--invalid")))
        assert "_auth_user_id" not in answer.client.session
    assert len(seen) == 1, {(code, count) for code, count, *_ in seen}


def test_who_is_disabled_between_password_and_code_stays_outside(browser, sanne):
    secret, _ = enrol(browser)
    forget_last_code()
    fresh = Client()
    sign_in(fresh)
    User.objects.filter(pk=sanne.pk).update(is_active=False)
    fresh.post("/inloggen/code/", {"code": code_for(secret)})
    assert "_auth_user_id" not in fresh.session
    assert browser.get("/werkplek/").status_code == 302


def test_a_passkey_that_is_no_passkey_is_refused_in_words(sanne):
    browser = Client()
    for credential in ("", "{}", "geen json", '{"id": "x"}', "[]"):
        html = browser.post("/inloggen/passkey/", {"credential": credential}, follow=True).content.decode()
        assert "Inloggen met deze passkey lukt niet." in html
    assert LogRow.objects.filter(what="Inloggen met een passkey mislukt", result="refused").count() == 5


@pytest.mark.parametrize("credential", ["", "{}", "[1]", "geen json"])
def test_a_broken_passkey_is_an_error_on_its_page(browser, sanne, credential):
    added = browser.post(f"{INDEX}passkeys/nieuw/", {"name": "Telefoon", "credential": credential})
    assert "De passkey of sleutel werd niet herkend" in added.content.decode()
    assert 'value="Telefoon"' in added.content.decode()
    assert not Authenticator.objects.filter(user=sanne).exists()
    Authenticator.objects.create(user=sanne, type="totp", data={"secret": "x"})
    fresh = Client()
    sign_in(fresh)
    html = fresh.post("/inloggen/code/", {"credential": credential}).content.decode()
    assert "<title>Fout: Tweede stap" in html
    assert 'role="alert" data-passkey-error>' in html
