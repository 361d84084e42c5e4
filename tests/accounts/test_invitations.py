"""An invitation works once, for three days, for local accounts only; every other link meets one plain page."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import int_to_base36

from tests.factories import actor_of, make_beheerder, make_gemeente, make_staff, make_team, run_outbox
from toegang.accounts.models import Identity, Ketenpartner, User
from toegang.accounts.services import people
from toegang.accounts.services.invitations import accept_invitation, invited, link_of
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow, OutboxRow

pytestmark = pytest.mark.django_db
CHOSEN = "vier fietsen in de regen"
FILLED = {"new_password1": CHOSEN, "new_password2": CHOSEN}
HEADING = "Deze link werkt niet"


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def actor(gemeente):
    return actor_of(make_beheerder("bea", gemeente))


@pytest.fixture
def anna(gemeente):
    return make_staff("anna", make_team(gemeente))


def gone(client, link):
    answer = client.get(link)
    posted = client.post(link, FILLED)
    return (
        (answer.status_code, HEADING in answer.content.decode())
        == (404, True)
        == (
            posted.status_code,
            HEADING in posted.content.decode(),
        )
    )


def test_the_invited_person_chooses_a_password_signs_in_and_adds_a_second_step(client, anna, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    link = link_of(anna)
    html = client.get(link).content.decode()
    assert "Dag Anna." in html and 'autocomplete="new-password"' in html and html.count("tg-field__hint") == 1
    answer = client.post(link, FILLED, follow=True)
    assert answer.redirect_chain == [("/inloggen/", 302)] and "Uw wachtwoord is bewaard" in answer.content.decode()
    signed = client.post("/inloggen/", {"login": "anna", "password": CHOSEN}, follow=True)
    assert [url for url, _ in signed.redirect_chain] == ["/", "/werkplek/", "/account/tweede-stap/"]
    kept = anna.history.first()
    assert kept.history_change_reason == "Wachtwoord gekozen met de uitnodiging"
    assert LogRow.objects.filter(what="Wachtwoord gekozen met de uitnodiging", object_id=str(anna.pk)).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Vul een nieuw wachtwoord in"),
        ({"new_password1": CHOSEN}, "Vul uw nieuwe wachtwoord nog een keer in"),
        ({"new_password1": CHOSEN, "new_password2": "iets anders, ook lang"}, "Dit is niet hetzelfde"),
        ({"new_password1": "kort", "new_password2": "kort"}, "Kies een langer wachtwoord"),
    ],
)
def test_a_password_that_is_no_good_changes_nothing(client, anna, typed, sentence):
    answer = client.post(link_of(anna), typed)
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)
    anna.refresh_from_db()
    assert not anna.has_usable_password()


def test_a_link_works_once(client, anna):
    link = link_of(anna)
    user, token = invited(*link.split("/")[2:4]), link.split("/")[3]
    assert client.post(link, FILLED).status_code == 302
    assert gone(client, link)
    anonymous = actor_of(None)
    with pytest.raises(Blocked):  # also when both had opened it
        accept_invitation(user=user, token=token, password="een ander wachtwoord", actor=anonymous)
    anna.refresh_from_db()
    assert anna.check_password(CHOSEN)


def test_a_link_works_for_three_days(client, anna, monkeypatch):
    def made(ago):
        maker = PasswordResetTokenGenerator()
        monkeypatch.setattr(maker, "_now", lambda: datetime.now() - ago)
        return reverse("invitation", args=[int_to_base36(anna.pk), maker.make_token(anna)])

    assert client.get(made(timedelta(days=3, minutes=-5))).status_code == 200
    assert gone(client, made(timedelta(days=3, minutes=5)))


def test_a_link_that_was_changed_or_made_up_works_not(client, anna):
    other = make_staff("bram", roles=())
    _, _, uid, token, _ = link_of(anna).split("/")
    for wrong in (
        (int_to_base36(other.pk), token),
        (uid, token[:-1] + ("a" if token[-1] != "a" else "b")),
        (uid, "x"),
        ("-", token),
        ("0", token),
        ("z" * 13, token),
        ("z" * 40, token),
    ):
        assert gone(client, reverse("invitation", args=wrong)), wrong
    assert client.get(link_of(anna)).status_code == 200
    row = LogRow.objects.filter(what="Uitnodiging die niet werkt").latest("id")
    assert (row.result, row.object_id) == ("refused", "")


@pytest.mark.parametrize("kind", ["inwoner", "identity", "disabled", "has_password"])
def test_who_cannot_be_invited(client, anna, kind):
    if kind == "inwoner":
        anna = User.objects.create_user("fatima", kind="inwoner", name="Fatima")
    if kind == "identity":
        Identity.objects.create(user=anna, issuer="https://inlog.example", subject="a")
    if kind == "disabled":
        User.objects.filter(pk=anna.pk).update(is_active=False)
    if kind == "has_password":
        anna.set_password("een lang wachtwoord")
        anna.save()
    assert gone(client, link_of(anna))


def test_a_new_invitation_replaces_password_link_and_sessions(client, anna, actor):
    first = link_of(anna)
    people.renew_invitation(user=anna, reason="Link kwijt", actor=actor)
    anna.refresh_from_db()
    assert gone(client, first)
    client.post(link_of(anna), FILLED)
    client.post("/inloggen/", {"login": "anna", "password": CHOSEN})
    assert client.get("/werkplek/").status_code == 200
    anna.refresh_from_db()
    people.renew_invitation(user=anna, reason="Wachtwoord vergeten", actor=actor)
    assert client.get("/werkplek/").url.startswith("/inloggen/")
    anna.refresh_from_db()
    assert not anna.has_usable_password()
    assert anna.history.first().history_change_reason == "Nieuwe uitnodiging gemaakt: Wachtwoord vergeten"


def test_a_disabled_account_gets_no_invitation(anna, actor):
    people.disable(user=anna, reason="weg", actor=actor)
    with pytest.raises(Blocked, match="staat uit"):
        people.renew_invitation(user=anna, reason="x", actor=actor)


def test_the_mail_holds_a_link_that_works_and_the_row_holds_none(client, anna, actor, mailoutbox, settings):
    User.objects.filter(pk=anna.pk).update(email="anna@voorbeeld.example")
    people.renew_invitation(user=anna, reason="Nieuw", actor=actor)
    row = OutboxRow.objects.get(kind="invitation")
    assert row.payload == {"user_id": anna.pk}
    run_outbox()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["anna@voorbeeld.example"], "Uw account voor Toegang")
    assert "anna@" not in mail.body and "Uw gebruikersnaam is: anna" in mail.body
    (address,) = re.findall(r"http\S+", mail.body)
    assert address.startswith(settings.SITE_ADDRESS)
    assert client.get(address.removeprefix(settings.SITE_ADDRESS)).status_code == 200


def test_no_mail_when_there_is_nothing_to_send(anna, actor, mailoutbox, settings):
    people.renew_invitation(user=anna, reason="Geen adres", actor=actor)
    User.objects.filter(pk=anna.pk).update(email="anna@voorbeeld.example")
    settings.SENDS_MAIL = False
    people.renew_invitation(user=anna, reason="Geen post", actor=actor)
    assert not OutboxRow.objects.exists()
    settings.SENDS_MAIL = True
    people.renew_invitation(user=anna, reason="Te laat", actor=actor)
    anna.refresh_from_db()
    anna.set_password(CHOSEN)
    anna.save()
    run_outbox()
    assert mailoutbox == []


def test_somebody_of_a_ketenpartner_is_invited_too(client, gemeente, actor):
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    facts = {"details": people.Details("Juf Els"), "organisatie": gemeente.organisatie, "ketenpartner": partner}
    juf = people.add_person(username="juf", actor=actor, **facts)
    assert client.post(link_of(juf), FILLED).url == "/inloggen/"
    assert LogRow.objects.filter(what="Uitnodiging gemaakt", object_id=str(juf.pk)).count() == 1


def test_who_was_signed_in_is_signed_out(client, anna, actor):
    client.force_login(actor.user)
    client.post(link_of(anna), FILLED)
    assert "_auth_user_id" not in client.session
