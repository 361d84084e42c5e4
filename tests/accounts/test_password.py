"""Changing the own password: the present one is asked, easy ones are refused, and other devices are signed out."""

import pytest
from django.test import Client

from tests import factories as make
from toegang.accounts.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/account/wachtwoord/"
OLD, NEW = "een lang wachtwoord", "paarse fiets zonder bel 7"


@pytest.fixture
def worker():
    user = make.make_staff("sanne", make.make_team(make.make_gemeente("Kerkdam"), "Wijkteam Oosterhof"))
    User.objects.filter(pk=user.pk).update(name="Sanne van Buuren", email="s.vanbuuren@kerkdam.example")
    user.refresh_from_db()
    user.set_password(OLD)
    user.save()
    return user


def signed_in(worker):
    client = Client()
    assert client.post("/inloggen/", {"login": worker.username, "password": OLD}).status_code == 302
    return client


def given(new=NEW, old=OLD, again=None):
    return {"oldpassword": old, "password1": new, "password2": again if again is not None else new}


def test_a_new_password_works_and_the_other_device_is_signed_out(worker):
    here, elsewhere = signed_in(worker), signed_in(worker)
    assert here.post(ADDRESS, given()).url == "/account/tweede-stap/"
    assert here.get("/werkplek/").status_code == 200
    assert elsewhere.get("/werkplek/").status_code == 302
    assert Client().post("/inloggen/", {"login": "sanne", "password": NEW}).status_code == 302
    assert Client().post("/inloggen/", {"login": "sanne", "password": OLD}).status_code == 200
    worker.refresh_from_db()
    assert worker.history.first().history_change_reason == "Wachtwoord gewijzigd"


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        (given(old="niet dit"), "oldpassword", "Dit is niet uw huidige wachtwoord. Probeer het nog een keer."),
        (given(old=""), "oldpassword", "Vul uw huidige wachtwoord in"),
        (given(again="iets anders dan dat"), "password2", "Dit is niet hetzelfde als het nieuwe wachtwoord hierboven"),
        (given("kort"), "password1", "Kies een langer wachtwoord: minstens 12 tekens"),
        (given("1q2w3e4r5t6y"), "password1", "Dit wachtwoord is te bekend. Kies een ander"),
        (
            given("sanne van buuren"),
            "password1",
            "Dit wachtwoord lijkt te veel op uw naam of e-mailadres. Kies een ander",
        ),
        (given("WijkteamOosterhof2026!"), "password1", "Dit wachtwoord bestaat uit bekende woorden. Kies een ander"),
        (given("gemeentewachtwoord01!"), "password1", "Dit wachtwoord bestaat uit bekende woorden. Kies een ander"),
        (given("Kerkdam-welkom-01"), "password1", "Dit wachtwoord bestaat uit bekende woorden. Kies een ander"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(worker, sent, field, told):
    client = signed_in(worker)
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 200
    assert told in answer.context["form"].errors[field]
    worker.refresh_from_db()
    assert worker.check_password(OLD)


@pytest.mark.parametrize("new", ["x" * 100, "ééé ööö ßßß 漢字漢字", "alleen kleine letters", "  spaties eromheen  "])
def test_any_composition_is_allowed_and_taken_as_it_is(worker, new):
    client = signed_in(worker)
    assert client.post(ADDRESS, given(new)).status_code == 302
    worker.refresh_from_db()
    assert worker.check_password(new) and not worker.check_password(new.strip() + "x")
    assert new.swapcase() == new or not worker.check_password(new.swapcase())


def test_who_has_no_password_has_no_such_page(client):
    user = make.make_staff("bram", make.make_team(make.make_gemeente()))
    client.force_login(user)
    assert client.get(ADDRESS).status_code == 404


def test_a_password_does_not_grow_old(worker):
    User.objects.filter(pk=worker.pk).update(last_login="2016-01-01T12:00Z")
    worker.history.update(history_date="2016-01-01T12:00Z")
    assert signed_in(worker).get("/werkplek/").status_code == 200


def test_the_browser_may_help_with_a_password(worker):
    """The fields are masked, tell a password manager what they are, and cut nothing off."""
    form = signed_in(worker).get(ADDRESS).context["form"]
    shown = {name: dict(field.field.widget.attrs) for name, field in ((n, form[n]) for n in form.fields)}
    assert {form.fields[name].widget.input_type for name in shown} == {"password"}
    told = {name: attributes["autocomplete"] for name, attributes in shown.items()}
    assert told == {"oldpassword": "current-password", "password1": "new-password", "password2": "new-password"}
    assert not any({"maxlength", "onpaste", "readonly"} & attributes.keys() for attributes in shown.values())
