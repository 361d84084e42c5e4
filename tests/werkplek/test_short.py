"""A simple question: answered at once, counted, without a person; and a melding after all."""

import pytest

from casework.models import Case, Melding, Person, Reason, ShortQuestion
from casework.services.short import KIND, made_a_melding, own_short_questions
from tests.factories import actor_of, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import browser_of, words
from tests.werkplek.test_melding import ADDRESS as MELDING
from tests.werkplek.test_melding import typed as typed_melding
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.wall import reading_figures
from toegang.sturing.aggregates import SMALLEST, short_questions

pytestmark = pytest.mark.django_db
URL = "/werkplek/korte-vraag/"


@pytest.fixture
def house():
    """Anna of a team, and Klaas who takes calls."""
    gemeente = make_gemeente()
    team = make_team(gemeente)
    klaas = make_staff("klaas", roles=("klantcontact",), gemeente=gemeente)
    return team, actor_of(make_staff("anna", team)), actor_of(klaas)


def typed(team, **other):
    gemeente = str(team.gemeenten.get().pk)
    return {"words": "Waar vraag ik een parkeerkaart aan?", "outcome": "Alleen geluisterd", "route": "telefoon",
            "team": str(team.pk), "gemeente": gemeente} | other  # fmt: skip


def test_it_is_counted_and_nobody_is_written_down(house):
    team, _, klaas = house
    browser = browser_of(klaas.user)
    assert "Alleen geluisterd" in Reason.objects.filter(kind=KIND).values_list("label", flat=True)
    for _ in range(2):  # a double click is one
        assert browser.post(URL, typed(team)).url == URL
    question = ShortQuestion.objects.get()
    assert (question.on, question.team, question.by) == (klaas.today, team, klaas.user)
    assert not (Person.objects.exists() or Case.objects.exists())
    page = words(browser.get(URL))
    assert "Door u beantwoord, vandaag (1)" in page and "parkeerkaart" in page and "Toch een melding" in page
    assert LogRow.objects.filter(what="Korte vraag beantwoord", object_id=str(question.pk)).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"outcome": "Iets"}, "outcome"),
        ({"route": ""}, "route"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_typed_is_lost(house, wrong, field):
    team, anna, _ = house
    answer = browser_of(anna.user).post(URL, typed(team, **wrong))
    assert list(answer.context["form"].errors) == [field] and "Fout: " in answer.content.decode()
    assert not ShortQuestion.objects.exists()


def test_a_melding_after_all_takes_the_words_along_once(house):
    team, anna, klaas = house
    browser = browser_of(anna.user)
    browser.post(URL, typed(team))
    question = ShortQuestion.objects.get()
    url = f"{MELDING}?korte={question.pk}"
    assert browser.get(url).context["form"]["words"].value() == question.words
    assert browser_of(klaas.user).get(url).context["form"]["words"].value() is None  # not his
    assert browser.post(url, typed_melding(team)).status_code == 302
    question.refresh_from_db()
    assert question.melding == Melding.objects.get() and "Werd een melding" in words(browser.get(URL))
    assert browser.get(url).context["form"]["words"].value() is None
    with pytest.raises(Blocked):
        made_a_melding(question_id=question.pk, melding=question.melding, actor=anna)


def test_another_colleague_does_not_see_mine(house):
    team, anna, klaas = house
    browser_of(anna.user).post(URL, typed(team))
    assert len(own_short_questions(anna)) == 1 and own_short_questions(klaas) == []


def test_the_manager_sees_how_many_and_never_a_small_number(house):
    team, anna, _ = house
    gemeente = team.gemeenten.get()
    manager = make_staff("boss", roles=("manager",), gemeente=gemeente)

    def make(number):
        facts = {"gemeente": gemeente, "team": team, "on": anna.today, "route": "balie", "by": anna.user}
        ShortQuestion.objects.bulk_create(
            ShortQuestion(words=f"Vraag {n}", outcome="Alleen geluisterd", **facts) for n in range(number)
        )

    make(SMALLEST - 1)
    assert short_questions([gemeente.pk], anna.today) is None
    make(1)
    assert short_questions([gemeente.pk], anna.today) == SMALLEST
    page = words(browser_of(manager).get("/sturing/"))
    assert "Korte vragen" in page and "Vraag 1" not in page
    with reading_figures():
        assert ShortQuestion.objects.filter(gemeente=gemeente).count() == 0  # without an actor there are none
