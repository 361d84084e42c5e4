"""Telling the melder or verwijzer how it goes: only after a yes, only a fixed sentence, and the log tells of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from casework.enums import FeedbackWay
from casework.models import Feedback, Reason
from casework.services.feedback import KIND, FeedbackFacts, record_feedback
from tests.casework.test_card import house  # noqa: F401 (house: a fixture)
from tests.factories import make_case
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
ALI = "Ali Yıldız (zoon)"


@pytest.fixture
def told(house):  # noqa: F811
    """A case of which the son made the melding."""
    case, anna, bram = house
    case.meldingen.update(reporter_name="Ali Yıldız", reporter_capacity="zoon")
    return case, anna, bram


def url(case):
    return f"/werkplek/zaak/{case.pk}/melding/{case.meldingen.get().pk}/terugkoppelen/"


def sentences(actor):
    return list(Reason.objects.valid_on(actor.today).filter(kind=KIND).order_by("pk").values_list("label", flat=True))


def typed(actor, **other):
    facts = {"to": ALI, "agreed": "ja", "said_by": "zijzelf", "said_on": "vandaag", "sentence": sentences(actor)[0],
             "told_how": "telefoon", "told_on": "vandaag"}  # fmt: skip
    return facts | other


def test_after_a_yes_one_of_three_sentences_is_told_and_shown(told):
    case, anna, bram = told
    assert len(sentences(anna)) == 3
    browser = browser_of(anna.user)
    assert "Terugkoppelen" in words(browser.get(f"/werkplek/zaak/{case.pk}/"))
    send = fill(browser, url(case), "to", **typed(anna))
    assert send().url == send().url == f"/werkplek/zaak/{case.pk}/"
    found = Feedback.objects.get()  # twice is once
    assert (found.agreed, found.sentence, found.told_on, found.by_id) == (
        True,
        sentences(anna)[0],
        anna.today,
        anna.user_id,
    )
    page = words(browser.get(f"/werkplek/zaak/{case.pk}/"))
    assert sentences(anna)[0] in page and "Ja van zijzelf" in page
    assert LogRow.objects.filter(what="Terugkoppeling vastgelegd", case_id=case.pk).count() == 1
    reads = browser_of(bram.user).get(url(case))
    assert "Alleen wie de zaak behandelt" in words(reads)
    assert browser_of(bram.user).post(url(case), typed(anna)).status_code == 403


def test_a_no_is_kept_and_seen_before_somebody_tells(told):
    case, anna, _ = told
    browser = browser_of(anna.user)
    no = typed(anna, agreed="nee", sentence="", told_how="", told_on="")
    assert fill(browser, url(case), "to", **no)().status_code == 302
    assert f"Vertel {ALI} niets: nee van zijzelf" in words(browser.get(f"/werkplek/zaak/{case.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"agreed": "nee"}, {"agreed"}),
        ({"agreed": ""}, {"agreed"}),
        ({"sentence": ""}, {"sentence"}),
        ({"sentence": "Zij heeft schulden."}, {"sentence"}),
        ({"told_on": ""}, {"told_on"}),
        ({"told_how": ""}, {"told_how"}),
        ({"told_on": "morgen"}, {"told_on"}),
        ({"said_on": "morgen"}, {"said_on"}),
        ({"to": "Iemand anders"}, {"to"}),
        ({"said_by": ""}, {"said_by"}),
        ({"said_by": "Ö" * 5000}, {"said_by"}),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(told, wrong, fields):
    case, anna, _ = told
    answer = fill(browser_of(anna.user), url(case), "to", **typed(anna, **wrong))()
    assert set(answer.context["form"].errors) == fields
    assert answer.context["form"]["said_by"].value() == wrong.get("said_by", "zijzelf")
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"agreed": False},
        {"sentence": "Zij heeft schulden."},
        {"to": "De buurvrouw"},
        {"told_on": timedelta(days=1)},
        {"told_on": timedelta(days=-1)},
    ],
)
def test_the_service_refuses_it_too(told, wrong):
    case, anna, _ = told
    days = {name: anna.today + value for name, value in wrong.items() if isinstance(value, timedelta)}
    facts = {"to": ALI, "agreed": True, "said_by": "zijzelf", "said_on": anna.today, "sentence": sentences(anna)[1],
             "told_on": anna.today, "told_how": FeedbackWay.BRIEF}  # fmt: skip
    ids = {"case_id": case.pk, "melding_id": case.meldingen.get().pk, "actor": anna}
    with pytest.raises(Blocked):
        record_feedback(**ids, facts=FeedbackFacts(**facts | wrong | days))
    record_feedback(**ids, facts=FeedbackFacts(**facts))
    assert Feedback.objects.count() == 1


def test_the_database_keeps_a_telling_without_a_yes_out(told):
    case, anna, _ = told
    facts = {"gemeente": case.gemeente, "case": case, "melding": case.meldingen.get(), "to": ALI, "said_by": "x",
             "said_on": anna.today, "by": anna.user}  # fmt: skip
    told_so = {"sentence": "x", "told_on": anna.today, "told_how": "brief"}
    for wrong in ({"agreed": False, **told_so}, {"agreed": True, "sentence": "x"}):
        with pytest.raises(IntegrityError, match="told_after_a_yes"), transaction.atomic():
            Feedback.objects.create(**facts, **wrong)


def test_a_verwijzer_is_told_too_and_who_reported_for_oneself_is_nobody_else(house):  # noqa: F811
    case, anna, _ = house
    assert browser_of(anna.user).get(url(case)).status_code == 404
    referred = make_case(anna, ("jeugd",), given_names="Sami", born=20140501, postcode="").case
    assert referred.meldingen.get().receivers == []
    referred.hulpvragen.update(referrer="huisarts", referrer_name="Dr. Bos")
    assert referred.meldingen.get().receivers == ["Dr. Bos (huisarts)"]
    assert browser_of(anna.user).get(url(referred)).status_code == 200
