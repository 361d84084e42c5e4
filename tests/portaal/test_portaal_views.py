"""What an inwoner sees in the portaal, and what not: another person's letter, hulpvraag and plan lines."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from casework.models import Case, LeefgebiedNote, Letter
from casework.services import analysis, intake, talks
from casework.services.handover import hand_over_case
from casework.services.intake import MeldingFacts, Question
from casework.services.people import welcome_resident
from plans.models import Plan
from plans.services import agreement, plan
from tests import factories as make
from toegang.core import documents
from toegang.core.dates import long_date
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
FRAME = 9  # session, user, who acts and (inside a test) who acted, the log rows, and two savepoints
PARTNER = {"given_names": "Rogier", "family_name": "Oosterwijk", "born": 19750303}


@pytest.fixture
def worker():
    team = make.make_team(make.make_gemeente())
    return make.make_staff("sanne", team)


def registered(worker, laws=("wmo",), **facts):
    return make.make_case(make.actor_of(worker), laws, **facts)


def household(worker):
    """A mother with a Wmo question and her partner with one of his own, in one case."""
    mine = Question("wmo", "Mijn huis schoonhouden")
    his = Question("wmo", "Zijn eigen vraag over dagbesteding", person=make.person_facts(**PARTNER))
    actor = make.actor_of(worker)
    facts = MeldingFacts(make.person_facts(), actor.today - timedelta(days=10), "balie", "Samen", [mine, his])
    (gemeente_id,), (team_id,) = actor.gemeente_ids, actor.team_ids
    found = intake.register_melding(actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts)
    make.age_grants(found.case)
    return found


def enter(client, person, worker):
    """Sign the inwoner of this person in."""
    user = welcome_resident(person_id=person.pk, actor=make.actor_of(worker))
    for case in Case.objects.filter(hulpvragen__person=person).distinct():
        make.age_grants(case)
    client.force_login(user)
    return user


def page(client, name, *args):
    return client.get(reverse(name, args=args))


def body(client, name, *args):
    answer = page(client, name, *args)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_inwoner_without_a_question_is_told_so_and_how_to_ask(client, worker):
    found = registered(worker)
    stranger = make.make_case(make.actor_of(worker), given_names="Els", family_name="Groen", born=19600101)
    user = make.make_resident(stranger.case, make.actor_of(worker))
    user.grants.all().update(validity=("2020-01-01T00:00Z", "2020-02-01T00:00Z"))
    client.force_login(user)
    html = body(client, "portaal:home")
    assert "U hebt nu geen vraag bij ons lopen." in html
    assert 'href="tel:140123">Bel 14 0123</a>' in html
    assert found.case.reference not in html
    assert stranger.case.reference not in html


def test_home_shows_the_own_question_with_steps_contactpersoon_and_last_day(client, worker):
    found = registered(worker)
    make.run_outbox()
    enter(client, found.case.person, worker)
    html = body(client, "portaal:home")
    term = found.case.deadlines.get(key="wmo_onderzoek").due_on
    assert "Uw vraag over hulp en ondersteuning: Wmo" in html
    assert "Uw contactpersoon: " in html
    assert worker.name in html and 'href="tel:061"' in html
    assert "Wij bellen u om een gesprek af te spreken." in html
    assert f"Ons onderzoek is uiterlijk op {long_date(term)} klaar." in html
    assert html.count('aria-current="step"') == 1
    assert "Hier bent u nu" in html


def test_two_laws_of_one_person_show_their_own_step_and_sentence(client, worker):
    found = registered(worker, ("wmo", "jeugd"))
    case = make.drive(found.case, "vraaganalyse")
    wmo, jeugd = (next(h for h in found.hulpvragen if h.law == law) for law in ("wmo", "jeugd"))
    actor = make.actor_of(worker)
    intake.register_aanvraag_on(hulpvraag_id=wmo.pk, received_on=actor.today, actor=actor)
    enter(client, case.person, worker)
    sections = body(client, "portaal:home").split('<section class="tg-question"')[1:]
    shown = {key: next(s for s in sections if str(h.pk) in s) for key, h in (("wmo", wmo), ("jeugd", jeugd))}
    due = case.deadlines.get(key="wmo_besluit").due_on
    assert len(sections) == 2
    assert step_now(shown["wmo"]) == "Stap 5. Beslissing"
    assert step_now(shown["jeugd"]) == "Stap 3. Vraaganalyse en plan"
    assert "Wij nemen een besluit. U krijgt daarover een brief." in shown["wmo"]
    assert f"U krijgt ons besluit uiterlijk op {long_date(due)}." in shown["wmo"]
    assert "Ons onderzoek is uiterlijk" not in shown["wmo"]
    assert "Wij schrijven op wat u ons vertelde." in shown["jeugd"]


def step_now(html):
    """The title of the step that is marked as the present one."""
    (part,) = html.split('aria-current="step"')[1:]
    return part.split('tg-step__title">')[1].split("</span>")[0]


def test_an_appointment_is_told_with_day_time_and_form(client, worker):
    case = make.drive(registered(worker).case, "gesprek")
    enter(client, case.person, worker)
    html = body(client, "portaal:home")
    assert "Wij hebben een gesprek met u afgesproken." in html
    assert "uur, bij u thuis. Kunt u niet? Bel ons dan." in html


def test_a_late_term_is_told_as_late_with_what_the_inwoner_can_do(client, worker):
    actor = make.actor_of(worker)
    found = registered(worker, on=actor.today - timedelta(days=90))
    enter(client, found.case.person, worker)
    due = found.case.deadlines.get(key="wmo_onderzoek").due_on
    sentence = f"Ons onderzoek had op {long_date(due)} klaar moeten zijn. Bel ons. U mag ook meteen een besluit vragen."
    assert sentence in body(client, "portaal:home")


def test_a_new_letter_waits_until_it_was_opened(client, worker):
    found = registered(worker)
    make.run_outbox()
    letter = Letter.objects.get(case=found.case)
    enter(client, found.case.person, worker)
    before = body(client, "portaal:home")
    assert f"Nieuwe brief: {letter.subject}" in before
    assert "· nieuw" in before
    body(client, "portaal:letter", letter.pk)
    after = body(client, "portaal:home")
    assert "Nieuwe brief" not in after
    assert "U hoeft nu niets te doen." in after


def test_more_than_three_new_letters_are_one_task(client, worker):
    found = registered(worker, ("wmo", "jeugd"))
    make.drive(found.case, "verslag")
    number = Letter.objects.filter(case=found.case, sent_on__isnull=False).count()
    enter(client, found.case.person, worker)
    html = body(client, "portaal:home")
    assert number > 3
    assert f"U hebt {number} nieuwe brieven" in html
    assert "Nieuwe brief:" not in html
    assert html.count("· nieuw") == number


def test_what_comes_next_is_told_without_a_date_too(client, worker):
    case = make.drive(registered(worker).case, "aanbieder")
    enter(client, case.person, worker)
    html = body(client, "portaal:home")
    assert "Kies wie u gaat helpen. Wij helpen u daarbij." in html
    assert "Daarna vraagt u een besluit aan. Wij helpen u daarbij." in html


def test_a_digital_letter_in_the_making_is_announced_but_cannot_be_opened(client, worker):
    found = registered(worker)
    letter = Letter.objects.get(case=found.case)
    enter(client, found.case.person, worker)
    html = body(client, "portaal:home")
    assert "Deze brief wordt gemaakt." in html
    assert str(letter.pk) not in html
    assert page(client, "portaal:letter", letter.pk).status_code == 404
    assert page(client, "portaal:letter_pdf", letter.pk).status_code == 404


def test_a_paper_letter_that_was_not_posted_is_not_there_yet(client, worker):
    found = registered(worker, letter_channel="papier")
    make.run_outbox()
    letter = Letter.objects.get(case=found.case)
    assert letter.document_id is not None
    enter(client, found.case.person, worker)
    assert letter.subject not in body(client, "portaal:home")
    assert page(client, "portaal:letter", letter.pk).status_code == 404
    make.send_letters(found.case, make.actor_of(worker))
    assert "ook per post" in body(client, "portaal:home")
    assert page(client, "portaal:letter", letter.pk).status_code == 200


def test_the_pdf_is_the_stored_file_byte_for_byte_and_its_opening_is_logged(client, worker):
    found = registered(worker)
    make.run_outbox()
    letter = Letter.objects.select_related("document").get(case=found.case)
    user = enter(client, found.case.person, worker)
    answer = page(client, "portaal:letter_pdf", letter.pk)
    assert answer.content == documents.read(letter.document)
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{letter.document.name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    row = LogRow.objects.get(action="download")
    assert (row.user_id, row.case_id, row.object_type, row.object_id) == (
        user.pk, found.case.pk, "letter", str(letter.pk),
    )  # fmt: skip


def test_a_damaged_file_is_told_and_the_words_of_the_letter_stay_readable(client, worker, caplog):
    found = registered(worker)
    make.run_outbox()
    letter = Letter.objects.get(case=found.case)
    (stored,) = (p for p in Path(settings.FILES_FOLDER).glob("??/*") if p.name == letter.document_id.hex)
    stored.write_bytes(b"%PDF-broken")
    enter(client, found.case.person, worker)
    answer = page(client, "portaal:letter_pdf", letter.pk)
    assert answer.status_code == 503
    assert "De PDF gaat nu niet open" in answer.content.decode()
    assert "Hulp bij het huishouden (wmo)" in answer.content.decode()
    assert "stored letter cannot be read" in caplog.text


def test_a_letter_shows_its_subject_date_and_words(client, worker):
    found = registered(worker)
    make.run_outbox()
    letter = Letter.objects.get(case=found.case)
    user = enter(client, found.case.person, worker)
    html = body(client, "portaal:letter", letter.pk)
    assert "Wij hebben uw melding ontvangen (Wmo)</h1>" in html
    shown = f'Brief van {long_date(letter.dated)} · kenmerk <span class="tg-nowrap">{letter.reference}</span>'
    assert shown in html
    assert "Wilt u zelf een plan maken?</h2>" in html
    assert "Het besluit in het kort" not in html
    assert LogRow.objects.filter(action="look", user_id=user.pk, object_id=str(letter.pk)).count() == 1


def test_a_decision_is_summed_up_first(client, worker):
    case = make.drive(registered(worker).case, "uitvoering")
    letter = Letter.objects.get(case=case, kind="beschikking")
    line = letter.beschikking.lines.get()
    enter(client, case.person, worker)
    html = body(client, "portaal:letter", letter.pk)
    summary = html.split("Het besluit in het kort")[1].split("</section>")[0]
    assert "<dt>Krijgt u hulp?</dt><dd>Ja</dd>" in summary
    assert f"<dd>{line.product.name}: {line.amount_text}</dd>" in summary
    assert f"<dd>{long_date(line.starts_on)} tot en met {long_date(line.ends_on)}</dd>" in summary
    assert "<dt>Wat betaalt u zelf?</dt>" in summary
    assert f"<dt>Bezwaar maken kan tot en met</dt><dd>{long_date(letter.beschikking.bezwaar_until)}</dd>" in summary
    assert html.index("Het besluit in het kort") < html.index("Waarom nemen wij dit besluit?")


def test_while_bezwaar_can_be_made_home_names_the_last_day(client, worker):
    case = make.drive(registered(worker).case, "uitvoering")
    enter(client, case.person, worker)
    html = body(client, "portaal:home")
    until = case.beschikkingen.get().bezwaar_until
    assert f"U kunt tot en met {long_date(until)} bezwaar maken." in html
    assert "U mag zelf een plan maken." not in html
    assert f"Op {long_date(case.evaluation_on)} kijken wij samen met u of de hulp goed werkt." in html


def test_words_that_changed_after_sending_are_not_shown_as_if_they_were_sent(client, worker):
    case = make.drive(registered(worker).case, "verslag")
    letter = Letter.objects.get(case=case, kind="verslag")
    enter(client, case.person, worker)
    assert "Zo is het nu." in body(client, "portaal:letter", letter.pk)
    note = LeefgebiedNote.objects.filter(case=case).first()
    analysis.write_note(
        note_id=note.pk, version=note.version, actor=make.actor_of(worker), relevant=True, why="Later",
        situation="Later opgeschreven",
    )  # fmt: skip
    html = body(client, "portaal:letter", letter.pk)
    assert "Later opgeschreven" not in html
    assert "Deze brief leest u in de PDF." in html


def test_an_invitation_to_a_talk_that_was_moved_is_only_its_pdf(client, worker):
    case = registered(worker).case
    actor = make.actor_of(worker)
    talks.plan_talk(case_id=case.pk, at=actor.now + timedelta(days=3), form="thuis", place="", actor=actor)
    make.run_outbox()
    letter = Letter.objects.get(case=case, kind="uitnodiging")
    enter(client, case.person, worker)
    assert "Waar gaat het gesprek over?" in body(client, "portaal:letter", letter.pk)
    talks.plan_talk(case_id=case.pk, at=actor.now + timedelta(days=5), form="kantoor", place="", actor=actor)
    assert "Deze brief leest u in de PDF." in body(client, "portaal:letter", letter.pk)


def test_another_contactpersoon_than_in_the_letter_is_told(client, worker):
    found = registered(worker)
    make.run_outbox()
    letter = Letter.objects.get(case=found.case)
    enter(client, found.case.person, worker)
    sentence = "In de PDF staat nog uw vorige contactpersoon."
    assert sentence not in body(client, "portaal:letter", letter.pk)
    Letter.objects.filter(pk=letter.pk).update(stored_at=letter.stored_at - timedelta(days=1))
    other = make.make_staff("pieter", found.case.team)
    hand_over_case(case_id=found.case.pk, user=other, seen=worker.pk, reason="Verlof", actor=make.actor_of(worker))
    html = body(client, "portaal:letter", letter.pk)
    assert sentence in html
    assert "Pieter" in html


def test_a_stranger_gets_the_page_of_a_wrong_address_for_everything(client, worker):
    case = make.drive(registered(worker).case, "aanbieder")
    stranger = make.make_case(make.actor_of(worker), given_names="Els", family_name="Groen", born=19600101)
    make.run_outbox()
    letter, shared = Letter.objects.filter(case=case).first(), Plan.objects.get(case=case)
    enter(client, stranger.case.person, worker)
    wrong = client.get("/bestaat-niet/")
    for name, pk in (
        ("portaal:case", case.pk),
        ("portaal:letter", letter.pk),
        ("portaal:letter_pdf", letter.pk),
        ("portaal:plan", shared.pk),
    ):
        for key in (pk, uuid4()):
            answer = page(client, name, key)
            assert (answer.status_code, answer.content) == (404, wrong.content)
    assert case.reference not in body(client, "portaal:home")


def test_a_housemate_sees_own_question_and_letters_only(client, worker):
    found = household(worker)
    make.run_outbox()
    mine, his = found.hulpvragen
    my_letter, his_letter = (Letter.objects.get(hulpvraag=h) for h in (mine, his))
    enter(client, his.person, worker)
    html = body(client, "portaal:home")
    assert "Zijn eigen vraag over dagbesteding" in html
    assert "Mijn huis schoonhouden" not in html
    assert "Fatima" not in html
    assert page(client, "portaal:letter", his_letter.pk).status_code == 200
    assert page(client, "portaal:letter", my_letter.pk).status_code == 404
    assert page(client, "portaal:letter_pdf", my_letter.pk).status_code == 404
    wrong = client.get("/bestaat-niet/")
    assert page(client, "portaal:letter", my_letter.pk).content == wrong.content


def test_the_plan_shows_own_words_goals_and_own_help(client, worker):
    case = make.drive(registered(worker).case, "plan")
    present = shared_plan(case, worker)
    enter(client, case.person, worker)
    home = body(client, "portaal:home")
    assert "Lees uw plan. Klopt het?" in home
    html = body(client, "portaal:plan", present.pk)
    line = present.lines.get()
    assert "Ik wil in mijn huis blijven" in html
    assert "Het huis is schoon" in html
    assert "<strong>U zelf</strong> <span>Zelf stoffen</span>" in html
    assert line.product.name.capitalize() in html and line.amount_text in html
    assert "Klopt dit plan?" in html
    assert LogRow.objects.filter(action="look", object_type="plan", object_id=str(present.pk)).count() == 1


def test_after_the_decision_the_plan_no_longer_says_that_it_must_come(client, worker):
    case = make.drive(registered(worker).case, "besluit")
    present = case.plans.get()
    enter(client, case.person, worker)
    assert "Deze hulp staat pas vast" in body(client, "portaal:plan", present.pk)
    make.drive(case, "uitvoering")
    html = body(client, "portaal:plan", present.pk)
    assert "Deze hulp staat pas vast" not in html
    assert present.lines.get().amount_text in html


def shared_plan(case, worker):
    """A plan with own words, shared with the inwoner."""
    present = make.write_plan(case, make.actor_of(worker))
    plan.write_words(
        plan_id=present.pk, version=present.version, own_words="Ik wil in mijn huis blijven",
        actor=make.actor_of(worker),
    )  # fmt: skip
    agreement.share_plan(plan_id=present.pk, actor=make.actor_of(worker))
    return present


def test_a_plan_in_the_making_is_not_there_and_an_agreed_one_tells_the_answer(client, worker):
    case = make.drive(registered(worker).case, "plan")
    present = make.write_plan(case, make.actor_of(worker))
    enter(client, case.person, worker)
    assert page(client, "portaal:plan", present.pk).status_code == 404
    assert "Lees uw plan" not in body(client, "portaal:home")
    make.agree(present, make.actor_of(worker))
    html = body(client, "portaal:plan", present.pk)
    assert "U bent het eens met het hele plan." in html
    assert "Klopt dit plan?" not in html


def test_a_housemate_reads_of_the_plan_only_the_own_goals_and_help(client, worker):
    found = household(worker)
    case = make.drive(found.case, "plan")
    actor = make.actor_of(worker)
    present = make.write_plan(case, actor)
    mine, his = found.hulpvragen
    other = plan.add_goal(plan_id=present.pk, version=present.version, result="Overdag naar buiten", actor=actor)
    present.refresh_from_db()
    plan.add_action(
        plan_id=present.pk, version=present.version, goal_id=other.pk, by="netwerk", what="Buurman loopt mee",
        by_when=actor.today, actor=actor,
    )  # fmt: skip
    present.lines.filter(hulpvraag=his).update(goal=other, volume=7)
    agreement.share_plan(plan_id=present.pk, actor=actor)
    enter(client, his.person, worker)
    html = body(client, "portaal:plan", present.pk)
    assert "Overdag naar buiten" in html and "Buurman loopt mee" in html
    assert "Het huis is schoon" not in html
    assert html.count("<dt>Hoeveel?</dt>") == 1
    enter(client, mine.person, worker)
    html = body(client, "portaal:plan", present.pk)
    assert "Het huis is schoon" in html
    assert "Overdag naar buiten" not in html and "Buurman loopt mee" not in html


def test_a_plan_without_help_for_the_housemate_is_not_there_for_the_housemate(client, worker):
    found = household(worker)
    case = make.drive(found.case, "plan")
    present = shared_plan(case, worker)
    his = found.hulpvragen[1]
    present.lines.filter(hulpvraag=his).delete()
    enter(client, his.person, worker)
    assert page(client, "portaal:plan", present.pk).status_code == 404
    assert "Lees uw plan" not in body(client, "portaal:home")


def test_several_cases_get_a_card_each_and_a_page_each(client, worker):
    first = registered(worker)
    closed = make.drive(first.case, "vraaganalyse")
    actor = make.actor_of(worker)
    enter(client, closed.person, worker)
    analysis.close_case(case_id=closed.pk, reason="opgelost met informatie", actor=actor)
    second = registered(worker)
    assert second.case.pk != closed.pk
    enter(client, closed.person, worker)
    html = body(client, "portaal:home")
    assert "Eerdere vragen" in html
    assert reverse("portaal:case", args=[closed.pk]) in html
    assert html.count('aria-current="step"') == 1
    case_page = body(client, "portaal:case", closed.pk)
    assert "Uw eerdere vraag</h1>" in case_page
    assert "Deze vraag is klaar." in case_page
    assert second.case.reference not in case_page


def test_every_look_is_logged_once_with_the_case(client, worker):
    found = registered(worker)
    user = enter(client, found.case.person, worker)
    body(client, "portaal:home")
    body(client, "portaal:case", found.case.pk)
    rows = LogRow.objects.filter(user_id=user.pk).order_by("id").values_list("action", "what", "case_id", "case_ids")
    assert list(rows) == [
        ("list", "Eigen overzicht bekeken", None, [found.case.pk]),
        ("look", "Eigen zaak bekeken", found.case.pk, []),
        ("look", "Eigen zaak bekeken", found.case.pk, []),
    ]


@pytest.mark.parametrize("laws", [("wmo",), ("wmo", "jeugd", "pw", "wgs")])
def test_home_asks_the_same_few_queries_for_one_and_for_many(client, worker, laws, django_assert_num_queries):
    """Seven of its own: hulpvragen, their terms, decisions, contactpersonen, letters, what was opened, plans."""
    found = registered(worker, laws)
    make.run_outbox()
    enter(client, found.case.person, worker)
    with django_assert_num_queries(FRAME + 8):
        body(client, "portaal:home")


def test_staff_gets_the_page_of_a_wrong_address(client, worker):
    found = registered(worker)
    client.force_login(worker)
    wrong = client.get("/bestaat-niet/")
    for answer in (page(client, "portaal:home"), page(client, "portaal:case", found.case.pk)):
        assert (answer.status_code, answer.content) == (404, wrong.content)


def test_without_login_every_page_asks_to_sign_in(client):
    for name, args in (("home", ()), ("case", (uuid4(),)), ("letter", (uuid4(),)), ("plan", (uuid4(),))):
        answer = page(client, f"portaal:{name}", *args)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("portaal:sign_in"))


def test_writing_is_not_possible_in_this_door(client, worker):
    found = registered(worker)
    enter(client, found.case.person, worker)
    assert client.post(reverse("portaal:home")).status_code == 405
