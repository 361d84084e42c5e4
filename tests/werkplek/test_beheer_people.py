"""Pages with people: the list, one person, forms that say what is wrong, links that are shown once, scope."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import LONG_AGO, actor_of, make_beheerder, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import fill
from toegang.accounts.models import Identity, Ketenpartner, Membership, Organisatie, RoleAssignment, Source, User
from toegang.accounts.services.assignments import BY_SIGN_IN, OWN, PARTNER
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
LIST = "/werkplek/beheer/mensen/"
LIST_QUERIES, PERSON_QUERIES = 14, 20
WHY = {"reason": "Uit dienst"}


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def team(gemeente):
    return make_team(gemeente)


@pytest.fixture
def bea(client, gemeente):
    user = make_beheerder("bea", gemeente)
    client.force_login(user)
    return user


@pytest.fixture
def anna(team):
    return make_staff("anna", team)


def page(client, person, rest=""):
    return client.get(f"{LIST}{person.pk}/{rest}")


def send(client, person, rest, **typed):
    return client.post(f"{LIST}{person.pk}/{rest}", typed)


def told(answer):
    """The sentences of the errors, of the whole form first."""
    form = answer.context["form"]
    return [*form.non_field_errors(), *(text for name in form.fields for text in form[name].errors)]


def test_the_list_is_searched_and_filtered(client, gemeente, bea, anna):
    User.objects.filter(pk=anna.pk).update(name="Anna de Boer")
    User.objects.filter(pk=make_staff("oud", roles=("toetser",), gemeente=gemeente).pk).update(is_active=False)
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    User.objects.create_user("juf", kind="medewerker", name="Juf", ketenpartner=partner)
    make_staff("vreemd", make_team(make_gemeente("Elders")))

    def names(query=""):
        return [who.name for who in client.get(f"{LIST}{query}").context["page"]]

    assert names() == ["Anna de Boer", "Bea", "Juf"]
    assert names("?q=DE+BO&stand=ja") == ["Anna de Boer"]
    assert names("?stand=nee") == ["Oud"]
    assert names("?stand=keten") == ["Juf"]
    assert names("?stand=alle") == ["Anna de Boer", "Bea", "Juf", "Oud"]
    assert names("?stand=onzin&q=%25") == []
    html = client.get(LIST).content.decode()
    assert "wijkteamlid (Voorbeeldstad), Wijkteam Noord" in html and "3 mensen gevonden" in html


def test_the_list_is_shown_fifty_at_a_time(client, gemeente, bea):
    for n in range(60):
        make_staff(f"w{n:02}", roles=("toetser",), gemeente=gemeente)
    first, second = client.get(f"{LIST}?q=w"), client.get(f"{LIST}?q=w&pagina=2")
    assert (len(first.context["page"]), len(second.context["page"])) == (50, 10)
    assert "?q=w&amp;pagina=2" in first.content.decode()
    assert client.get(f"{LIST}?q=w&pagina=onzin").status_code == 200


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_one_and_for_many(client, bea, team, count, django_assert_num_queries):
    for n in range(count - 1):
        make_staff(f"w{n}", team)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(LIST).context["page"]) == count


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.usefixtures("bea")
def test_a_page_takes_the_same_queries_for_one_role_and_for_many(
    client, gemeente, anna, count, django_assert_num_queries
):
    day = timedelta(days=1)
    for n in range(1, count):
        start = LONG_AGO - 9 * n * day
        facts = {"user": anna, "since": start, "until": start + 3 * day}
        RoleAssignment.objects.create(gemeente=gemeente, role_id="wijkteamlid", **facts)
        Membership.objects.create(team=make_team(gemeente, f"Team {n}"), **facts)
    with django_assert_num_queries(PERSON_QUERIES):
        answer = page(client, anna)
    assert (len(answer.context["roles"]), len(answer.context["teams"])) == (count, count)


def test_a_page_tells_who_somebody_is_and_what_was_changed(client, bea, anna, gemeente):
    send(client, anna, "rol/", role="toetser", gemeente=gemeente.pk, since="vandaag", reason="Valt in")
    html = page(client, anna).content.decode()
    for text in ("Eigen account: de uitnodiging is nog niet gebruikt", "06 1", "sinds 1 januari 2020"):
        assert text in html, text
    for text in ("Gegeven: rol toetser of jurist, gemeente Voorbeeldstad", "Valt in", "door Bea", "Account gemaakt"):
        assert text in html, text
    assert LogRow.objects.filter(what="Account bekeken", object_id=str(anna.pk), user_id=bea.pk).count() == 1


def test_a_person_of_another_gemeente_is_nowhere(client, bea):
    elders = make_staff("els", make_team(make_gemeente("Elders")))
    inwoner = User.objects.create_user("fatima", kind="inwoner", name="Fatima")
    nowhere = client.get("/bestaat-niet/").content
    paths = ["", "gegevens/", "uit/", "aan/", "uitnodiging/", "tweede-stap/", "rol/", "team/"]
    paths += [f"rol/{elders.role_assignments.get().pk}/", f"team/{elders.memberships.get().pk}/"]
    for person in (elders, inwoner):
        for path in paths:
            for answer in (page(client, person, path), send(client, person, path, **WHY)):
                assert (answer.status_code, answer.content) == (404, nowhere), path
    assert client.get(f"{LIST}999999999999999999999/").status_code == 404


def test_a_foreign_role_is_no_part_of_the_own_person(client, bea, anna):
    """The address of one's own person with the role of another, or of the same person elsewhere."""
    foreign = make_gemeente("Elders")
    els = make_staff("els", make_team(foreign))
    elsewhere = RoleAssignment.objects.create(user=anna, gemeente=foreign, role_id="toetser", since=LONG_AGO)
    for path in (
        f"rol/{els.role_assignments.get().pk}/",
        f"rol/{elsewhere.pk}/",
        f"team/{els.memberships.get().pk}/",
        "rol/0/",
        "team/0/",
    ):
        assert page(client, anna, path).status_code == 404, path


