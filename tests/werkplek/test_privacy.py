"""The pages of requests about the own data: registered, answered, chosen part by part, restricted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from casework.models import PrivacyRequest, RestrictedUse
from casework.services import privacy
from casework.services.privacy import RequestFacts
from decisions.services import inzage
from plans.models import Plan
from tests import factories as make
from tests.werkplek.browsing import fill
from toegang.clock.tasks import tick
from toegang.core.models import LogRow, OutboxRow

pytestmark = pytest.mark.django_db
LIST = 16  # one of its own; the rest is the frame, and standing beyond the scope and back
SAFETY = "Het veiligheidsdossier hoort hier niet bij. Overleg met de aandachtsfunctionaris."


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make.make_staff("sanne", team)
    client.force_login(user)
    return user


@pytest.fixture
def case(worker):
    found = make.make_case(make.actor_of(worker)).case
    make.run_outbox()  # a letter that is sent later changes what was looked at
    return found


def asked(case, worker, kind="inzage", **facts):
    actor = make.actor_of(worker)
    subject = {"subject": "plan"} if kind == "correctie" else {}
    given = RequestFacts(case.person, kind, actor.today, "brief", **{"words": "Mijn woorden.", **subject, **facts})
    record = privacy.register_request(case_id=case.pk, facts=given, actor=actor)
    return privacy.take_up(request_id=record.pk, version=record.version, identity="Paspoort", actor=actor)


def address(name, *args):
    return reverse(f"werkplek:{name}", args=args)


def step_url(record, step):
    return address("privacy_step", record.case_id, record.pk, step)


def body(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_telephone_call_is_registered_and_sending_it_twice_is_one(client, case):
    facts = {"kind": "beperking", "words": "Even niet.", "received_on": "vandaag", "route": "telefoon"}
    send = fill(client, address("privacy_new", case.pk), "route", **facts)
    first, second = send(), send()
    (record,) = PrivacyRequest.objects.all()
    assert first.url == second.url == address("privacy_request", case.pk, record.pk)
    assert (record.kind, record.words, record.route, record.person) == (
        "beperking",
        "Even niet.",
        "telefoon",
        case.person,
    )


def test_what_is_missing_is_told_at_the_field_and_what_was_typed_stays(client, case):
    url = address("privacy_new", case.pk)
    facts = {"kind": "correctie", "words": "", "received_on": "morgen", "asker": "vertegenwoordiger"}
    html = fill(client, url, "route", **facts)().content.decode()
    for sentence in (
        "Schrijf op wat er niet klopt",
        "Kies waar de verbetering over gaat",
        "Vul de naam in van wie dit vraagt",
        "Deze dag moet nog komen. Vul de dag in waarop het verzoek binnenkwam",
        "Kies een antwoord: Hoe kwam het binnen?",
    ):
        assert sentence in html
    assert 'value="morgen"' in html
    assert not PrivacyRequest.objects.exists()


def test_a_step_sent_twice_is_one_and_a_colleague_first_shows_both_texts(client, case, worker):
    record = asked(case, worker)
    send = fill(client, step_url(record, "verlengen"), "reason", reason="Het is veel.")
    assert send().url == send().url == address("privacy_request", case.pk, record.pk)
    record.refresh_from_db()
    assert record.extension_reason == "Het is veel."
    send = fill(client, step_url(record, "afwijzen"), "explanation", ground=GROUND, explanation="Mijn uitleg.")
    inzage.prepare(request_id=record.pk, version=record.version, actor=make.actor_of(worker))
    answer = send()
    assert answer.status_code == 409 and "Mijn uitleg." in answer.content.decode()
    record.refresh_from_db()
    assert record.status == "controle"


GROUND = "Wij weten niet zeker wie dit vroeg"


def test_an_unknown_step_or_one_of_another_kind_is_nowhere(client, case, worker):
    record = asked(case, worker)
    for step in ("beperken", "afronden", "opheffen", "iets-anders"):
        assert client.get(step_url(record, step)).status_code == 404


def test_a_child_younger_than_twelve_is_explained_on_the_page(client, worker):
    case = make.make_case(make.actor_of(worker), born=int(f"{date.today().year - 9}0101")).case
    html = body(client, address("privacy_request", case.pk, asked(case, worker).pk))
    assert "Een kind jonger dan twaalf jaar krijgt zelf geen inzage (Wmo 2015, artikel 5.3.2)." in html
    assert "Gegevens verzamelen" not in html and "Verzoek afwijzen" in html


def test_the_safety_compartment_is_named_only_to_who_may_see_it(client, case, worker, team):
    url = address("privacy_request", case.pk, asked(case, worker).pk)
    assert SAFETY in body(client, url)
    client.force_login(make.make_staff("bram", team))
    assert SAFETY not in body(client, url)


def test_parts_are_chosen_looked_at_and_given(client, case, worker):
    record = asked(case, worker)
    inzage.prepare(request_id=record.pk, version=record.version, actor=make.actor_of(worker))
    page = address("privacy_request", case.pk, record.pk)
    url, values = _selected(client, case, record)
    assert client.post(url, values).url == page
    record.refresh_from_db()
    assert {kept["given"] for kept in record.review.values()} == {True}
    assert client.post(url, values).url == page  # an older version: told, and nothing changes
    assert "Een collega was u voor." in body(client, page)
    assert PrivacyRequest.objects.get(pk=record.pk).version == record.version
    assert client.post(address("privacy_look", case.pk, record.pk), {"version": record.version}).url == page
    record.refresh_from_db()
    client.post(address("privacy_release", case.pk, record.pk), {"version": record.version})
    make.run_outbox()
    assert "Download de PDF" in body(client, page)
    answer = client.get(address("privacy_pdf", case.pk, record.pk))
    assert answer.content.startswith(b"%PDF") and "attachment" in answer.headers["Content-Disposition"]
    assert client.get(address("privacy_json", case.pk, record.pk)).json()["zaak"] == case.reference
    exports = LogRow.objects.filter(action="export", object_id=str(record.pk)).order_by("id")
    assert [row.what for row in exports] == ["Inzage opgehaald (pdf)", "Inzage opgehaald (json)"]


def _selected(client, case, record):
    """The form of the review as the page proposes it."""
    url = address("privacy_review", case.pk, record.pk)
    form = client.get(url).context["form"]
    return url, {name: form[name].value() for name in form.fields}


def test_a_part_that_changed_since_the_page_was_opened_is_told(client, case, worker):
    record = asked(case, worker)
    inzage.prepare(request_id=record.pk, version=record.version, actor=make.actor_of(worker))
    url, values = _selected(client, case, record)
    case.hulpvragen.update(need="Iets anders")
    answer = client.post(url, values)
    assert answer.status_code == 200
    assert "Er is intussen iets veranderd in de zaak." in answer.content.decode()
    record.refresh_from_db()
    assert record.review == {}


def test_a_statement_stands_beside_what_it_is_about(client, case, worker):
    make.drive(case, "besluit")
    hulpvraag = case.hulpvragen.get()
    about = {"plan": None, "verslag": hulpvraag, "besluit": hulpvraag}
    for subject, found in about.items():
        record = asked(case, worker, "correctie", subject=subject, hulpvraag=found, words=f"WOORD-{subject}")
        privacy.settle_correction(
            request_id=record.pk, version=record.version, outcome="verklaring", explanation="",
            actor=make.actor_of(worker),
        )  # fmt: skip
    pages = {
        "case": ["plan", "verslag", "besluit"],
        "case_privacy": ["plan", "verslag", "besluit"],
        "case_plan": ["plan"],
        "case_analysis": ["verslag"],
        "case_decision": ["besluit"],
    }
    for name, shown in pages.items():
        html = body(client, address(name, case.pk))
        assert [subject for subject in about if f"WOORD-{subject}" in html] == shown, name
    html = body(client, address("onderzoek_edit", case.pk, hulpvraag.pk))
    assert "WOORD-verslag" in html and "WOORD-plan" not in html


def restricted(case, worker):
    record = asked(case, worker, "beperking")
    privacy.restrict(request_id=record.pk, version=record.version, explanation="x", actor=make.actor_of(worker))
    return record


def test_a_restricted_case_says_so_on_every_page(client, case, worker):
    banner = "Gebruik beperkt sinds"
    names = ("case", "case_talk", "case_analysis", "case_plan", "case_letters", "case_privacy")
    assert [name for name in names if banner in body(client, address(name, case.pk))] == []
    restricted(case, worker)
    assert [name for name in names if banner in body(client, address(name, case.pk))] == list(names)


def test_each_use_of_a_restricted_case_asks_its_ground_and_keeps_what_was_typed(client, case, worker):
    record = restricted(case, worker)
    url = address("plan_open", case.pk)
    asked_first = client.post(url, {"mijn_veld": "Wat ik typte"})
    html = asked_first.content.decode()
    assert asked_first.status_code == 409
    assert "Er is nog niets gewijzigd." in html and 'name="mijn_veld" value="Wat ik typte"' in html
    assert not Plan.objects.exists() and not RestrictedUse.objects.exists()
    empty = client.post(url, {"use_reason": ""})
    assert empty.status_code == 409 and "Vul dit in: Leg uit waarom dat hier zo is" in empty.content.decode()
    ground = {"use_ground": "toestemming", "use_reason": "Mevrouw belde en vindt het goed."}
    assert client.post(url, ground).status_code == 302
    (use,) = RestrictedUse.objects.all()
    assert (use.ground, use.reason, use.by, use.case) == ("toestemming", ground["use_reason"], worker, case)
    assert Plan.objects.count() == 1
    assert ground["use_reason"] in body(client, address("case_privacy", case.pk))
    record.refresh_from_db()
    lift = fill(client, step_url(record, "opheffen"), "reason", reason="Nagekeken en verteld.")
    assert lift().status_code == 302  # answering the request itself asks no ground
    assert client.post(url).status_code == 302


def test_a_restriction_of_one_case_does_not_touch_another(client, case, worker):
    other = make.make_case(make.actor_of(worker), given_names="Els", born=19600101).case
    restricted(case, worker)
    assert client.post(address("plan_open", other.pk)).status_code == 302


def test_the_clock_starts_nothing_in_a_restricted_case(case, worker):
    make.drive(case, "uitvoering")
    due = make.actor_of(worker).today - timedelta(days=1)
    case.evaluaties.update(due_on=due)
    restricted(case, worker)
    tick()
    assert not OutboxRow.objects.filter(kind="remind_evaluation").exists()
    PrivacyRequest.objects.update(lifted_on=due + timedelta(days=1))
    tick()
    assert OutboxRow.objects.filter(kind="remind_evaluation").count() == 1


def test_the_list_of_the_privacy_officer(client, case, worker, django_assert_num_queries):
    officer = make.make_staff("fg", roles=("privacy",), gemeente=case.gemeente)
    actor = make.actor_of(worker)
    late = RequestFacts(case.person, "inzage", date(2026, 1, 5), "brief", "KANARIE")
    privacy.register_request(case_id=case.pk, facts=late, actor=actor)
    url = address("privacy_requests")
    assert client.get(url).status_code == 404
    client.force_login(officer)
    html = body(client, url)
    assert "1 van de 1 verzoeken is te laat." in html and case.reference in html and "te laat" in html
    assert "KANARIE" not in html and "Yıldız" not in html and str(case.pk) not in html
    with django_assert_num_queries(LIST):
        client.get(url)
    for number in range(20):
        facts = RequestFacts(case.person, "inzage", actor.today, "brief", f"Nummer {number}")
        privacy.register_request(case_id=case.pk, facts=facts, actor=actor)
    with django_assert_num_queries(LIST):
        client.get(url)
    assert client.get(address("case_privacy", case.pk)).status_code == 404
