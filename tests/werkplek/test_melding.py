"""A new melding: every bad answer gets a sentence and keeps what was typed; the same one twice is one case."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from casework.models import Case, Hulpvraag, Letter, Melding, Person
from casework.services.around import add_around
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, run_outbox
from toegang.accounts.models import RoleAssignment
from toegang.core.models import OutboxRow

ADDRESS = "/werkplek/melding/nieuw/"
BSN, OTHER_BSN = "999993653", "999990019"
NO_BIRTH = "Vul de geboortedatum in, of het burgerservicenummer. Weet u alleen het jaar? Dat is genoeg"
IN_FUTURE = "Deze dag moet nog komen. Vul vandaag of eerder in"
ONLY_JEUGD = "Een verwijzing kan alleen bij de Jeugdwet. Kies ‘Niemand’ of de Jeugdwet"
SAME_LAW = "Deze inwoner heeft al een vraag onder deze wet. Schrijf beide op bij vraag 1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def team(gemeente):
    return make_team(gemeente)


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


def typed(own, **facts):
    """What a professional types for a melding that is complete."""
    return {
        "given_names": "Fatima",
        "family_name": "Yıldız",
        "born_dag": "12",
        "born_maand": "4",
        "born_jaar": "1978",
        "street": "Dorpsweg",
        "house_number": "12",
        "postcode": "1234ab",
        "city": "Voorbeeldstad",
        "letter_channel": "papier",
        "received_on": "vandaag",
        "route": "telefoon",
        "aware": "ja",
        "words": "Het lukt thuis niet meer.",
        "law": "wmo",
        "need": "Hulp bij het huishouden",
        "become_contactpersoon": "on",
        "team": str(own.pk),
        "gemeente": str(own.gemeenten.get().pk),
        **facts,
    }  # fmt: skip


@pytest.fixture
def send(client, worker, team):
    """Send a complete melding, with other answers where the test gives them."""
    return lambda **facts: client.post(ADDRESS, typed(team, **facts))


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_melding_becomes_a_case_with_its_contactpersoon(client, worker, team):
    today = actor_of(worker).today
    answer = client.post(ADDRESS, typed(team, bsn="9999.93.653"), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/werkplek/zaak/{case.pk}/", 302)]
    assert said(answer) == [f"De melding is bewaard. Het nummer van de zaak is {case.reference}."]
    assert (case.contactpersoon(), case.team, case.opened_on) == (worker, team, today)
    person = case.person
    assert (person.name, person.bsn, person.born, person.postcode) == ("Fatima Yıldız", BSN, 19780412, "1234 AB")
    melding = Melding.objects.get()
    assert (melding.words, melding.route, melding.received_on) == ("Het lukt thuis niet meer.", "telefoon", today)
    hulpvraag = Hulpvraag.objects.get()
    assert (hulpvraag.law, hulpvraag.need, hulpvraag.status) == ("wmo", "Hulp bij het huishouden", "gemeld")
    assert BSN not in answer.content.decode()


def test_only_the_year_of_birth_is_enough(client, worker, team):
    client.post(ADDRESS, typed(team, born_dag="", born_maand=""))
    assert Person.objects.get().born == 19780000


def test_a_number_makes_the_birth_date_needless(client, worker, team):
    client.post(ADDRESS, typed(team, bsn=BSN, born_dag="", born_maand="", born_jaar=""))
    assert (Person.objects.get().bsn, Person.objects.get().born) == (BSN, 0)


def test_the_contactpersoon_may_be_somebody_else(client, worker, team):
    facts = typed(team)
    del facts["become_contactpersoon"]
    client.post(ADDRESS, facts)
    assert Case.objects.get().contactpersoon() is None


def test_two_questions_of_two_people_in_one_household(client, worker, team):
    second = {
        "law_2": "jeugd",
        "need_2": "Hulp bij school",
        "whose_2": "ander",
        "other_given_names": "Deniz",
        "other_family_name": "Yıldız",
        "other_born_dag": "3",
        "other_born_maand": "mei",
        "other_born_jaar": "2014",
        "other_same_address": "on",
    }
    client.post(ADDRESS, typed(team, letter_channel="digitaal", **second))
    case = Case.objects.get()
    found = {
        (h.law, h.person.given_names, h.person.born, h.person.postcode, h.person.letter_channel)
        for h in case.hulpvragen.all()
    }
    assert found == {
        ("wmo", "Fatima", 19780412, "1234 AB", "digitaal"),
        ("jeugd", "Deniz", 20140503, "1234 AB", "papier"),
    }
    assert {m.person.given_names for m in case.household.members.all()} == {"Fatima", "Deniz"}


def test_a_referral_is_kept_with_its_name(client, worker, team):
    client.post(ADDRESS, typed(team, law="jeugd", referrer="huisarts", referrer_name="Dr. Bos"))
    found = Hulpvraag.objects.get()
    assert (found.status, found.referrer, found.referrer_name) == ("verwezen", "huisarts", "Dr. Bos")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("law", ["wmo", "jeugd", "pw", "wgs"])
def test_the_receipt_can_be_made_for_every_law(client, worker, team, law):
    client.post(ADDRESS, typed(team, law=law))
    assert run_outbox() == 2  # the letter, and what the look-up before it found
    assert Letter.objects.get().document is not None


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"given_names": ""}, "given_names", "Vul dit in: Voornamen"),
        ({"given_names": "A" * 201}, "given_names", "Gebruik niet meer dan 200 tekens. Het zijn er nu 201"),
        ({"family_name": " "}, "family_name", "Vul dit in: Achternaam"),
        ({"born_dag": "", "born_maand": "", "born_jaar": ""}, "born", NO_BIRTH),
        ({"born_jaar": ""}, "born", "Vul ook het jaar in"),
        ({"born_dag": "31"}, "born", "Deze datum bestaat niet: april 1978 heeft geen 31 dagen"),
        ({"bsn": "123456789"}, "bsn", "Dit nummer klopt niet. Kijk op uw paspoort of identiteitskaart"),
        ({"bsn": "12"}, "bsn", "Vul een burgerservicenummer in van 9 cijfers"),
        ({"postcode": "12"}, "postcode", "Vul een postcode in, bijvoorbeeld 1234 AB"),
        ({"gender": "X"}, "gender", "Kies een van de antwoorden"),
        ({"letter_channel": ""}, "letter_channel", "Kies een antwoord: Hoe wil de inwoner brieven krijgen?"),
        ({"letter_channel": "post"}, "letter_channel", "Kies een van de antwoorden"),
        ({"received_on": ""}, "received_on", "Vul een datum in, bijvoorbeeld 4-12-2026"),
        ({"received_on": "ooit"}, "received_on", "Vul een datum in, bijvoorbeeld 4-12-2026"),
        ({"received_on": "morgen"}, "received_on", IN_FUTURE),
        ({"received_on": "31-12-2014"}, "received_on", "Vul een datum in vanaf 1 januari 2015"),
        ({"route": ""}, "route", "Kies een antwoord: Hoe kwam de melding binnen?"),
        ({"route": "portaal"}, "route", "Kies een van de antwoorden"),
        ({"reporter_name": "Ali"}, "reporter_capacity", "Vul in wat de melder van de inwoner is"),
        ({"reporter_capacity": "zoon"}, "reporter_name", "Vul in wie er meldt"),
        ({"aware": ""}, "aware", "Kies een antwoord: Weet de inwoner van deze melding?"),
        ({"words": ""}, "words", "Vul dit in: Wat vertelt de inwoner?"),
        ({"law": ""}, "law", "Kies een antwoord: Om welke wet gaat het?"),
        ({"need": ""}, "need", "Vul dit in: Wat is de hulpvraag?"),
        ({"referrer": "huisarts", "referrer_name": "Dr. Bos"}, "referrer", ONLY_JEUGD),
        ({"law": "jeugd", "referrer": "huisarts"}, "referrer_name", "Vul de naam van de verwijzer in"),
        ({"referrer_name": "Dr. Bos"}, "referrer", "Kies wie er verwees"),
        ({"law_2": "pw"}, "need_2", "Vul in wat de tweede hulpvraag is"),
        ({"need_2": "Werk"}, "law_2", "Kies om welke wet de tweede vraag gaat"),
        ({"law_2": "wmo", "need_2": "Nog iets"}, "law_2", SAME_LAW),
        ({"team": "999999"}, "team", "Kies een van de antwoorden"),
    ],
)  # fmt: skip
def test_a_wrong_answer_gets_a_sentence_and_changes_nothing(send, wrong, field, sentence):
    answer = send(**wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {field: [sentence]}
    page = answer.content.decode()
    assert page.count(sentence) == (1 if field == "team" else 2)  # in the summary, and at the field that is seen
    assert "<title>Fout: Nieuwe melding" in page
    assert "Het lukt thuis niet meer." in page or field == "words"
    assert not Person.objects.exists() and not OutboxRow.objects.exists()


def test_a_birth_in_the_future_is_refused(client, worker, team):
    tomorrow = actor_of(worker).today + timedelta(days=1)
    facts = typed(team, born_dag=str(tomorrow.day), born_maand=str(tomorrow.month), born_jaar=str(tomorrow.year))
    assert list(client.post(ADDRESS, facts).context["form"].errors) == ["born"]


def test_without_the_inwoner_knowing_it_is_no_melding(client, worker, team):
    answer = client.post(ADDRESS, typed(team, aware="nee"))
    assert answer.templates[0].name == "werkplek/signal_new.html"
    assert not Melding.objects.exists()


def test_the_other_person_needs_names_and_a_birth_date_or_number(client, worker, team):
    answer = client.post(ADDRESS, typed(team, law_2="pw", need_2="Werk", whose_2="ander"))
    assert answer.context["form"].errors == {
        "other_given_names": ["Vul de voornamen van de ander in"],
        "other_family_name": ["Vul de achternaam van de ander in"],
        "other_born": [NO_BIRTH],
    }
    assert '<details class="tg-more" open>' in answer.content.decode()


def test_the_other_person_has_a_number_of_the_own(client, worker, team):
    other = {"other_given_names": "Deniz", "other_family_name": "Yıldız"}
    facts = typed(team, bsn=BSN, law_2="pw", need_2="Werk", whose_2="ander", other_bsn=BSN, **other)
    errors = client.post(ADDRESS, facts).context["form"].errors
    assert errors == {"other_bsn": ["Dit is het nummer van de inwoner zelf. Vul het nummer van de ander in"]}
    client.post(ADDRESS, {**facts, "other_bsn": OTHER_BSN})
    assert {person.bsn for person in Person.objects.all()} == {BSN, OTHER_BSN}


def test_an_empty_form_names_every_question_that_is_needed(client, worker):
    form = client.post(ADDRESS, {}).context["form"]
    assert list(form.errors) == [
        "given_names", "family_name", "letter_channel", "received_on", "route", "aware", "words", "law", "need",
        "team", "gemeente", "born",
    ]  # fmt: skip


def test_nobody_writes_to_the_deceased(client, worker, team):
    person = make_case(actor_of(worker), bsn=BSN).case.person
    Person.objects.filter(pk=person.pk).update(deceased=20260101)
    answer = client.post(ADDRESS, typed(team, bsn=BSN, family_name="Anders"))
    assert "is volgens onze gegevens overleden" in answer.content.decode()
    assert Melding.objects.count() == 1


def test_the_same_form_twice_is_one_case_and_one_receipt(client, worker, team):
    client.post(ADDRESS, typed(team))
    answer = client.post(ADDRESS, typed(team), follow=True)
    assert said(answer)[-1] == "Er was vandaag al een melding van deze inwoner. Wij hebben ze aan elkaar gekoppeld."
    assert (Case.objects.count(), Person.objects.count(), Hulpvraag.objects.count()) == (1, 1, 1)
    assert Letter.objects.count() == 1
    first, second = Melding.objects.order_by("registered_at", "linked_to")
    assert {first.linked_to, second.linked_to} == {None, first if second.linked_to else second}


def test_a_linked_melding_of_a_former_day_says_which_day(client, worker, team):
    day = actor_of(worker).today - timedelta(days=3)
    facts = typed(team, received_on=f"{day.day}-{day.month}-{day.year}")
    client.post(ADDRESS, facts)
    assert f"Er was op {day.day} " in said(client.post(ADDRESS, facts, follow=True))[-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bsn", ["", BSN])
def test_a_double_click_at_the_same_moment_is_one_case(team, bsn):
    user = make_staff("sanne", team)
    start, statuses = Barrier(2), []

    def click():
        client = Client()
        client.force_login(user)
        start.wait()
        statuses.append(client.post(ADDRESS, typed(team, bsn=bsn)).status_code)
        connection.close()

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert statuses == [302, 302]
    assert (Case.objects.count(), Person.objects.count(), Melding.objects.count()) == (1, 1, 2)


def test_a_new_question_joins_the_open_case(client, worker, team):
    case = make_case(actor_of(worker), bsn=BSN).case
    answer = client.post(ADDRESS, typed(team, bsn=BSN, law="pw"), follow=True)
    assert said(answer) == [f"Deze inwoner had al een zaak. De melding is toegevoegd aan {case.reference}."]
    assert sorted(case.hulpvragen.values_list("law", flat=True)) == ["pw", "wmo"]


def test_a_case_of_another_team_is_only_named_by_its_team(client, worker, gemeente, team):
    other = make_staff("mo", make_team(gemeente, "Zuid"))
    case = make_case(actor_of(other), bsn=BSN).case
    answer = client.post(ADDRESS, typed(team, bsn=BSN, law="pw"), follow=True)
    assert answer.redirect_chain == [("/werkplek/", 302)]
    assert said(answer) == ["Deze inwoner heeft al een zaak bij team Zuid. Uw melding is daar toegevoegd."]
    page = answer.content.decode()
    assert case.reference not in page and "Yıldız" not in page
    assert case.hulpvragen.count() == 2


def test_with_two_teams_and_gemeenten_both_are_asked_and_must_fit(client, worker, team):
    elsewhere = make_gemeente("Elders")
    second = make_team(elsewhere, "Wijkteam Zuid")
    second.members = worker.memberships.create(team=second, since=worker.memberships.get().since)
    RoleAssignment.objects.create(user=worker, gemeente=elsewhere, role_id="wijkteamlid", since="2020-01-01")
    form = client.get(ADDRESS).context["form"]
    assert not form["team"].is_hidden and not form["gemeente"].is_hidden
    facts = typed(team, gemeente=str(elsewhere.pk))
    sentence = "Wijkteam Noord werkt niet voor deze gemeente. Kies een andere gemeente of een ander team"
    assert client.post(ADDRESS, facts).context["form"].errors == {"gemeente": [sentence]}
    client.post(ADDRESS, {**facts, "team": str(second.pk)})
    assert (Case.objects.get().team, Case.objects.get().gemeente) == (second, elsewhere)


def test_with_one_team_nothing_is_asked(client, worker, team):
    form = client.get(ADDRESS).context["form"]
    assert form["team"].is_hidden and form["gemeente"].is_hidden
    assert form["received_on"].value() == actor_of(worker).today


def test_without_a_team_the_page_says_what_to_do(client, gemeente):
    client.force_login(make_staff("los", roles=("teamleider",), gemeente=gemeente))
    answer = client.get(ADDRESS)
    assert answer.status_code == 403
    assert "U zit in geen wijkteam." in answer.content.decode()


def test_a_teamleider_is_not_asked_to_become_the_contactpersoon(client, team):
    client.force_login(make_staff("lot", team, ("teamleider",)))
    assert "become_contactpersoon" not in client.get(ADDRESS).context["form"].fields
    client.post(ADDRESS, typed(team))
    assert Case.objects.get().contactpersoon() is None


def test_the_form_asks_no_diagnosis_and_no_income(client, worker):
    labels = " ".join(str(field.label).lower() for field in client.get(ADDRESS).context["form"])
    assert not {word for word in ("diagnose", "ziekte", "inkomen", "vermogen", "godsdienst") if word in labels}


def test_klantcontact_takes_a_melding_for_a_team_of_the_gemeente_and_sees_no_case(client, gemeente, team):
    noor = make_staff("noor", roles=("klantcontact",), gemeente=gemeente)
    zuid, elsewhere = make_team(gemeente, "Wijkteam Zuid"), make_gemeente("Elders")
    zuid.gemeenten.add(elsewhere)
    foreign = make_team(elsewhere, "Wijkteam Ver")
    client.force_login(noor)
    assert client.get("/", follow=True).redirect_chain[-1][0] == ADDRESS
    form = client.get(ADDRESS).context["form"]
    assert form.fields["team"].choices == [(team.pk, "Wijkteam Noord"), (zuid.pk, "Wijkteam Zuid")]
    assert form.fields["gemeente"].choices == [(gemeente.pk, gemeente.name)]
    assert client.post(ADDRESS, typed(team, team=str(foreign.pk))).status_code == 200
    assert client.post(ADDRESS, typed(team, team=str(zuid.pk), gemeente=str(elsewhere.pk))).status_code == 200
    assert not Case.objects.exists()
    answer = client.post(ADDRESS, typed(team, gemeente=str(gemeente.pk)), follow=True)
    assert said(answer) == ["De melding is bewaard. Team Wijkteam Noord pakt haar op."]
    assert answer.redirect_chain == [(ADDRESS, 302)]
    case = Case.objects.get()
    assert (case.team, case.contactpersoon()) == (team, None)
    assert client.get(f"/werkplek/zaak/{case.pk}/").status_code == 404
    assert case.reference not in client.get(ADDRESS).content.decode()


def test_klantcontact_hears_of_a_case_that_is_there_only_its_team(client, gemeente, team, worker):
    make_case(actor_of(worker), given_names="Fatima", born=19780412, postcode="1234 AB")
    client.force_login(make_staff("noor", roles=("klantcontact",), gemeente=gemeente))
    answer = client.post(ADDRESS, typed(team), follow=True)
    sentence = "Deze inwoner heeft al een zaak bij team Wijkteam Noord. Uw melding is daar toegevoegd."
    assert said(answer) == [sentence]
    assert Case.objects.count() == 1 and Melding.objects.count() == 2


def test_a_minor_alone_is_registered_and_then_it_is_asked_who_has_gezag(client, worker, team):
    year = actor_of(worker).today.year - 15
    answer = client.post(ADDRESS, typed(team, law="jeugd", born_jaar=str(year)), follow=True)
    case = Case.objects.get()
    assert any("is nog geen 18" in sentence for sentence in said(answer))
    people = f"/werkplek/zaak/{case.pk}/mensen/"
    assert "Vraag wie gezag heeft" in client.get(people).content.decode()
    facts = {"name": "Elif", "kind": "ouder", "gezag": "ja", "gezag_source": "gezagsregister",
             "gezag_checked_on": actor_of(worker).today, "since": actor_of(worker).today}  # fmt: skip
    ids = {"case_id": case.pk, "person_id": case.person_id, "actor": actor_of(worker)}
    add_around(**ids, kind="familie", facts=facts)
    assert "Vraag wie gezag heeft" not in client.get(people).content.decode()