def test_a_new_account_shows_its_link_once(client, bea, gemeente):
    typed = {"name": "Karel Post", "username": "karel", "email": "karel@voorbeeld.example", "job_title": "adviseur"}
    sends = fill(client, f"{LIST}nieuw/", "username", **typed)
    answer = sends()
    karel = User.objects.get(username="karel")
    assert answer.url == f"{LIST}{karel.pk}/" and karel.organisatie == gemeente.organisatie
    html = client.get(answer.url).content.decode()
    link = html.split('<code class="tg-secret">')[1].split("</code>")[0]
    assert link.startswith("http://testserver/uitnodiging/") and "karel@voorbeeld.example" in html
    assert Client().get(link).status_code == 200
    assert "tg-secret" not in client.get(answer.url).content.decode()
    assert told(sends()) == ["Deze gebruikersnaam is al in gebruik. Kies een andere."]
    assert User.objects.filter(username="karel").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Vul dit in: Naam"),
        ({"username": ""}, "Vul dit in: Gebruikersnaam"),
        ({"username": "Karel Post"}, "Gebruik alleen kleine letters, cijfers, punt, streepje en @, zonder spaties"),
        ({"username": "BEA"}, "Gebruik alleen kleine letters, cijfers, punt, streepje en @, zonder spaties"),
        ({"username": "bea"}, "Deze gebruikersnaam is al in gebruik. Kies een andere."),
        ({"email": "karel"}, "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"),
        ({"name": "x" * 151}, "Gebruik niet meer dan 150 tekens. Het zijn er nu 151"),
    ],
)
def test_a_new_account_with_something_wrong_is_not_made(client, bea, typed, sentence):
    answer = fill(client, f"{LIST}nieuw/", "username", **{"name": "Karel", "username": "karel", **typed})()
    assert (answer.status_code, told(answer)) == (200, [sentence])
    html = answer.content.decode()
    assert "<title>Fout: Nieuw account" in html and all(value in html for value in typed.values())
    assert User.objects.filter(kind="medewerker").count() == 1


