"""Signing in through a provider: right answers come in, every wrong one is refused, logged and told in words."""

import json
import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from joserfc import jwk

from casework.models import Person
from tests import factories as make
from tests.accounts.counterpart import claims_with, later, running, unsigned, with_public_key
from toegang.accounts import oidc
from toegang.accounts.models import Identity, Membership, RoleAssignment, User
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
LEVEL = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
LOW = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
BSN, OTHER_BSN = "999990019", "999993653"


@pytest.fixture(scope="module")
def _provider():
    with running() as counterpart:
        yield counterpart


@pytest.fixture
def provider(_provider):
    oidc._client.cache_clear()
    yield _provider
    _provider.lie, _provider.broken, _provider.metadata, _provider.refused = None, None, {}, []
    oidc._client.cache_clear()


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente(code="0344"))


@pytest.fixture
def house(provider, settings, team):
    """Both ways in by the same provider, a medewerker and an inwoner whom it knows."""
    base = {"issuer": provider.url, "client_secret": "geheim", "levels": [LEVEL]}
    groups = {"TG-Noord": {"role": "wijkteamlid", "gemeente": "0344", "team": "Wijkteam Noord"}}
    groups["TG-Cijfers"] = {"role": "manager", "gemeente": "0344"}
    staff = base | {"name": "Gemeente", "client_id": "werk", "scope": "openid profile email", "groups": groups}
    settings.STAFF_OIDC = json.dumps(staff)
    settings.RESIDENT_OIDC = json.dumps(base | {"name": "DigiD", "client_id": "mijn", "bsn_claim": ["bsn"]})
    provider.know("anna", name="Anna de Wit", email="anna@voorbeeld.example", acr=LEVEL, groups=["TG-Noord", "anders"])
    provider.know("inwoner", acr=LEVEL, bsn=BSN)
    return team


@pytest.fixture
def person(house):
    worker = make.make_staff("sanne", house)
    case = make.make_case(make.actor_of(worker), bsn=BSN).case
    return Person.objects.get(pk=case.person_id)


STAFF, MINE = "/inloggen/organisatie/", "/mijn/inloggen/digid/"
DOORS = {STAFF: "anna", MINE: "inwoner"}


def back_from(client, provider, door=STAFF, subject=None, query=""):
    """Leave by a door, sign in at the provider, and give the address on which the browser comes back."""
    left = client.get(f"{door}{query}")
    assert left.status_code == 302, left.content.decode()
    return provider.sign_in(left.url, subject or DOORS[door])


def come_in(client, provider, door=STAFF, subject=None, query=""):
    return client.get(back_from(client, provider, door, subject, query))


def refused(client, answer):
    """Refused means: nobody is signed in, a row in the log, and a page in words without a word of why."""
    assert answer.status_code == 403
    row = LogRow.objects.filter(action="login", result="refused").latest("id")
    html = answer.content.decode().split("<main")[1]
    assert "<h1" in html and "Opnieuw inloggen" in html
    for word in ("nonce", "token", "issuer", "Error", "signature", BSN):
        assert word not in html
    assert "_auth_user_id" not in client.session
    assert BSN not in f"{row.what} {row.detail}"
    return row.what.rsplit(" ", 1)[-1]


def test_a_medewerker_comes_in_with_the_roles_and_teams_of_the_groups(client, provider, house):
    answer = come_in(client, provider, query="?next=/werkplek/team/")
    assert (answer.status_code, answer.url) == (302, "/werkplek/team/")
    user = User.objects.get(identities__issuer=provider.url, identities__subject="anna")
    assert (user.kind, user.name, user.email) == ("medewerker", "Anna de Wit", "anna@voorbeeld.example")
    assert not user.has_usable_password()
    assert [(r.role_id, r.gemeente.code, r.source) for r in user.role_assignments.all()] == [
        ("wijkteamlid", "0344", "sso")
    ]
    assert [(m.team.name, m.source) for m in user.memberships.all()] == [("Wijkteam Noord", "sso")]
    assert client.get("/werkplek/team/").status_code == 200
    assert LogRow.objects.filter(action="login", result="ok").latest("id").object_id == str(user.pk)


