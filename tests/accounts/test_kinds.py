"""Two kinds of user: no way from one to the other, and each is found by the own back end only."""

import pytest
from django.contrib.auth import authenticate
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests import factories as make
from toegang.accounts.backends import ResidentBackend, StaffBackend
from toegang.accounts.models import User
from toegang.accounts.sessions import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def both():
    worker = make.make_staff("sanne", make.make_team(make.make_gemeente()))
    return worker, make.make_resident(make.make_case(make.actor_of(worker)).case, make.actor_of(worker))


@pytest.mark.parametrize(("index", "kind"), [(0, "inwoner"), (1, "medewerker"), (1, "systeem")])
def test_nobody_becomes_a_user_of_another_kind(both, index, kind):
    with pytest.raises(DatabaseError, match="another kind"), transaction.atomic():
        User.objects.filter(pk=both[index].pk).update(kind=kind)


def test_an_inwoner_has_no_password_and_is_of_no_ketenpartner(both):
    resident = both[1]
    resident.set_password("een lang wachtwoord")
    with pytest.raises(IntegrityError, match="only_medewerkers_have_a_password"), transaction.atomic():
        resident.save()
    assert authenticate(username=resident.username, password="een lang wachtwoord") is None


def test_each_back_end_finds_its_own_kind_only(both):
    worker, resident = both
    assert (StaffBackend().get_user(worker.pk), StaffBackend().get_user(resident.pk)) == (worker, None)
    assert (ResidentBackend().get_user(worker.pk), ResidentBackend().get_user(resident.pk)) == (None, resident)


@pytest.mark.parametrize("index", [0, 1])
def test_a_session_of_the_wrong_back_end_opens_nothing(both, index):
    client = Client()
    client.force_login(both[index])
    session = client.session
    other = ResidentBackend if index == 0 else StaffBackend
    session["_auth_user_backend"] = f"toegang.accounts.backends.{other.__name__}"
    session.save()
    assert KEY in client.session
    assert client.get(["/werkplek/", "/mijn/"][index]).status_code == 302


@pytest.mark.parametrize("path", ["/inloggen/nieuw/", "/signup/", "/accounts/signup/", "/wachtwoord/vergeten/"])
def test_there_is_no_sign_up_and_no_reset(path):
    with pytest.raises(Resolver404):
        resolve(path)