def test_a_beheerder_of_two_organisations_chooses_one(client, gemeente):
    other = make_gemeente("Elders")
    other.organisatie = Organisatie.objects.create(name="Andere organisatie")
    other.save()
    client.force_login(make_beheerder("bea", gemeente, other))
    typed = {"name": "Karel", "username": "karel"}
    assert told(client.post(f"{LIST}nieuw/", typed)) == ["Kies een antwoord: Organisatie"]
    client.post(f"{LIST}nieuw/", {**typed, "organisatie": other.organisatie.pk})
    assert User.objects.get(username="karel").organisatie == other.organisatie


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"role": ""}, ["Kies een antwoord: Welke rol?"]),
        ({"role": "koning"}, ["Kies een van de antwoorden"]),
        ({"since": "31-2-2027"}, ["Deze datum bestaat niet"]),
        ({"since": "ooit"}, ["Vul een datum in, bijvoorbeeld 4-12-2026"]),
        ({"since": "1-1-2020"}, ["De eerste dag is op zijn vroegst vandaag"]),
        ({"since": "morgen", "until": "vandaag"}, ["De laatste dag ligt voor de eerste dag."]),
        ({"role": "wijkteamlid"}, ["Anna heeft dit al: wijkteamlid, sinds 1 januari 2020."]),
        ({"reason": " "}, ["Vul dit in: Waarom?"]),
    ],
)
@pytest.mark.usefixtures("bea")
def test_a_role_with_something_wrong_is_not_given(client, anna, gemeente, typed, sentences):
    facts = {"role": "toetser", "gemeente": gemeente.pk, "since": "vandaag", "until": "", "reason": "Nieuw", **typed}
    answer = send(client, anna, "rol/", **facts)
    assert answer.status_code == 200
    assert [text.startswith(begin) for text, begin in zip(told(answer), sentences, strict=True)] == [True], told(answer)
    assert f'value="{facts["since"]}"' in answer.content.decode()
    assert RoleAssignment.objects.filter(user=anna).count() == 1


def test_a_role_of_a_foreign_gemeente_is_no_choice(client, bea, anna):
    foreign = make_gemeente("Elders")
    facts = {"role": "toetser", "gemeente": foreign.pk, "since": "vandaag", "reason": "Nieuw"}
    assert told(send(client, anna, "rol/", **facts)) == ["Kies een van de antwoorden"]


def test_a_double_click_gives_one_role_and_one_team(client, bea, anna, gemeente):
    oost = make_team(gemeente, "Wijkteam Oost")
    for _ in range(2):
        period = {"since": "vandaag", "reason": "Nieuw"}
        assert send(client, anna, "rol/", role="toetser", gemeente=gemeente.pk, **period).status_code == 302
        assert send(client, anna, "team/", team=oost.pk, **period).status_code == 302
    assert RoleAssignment.objects.filter(user=anna, role="toetser").count() == 1
    assert Membership.objects.filter(user=anna, team=oost).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"when": ""}, "Kies een antwoord: Wanneer stopt het?"),
        ({"when": "dag"}, "Vul de laatste dag in, bijvoorbeeld 4-12-2026"),
        ({"when": "dag", "last_day": "30-2-2027"}, "Deze datum bestaat niet"),
        ({"when": "dag", "last_day": "1-1-2019"}, "De laatste dag ligt voor de eerste dag."),
        ({"when": "dag", "last_day": "1-1-2021"}, "De laatste dag is op zijn vroegst vandaag."),
    ],
)
def test_an_end_with_something_wrong_ends_nothing(client, bea, anna, typed, sentence):
    for path in (f"rol/{anna.role_assignments.get().pk}/", f"team/{anna.memberships.get().pk}/"):
        (text,) = told(send(client, anna, path, **WHY, **typed))
        assert text.startswith(sentence)
    assert anna.role_assignments.get().until is None and anna.memberships.get().until is None


