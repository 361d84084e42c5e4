"""Headers of every kind of answer; the rules are checked against what they must refuse."""

import pytest
from django.templatetags.static import static
from django.test import Client
from django.urls import path

from tests.factories import make_gemeente, make_staff, make_team
from tests.header_rules import CSP, FIXED, csp_problems, problems
from toegang import urls

GOOD = (
    "default-src 'none'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def broken(_):
    """A view without a policy: always 500."""


urlpatterns = [*urls.urlpatterns, path("kapot/", broken)]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(
    "policy",
    [
        "",
        GOOD.replace("default-src 'none'; ", ""),
        GOOD.replace("base-uri 'none'; ", ""),
        GOOD.replace("object-src 'none'; ", ""),
        GOOD.replace("form-action 'self'; ", ""),
        GOOD.replace("; frame-ancestors 'none'", ""),
        GOOD.replace("script-src 'self'", "script-src 'unsafe-inline'"),
        GOOD.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
        GOOD.replace("script-src 'self'", "style-src 'unsafe-hashes'"),
        GOOD.replace("script-src 'self'", "script-src https:"),
        GOOD.replace("script-src 'self'", "img-src http:"),
        GOOD.replace("script-src 'self'", "img-src *"),
        GOOD.replace("object-src 'none'", "object-src 'self'"),
        GOOD.replace("script-src 'self'", "script-src data:"),
        GOOD.replace("script-src 'self'", "script-src cdn.example.org"),
    ],
)
def test_a_weak_policy_is_found(policy):
    assert list(csp_problems(policy))


@pytest.mark.parametrize("extra", ["", "; img-src 'self' data:", "; connect-src https://www.example.org"])
def test_a_strong_policy_passes(extra):
    assert list(csp_problems(GOOD + extra)) == []


@pytest.mark.parametrize("name", FIXED)
def test_a_header_that_is_missing_is_found(name):
    good = FIXED | {CSP: GOOD, "Content-Type": "text/html; charset=utf-8"}
    assert problems(good) == []
    assert problems({key: value for key, value in good.items() if key != name}) == [f"{name}: None"]
    assert problems(good | {"Content-Encoding": "gzip"}) == ["Content-Encoding: gzip"]
    assert problems(good | {"Content-Type": "text/html"}) == ["text/html"]
    assert problems(good | {"Access-Control-Allow-Origin": "*"}) == ["Access-Control-Allow-Origin: *"]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("get", "/inloggen/", 200),
        ("get", "/gezond", 200),
        ("get", "/werkplek/", 302),
        ("get", "/bestaat-niet/", 404),
        ("get", "/werkplek", 301),
        ("post", "/inloggen/", 403),
        ("get", "/uitloggen/", 405),
        ("get", "/kapot/", 500),
        ("trace", "/inloggen/", 405),
        ("options", "/werkplek/", 405),
        ("delete", "/gezond", 405),
    ],
)
def test_every_kind_of_answer_has_its_headers(method, address, code, caplog):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if code in {405, 500}:
        client.force_login(make_staff("anna", make_team(make_gemeente())))
    headers = {"accept-encoding": "gzip, br", "origin": "https://elders.example"}
    answer = getattr(client, method)(address, headers=headers)
    assert answer.status_code == code
    assert problems(answer.headers) == []
    parts = (part.split() for part in answer.headers[CSP].split(";") if part.strip())
    elsewhere = {(name, *sources) for name, *sources in parts if set(sources) - {"'self'", "'none'"}}
    assert elsewhere <= {("img-src", "'self'", "data:")}


@pytest.mark.django_db
def test_a_cookie_is_for_us_alone(settings):
    user = make_staff("anna", make_team(make_gemeente()))
    user.set_password("een-lang-wachtwoord")
    user.save()
    client = Client()
    client.get("/inloggen/")
    client.post("/inloggen/", {"login": "anna", "password": "een-lang-wachtwoord"})
    assert set(client.cookies) == {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
    assert {(cookie["samesite"], cookie["httponly"]) for cookie in client.cookies.values()} == {("Lax", True)}
    assert client.cookies[settings.SESSION_COOKIE_NAME]["expires"] == ""  # ends with the browser


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP"])
def test_a_forged_header_changes_nothing(header):
    plain = Client().get("/inloggen/?next=/werkplek/")
    forged = Client().get("/inloggen/?next=/werkplek/", headers={header: "boef.example"})
    assert b"boef.example" not in forged.content
    assert forged.status_code == plain.status_code == 200
    assert Client().get("/inloggen/", headers={"host": "boef.example"}).status_code == 400


def test_a_static_file_has_the_headers_too_and_no_list_is_given():
    """Only the cache may keep it; a folder and a file that is not there are the page for a wrong address."""
    address = static("js/toegang.js")
    answer = Client().get(address)
    for close in answer._resource_closers:  # the file behind it; closing the whole answer would ask the database
        close()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, 'text/javascript; charset="utf-8"')
    assert problems(answer.headers) == [f"Cache-Control: {answer.headers['Cache-Control']}"]
    assert "public" in answer.headers["Cache-Control"]
    for wrong in ("/static/", "/static/js/", f"{address}/..%2f..%2fsettings.py", "/static/../toegang/settings.py"):
        assert Client().get(wrong).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/werkplek/stijl.css", "/inloggen/x.js", "/mijn/foto.png"])
def test_a_page_is_never_given_as_a_file(address):
    """Who asks a page under the name of a file gets no page, and nothing that a cache may keep."""
    client = Client()
    client.force_login(make_staff("anna", make_team(make_gemeente())))
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
