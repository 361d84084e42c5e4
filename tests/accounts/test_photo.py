"""The own photo: given, replaced and taken away by oneself, refused in words, and kept nowhere else."""

from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from PIL import Image

from tests.factories import actor_of, make_beheerder, make_gemeente, make_staff, make_team
from toegang.accounts.history import person_history
from toegang.accounts.models import Ketenpartner, Photo, User
from toegang.accounts.services import people
from toegang.accounts.services.photo import drop_photo, set_photo
from toegang.core import images
from toegang.core.models import LogRow, StoredFile

pytestmark = pytest.mark.django_db
ADDRESS, IMAGE, DROP, SETTINGS = "/account/foto/", "/account/foto/beeld/", "/account/foto/weg/", "/account/"


def photo_of(colour=(30, 160, 30), size=(640, 480), kind="JPEG"):
    found = BytesIO()
    Image.new("RGB", size, colour).save(found, kind)
    return found.getvalue()


def sent(content, name="ik.jpg", kind="image/jpeg"):
    return {"photo": SimpleUploadedFile(name, content, kind)}


@pytest.fixture
def sanne():
    return make_staff("sanne", make_team(make_gemeente()))


@pytest.fixture
def browser(sanne):
    browser = Client()
    browser.force_login(sanne)
    return browser


def page_of(browser, address=ADDRESS):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_is_asked_and_who_sees_a_photo_is_told_before_it_is_given(browser):
    settings = page_of(browser, SETTINGS)
    assert "Het is niet verplicht." in settings and f'href="{ADDRESS}">Foto toevoegen' in settings
    html = page_of(browser)
    for words in (
        "Een foto is niet verplicht. U kunt uw foto altijd weer weghalen.",
        "Inwoners van wie u contactpersoon bent.",
        "Inwoners bij wie u de contactpersoon vervangt.",
        "Uw collega’s zien uw foto niet.",
    ):
        assert words in html
    assert "<img" not in html.split("<main")[1] and "<img" not in settings.split("<main")[1]
    assert browser.get(IMAGE).status_code == 404


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "ik.jpg"), ("PNG", "Pasfoto.PNG"), ("PNG", "whatsapp.jpeg")])
def test_a_photo_is_kept_as_our_own_jpeg_with_who_and_when(browser, sanne, kind, name):
    answer = browser.post(ADDRESS, sent(photo_of(kind=kind), name), follow=True)
    html = answer.content.decode()
    assert "Uw foto is bewaard." in html and 'alt="Foto van Sanne" width="80" height="80"' in html
    photo = Photo.objects.get(user=sanne)
    assert Image.open(BytesIO(photo.image)).size == (320, 320)
    shown = browser.get(IMAGE)
    assert (shown.content, shown.headers["Content-Type"]) == (bytes(photo.image), "image/jpeg")
    assert shown.headers["Content-Disposition"] == 'inline; filename="foto.jpg"'
    assert (shown.headers["X-Content-Type-Options"], shown.headers["Cache-Control"]) == ("nosniff", "no-store")
    last = sanne.history.first()
    assert (last.history_user_id, last.history_change_reason) == (sanne.pk, "Foto toegevoegd")
    assert LogRow.objects.get(action="write", what="Foto toegevoegd").object_id == str(sanne.pk)
    assert f'src="{IMAGE}"' in page_of(browser, SETTINGS)


def test_another_photo_takes_the_place_of_the_first_so_that_nobody_has_two(browser, sanne):
    browser.post(ADDRESS, sent(photo_of((200, 0, 0))))
    first = Photo.objects.get()
    browser.post(ADDRESS, sent(photo_of((0, 0, 200))))
    second = Photo.objects.get()
    assert first.pk != second.pk and bytes(first.image) != bytes(second.image)
    assert Photo.objects.count() == 1 and StoredFile.objects.count() == 0


def test_a_photo_is_taken_away_for_good(browser, sanne):
    browser.post(ADDRESS, sent(photo_of()))
    answer = browser.post(DROP, follow=True)
    assert "Uw foto is weg." in answer.content.decode() and f'src="{IMAGE}"' not in answer.content.decode()
    assert not Photo.objects.exists() and browser.get(IMAGE).status_code == 404
    titles = [entry.title for entry in person_history(sanne, actor_of(sanne))]
    assert titles[:2] == ["Foto weggehaald", "Foto toegevoegd"]
    browser.post(DROP)
    assert LogRow.objects.filter(what="Foto weggehaald").count() == 1