def test_a_role_that_was_taken_away_answers_with_words(client, bea, anna, gemeente):
    later = actor_of(None).today + timedelta(days=4)
    row = RoleAssignment.objects.create(user=anna, gemeente=gemeente, role_id="toetser", since=later)
    for _ in range(2):
        assert send(client, anna, f"rol/{row.pk}/", when="meteen", **WHY).url == f"{LIST}{anna.pk}/"
    assert "Dit is al weggehaald." in page(client, anna).content.decode()


def test_what_the_sign_in_gave_has_no_link_and_no_way_round(client, bea, anna):
    RoleAssignment.objects.filter(user=anna).update(source=Source.SSO)
    row = anna.role_assignments.get()
    html = page(client, anna).content.decode()
    assert f"/rol/{row.pk}/" not in html and "door de inlog van de organisatie" in html
    assert told(send(client, anna, f"rol/{row.pk}/", when="meteen", **WHY)) == [BY_SIGN_IN]


def test_the_own_page_offers_nothing_and_refuses_all(client, bea, gemeente, team):
    html = page(client, bea).content.decode()
    assert "Dit is uw eigen account." in html and "/uit/" not in html and "/rol/" not in html
    facts = {"since": "vandaag", **WHY}
    assert told(send(client, bea, "uit/", **WHY)) == [OWN]
    assert told(send(client, bea, "rol/", role="toetser", gemeente=gemeente.pk, **facts)) == [OWN]
    assert told(send(client, bea, "team/", team=team.pk, **facts)) == [OWN]
    assert told(send(client, bea, f"rol/{bea.role_assignments.get().pk}/", when="meteen", **WHY)) == [OWN]


def test_somebody_of_a_ketenpartner_gets_an_account_and_nothing_else(client, bea, gemeente, team):
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    typed = {"name": "Juf Els", "username": "juf"}
    client.post(f"/werkplek/beheer/ketenpartners/{partner.pk}/mensen/nieuw/", typed)
    juf = User.objects.get(username="juf")
    assert juf.ketenpartner == partner
    html = page(client, juf).content.decode()
    assert "School" in html and "Rol geven" not in html
    facts = {"since": "vandaag", **WHY}
    assert told(send(client, juf, "rol/", role="toetser", gemeente=gemeente.pk, **facts)) == [PARTNER]
    assert told(send(client, juf, "team/", team=team.pk, **facts)) == [PARTNER]


def test_details_that_a_colleague_changed_are_shown_beside_the_own(client, bea, anna):
    first = fill(client, f"{LIST}{anna.pk}/gegevens/", "job_title", phone="06 2")
    second = fill(client, f"{LIST}{anna.pk}/gegevens/", "job_title", phone="06 3")
    assert first().status_code == 302
    answer = second()
    assert answer.status_code == 409
    assert ("Telefoon", "06 3", "06 2") in answer.context["fields"]
    assert first().status_code == 302  # the same once more is a double click
    anna.refresh_from_db()
    assert anna.phone == "06 2"
    typed = {**dict(answer.wsgi_request.POST.items()), "version": answer.context["version"]}
    assert send(client, anna, "gegevens/", **typed).status_code == 302
    anna.refresh_from_db()
    assert anna.phone == "06 3"


def test_what_the_sign_in_tells_is_no_question(client, bea, anna):
    Identity.objects.create(user=anna, issuer="https://inlog.example", subject="a")
    answer = page(client, anna, "gegevens/")
    assert set(answer.context["form"].fields) == {"version", "job_title"}
    sent = {"version": answer.context["form"]["version"].value(), "job_title": "regisseur", "name": "Iemand anders"}
    send(client, anna, "gegevens/", **sent)
    anna.refresh_from_db()
    assert (anna.name, anna.job_title) == ("Anna", "regisseur")
    html = page(client, anna).content.decode()
    assert "/uitnodiging/" not in html and "/tweede-stap/" not in html and "/uit/" in html


