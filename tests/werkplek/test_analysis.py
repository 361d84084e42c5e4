"""The pages of the vraaganalyse: leefgebieden, the onderzoek of each law, verslag, reaction and the way to the plan."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.html import escape

from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Deadline, Hulpvraag, LeefgebiedNote, Letter, OnderzoekAnswer, OnderzoekPart
from casework.services import intake
from casework.services.letters import post_letter
from tests import factories as make
from tests.werkplek.browsing import fill, form_with
from toegang.core.dates import long_date
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
QUERIES = 21  # the frame, the header of the case, notes, parts, answers, letters, and what is missing
EXPERT = {
    "expert_name": "Karin de Wit",
    "expert_discipline": "gedragswetenschapper",
    "expert_registration": "SKJ 100012345",
}


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


@pytest.fixture
def case(worker):
    return in_analysis(worker)


def in_analysis(worker, laws=("wmo",), **facts):
    """A case in vraaganalyse; its receipts are noted without a letter being made."""
    actor = make.actor_of(worker)
    case = make.make_case(actor, laws, **facts).case
    Hulpvraag.objects.filter(case=case).exclude(status="verwezen").update(receipt_sent_on=actor.today)
    make.talks.hold_talk(case_id=case.pk, held=make.held_talk(actor), actor=actor)
    return make.fresh(case)


def with_verslag(case, days_ago=0):
    """The verslag of the first hulpvraag was sent so many days ago."""
    make.drive(case, "verslag")
    hulpvraag = case.hulpvragen.first()
    sent = hulpvraag.verslag_sent_on - timedelta(days=days_ago)
    Hulpvraag.objects.filter(pk=hulpvraag.pk).update(verslag_sent_on=sent)
    Deadline.objects.filter(hulpvraag=hulpvraag, key="verslag_reactie").update(due_on=sent + timedelta(days=7))
    return Hulpvraag.objects.get(pk=hulpvraag.pk)


def at(name, case, *more):
    return reverse(f"werkplek:{name}", args=[case.pk, *more])


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def told(answer):
    """The sentences above the page, each with its link."""
    (form,) = answer.context["forms"]
    return [(e.message, (e.params or {}).get("url") or "") for e in form.errors.as_data().get("__all__", [])]


def text_of(answer):
    return answer.content.decode()


def test_the_page_shows_leefgebieden_onderzoek_and_what_is_still_needed(page, case):
    answer = page.get(at("case_analysis", case))
    first, second = case.leefgebied_notes.all()
    hulpvraag = case.hulpvragen.get()
    assert answer.context["obstacles"] == [
        ("Gezondheid: kies of dit meespeelt en schrijf waarom.", at("note_edit", case, first.pk)),
        ("Huishouden: kies of dit meespeelt en schrijf waarom.", at("note_edit", case, second.pk)),
        ("Verstuur eerst het verslag van het onderzoek.", at("case_analysis", case) + "#onderzoek"),
    ]
    text = text_of(answer)
    assert text.count("Nog te doen") == 2
    assert "0 van 7 onderdelen beantwoord" in text
    assert at("onderzoek_edit", case, hulpvraag.pk) in text
    assert "nl-button--primary" not in text
    assert LogRow.objects.filter(what="Zaak bekeken: analyse", case_id=case.pk).count() == 1


def test_before_the_conversation_there_is_nothing_to_analyse(page, worker):
    case = make.make_case(make.actor_of(worker)).case
    text = text_of(page.get(at("case_analysis", case)))
    assert "De vraaganalyse begint na het gesprek." in text
    assert "Het onderzoek begint bij het gesprek." in text
    assert "Vraaganalyse afronden" not in text


def test_each_hulpvraag_tells_what_its_law_asks(page, worker):
    case = in_analysis(worker, ("wmo", "jeugd", "pw"))
    referral = make.melding_facts(("jeugd",), referrer="huisarts", on=make.actor_of(worker).today)
    question = referral.questions[0]
    facts = type(referral)(
        **{**vars(referral), "questions": [type(question)(**{**vars(question), "referrer_name": "De Boer"})]}
    )
    intake.register_melding(
        actor=make.actor_of(worker), gemeente_id=case.gemeente_id, team_id=case.team_id, facts=facts
    )
    text = text_of(page.get(at("case_analysis", case)))
    assert "Verwezen door huisarts De Boer: geen onderzoek nodig." in text
    assert "Deze vraag wordt doorgezet naar een ander loket: hier geen onderzoek nodig." in text
    assert "0 van 7 onderdelen beantwoord" in text
    assert "0 van 5 onderdelen beantwoord" in text
    assert text.count("Verslag verzenden") == 2

    pw = case.hulpvragen.get(law="pw")
    intake.hand_over(hulpvraag_id=pw.pk, to="Werk en inkomen", actor=make.actor_of(worker))
    assert "Doorgezet naar Werk en inkomen op" in text_of(page.get(at("case_analysis", case)))


def test_a_leefgebied_is_judged_in_own_words(page, case):
    note = case.leefgebied_notes.first()
    answer = fill(
        page, at("note_edit", case, note.pk), "why", relevant="nee", why="Gaat goed.", situation="Ik ben\r\nfit."
    )()
    assert (answer.status_code, answer.url) == (302, at("case_analysis", case))
    assert said(answer) == ["Bewaard: Gezondheid."]
    note.refresh_from_db()
    assert (note.relevant, note.why, note.situation, note.version) == (False, "Gaat goed.", "Ik ben\nfit.", 2)
    text = text_of(page.get(at("case_analysis", case)))
    assert "Speelt niet mee" in text
    assert "Ik ben<br>fit." in text


BAD_NOTES = [
    ({"relevant": []}, {"relevant": ["Kies een antwoord: Speelt dit mee bij de hulpvraag?"]}),
    ({"relevant": "misschien"}, {"relevant": ["Kies een van de antwoorden"]}),
    ({"why": " "}, {"why": ["Vul dit in: Waarom wel of niet?"]}),
    ({"why": "x" * 10_001}, {"why": ["Gebruik niet meer dan 10000 tekens. Het zijn er nu 10001"]}),
    ({"situation": "x" * 10_001}, {"situation": ["Gebruik niet meer dan 10000 tekens. Het zijn er nu 10001"]}),
    ({"version": ""}, {"version": ["Vul dit in: Version"]}),
]


@pytest.mark.parametrize(("wrong", "expected"), BAD_NOTES)
def test_a_leefgebied_tells_at_the_field_what_is_wrong(page, case, wrong, expected):
    note = case.leefgebied_notes.first()
    typed = {"relevant": "ja", "why": "Zij valt.", "situation": "Ik val vaak.", **wrong}
    answer = fill(page, at("note_edit", case, note.pk), "why", **typed)()
    assert {name: list(found) for name, found in answer.context["form"].errors.items()} == expected
    assert form_with(answer, "why")[1]["situation"] == [typed["situation"]]
    note.refresh_from_db()
    assert (note.relevant, note.version) == (None, 1)


def test_half_done_onderzoek_is_kept(page, case):
    hulpvraag = case.hulpvragen.get()
    url = at("onderzoek_edit", case, hulpvraag.pk)
    a, b, *_ = hulpvraag.parts()
    answer = fill(page, url, f"text_{a.pk}", **{f"text_{a.pk}": "Schoon huis.", f"na_{b.pk}": "on"})()
    assert (answer.status_code, answer.url) == (302, url)
    assert list(OnderzoekAnswer.objects.values_list("part__key", "text", "not_applicable")) == [
        ("a", "Schoon huis.", False),
        ("b", "", True),
    ]
    again = text_of(page.get(url))
    assert "1 van 7 onderdelen beantwoord" in again
    assert "Schoon huis." in again
    assert "1 van 7 onderdelen beantwoord" in text_of(page.get(at("case_analysis", case)))


def test_the_wmo_asks_its_parts_with_question_and_article(page, case):
    hulpvraag = case.hulpvragen.get()
    text = text_of(page.get(at("onderzoek_edit", case, hulpvraag.pk)))
    places = [text.index(str(escape(part.question))) for part in hulpvraag.parts()]
    assert places == sorted(places)
    assert [part.key for part in hulpvraag.parts()] == list("abcdefg")
    assert "Artikel 2.3.2 lid 4 onder a Wmo 2015" in text
    assert "deskundige" not in text


def test_the_jeugdwet_also_asks_the_expert(page, worker):
    case = in_analysis(worker, ("jeugd",))
    hulpvraag = case.hulpvragen.get()
    answer = fill(page, at("onderzoek_edit", case, hulpvraag.pk), "expert_name", **EXPERT)()
    assert answer.status_code == 302
    hulpvraag.refresh_from_db()
    assert (hulpvraag.expert_name, hulpvraag.expert_discipline, hulpvraag.expert_registration) == tuple(EXPERT.values())
    assert OnderzoekAnswer.objects.count() == 0

    part = hulpvraag.parts()[0]
    fill(page, at("onderzoek_edit", case, hulpvraag.pk), "expert_name", **{f"text_{part.pk}": "Rust."})()
    hulpvraag.refresh_from_db()
    assert (hulpvraag.expert_name, OnderzoekAnswer.objects.get().text) == ("Karin de Wit", "Rust.")


@pytest.mark.parametrize(
    ("field", "length"),
    [("expert_name", 150), ("expert_discipline", 100), ("expert_registration", 50), ("text", 10_000)],
)
def test_a_text_that_is_too_long_is_told_and_kept(page, worker, field, length):
    case = in_analysis(worker, ("jeugd",))
    hulpvraag = case.hulpvragen.get()
    name = f"text_{hulpvraag.parts()[0].pk}" if field == "text" else field
    answer = fill(page, at("onderzoek_edit", case, hulpvraag.pk), name, **{name: "x" * (length + 1)})()
    assert {key: list(found) for key, found in answer.context["form"].errors.items()} == {
        name: [f"Gebruik niet meer dan {length} tekens. Het zijn er nu {length + 1}"]
    }
    assert form_with(answer, name)[1][name] == ["x" * (length + 1)]
    assert Hulpvraag.objects.get().version == 1


def test_the_verslag_tells_with_links_what_is_missing(page, worker):
    case = in_analysis(worker, ("jeugd",))
    hulpvraag = case.hulpvragen.get()
    answer = page.post(at("verslag_send", case, hulpvraag.pk))
    first, second = case.leefgebied_notes.all()
    edit = at("onderzoek_edit", case, hulpvraag.pk)
    assert told(answer) == [
        ("Gezondheid: kies of dit meespeelt en schrijf waarom.", at("note_edit", case, first.pk)),
        ("Huishouden: kies of dit meespeelt en schrijf waarom.", at("note_edit", case, second.pk)),
        *[(f"Onderzoek Jeugdwet: ‘{part.title}’ is nog leeg.", edit) for part in hulpvraag.parts()],
        ("Noem de deskundige die meekeek (naam, discipline, registratie).", edit),
    ]
    assert not Letter.objects.filter(kind="verslag").exists()


def test_the_verslag_is_ordered_once_and_the_page_follows_it(page, worker):
    case = in_analysis(worker, letter_channel="papier")
    make.write_analysis(case, make.actor_of(worker))
    hulpvraag = case.hulpvragen.get()
    url = at("case_analysis", case)
    assert "Nog niet verzonden" in text_of(page.get(url))

    first, second = (page.post(at("verslag_send", case, hulpvraag.pk)) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Letter.objects.filter(kind="verslag").count() == 1
    waiting = text_of(page.get(url))
    assert "Het verslag wordt verzonden" in waiting
    assert "Verslag verzenden" not in waiting
    assert "Onderzoek lezen" in waiting

    make.run_outbox()
    assert "Ligt klaar op de afdruklijst" in text_of(page.get(url))
    letter = Letter.objects.get(kind="verslag")
    post_letter(letter_id=letter.pk, posted_on=letter.dated, by=make.actor_of(worker))
    assert f"Verzonden op {long_date(letter.dated)}" in text_of(page.get(url))
    assert told(page.post(at("verslag_send", case, hulpvraag.pk))) == [
        ("Het verslag kan niet: de stand is nu ‘Verslag verzonden’.", "")
    ]


def test_after_the_verslag_the_onderzoek_is_read_only(page, case, worker):
    url = at("onderzoek_edit", case, case.hulpvragen.get().pk)
    part = case.hulpvragen.get().parts()[0]
    send = fill(page, url, f"text_{part.pk}", **{f"text_{part.pk}": "Te laat getypt."})
    with_verslag(case)
    text = text_of(page.get(url))
    assert "Het verslag is verzonden op" in text
    assert "Dat is besproken." in text
    assert text.count("<form") == 1

    late = send()
    assert told(late) == [("Het onderzoek kan niet meer: de stand is nu ‘Verslag verzonden’.", "")]
    assert form_with(late, f"text_{part.pk}")[1][f"text_{part.pk}"] == ["Te laat getypt."]
    assert OnderzoekAnswer.objects.get(part=part).text == "Dat is besproken."


def test_a_reaction_is_recorded_and_shown(page, case, worker):
    hulpvraag = with_verslag(case, days_ago=3)
    url = at("reaction", case, hulpvraag.pk)
    send = fill(page, url, "reaction", reaction="aanvulling", text="Ik kan koken.", on="vandaag")
    first, second = send(), send()
    assert (first.status_code, first.url, second.status_code) == (302, at("case_analysis", case), 302)
    hulpvraag.refresh_from_db()
    assert (hulpvraag.reaction, hulpvraag.reaction_text, hulpvraag.version) == ("aanvulling", "Ik kan koken.", 3)
    text = text_of(page.get(at("case_analysis", case)))
    assert "Aanvulling of verbetering" in text
    assert "Ik kan koken." in text


@pytest.mark.parametrize(("days_ago", "counts"), [(7, False), (8, True)])
def test_no_reaction_counts_after_the_days(page, case, days_ago, counts):
    hulpvraag = with_verslag(case, days_ago=days_ago)
    answer = fill(page, at("reaction", case, hulpvraag.pk), "reaction", reaction="geen", on="vandaag")()
    last = Deadline.objects.get(key="verslag_reactie").due_on
    if counts:
        assert answer.status_code == 302
    else:
        assert told(answer) == [(f"De inwoner mag nog reageren tot en met {last:%d-%m-%Y}.", "")]
    assert (Hulpvraag.objects.get().reaction == "geen") is counts


BAD_REACTIONS = [
    ({"reaction": []}, {"reaction": ["Kies een antwoord: Wat zegt de inwoner van het verslag?"]}),
    ({"on": ""}, {"on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
    ({"on": "1-1-2020"}, {"on": ["Vul een dag in van {first} (het verslag) tot en met {last}, met het jaar"]}),
    ({"on": "overmorgen"}, {"on": ["Vul een dag in van {first} (het verslag) tot en met {last}, met het jaar"]}),
    ({"reaction": "aanvulling", "text": ""}, {"text": ["Schrijf op wat de inwoner wil aanvullen of verbeteren"]}),
]


@pytest.mark.parametrize(("wrong", "expected"), BAD_REACTIONS)
def test_a_reaction_tells_at_the_field_what_is_wrong(page, case, wrong, expected):
    hulpvraag = with_verslag(case, days_ago=3)
    days = {"first": long_date(hulpvraag.verslag_sent_on), "last": long_date(make.actor_of(None).today)}
    typed = {"reaction": "klopt", "text": "Goed zo.", "on": "vandaag", **wrong}
    answer = fill(page, at("reaction", case, hulpvraag.pk), "reaction", **typed)()
    assert {name: list(found) for name, found in answer.context["form"].errors.items()} == {
        name: [sentence.format(**days) for sentence in found] for name, found in expected.items()
    }
    assert form_with(answer, "text")[1]["text"] == [typed["text"]]
    assert Hulpvraag.objects.get().reaction == ""


def test_before_the_verslag_there_is_no_page_for_a_reaction(page, case):
    answer = page.get(at("reaction", case, case.hulpvragen.get().pk))
    assert (answer.status_code, answer.url) == (302, at("case_analysis", case))
    assert said(answer) == ["Het verslag is nog niet verzonden. Daarna legt u de reactie vast."]


def test_the_way_to_the_plan_tells_with_links_what_is_missing(page, case):
    hulpvraag = with_verslag(case)
    answer = page.post(at("analysis_complete", case))
    expected = [("Leg de reactie op het verslag vast (Wmo, Fatima Yıldız).", at("reaction", case, hulpvraag.pk))]
    assert (answer.status_code, told(answer), answer.context["obstacles"]) == (200, expected, expected)
    assert make.fresh(case).status == CaseStatus.VRAAGANALYSE


def test_the_vraaganalyse_is_completed_once(page, case, worker):
    hulpvraag = with_verslag(case)
    fill(page, at("reaction", case, hulpvraag.pk), "reaction", reaction="klopt", on="vandaag")()
    answer, again = (page.post(at("analysis_complete", case)) for _ in range(2))
    assert (answer.status_code, answer.url) == (302, at("case_plan", case))
    assert told(again) == [("Deze stap kan niet meer: de stand is nu ‘Plan van aanpak’.", "")]
    assert make.fresh(case).status == CaseStatus.PLAN
    assert "De vraaganalyse is afgerond op" in text_of(page.get(at("case_analysis", case)))


def test_a_colleague_reads_everything_and_sends_nothing(client, team, case):
    hulpvraag = with_verslag(case)
    note = case.leefgebied_notes.first()
    client.force_login(make.make_staff("karim", team))
    pages = [
        (at("case_analysis", case), "Dit speelt mee."),
        (at("note_edit", case, note.pk), "Zo is het nu."),
        (at("onderzoek_edit", case, hulpvraag.pk), "Dat is besproken."),
        (at("reaction", case, hulpvraag.pk), "Nog geen reactie"),
    ]
    for url, words in pages:
        text = text_of(client.get(url))
        assert words in text
        assert text.count("<form") == 1  # to sign out
    for url in [url for url, _ in pages[1:]] + [
        at("verslag_send", case, hulpvraag.pk),
        at("analysis_complete", case),
    ]:
        assert client.post(url, {"version": 1}).status_code == 403
    assert (Hulpvraag.objects.get().reaction, LeefgebiedNote.objects.get(pk=note.pk).version) == ("", 2)
    assert make.fresh(case).status == CaseStatus.VRAAGANALYSE


def test_a_stranger_and_a_wrong_case_find_no_page(client, page, worker, case):
    other = in_analysis(worker, given_names="Piet", family_name="Jansen", postcode="4321 BA")
    hulpvraag, note = case.hulpvragen.get(), case.leefgebied_notes.first()
    mixed = [
        at("note_edit", other, note.pk),
        at("note_edit", case, 10**30),
        *(at(name, other, hulpvraag.pk) for name in ("onderzoek_edit", "reaction", "verslag_send")),
        at("onderzoek_edit", case, uuid4()),
    ]
    assert {page.post(url, {"version": 1}).status_code for url in mixed} == {404}

    client.force_login(make.make_staff("vreemde", make.make_team(make.make_gemeente("Elders"))))
    own = [at("case_analysis", case), at("note_edit", case, note.pk), at("analysis_complete", case)]
    own += [at(name, case, hulpvraag.pk) for name in ("onderzoek_edit", "reaction", "verslag_send")]
    assert {client.post(url, {"version": 1}).status_code for url in own} == {404}


@pytest.mark.parametrize("laws", [("wmo",), ("wmo", "jeugd", "pw", "wgs")])
def test_the_page_takes_as_many_queries_for_many_hulpvragen_as_for_one(page, worker, laws, django_assert_num_queries):
    case = in_analysis(worker, laws)
    if len(laws) > 1:
        for part in OnderzoekPart.objects.filter(law="wmo"):
            case.onderzoek_answers.create(
                gemeente_id=case.gemeente_id, hulpvraag=case.hulpvragen.get(law="wmo"), part=part, text="x"
            )
        case.hulpvragen.filter(law__in=["wmo", "jeugd"]).update(status=HulpvraagStatus.VERSLAG)
    page.get(at("case_analysis", case))
    with django_assert_num_queries(QUERIES):
        answer = page.get(at("case_analysis", case))
    assert len(answer.context["rows"]) == len(laws)