def test_no_other_table_holds_an_image():
    """What was replaced or taken away is in no history: there is one column of the house that holds a photo."""
    columns = {
        (model.__name__, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and model._meta.app_label == "accounts"
    }
    assert columns == {("Photo", "image")}
    assert not hasattr(Photo, "history")


def test_a_photo_goes_when_the_account_is_put_out_of_use_and_does_not_come_back(sanne):
    gemeente = sanne.memberships.get().team.gemeenten.get()
    bea = actor_of(make_beheerder("bea", gemeente))
    set_photo(user_id=sanne.pk, upload=photo_of(), actor=actor_of(sanne))
    people.disable(user=sanne, reason="Uit dienst", actor=bea)
    assert not Photo.objects.exists()
    people.enable(user=sanne, reason="Terug", actor=bea)
    assert not Photo.objects.exists()


REFUSED = {
    "text": (b"Dit is geen foto.", "ik.jpg", images.NO_PHOTO),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "ik.svg", images.NO_PHOTO),
    "svg as png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "ik.png", images.NO_PHOTO),
    "gif": (photo_of(kind="GIF"), "ik.gif", images.NO_PHOTO),
    "photo that is called a page": (photo_of(), "ik.html", images.NO_PHOTO),
    "photo without a name for its kind": (photo_of(), "ik", images.NO_PHOTO),
    "half": (photo_of()[:900], "ik.jpg", images.BROKEN),
    "nothing": (b"", "ik.jpg", "Dit bestand is leeg. Kies een andere foto"),
    "bomb": (photo_of(size=(6000, 5000), kind="PNG"), "ik.png", images.TOO_MANY_PIXELS),
    "large": (photo_of() + b"\0" * images.MOST_BYTES, "ik.jpg", images.TOO_LARGE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_at_the_field_and_changes_nothing(browser, sanne, case):
    content, name, sentence = REFUSED[case]
    browser.post(ADDRESS, sent(photo_of()))
    before = Photo.objects.get().pk
    answer = browser.post(ADDRESS, sent(content, name))
    html = answer.content.decode()
    assert answer.status_code == 200 and "<title>Fout: Mijn foto" in html
    assert html.count(sentence) == 2 and 'href="#id_photo"' in html  # above the page and at the field
    assert Photo.objects.get().pk == before
    assert LogRow.objects.filter(what="Foto toegevoegd").count() == 1


@pytest.mark.parametrize("data", [{}, {"photo": "ik.jpg"}])
def test_without_a_file_one_is_asked(browser, data):
    assert browser.post(ADDRESS, data).content.decode().count("Kies een foto van uw apparaat") == 2


def test_nothing_that_is_uploaded_touches_the_disk(browser, settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/bestaat-niet"
    assert browser.post(ADDRESS, sent(photo_of() + b"\0" * 4_000_000)).status_code == 302
    assert images.TOO_LARGE in browser.post(ADDRESS, sent(b"\0" * 9_000_000)).content.decode()


def test_more_than_one_file_is_refused_at_every_address():
    files = {name: SimpleUploadedFile("ik.jpg", photo_of()) for name in ("photo", "tweede")}
    guest = Client(enforce_csrf_checks=True)
    guest.get("/inloggen/")
    assert [guest.post(address, files).status_code for address in (ADDRESS, "/inloggen/", "/mijn/melden/")] == [400] * 3


def test_only_who_may_become_a_contactpersoon_is_offered_a_photo():
    gemeente = make_gemeente()
    school = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    others = [make_staff("ben", roles=("beheerder",), gemeente=gemeente)]
    others.append(User.objects.create_user("wil", kind="medewerker", name="Wil", ketenpartner=school))
    for user in others:
        browser = Client()
        browser.force_login(user)
        assert "Uw foto" not in page_of(browser, SETTINGS)
        assert browser.get(ADDRESS).status_code == 404
        assert browser.post(ADDRESS, sent(photo_of())).status_code == 404
    assert not Photo.objects.exists()


def test_who_no_longer_helps_inwoners_can_still_take_the_photo_away(browser, sanne):
    browser.post(ADDRESS, sent(photo_of()))
    sanne.role_assignments.all().delete()
    html = page_of(browser)
    assert "Foto weghalen" in html and 'type="file"' not in html
    assert browser.post(ADDRESS, sent(photo_of())).status_code == 404
    assert browser.post(DROP).status_code == 302
    assert not Photo.objects.exists() and browser.get(ADDRESS).status_code == 404


def test_a_photo_changes_nothing_else_of_the_account(browser, sanne):
    before = {"name": sanne.name, "theme": "systeem", "digest": "nooit", "is_active": True}
    browser.post(ADDRESS, sent(photo_of()) | {"name": "X", "theme": "donker", "user": "1"})
    drop_photo(user_id=sanne.pk, actor=actor_of(sanne))
    assert User.objects.values(*before).get(pk=sanne.pk) == before