def test_who_stops_is_told_about_the_cases_and_may_go_on(client, bea, anna, team):
    """A warning that asks to be read, not a wall; it holds references, never names."""
    case = make_case(actor_of(anna)).case
    paths = {"uit/": {}, f"rol/{anna.role_assignments.get().pk}/": {"when": "meteen"}}
    paths[f"team/{anna.memberships.get().pk}/"] = {"when": "meteen"}
    for path, typed in paths.items():
        html = page(client, anna, path).content.decode()
        assert "Wijkteam Noord: 1 open zaak" in html and case.reference in html and "Fatima" not in html
        answer = send(client, anna, path, **WHY, **typed)
        assert (
            answer.status_code == 200 and len(told(answer)) == 1 and told(answer)[0].startswith("Zet hier een vinkje")
        )
    anna.refresh_from_db()
    assert anna.is_active and anna.scope_on(actor_of(None).today).roles == {"wijkteamlid"}
    for path, typed in reversed(paths.items()):
        assert send(client, anna, path, **WHY, **typed, sure="on").status_code == 302
    anna.refresh_from_db()
    assert not anna.is_active and anna.scope_on(actor_of(None).today).roles == set()


def test_no_warning_where_the_work_goes_on(client, bea, anna, gemeente, team):
    make_case(actor_of(anna))
    leider = RoleAssignment.objects.create(user=anna, gemeente=gemeente, role_id="teamleider", since=LONG_AGO)
    oost = Membership.objects.create(user=anna, team=make_team(gemeente, "Oost"), since=LONG_AGO)
    worker = anna.role_assignments.exclude(pk=leider.pk).get()
    for path in (f"rol/{leider.pk}/", f"rol/{worker.pk}/", f"team/{oost.pk}/"):
        assert "sure" not in page(client, anna, path).context["form"].fields, path
    assert "sure" in page(client, anna, "uit/").context["form"].fields


def age_proof(client):
    session = client.session
    session[KEY] = {**session[KEY], "proved": time.time() - 600}
    session.save()


def test_weighty_acts_ask_again_who_is_there(client, bea, anna, gemeente):
    age_proof(client)
    facts = {"gemeente": gemeente.pk, "since": "vandaag", "reason": "Nieuw"}
    for path, typed in {
        "uit/": WHY,
        "tweede-stap/": WHY,
        "uitnodiging/": WHY,
        "rol/": {"role": "beheerder", **facts},
    }.items():
        answer = send(client, anna, path, **typed)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/opnieuw/"), path
    anna.refresh_from_db()
    assert anna.is_active and not RoleAssignment.objects.filter(user=anna, role="beheerder").exists()
    assert send(client, anna, "rol/", role="toetser", **facts).url == f"{LIST}{anna.pk}/"
    answer = client.post(f"/account/opnieuw/?next={LIST}{anna.pk}/uit/", {"password": "een lang wachtwoord"})
    assert answer.url == f"{LIST}{anna.pk}/uit/"
    assert send(client, anna, "uit/", **WHY).url == f"{LIST}{anna.pk}/"


def test_disabling_twice_and_enabling_again(client, bea, anna):
    browser = Client()
    browser.force_login(anna)
    for _ in range(2):
        assert send(client, anna, "uit/", **WHY).status_code == 302
    assert browser.get("/werkplek/").url.startswith("/inloggen/")
    assert anna.history.filter(history_change_reason="Uit dienst").count() == 1
    html = page(client, anna).content.decode()
    assert "Niet in gebruik" in html and "Account aanzetten" in html and "Account uitzetten" not in html
    send(client, anna, "aan/", reason="Terug")
    anna.refresh_from_db()
    assert anna.is_active


def test_a_new_invitation_is_shown_once(client, bea, anna):
    answer = send(client, anna, "uitnodiging/", reason="Wachtwoord vergeten")
    assert "tg-secret" in client.get(answer.url).content.decode()
    assert "tg-secret" not in client.get(answer.url).content.decode()
    assert told(send(client, anna, "uitnodiging/", reason="")) == ["Vul dit in: Waarom?"]
    assert "tg-secret" not in client.get(answer.url).content.decode()