def test_the_request_asks_for_code_with_state_nonce_and_pkce(client, provider, house):
    asked = parse_qs(urlsplit(client.get(STAFF).url).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["acr_values"] == [LEVEL]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_a_second_sign_in_brings_roles_up_to_date_and_leaves_what_the_beheerder_gave(client, provider, house):
    come_in(client, provider)
    user = User.objects.get(identities__subject="anna")
    today = make.actor_of(None).today
    by_hand = RoleAssignment.objects.create(user=user, gemeente=house.gemeenten.get(), role_id="toetser", since=today)
    RoleAssignment.objects.filter(source="sso").update(since=make.LONG_AGO)
    Membership.objects.filter(user=user).update(since=make.LONG_AGO)
    provider.know("anna", name="Anna Bos", acr=LEVEL, groups=["TG-Cijfers"])
    client.post("/uitloggen/")
    come_in(client, provider)
    user = User.objects.get(pk=user.pk)
    assert user.name == "Anna Bos"
    assert set(user.scope_on(today).roles) == {"manager", "toetser"}
    assert user.scope_on(today).team_ids == frozenset()
    ended = user.role_assignments.get(role="wijkteamlid")
    assert ended.until < today and ended.history.first().history_change_reason == "Inlog van de organisatie"
    assert RoleAssignment.objects.get(pk=by_hand.pk).until is None


def test_who_has_no_group_any_more_is_refused_and_loses_the_role(client, provider, house):
    come_in(client, provider)
    client.post("/uitloggen/")
    provider.know("anna", name="Anna de Wit", acr=LEVEL, groups=["onbekend"])
    answer = come_in(client, provider)
    assert refused(client, answer) == "no_role"
    assert "U hebt nog geen rol in Toegang" in answer.content.decode()


def test_a_leaver_is_refused(client, provider, house):
    come_in(client, provider)
    client.post("/uitloggen/")
    User.objects.filter(identities__subject="anna").update(is_active=False)
    answer = come_in(client, provider)
    assert refused(client, answer) == "disabled"
    assert "niet meer in gebruik" in answer.content.decode()


def test_the_same_subject_of_another_issuer_is_another_user(client, provider, house):
    stranger = make.make_staff("sanne", house)
    Identity.objects.create(user=stranger, issuer="https://elders.example", subject="anna")
    come_in(client, provider)
    assert client.session["_auth_user_id"] != str(stranger.pk)


def test_the_same_mail_address_is_no_identity(client, provider, house):
    local = make.make_staff("sanne", house)
    User.objects.filter(pk=local.pk).update(email="anna@voorbeeld.example")
    come_in(client, provider)
    assert client.session["_auth_user_id"] != str(local.pk)


def test_an_inwoner_comes_in_with_digid_and_sees_the_own_pages(client, provider, person):
    answer = come_in(client, provider, MINE)
    assert (answer.status_code, answer.url) == (302, "/mijn/")
    assert client.session["_auth_user_backend"].endswith("ResidentBackend")
    assert client.get("/mijn/").status_code == 200
    assert client.get("/werkplek/").status_code == 404
    assert User.objects.get(kind="inwoner").person == person


def test_who_acts_for_somebody_else_is_kept_beside_for_whom(client, provider, person, house):
    worker = User.objects.get(username="sanne")
    mother = make.make_case(make.actor_of(worker), given_names="Moeder", bsn=OTHER_BSN, born=19400101).case.person
    provider.know("inwoner", acr=LEVEL, bsn=BSN, represents={"sub": OTHER_BSN})
    come_in(client, provider, MINE)
    assert client.session["on_behalf_of"] == str(mother.pk)
    assert f"{person.name}, voor {mother.name}" in client.get("/mijn/").content.decode()
    row = LogRow.objects.latest("id")
    assert (row.user_name, row.on_behalf_of) == (person.name, mother.pk)
    provider.know("inwoner", acr=LEVEL, bsn=BSN)
    come_in(client, provider, MINE)
    assert "on_behalf_of" not in client.session


@pytest.mark.parametrize("represents", [{"sub": "123"}, {}, "tekst", {"sub": None}])
def test_for_whom_must_be_a_right_number(client, provider, person, represents):
    provider.know("inwoner", acr=LEVEL, bsn=BSN, represents=represents)
    assert refused(client, come_in(client, provider, MINE)) == "bsn"


def test_an_inwoner_of_whom_nothing_is_known_is_told_so(client, provider, house):
    answer = come_in(client, provider, MINE)
    assert refused(client, answer) == "unknown"
    assert "Wij vinden nog geen melding of zaak op uw naam" in answer.content.decode()
    assert not User.objects.filter(kind="inwoner").exists()
    assert "Geef mijn burgerservicenummer van DigiD mee" in client.get("/mijn/melden/").content.decode()
    kept = str(dict(client.session))
    assert BSN not in kept and "_auth_user_id" not in kept  # sealed, and nobody is signed in


@pytest.mark.parametrize("bsn", [None, "", "123456789", "99999001", 999990019, ["999990019"]])
def test_a_missing_or_wrong_bsn_is_refused(client, provider, person, bsn):
    provider.lie = claims_with(bsn=bsn)
    assert refused(client, come_in(client, provider, MINE)) == "bsn"


@pytest.mark.parametrize("level", [None, LOW, "", LEVEL.lower(), [LEVEL, LOW]])
def test_a_level_too_low_is_refused_with_the_way_to_raise_it(client, provider, person, level):
    provider.lie = claims_with(acr=level)
    answer = come_in(client, provider, MINE)
    html = answer.content.decode()
    assert answer.status_code == 403 and "_auth_user_id" not in client.session
    assert "ID-check" in html and "Liever zonder DigiD?" in html


def with_own_key(header, claims, key):
    """The token with the key that signed it in its own head."""
    own = jwk.ECKey.generate_key("P-256")  # a head with an RSA key is refused for its size
    return {**header, "alg": "ES256", "jwk": own.as_dict(private=False)}, claims, own


WRONG_ANSWERS = {
    "issuer": claims_with(iss="https://elders.example"),
    "no issuer": claims_with(iss=None),
    "audience": claims_with(aud="een-ander"),
    "two audiences": claims_with(aud=["een-ander", "nog-een"]),
    "authorised party": claims_with(azp="een-ander"),
    "nonce": claims_with(nonce="van-een-ander-moment"),
    "no nonce": claims_with(nonce=None),
    "expired": claims_with(exp=later(-3600)),
    "no expiry": claims_with(exp=None),
    "not yet": claims_with(nbf=later(3600)),
    "made in the future": claims_with(iat=later(3600)),
    "algorithm none": unsigned,
    "public key as secret": with_public_key,
    "wrong key": lambda header, claims, key: (header, claims, jwk.RSAKey.generate_key(2048)),
    "key in its own head": with_own_key,
    "cut token": lambda *_: "geen.token",
    "no subject": claims_with(sub=None),
    "access token of another": claims_with(at_hash="bm9wZQ"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("lie", WRONG_ANSWERS)
def test_a_wrong_answer_is_refused(client, provider, person, door, lie):
    provider.lie = WRONG_ANSWERS[lie]
    assert refused(client, come_in(client, provider, door)) == "answer"


@pytest.mark.parametrize("door", DOORS)
def test_the_same_answer_without_the_lie_comes_in(client, provider, person, door):
    """The control of all refusals: the counterpart signs again, and nothing is changed."""
    provider.lie = lambda header, claims, key: (header, claims, key)
    assert come_in(client, provider, door).status_code == 302
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("skew", [-30, 30])
def test_a_clock_that_is_a_little_off_is_no_reason_to_refuse(client, provider, person, door, skew):
    provider.lie = claims_with(iat=later(skew), nbf=later(skew), exp=later(skew - 15))
    assert come_in(client, provider, door).status_code == 302


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", ["", "een-ander", "x" * 5000])
def test_an_answer_with_another_state_is_refused(client, provider, person, door, state):
    back = urlsplit(back_from(client, provider, door))
    code = parse_qs(back.query)["code"][0]
    assert refused(client, client.get(back.path, {"code": code, "state": state})) == "state"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_elsewhere_begins_no_session(client, provider, person, door, site):
    """It gives the page with the button, even while the session at the provider is alive; a proof again asks there."""
    asked = client.get(f"{door}?next=/verder/", headers={"sec-fetch-site": site})
    assert asked.headers.get("Location", "").endswith("/inloggen/?next=%2Fverder%2F")
    assert oidc.NOTES not in client.session
    assert client.get(asked.url).status_code == 200
    for here in ("same-origin", "none"):
        client.get(door, headers={"sec-fetch-site": here})
    assert len(client.session[oidc.NOTES]) == 2


@pytest.mark.parametrize("door", DOORS)
def test_two_tabs_both_come_in_and_each_goes_on_where_it_was(client, provider, person, door):
    first = back_from(client, provider, door, query="?next=/verder/%3Fa")
    second = back_from(client, provider, door, query="?next=/verder/%3Fb")
    assert [client.get(second).url, client.get(first).url] == ["/verder/?b", "/verder/?a"]


@pytest.mark.parametrize("door", DOORS)
def test_of_many_tabs_the_oldest_is_forgotten(client, provider, person, door):
    first = back_from(client, provider, door)
    for _ in range(5):
        client.get(door)
    assert refused(client, client.get(first)) == "state"
    assert len(client.session[oidc.NOTES]) == 5


@pytest.mark.parametrize("door", DOORS)
def test_signing_in_changes_the_key_of_the_session(client, provider, person, door):
    back = back_from(client, provider, door)
    before = client.cookies["sessie"].value
    client.get(back)
    assert client.cookies["sessie"].value != before
    assert not client.session.exists(before)


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_counts_once(client, provider, person, door):
    back = back_from(client, provider, door)
    assert client.get(back).status_code == 302
    client.post("/uitloggen/")
    assert refused(client, client.get(back)) == "state"


@pytest.mark.parametrize("door", DOORS)
def test_an_old_token_is_refused_in_a_new_round(client, provider, person, door):
    come_in(client, provider, door)
    old = provider.last_token
    client.post("/uitloggen/")
    provider.lie = lambda *_: old
    assert refused(client, come_in(client, provider, door)) == "answer"


@pytest.mark.parametrize("door", DOORS)
def test_a_code_of_somebody_else_is_refused_by_the_proof_key(client, client_of_another, provider, person, door):
    """A stolen code, put into the answer that this browser waits for."""
    stolen = parse_qs(urlsplit(back_from(client_of_another, provider, door)).query)["code"][0]
    back = urlsplit(back_from(client, provider, door))
    state = parse_qs(back.query)["state"][0]
    assert refused(client, client.get(back.path, {"code": stolen, "state": state})) == "answer"
    assert provider.refused == ["pkce"]


@pytest.fixture
def client_of_another():
    return Client()


@pytest.mark.parametrize(("door", "other"), [(STAFF, MINE), (MINE, STAFF)])
def test_an_answer_at_the_other_door_is_refused(client, provider, person, door, other):
    back = urlsplit(back_from(client, provider, door))
    assert refused(client, client.get(f"{other}terug/?{back.query}")) == "state"


def test_a_step_up_is_of_the_same_person_and_of_now(client, provider, house):
    come_in(client, provider)
    mine = client.session["_auth_user_id"]
    provider.know("bram", name="Bram", acr=LEVEL, groups=["TG-Noord"])
    provider.lie = claims_with(auth_time=later(0))
    answer = come_in(client, provider, subject="bram", query="?opnieuw=1")
    assert (answer.status_code, client.session["_auth_user_id"]) == (403, mine)
    assert "Log in met het account waarmee u bezig was" in answer.content.decode()
    for moment in (None, later(-600)):
        provider.lie = claims_with(auth_time=moment)
        assert come_in(client, provider, query="?opnieuw=1").status_code == 403
    provider.lie = claims_with(auth_time=later(0))
    assert come_in(client, provider, query="?opnieuw=1").status_code == 302
    assert client.session[KEY]["proved"] > time.time() - 5


def test_without_the_methods_that_are_asked_a_medewerker_is_refused(client, provider, house, settings):
    settings.STAFF_OIDC = json.dumps(json.loads(settings.STAFF_OIDC) | {"methods": ["mfa", "otp"]})
    for amr in (None, [], ["pwd"], "mfa"):
        provider.lie = claims_with(amr=amr)
        assert come_in(client, provider).status_code == 403
    provider.lie = claims_with(amr=["pwd", "mfa"])
    assert come_in(client, provider).status_code == 302


@pytest.mark.parametrize("door", DOORS)
def test_who_stops_at_the_provider_is_told_so(client, provider, person, door):
    left = urlsplit(client.get(door).url)
    state = parse_qs(left.query)["state"][0]
    answer = client.get(f"{door}terug/", {"error": "access_denied", "state": state})
    assert refused(client, answer) == "cancelled"
    assert "gestopt met inloggen" in answer.content.decode()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?error=server_error", "?code=x&state=x&error=x"])
def test_coming_back_without_having_left_is_refused(client, provider, person, door, query):
    assert refused(client, client.get(f"{door}terug/{query}")) == "state"


BROKEN = {
    "an error": lambda: ("kapot", 500),
    "no JSON": lambda: ("<html>onderhoud</html>", 200),
    "a list": lambda: ("[]", 200),
    "nothing": lambda: ("", 200),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "broken",
    [(place, answer) for place in ("/.well-known/openid-configuration", "/oauth2/token", "/jwks") for answer in BROKEN],
)
def test_a_provider_that_is_broken_gives_a_page(client, provider, person, door, broken):
    place, answer = broken
    if place.startswith("/.well-known"):
        provider.broken = (place, BROKEN[answer])
        shown = client.get(door)
    else:
        back = back_from(client, provider, door)
        provider.broken = (place, BROKEN[answer])
        shown = client.get(back)
    assert refused(client, shown) in {"unreachable", "answer"}
    provider.broken = None
    assert come_in(client, provider, door).status_code == 302


@pytest.mark.parametrize("door", DOORS)
def test_a_provider_that_is_slow_gives_a_page(client, provider, person, door, monkeypatch):
    monkeypatch.setattr(oidc, "SECONDS_TO_ANSWER", 0.3)
    provider.broken = ("/.well-known/openid-configuration", lambda: (time.sleep(1), ("te laat", 200))[1])
    assert refused(client, client.get(door)) == "unreachable"


@pytest.mark.parametrize("door", DOORS)
def test_a_provider_that_is_down_gives_a_page(client, person, settings, door):
    for name in ("STAFF_OIDC", "RESIDENT_OIDC"):
        given = json.loads(getattr(settings, name)) | {"issuer": "http://127.0.0.1:9"}
        setattr(settings, name, json.dumps(given))
    answer = client.get(door)
    assert refused(client, answer) == "unreachable"
    assert "geeft nu geen antwoord" in answer.content.decode()


@pytest.mark.parametrize("door", DOORS)
def test_a_provider_that_calls_itself_another_is_refused(client, provider, person, door):
    provider.metadata = {"issuer": "https://elders.example"}
    assert refused(client, client.get(door)) == "issuer"


@pytest.mark.parametrize("door", DOORS)
def test_a_provider_that_allows_no_signature_is_not_followed(client, provider, person, door):
    provider.metadata = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    for lie in (unsigned, with_public_key):
        provider.lie = lie
        assert refused(client, come_in(client, provider, door)) == "answer"


@pytest.mark.parametrize("wanted", ["https://elders.example/", "//elders.example", "javascript:alert(1)", "\\\\elders"])
@pytest.mark.parametrize("door", DOORS)
def test_nobody_is_sent_elsewhere_afterwards(client, provider, person, door, wanted):
    home = "/" if door == STAFF else "/mijn/"
    assert come_in(client, provider, door, query=f"?next={quote(wanted)}").url == home


@pytest.mark.parametrize("door", DOORS)
def test_without_a_setting_the_way_in_does_not_exist(client, settings, door, db):
    settings.STAFF_OIDC = settings.RESIDENT_OIDC = ""
    assert client.get(door).status_code == client.get(f"{door}terug/").status_code == 404


def test_no_bsn_and_no_token_is_in_the_log_or_the_session(client, provider, person):
    come_in(client, provider, MINE)
    logged = [f"{row.what} {row.detail} {row.object_id}" for row in LogRow.objects.all()]
    kept = " ".join([*logged, json.dumps(dict(client.session.items()))])
    assert [secret for secret in (BSN, provider.last_token, provider.last_access) if secret in kept] == []
