"""The pages of the conversation: planned, moved, missed, held, or not held at all."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from casework.enums import CaseStatus, TalkOutcome
from casework.models import Hulpvraag, Leefgebied, Letter, Talk
from casework.services import talks
from tests import factories as make
from tests.werkplek.browsing import fill, form_with
from toegang.core.dates import long_date, weekday_date
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NAMES = ("case_talk", "talk_held", "talk_on_file")
QUERIES = 22  # the frame, the header of the case, its conversations, the invitation and the equated days


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    return make.make_case(make.actor_of(worker)).case


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


@pytest.fixture
def ready(case, worker):
    """A case of which the receipt was confirmed."""
    Hulpvraag.objects.filter(case=case).update(receipt_sent_on=make.actor_of(worker).today)
    return case


def at(name, case):
    return reverse(f"werkplek:{name}", args=[case.pk])


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def errors(answer, form="form"):
    return {name: list(found) for name, found in answer.context[form].errors.items()}


def weekday(number, case):
    """The next day with this number of the week (Monday is 0), at least two days from now."""
    day = make.actor_of(case.contactpersoon()).today + timedelta(days=2)
    while day.weekday() != number:
        day += timedelta(days=1)
    return day


def appointment(case, *, days=3, form="thuis", passed=False):
    actor = make.actor_of(case.contactpersoon())
    talks.plan_talk(
        case_id=case.pk, at=actor.now + timedelta(days=days), form=form, place="", invite=False, actor=actor
    )
    if passed:
        Talk.objects.filter(outcome=TalkOutcome.GEPLAND).update(planned_at=actor.now - timedelta(hours=2))


def test_an_empty_case_asks_for_a_first_appointment(page, case):
    answer = page.get(at("case_talk", case))
    text = answer.content.decode()
    assert "Er is nog geen gesprek gepland." in text
    assert text.count("nl-button--primary") == 1
    assert "Niet verschenen" not in text
    assert LogRow.objects.filter(what="Zaak bekeken: gesprek", case_id=case.pk).count() == 1


def test_a_conversation_is_planned_with_an_invitation(page, case):
    day = weekday(2, case)
    send = fill(page, at("case_talk", case), "on", on=f"{day:%d-%m-%Y}", time="10.30", form="kantoor", place="Kamer 2")
    answer = send()

    assert (answer.status_code, answer.url) == (302, at("case_talk", case))
    assert said(answer) == [
        f"Het gesprek staat gepland op {weekday_date(day)} om 10.30 uur. De uitnodiging wordt verzonden."
    ]
    talk = Talk.objects.get()
    assert (talk.planned_at, talk.form, talk.place) == (
        datetime.combine(day, time(10, 30), AMSTERDAM), "kantoor", "Kamer 2",
    )  # fmt: skip
    assert Letter.objects.filter(kind="uitnodiging").count() == 1
    text = page.get(at("case_talk", case)).content.decode()
    assert f"{weekday_date(day)} om 10.30 uur" in text
    assert "Wordt verzonden" in text
    assert "weekend" not in text


def test_no_invitation_is_sent_when_it_is_not_wanted(page, case):
    send = fill(page, at("case_talk", case), "on", on="overmorgen", time="9 uur", form="thuis", invite=[])
    assert said(send())[0].endswith("om 09.00 uur.")
    assert not Letter.objects.filter(kind="uitnodiging").exists()
    assert "Niet verstuurd" in page.get(at("case_talk", case)).content.decode()


def test_a_double_click_plans_and_invites_once(page, case):
    send = fill(page, at("case_talk", case), "on", on=f"{weekday(1, case):%d-%m-%Y}", time="14:00", form="thuis")
    first, second = send(), send()
    assert (first.status_code, second.status_code, first.url, second.url) == (302, 302, *[at("case_talk", case)] * 2)
    assert (Talk.objects.count(), Letter.objects.filter(kind="uitnodiging").count()) == (1, 1)


@pytest.mark.parametrize(("number", "warns"), [(4, False), (5, True), (6, True)])
def test_a_weekend_is_a_warning_not_a_wall(page, case, number, warns):
    day = weekday(number, case)
    fill(page, at("case_talk", case), "on", on=f"{day:%d-%m-%Y}", time="10.30", form="thuis")()
    assert Talk.objects.count() == 1
    assert ("Dit gesprek valt in het weekend." in page.get(at("case_talk", case)).content.decode()) is warns


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2030, 4, 19), "Dit gesprek valt op een feestdag."),  # Goede Vrijdag
        (date(2028, 5, 26), "Dit gesprek valt op een feestdag."),  # equated by royal decree
        (date(2030, 4, 18), ""),
    ],
)
def test_a_feestdag_is_a_warning_not_a_wall(page, case, day, sentence):
    fill(page, at("case_talk", case), "on", on=f"{day:%d-%m-%Y}", time="10.30", form="thuis")()
    assert Talk.objects.count() == 1
    assert page.get(at("case_talk", case)).context["closing_day"] == sentence


BAD_PLANS = [
    ({"on": ""}, "on", "Vul een datum in, bijvoorbeeld 4-12-2026"),
    ({"on": "30 februari 2027"}, "on", "Deze datum bestaat niet: februari 2027 heeft geen 30 dagen"),
    ({"on": "ooit"}, "on", "Vul een datum in, bijvoorbeeld 4-12-2026"),
    (
        {"on": "1-1-2020"},
        "on",
        "Kies een moment dat nog komt. Is het gesprek al geweest? Leg het dan vast als gevoerd.",
    ),
    ({"time": ""}, "time", "Vul een tijd in, bijvoorbeeld 10.30"),
    ({"time": "25.00"}, "time", "Vul een tijd in, bijvoorbeeld 10.30"),
    ({"form": ""}, "form", "Kies een antwoord: Hoe spreekt u elkaar?"),
    ({"form": "duif"}, "form", "Kies een van de antwoorden"),
    ({"place": "x" * 201}, "place", "Gebruik niet meer dan 200 tekens. Het zijn er nu 201"),
    ({"version": "x"}, "version", "Vul een heel getal in, zonder punten of letters"),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), BAD_PLANS)
def test_what_is_wrong_is_told_at_the_field_and_what_was_typed_stays(page, case, wrong, field, sentence):
    typed = {"on": "4-12-2030", "time": "10.30", "form": "thuis", "place": "Het café", **wrong}
    answer = fill(page, at("case_talk", case), "on", **typed)()

    assert answer.status_code == 200
    assert errors(answer, "plan_form") == {field: [sentence]}
    assert answer.content.decode().count("Er klopt nog iets niet") == 1
    _, values = form_with(answer, "on")
    assert values["place"] == [typed["place"]]
    assert values["time"] == [typed["time"]]
    assert (Talk.objects.count(), make.fresh(case).status) == (0, CaseStatus.MELDING)


def test_who_planned_on_an_older_page_sees_both_appointments(page, case, worker):
    old = fill(page, at("case_talk", case), "on", on="4-12-2030", time="10.30", form="telefoon", place="Thuis")
    fill(page, at("case_talk", case), "on", on="5-12-2030", time="9.00", form="kantoor", place="Kamer 1")()
    answer = old()

    assert answer.status_code == 409
    assert answer.context["fields"] == [
        ("Wanneer", "woensdag 4 december 2030 om 10.30 uur", "donderdag 5 december 2030 om 09.00 uur"),
        ("Hoe u elkaar spreekt", "Telefoon", "Op kantoor"),
        ("Plaats", "Thuis", "Kamer 1"),
    ]
    assert Talk.objects.get().form == "kantoor"


def test_a_missed_conversation_is_noted_once(page, case):
    appointment(case, passed=True)
    send = fill(page, at("case_talk", case), "note", note="Er deed niemand open.")
    answer, again = send(), send()

    assert (answer.status_code, answer.url) == (302, at("case_talk", case))
    assert (again.status_code, errors(again, "no_show_form")) == (200, {"__all__": ["Er is geen gesprek gepland."]})
    assert "Er deed niemand open." in again.content.decode()
    assert list(Talk.objects.values_list("outcome", "summary")) == [("niet_verschenen", "Er deed niemand open.")]


def test_a_missed_conversation_needs_a_few_words(page, case):
    appointment(case, passed=True)
    answer = fill(page, at("case_talk", case), "note", note=" ")()
    assert errors(answer, "no_show_form") == {"note": ["Schrijf kort op wat er gebeurde"]}
    assert Talk.objects.get().outcome == TalkOutcome.GEPLAND


def test_a_conversation_still_to_come_cannot_be_missed(page, case):
    appointment(case)
    assert "niet-verschenen" not in page.get(at("case_talk", case)).content.decode()
    answer = page.post(at("talk_no_show", case), {"note": "x"})
    assert errors(answer, "no_show_form") == {"__all__": ["Het gesprek moet nog komen."]}


def test_a_held_conversation_leads_to_the_vraaganalyse(page, ready):
    wonen, geld = Leefgebied.objects.filter(key__in=["wonen", "financien"])
    answer = fill(
        page, at("talk_held", ready), "summary", form="thuis", present="Mevrouw en ik", summary="Het gaat goed.",
        support_told="on", own_plan_told="on", leefgebieden=[wonen.pk, geld.pk],
    )()  # fmt: skip

    assert (answer.status_code, answer.url) == (302, at("case_analysis", ready))
    case = make.fresh(ready)
    assert (case.status, case.support_told_on, case.own_plan_told_on) == (
        CaseStatus.VRAAGANALYSE, *[case.conversation_held_on] * 2,
    )  # fmt: skip
    assert [note.leefgebied.key for note in case.leefgebied_notes.all()] == ["wonen", "financien"]
    page_now = page.get(at("case_talk", ready)).content.decode()
    assert "Gehouden: bij de inwoner thuis" in page_now
    assert "Aanwezig: Mevrouw en ik\nHet gaat goed." in page_now


def test_the_page_of_a_held_conversation_starts_with_what_was_planned(page, ready):
    appointment(ready, form="video", passed=True)
    form = page.get(at("talk_held", ready)).context["form"]
    two_hours_ago = make.actor_of(None).now - timedelta(hours=2)
    assert (form["form"].value(), form["on"].value()) == ("video", two_hours_ago.date())


HELD = {"form": "thuis", "present": "Wij", "summary": "Goed.", "support_told": "on", "own_plan_told": "on"}
BAD_TALKS = [
    ({"on": ""}, {"on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
    ({"on": "1-1-2020"}, {"on": ["De eerste melding was op {melding}. Kijk de datum na"]}),
    (
        {"on": "4-12-2031"},
        {"on": ["Deze datum moet nog komen: 4 december 2031. Vul de dag van het gesprek in, met het jaar"]},
    ),
    ({"form": []}, {"form": ["Kies een antwoord: Hoe sprak u elkaar?"]}),
    ({"present": ""}, {"present": ["Vul dit in: Wie waren erbij?"]}),
    ({"summary": ""}, {"summary": ["Vul dit in: Wat is er gezegd?"]}),
    (
        {"support_told": []},
        {"support_told": ["Vertel dat een cliëntondersteuner gratis meedenkt, en zet hier een vinkje"]},
    ),
    (
        {"own_plan_told": []},
        {"own_plan_told": ["Vertel dat de inwoner zelf een plan mag maken, en zet hier een vinkje"]},
    ),
    ({"leefgebieden": []}, {"leefgebieden": ["Kies ten minste één leefgebied"]}),
]


@pytest.mark.parametrize(("wrong", "expected"), BAD_TALKS)
def test_a_held_conversation_tells_at_the_field_what_is_wrong(page, ready, wrong, expected):
    wonen = Leefgebied.objects.get(key="wonen").pk
    answer = fill(page, at("talk_held", ready), "summary", **(HELD | {"leefgebieden": [wonen]} | wrong))()

    assert errors(answer) == {
        name: [sentence.format(melding=long_date(ready.opened_on)) for sentence in found]
        for name, found in expected.items()
    }
    assert make.fresh(ready).status == CaseStatus.MELDING
    assert form_with(answer, "summary")[1]["present"] == [(HELD | wrong)["present"]]


def test_a_receipt_that_was_not_confirmed_is_told_with_its_page_and_nothing_typed_is_lost(page, case):
    wonen = Leefgebied.objects.get(key="wonen").pk
    answer = fill(page, at("talk_held", case), "summary", **HELD, leefgebieden=[wonen])()

    sentence = "De ontvangst van de melding (Wmo, Fatima Yıldız) is nog niet bevestigd."
    assert errors(answer) == {"__all__": [sentence]}
    assert f'<a href="{at("case", case)}">{sentence}</a>' in answer.content.decode()
    assert form_with(answer, "summary")[1]["summary"] == ["Goed."]
    assert make.fresh(case).status == CaseStatus.MELDING


def test_a_second_click_on_a_held_conversation_is_told(page, ready):
    wonen = Leefgebied.objects.get(key="wonen").pk
    send = fill(page, at("talk_held", ready), "summary", **HELD, leefgebieden=[wonen])
    send()
    again = send()
    assert errors(again) == {"__all__": ["Deze stap kan niet meer: de stand is nu ‘Vraaganalyse’."]}
    assert "Goed." in again.content.decode()
    assert Talk.objects.count() == 1


def test_a_refused_conversation_goes_on_file(page, ready):
    wonen = Leefgebied.objects.get(key="wonen").pk
    facts = {"support_told": "on", "own_plan_told": "on", "leefgebieden": [wonen], "summary": "Mevrouw wil niet."}
    send = fill(page, at("talk_on_file", ready), "reason", reason="geweigerd", **facts)
    answer, again = send(), send()

    assert (answer.status_code, answer.url) == (302, at("case_analysis", ready))
    assert errors(again) == {"__all__": ["Deze stap kan niet meer: de stand is nu ‘Vraaganalyse’."]}
    assert (make.fresh(ready).on_file_reason, make.fresh(ready).status) == ("geweigerd", CaseStatus.VRAAGANALYSE)
    assert "Het onderzoek ging verder op stukken." in page.get(at("case_talk", ready)).content.decode()


def test_no_shows_must_be_two_over_two_channels(page, ready):
    wonen = Leefgebied.objects.get(key="wonen").pk
    facts = {"support_told": "on", "own_plan_told": "on", "leefgebieden": [wonen], "summary": "Twee keer geweest."}
    answer = fill(page, at("talk_on_file", ready), "reason", reason="twee_keer_niet_verschenen", **facts)()

    sentence = "Probeer het twee keer, op twee manieren. Of leg vast dat de inwoner niet wil."
    assert errors(answer) == {"__all__": [sentence]}
    assert f'<a href="{at("case_talk", ready)}">{sentence}</a>' in answer.content.decode()
    assert make.fresh(ready).status == CaseStatus.MELDING


def test_on_file_asks_a_reason_of_the_list_and_words(page, ready):
    answer = fill(page, at("talk_on_file", ready), "reason", reason="zomaar", summary="")()
    assert list(errors(answer)) == ["reason", "summary", "support_told", "own_plan_told", "leefgebieden"]
    assert errors(answer)["reason"] == ["Kies een van de antwoorden"]


def test_rights_are_not_told_twice_and_what_was_discussed_stays(page, ready, worker):
    make.drive(ready, "vraaganalyse")
    make.analysis.step_back(
        case_id=ready.pk, step="return_to_conversation", reason="Nog een gesprek", actor=make.actor_of(worker)
    )
    form = page.get(at("talk_held", ready)).context["form"]
    assert "support_told" not in form.fields
    assert not form.fields["leefgebieden"].required
    assert form.fields["leefgebieden"].help_text == "Dit is al besproken en blijft staan: gezondheid, huishouden."
    send = fill(page, at("talk_held", ready), "summary", present="Wij", summary="Nog iets.", form="telefoon")
    assert send().status_code == 302


@pytest.mark.parametrize("state", ["melding", "gesprek", "vraaganalyse"])
@pytest.mark.parametrize("name", NAMES)
def test_a_colleague_reads_and_sends_nothing(client, team, case, state, name):
    make.drive(case, state)
    client.force_login(make.make_staff("karim", team))
    text = client.get(at(name, case)).content.decode()
    assert text.count("<form") == 1  # to sign out
    before = (make.fresh(case).status, Talk.objects.count())
    answer = client.post(at(name, case), {})
    assert answer.status_code == 403
    assert "Alleen de contactpersoon van deze zaak mag dat." in answer.content.decode()
    assert client.post(at("talk_no_show", case), {"note": "x"}).status_code == 403
    assert (make.fresh(case).status, Talk.objects.count()) == before


@pytest.mark.parametrize("name", [*NAMES, "talk_no_show"])
def test_a_stranger_finds_no_page(client, case, name):
    client.force_login(make.make_staff("vreemde", make.make_team(make.make_gemeente("Elders"))))
    assert client.post(at(name, case), {"note": "x"}).status_code == 404
    assert client.get(at(name, case)).status_code == (405 if name == "talk_no_show" else 404)


def test_without_a_contactpersoon_the_page_leads_to_choosing_one(page, worker):
    case = make.make_case(make.actor_of(worker), become_contactpersoon=False).case
    text = page.get(at("case_talk", case)).content.decode()
    assert f'<a href="{at("case_contactpersoon", case)}">Kies eerst een contactpersoon.</a>' in text


@pytest.mark.parametrize("missed", [1, 6])
def test_the_page_takes_as_many_queries_for_many_conversations_as_for_one(
    page, case, missed, django_assert_num_queries
):
    for _ in range(missed):
        appointment(case)
    page.get(at("case_talk", case))
    with django_assert_num_queries(QUERIES):
        page.get(at("case_talk", case))
