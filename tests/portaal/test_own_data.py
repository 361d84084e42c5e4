"""The own data in the portaal: asked in own words, followed, downloaded as long as that may."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.models import PrivacyRequest
from casework.services import privacy
from decisions.selectors.gather import fingerprint, parts_of
from decisions.services import inzage
from decisions.services.inzage import PartChoice
from tests import factories as make
from tests.werkplek.browsing import fill
from toegang.core.dates import long_date
from toegang.core.models import LogRow

# WeasyPrint 70 leaves its colour profile to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")]


@pytest.fixture
def worker():
    return make.make_staff("sanne", make.make_team(make.make_gemeente()))


@pytest.fixture
def case(worker):
    found = make.make_case(make.actor_of(worker)).case
    make.run_outbox()  # a letter that is sent later changes what was looked at
    return found


@pytest.fixture
def resident(case, worker, client):
    user = make.make_resident(case, make.actor_of(worker))
    client.force_login(user)
    return user


def url(name="privacy", *args):
    return reverse(f"portaal:{name}", args=args)


def test_an_inwoner_asks_and_sees_the_last_day(client, case, resident):
    send = fill(client, url(), "words", kind="inzage")
    assert send().url == send().url == url()
    (record,) = PrivacyRequest.objects.all()
    assert (record.kind, record.route, record.asker, record.person.user) == ("inzage", "portaal", "zelf", resident)
    html = client.get(url()).content.decode()
    assert "Wij hebben uw verzoek." in html
    assert f"U krijgt uiterlijk op {long_date(record.due_on)} antwoord" in html


def test_a_correction_says_what_and_where(client, case, resident):
    html = fill(client, url(), "words", kind="correctie")().content.decode()
    assert "Schrijf op wat er niet klopt, of wat u wilt toevoegen" in html and "Kies waar het staat" in html
    assert not PrivacyRequest.objects.exists()
    hulpvraag = case.hulpvragen.get()
    assert f"verslag:{hulpvraag.pk}" not in html  # there is no verslag yet
    fill(client, url(), "words", kind="correctie", subject=f"vraag:{hulpvraag.pk}", words="Ik bedoelde iets anders.")()
    record = PrivacyRequest.objects.get()
    assert (record.subject, record.hulpvraag, record.words) == ("vraag", hulpvraag, "Ik bedoelde iets anders.")


def test_a_case_or_a_subject_of_somebody_else_is_no_choice(client, case, resident, worker):
    other = make.make_case(make.actor_of(worker), given_names="Els", born=19600101).case
    for wrong in ({"case": str(other.pk)}, {"subject": f"vraag:{other.hulpvragen.get().pk}"}):
        answer = fill(client, url(), "words", **{"kind": "correctie", "words": "x", "subject": "plan", **wrong})()
        assert answer.status_code == 200 and "Kies een van de antwoorden" in answer.content.decode()
    assert not PrivacyRequest.objects.exists()


def test_who_has_no_case_is_told_how_to_ask(client, case, resident):
    resident.grants.all().update(validity=("2020-01-01T00:00Z", "2020-02-01T00:00Z"))
    assert "U hebt nog geen zaak bij ons." in client.get(url()).content.decode()
    assert client.post(url(), {"kind": "inzage", "case": str(case.pk)}).status_code == 200
    assert not PrivacyRequest.objects.exists()


def given(case, worker):
    actor = make.actor_of(worker)
    asked = privacy.RequestFacts(case.person, "inzage", actor.today, "brief", "")
    record = privacy.register_request(case_id=case.pk, facts=asked, actor=actor)

    def step(act, **facts):
        return act(request_id=record.pk, version=PrivacyRequest.objects.get(pk=record.pk).version, actor=actor, **facts)

    step(privacy.take_up, identity="Paspoort")
    step(inzage.prepare)
    parts = parts_of(case, case.person)
    step(inzage.save_review, seen=fingerprint(parts), choices={part.key: PartChoice(given=True) for part in parts})
    step(inzage.look_again)
    step(inzage.release)
    make.run_outbox()
    return PrivacyRequest.objects.get(pk=record.pk)


def test_the_files_are_fetched_until_the_last_day_and_by_nobody_else(client, case, resident, worker):
    record = given(case, worker)
    assert f"Dit kan tot en met {long_date(record.available_until)}." in client.get(url()).content.decode()
    assert client.get(url("privacy_pdf", record.pk)).content.startswith(b"%PDF")
    assert client.get(url("privacy_json", record.pk)).json()["zaak"] == case.reference
    exports = LogRow.objects.filter(action="export", user_id=resident.pk).order_by("id").values_list("what", flat=True)
    assert list(exports) == ["Eigen gegevens opgehaald (pdf)", "Eigen gegevens opgehaald (json)"]
    PrivacyRequest.objects.update(available_until=make.actor_of(worker).today)
    assert client.get(url("privacy_pdf", record.pk)).status_code == 200
    PrivacyRequest.objects.update(available_until=make.actor_of(worker).today - timedelta(days=1))
    assert client.get(url("privacy_pdf", record.pk)).status_code == 404
    assert "U kunt uw gegevens niet meer ophalen." in client.get(url()).content.decode()
    other = make.make_case(make.actor_of(worker), given_names="Els", born=19600101).case
    client.force_login(make.make_resident(other, make.actor_of(worker)))
    PrivacyRequest.objects.update(available_until=make.actor_of(worker).today)
    assert client.get(url("privacy_pdf", record.pk)).status_code == 404
    assert client.get(url("privacy_json", record.pk)).status_code == 404
    assert case.reference not in client.get(url()).content.decode()
