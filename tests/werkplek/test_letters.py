"""Letters: what a case sent, the PDF itself, and the list of what is to be posted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from casework.models import Letter, Person
from casework.services import intake
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, melding_facts, run_outbox
from toegang.core.models import LogRow, OutboxRow

pytestmark = pytest.mark.django_db
PRINT = "/werkplek/afdrukken/"


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


@pytest.fixture
def letter(worker):
    make_case(actor_of(worker), letter_channel="papier")
    run_outbox()
    return Letter.objects.get()


def at(name, letter):
    return reverse(f"werkplek:{name}", args=[letter.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def dutch(day):
    return f"{day.day}-{day.month}-{day.year}"


def post(client, letter, posted_on):
    return client.post(at("letter_posted", letter), {f"brief-{letter.pk}-posted_on": posted_on}, follow=True)


def age(letter, days):
    """Make the letter one of a former day."""
    Letter.objects.filter(pk=letter.pk).update(dated=letter.dated - timedelta(days=days))
    letter.refresh_from_db()


def test_the_letters_of_a_case_say_where_they_stand(client, worker):
    case = make_case(actor_of(worker), letter_channel="papier").case
    address = reverse("werkplek:case_letters", args=[case.pk])

    def stands():
        return [words for _, words, _ in client.get(address).context["rows"]]

    assert stands() == ["wordt gemaakt"]
    assert "(pdf)" not in client.get(address).content.decode()
    run_outbox()
    assert stands() == ["ligt klaar om te posten"]
    assert at("letter_download", Letter.objects.get()) in client.get(address).content.decode()
    post(client, Letter.objects.get(), "vandaag")
    assert stands()[0].startswith("verzonden op ")


def test_a_case_without_letters_says_so(client, worker):
    case = make_case(actor_of(worker), ("jeugd",), referrer="huisarts").case
    assert "Nog geen brieven." in client.get(reverse("werkplek:case_letters", args=[case.pk])).content.decode()


def test_the_pdf_opens_in_the_browser_and_the_look_is_noted(client, letter, worker):
    answer = client.get(at("letter_download", letter))
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    name = f"ontvangstbevestiging-{letter.reference}.pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    row = LogRow.objects.get(action="download")
    assert (row.case_id, row.user_id, row.object_id, row.result) == (letter.case_id, worker.pk, str(letter.pk), "ok")


def test_a_damaged_file_is_told_and_never_shown(client, letter, settings):
    (stored,) = (path for path in Path(settings.FILES_FOLDER).glob("??/*") if path.is_file())
    stored.write_bytes(b"%PDF-1.7 iets anders")
    answer = client.get(at("letter_download", letter), follow=True)
    assert answer.redirect_chain == [(reverse("werkplek:case_letters", args=[letter.case_id]), 302)]
    assert said(answer) == ["Deze brief kan niet open: het bestand is beschadigd of weg. Bel de functioneel beheerder."]
    assert LogRow.objects.get(action="download").result == "damaged"


def test_a_letter_that_is_not_made_yet_is_not_found(client, worker):
    make_case(actor_of(worker))
    assert client.get(at("letter_download", Letter.objects.get())).status_code == 404


def test_a_stranger_finds_no_letter(client, letter):
    client.force_login(make_staff("mo", make_team(make_gemeente("Elders"), "Zuid")))
    assert client.get(at("letter_download", letter)).status_code == 404
    assert client.get(reverse("werkplek:case_letters", args=[letter.case_id])).status_code == 404
    assert client.post(at("letter_posted", letter)).status_code == 404
    assert client.post(at("letter_remake", letter)).status_code == 404
    assert client.get(PRINT).context["rows"] == []
    assert not LogRow.objects.filter(case_id=letter.case_id, action__in=["look", "download"]).exists()


def test_a_toetser_without_team_work_has_no_print_list(client, letter, team):
    client.force_login(make_staff("toets", team, ("toetser",)))
    assert client.get(PRINT).status_code == client.post(at("letter_posted", letter)).status_code == 404
    assert client.post(at("letter_remake", letter)).status_code == 404


def test_the_print_list_holds_what_is_ready_on_paper(client, worker, letter):
    make_case(actor_of(worker), given_names="Digitaal")
    run_outbox()
    waiting = make_case(actor_of(worker), given_names="Wacht", letter_channel="papier").case
    page = client.get(PRINT)
    assert [found for found, *_ in page.context["rows"]] == [letter]
    html = page.content.decode()
    assert "Fatima Yıldız" in html and "Dorpsweg 12" in html and "Opnieuw maken" not in html
    look = LogRow.objects.get(action="list")
    assert (look.what, look.case_ids) == ("Afdruklijst", [letter.case_id])
    assert waiting.pk not in look.case_ids


def test_an_empty_print_list_says_so(client, worker):
    assert "Er ligt geen post klaar." in client.get(PRINT).content.decode()


def test_a_shielded_address_is_handed_over_in_person(client, letter):
    Person.objects.filter(pk=letter.addressee_id).update(shielded=True)
    html = client.get(PRINT).content.decode()
    assert "Adres afgeschermd" in html and "Geef deze brief persoonlijk af." in html
    assert "Dorpsweg" not in html


def test_a_posted_letter_is_sent_on_that_day_once(client, letter, worker):
    form = client.get(PRINT).context["rows"][0][1]
    assert form["posted_on"].value() == actor_of(worker).today
    answer = post(client, letter, "vandaag")
    (sentence,) = said(answer)
    assert sentence.startswith("De brief aan Fatima Yıldız is verzonden op ")
    letter.refresh_from_db()
    assert letter.sent_on == letter.dated == actor_of(worker).today
    assert letter.hulpvraag.receipt_sent_on == letter.sent_on
    assert said(post(client, letter, "vandaag"))[-1] == sentence
    assert LogRow.objects.filter(action="send", case_id=letter.case_id).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Vul een datum in, bijvoorbeeld 4-12-2026"),
        ("gisteren", "Vul een datum in, bijvoorbeeld 4-12-2026"),
        ("morgen", "De datum van posten ligt in de toekomst. Vul de dag in waarop u de brief postte."),
        ("1-2-2024", "Die dag moet de dag van posten zijn. Maak de brief opnieuw en post de nieuwe brief."),
    ],
)
def test_a_wrong_day_of_posting_changes_nothing(client, letter, typed, sentence):
    answer = post(client, letter, typed)
    assert answer.content.decode().count(sentence) == 2  # in the summary, and at the field of this letter
    assert f'value="{typed}"' in answer.content.decode() or not typed
    letter.refresh_from_db()
    assert letter.sent_on is None


def test_a_letter_of_a_former_day_proposes_no_day_and_can_be_made_again(client, letter, worker):
    age(letter, 2)
    page = client.get(PRINT)
    assert page.context["rows"][0][1]["posted_on"].value() is None
    assert "Opnieuw maken" in page.content.decode()
    assert said(client.post(at("letter_remake", letter), follow=True)) == [
        "De brief aan Fatima Yıldız wordt opnieuw gemaakt."
    ]
    run_outbox()
    letter.refresh_from_db()
    assert letter.dated == actor_of(worker).today


def test_a_letter_of_a_former_day_was_perhaps_posted_on_that_day(client, letter):
    age(letter, 2)
    post(client, letter, dutch(letter.dated))
    letter.refresh_from_db()
    assert letter.sent_on == letter.dated


def test_making_again_twice_is_once(client, letter):
    age(letter, 2)
    client.post(at("letter_remake", letter))
    client.post(at("letter_remake", letter))
    assert OutboxRow.objects.filter(kind="make_letter", state="open").count() == 1
    run_outbox()
    assert said(client.post(at("letter_remake", letter), follow=True))[-1] == (
        "De brief aan Fatima Yıldız is al van vandaag."
    )
    assert not OutboxRow.objects.filter(state="open").exists()


def test_a_sent_letter_is_never_made_again(client, letter):
    post(client, letter, "vandaag")
    answer = client.post(at("letter_remake", letter), follow=True)
    assert said(answer)[-1] == "Deze brief is al verstuurd en wordt nooit opnieuw gemaakt."


def test_posting_asks_a_post(client, letter):
    assert (
        client.get(at("letter_posted", letter)).status_code
        == client.get(at("letter_remake", letter)).status_code
        == 405
    )


@pytest.mark.parametrize("count", [1, 5])
def test_one_and_many_letters_take_the_same_queries(client, worker, django_assert_num_queries, count):
    actor = actor_of(worker)
    for n in range(count):
        make_case(actor, given_names=f"Inwoner{n}", letter_channel="papier")
    run_outbox()
    with django_assert_num_queries(13):  # eleven of the frame
        client.get(PRINT)


@pytest.mark.parametrize("more", [0, 3])
def test_one_and_many_letters_of_a_case_take_the_same_queries(client, worker, django_assert_num_queries, more):
    actor = actor_of(worker)
    case = make_case(actor).case
    for n in range(more):
        facts = melding_facts(("wmo",), on=actor.today - timedelta(days=20 + n))
        intake.register_melding(actor=actor, gemeente_id=case.gemeente_id, team_id=case.team_id, facts=facts)
    address = reverse("werkplek:case_letters", args=[case.pk])
    client.get(address)
    with django_assert_num_queries(16):  # eleven of the frame, four of the header
        assert len(client.get(address).context["rows"]) == 1 + more
