"""The settings of the identity providers: a wrong one is told at the start, in words that name it."""

import json

import pytest

from toegang.accounts.checks import check_providers
from toegang.accounts.providers import Place, claim, resident_provider, staff_provider

RIGHT = {
    "name": "Gemeente",
    "issuer": "https://inlog.voorbeeld.example",
    "client_id": "werk",
    "client_secret": "geheim",
    "levels": ["hoog"],
}


def test_a_right_setting_is_read_whole(settings):
    groups = {"TG-Noord": {"role": "wijkteamlid", "gemeente": "0344", "team": "Wijkteam Noord"}}
    settings.STAFF_OIDC = json.dumps(RIGHT | {"groups": groups, "groups_claim": ["resource", "roles"]})
    found = staff_provider()
    assert found.metadata_url == "https://inlog.voorbeeld.example/.well-known/openid-configuration"
    assert (found.levels, found.groups_claim) == (frozenset({"hoog"}), ("resource", "roles"))
    assert found.groups == {"TG-Noord": Place("wijkteamlid", "0344", "Wijkteam Noord")}
    assert check_providers() == []


def test_without_a_setting_there_is_no_provider(settings):
    settings.STAFF_OIDC = settings.RESIDENT_OIDC = ""
    assert (staff_provider(), resident_provider(), check_providers()) == (None, None, [])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("geen json", "is geen geldige instelling"),
        ("[]", "is geen geldige instelling"),
        (json.dumps({"name": "Gemeente"}), "is geen geldige instelling"),
        (json.dumps(RIGHT | {"onbekend": 1}), "is geen geldige instelling"),
        (json.dumps(RIGHT | {"groups": {"x": {"rol": "y"}}}), "is geen geldige instelling"),
        (json.dumps({key: value for key, value in RIGHT.items() if key != "levels"}), "dan is één factor genoeg"),
    ],
)
@pytest.mark.parametrize("name", ["STAFF_OIDC", "RESIDENT_OIDC"])
def test_a_wrong_setting_is_told_at_the_start(settings, name, given, told):
    setattr(settings, name, given)
    [error] = check_providers()
    assert name in error.msg and told in error.msg


def test_in_production_a_provider_without_https_is_refused(settings):
    settings.PRODUCTION = True
    settings.RESIDENT_OIDC = json.dumps(RIGHT | {"issuer": "http://inlog.voorbeeld.example"})
    assert "https://" in check_providers()[0].msg


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sub",), "1"),
        (("represents", "sub"), "2"),
        (("represents", "sub", "x"), None),
        (("elders",), None),
        (("sub", "x"), None),
    ],
)
def test_a_path_leads_through_nested_claims(path, value):
    assert claim({"sub": "1", "represents": {"sub": "2"}}, path) == value
