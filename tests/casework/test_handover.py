"""Handing over a case: one operation, told to the inwoner, with no moment without a contactpersoon."""

import itertools
import threading
from contextlib import suppress

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from casework.enums import GrantKind
from casework.letters import COMPOSERS
from casework.models import Case, Grant, Handover, Letter
from casework.services.grants import begin_grant, end_grant
from casework.services.handover import hand_over_case
from casework.services.sharing import give_access
from tests.factories import (
    actor_of,
    age_grants,
    drive,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    run_outbox,
)
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked, lock
from toegang.core.models import LogRow

KIND = "nieuwe_contactpersoon"
QUICK, LONG = 10, 200


@pytest.fixture
def house():
    """A case with its contactpersoon, and two colleagues of the team."""
    team = make_team(make_gemeente())
    anna, bram, cato = (make_staff(name, team) for name in ("anna", "bram", "cato"))
    return make_case(actor_of(anna)).case, anna, bram, cato


def pass_on(case, by, to, seen=None, **facts):
    return hand_over_case(
        case_id=case.pk, user=to, seen=(seen or by).pk, reason="Andere wijk", actor=actor_of(by), **facts
    )


@pytest.mark.django_db
def test_a_hand_over_moves_the_grant_keeps_the_note_and_tells_the_inwoner(house):
    case, anna, bram, _ = house
    pass_on(case, anna, bram, note="Bel na tien uur.")
    assert case.contactpersoon() == bram
    kept = Handover.objects.get(case=case)
    assert (kept.former, kept.receiver, kept.by, kept.reason, kept.note) == (
        anna, bram, anna, "Andere wijk", "Bel na tien uur.",
    )  # fmt: skip
    run_outbox()
    letter = Letter.objects.get(case=case, kind=KIND)
    assert (letter.addressee, letter.channel, letter.sent_on) == (case.person, "digitaal", actor_of(anna).today)
    log = LogRow.objects.filter(case_id=case.pk, action="grant").order_by("id").values_list("what", "detail")
    assert list(log)[-2:] == [
        ("Toegang beëindigd: Anna, contactpersoon", "Andere wijk"),
        ("Toegang gegeven: Bram, contactpersoon", "Andere wijk"),
    ]


@pytest.mark.django_db
def test_the_first_assignment_is_told_by_no_letter_of_change(house):
    _, anna, bram, _ = house
    case = make_case(actor_of(anna), given_names="Piet", become_contactpersoon=False).case
    hand_over_case(case_id=case.pk, user=bram, seen=None, reason="Pakt op", actor=actor_of(bram))
    assert case.contactpersoon() == bram
    assert not Letter.objects.filter(case=case, kind=KIND).exists()
    assert not Handover.objects.exists()


@pytest.mark.django_db
def test_nobody_writes_to_the_deceased_and_the_case_goes_over_all_the_same(house):
    case, anna, bram, _ = house
    case.person.deceased = 20260101
    case.person.save()
    pass_on(case, anna, bram)
    assert case.contactpersoon() == bram
    assert not Letter.objects.filter(case=case, kind=KIND).exists()


@pytest.mark.django_db
def test_a_paper_letter_that_waits_is_made_again_so_that_no_former_name_leaves(house):
    case, anna, bram, cato = house
    case.person.letter_channel = "papier"
    case.person.save()
    pass_on(case, anna, bram)
    run_outbox()
    first = Letter.objects.get(case=case, kind=KIND).document_id
    age_grants(case)
    pass_on(case, bram, cato)
    run_outbox()
    letter = Letter.objects.get(case=case, kind=KIND)
    assert letter.document_id not in {None, first}


@pytest.mark.django_db
def test_twice_the_same_is_one(house):
    case, anna, bram, _ = house
    pass_on(case, anna, bram)
    pass_on(case, anna, bram)
    assert (Letter.objects.filter(kind=KIND).count(), Handover.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_who_was_overtaken_reads_so_and_nothing_changes(house):
    case, anna, bram, cato = house
    leader = make_staff("tess", case.team, roles=("teamleider",))
    pass_on(case, anna, bram)
    with pytest.raises(Blocked, match="Nu is Bram de contactpersoon"):
        pass_on(case, leader, cato, seen=anna)
    assert case.contactpersoon() == bram


@pytest.mark.django_db
def test_a_case_goes_only_to_who_works_on_cases_in_its_team(house):
    case, anna, bram, _ = house
    toetser = make_staff("theo", case.team, roles=("toetser",))
    gone = make_staff("gerard", case.team)
    gone.is_active = False
    gone.save()
    elsewhere = make_staff("els", make_team(case.gemeente, "Zuid"))
    for user in (toetser, gone, elsewhere):
        with pytest.raises(Blocked, match="werkt niet in het team van deze zaak"):
            pass_on(case, anna, user)
    with pytest.raises(PermissionDenied):
        pass_on(case, bram, bram, seen=anna)
    assert case.contactpersoon() == anna


@pytest.mark.django_db
def test_who_becomes_contactpersoon_holds_no_lesser_grant_beside_it(house):
    case, anna, bram, _ = house
    give_access(case_id=case.pk, user=bram, kind=GrantKind.TWEEDE, reason="Samen", last_day=None, actor=actor_of(anna))
    age_grants(case)
    pass_on(case, anna, bram)
    held = Grant.objects.valid_now().filter(case=case, user=bram).values_list("kind", flat=True)
    assert list(held) == ["contactpersoon"]


@pytest.mark.django_db
def test_the_planned_talk_and_the_draft_stay_and_the_new_one_goes_on_with_them(house):
    case, anna, bram, _ = house
    case = drive(case, "gesprek")
    age_grants(case)
    pass_on(case, anna, bram)
    age_grants(case)
    assert case.talks.get(outcome="gepland")
    drive(case, "plan")
    assert Case.objects.get(pk=case.pk).status == "plan"


# Every column of the domain that names a user, and why a hand-over leaves it: who acted, not who must act.
NAMES_A_USER = {
    ("casework", "emergencyaccess"): {"user", "reviewed_by"},  # who took it and who judged it
    ("casework", "safetyrecord"): {"written_by"},
    ("casework", "fact"): {"written_by"},
    ("casework", "factuse"): {"recorded_by"},
    ("casework", "feedback"): {"by"},
    ("casework", "grant"): {"user", "granted_by"},  # moved: it is the hand-over
    ("casework", "handover"): {"former", "receiver", "by"},
    ("casework", "letter"): {"ordered_by"},
    ("casework", "lookreview"): {"looker", "reviewed_by"},  # who looked and who marked it
    ("casework", "privacyrequest"): {"registered_by", "looked_by", "reviewed_by"},  # who did each part of it
    ("casework", "restricteduse"): {"by"},
    ("casework", "personmerge"): {"by", "undone_by"},
    ("casework", "relation"): {"recorded_by"},
    ("casework", "representation"): {"recorded_by"},
    ("casework", "networkmember"): {"recorded_by"},
    ("casework", "melding"): {"registered_by"},
    ("casework", "signal"): {"registered_by", "handler"},  # there is no case yet, and so no grant: the team follows it
    ("casework", "signalattempt"): {"by"},
    ("casework", "assignment"): {"user", "by"},  # what was asked; the grant says who acts
    ("casework", "shortquestion"): {"by"},
    ("casework", "forwarding"): {"by"},
    ("casework", "firstcall"): {"by"},
    ("casework", "webmelding"): {"user", "handled_by"},
    ("casework", "person"): {"user"},  # the account of the inwoner
    ("decisions", "urgentdecision"): {"decided_by", "reviewer"},
    ("decisions", "beschikking"): {"drafted_by", "reviewer", "approved_by"},  # the reviewer is somebody else
}


def test_no_column_says_who_must_act_but_the_grant():
    found = {}
    for model in apps.get_models():
        label = (model._meta.app_label, model._meta.model_name)
        names = {f.name for f in model._meta.concrete_fields if f.related_model is get_user_model()}
        if label[0] in {"casework", "plans", "providers", "decisions"} and names:
            found[label] = names
    own = {label: names for label, names in found.items() if not label[1].startswith("historical")}
    own.pop(("casework", "casepermission"))
    assert own == NAMES_A_USER


def in_two_steps(case, former, receiver):
    """The hand-over as it must not be: ended in one transaction, begun in another."""
    with transaction.atomic():
        end_grant(case=lock(Case, case.pk), user=former, kind=GrantKind.CONTACTPERSOON, reason="", by=actor_of(former))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01)")
        begin_grant(
            case=lock(Case, case.pk), user=receiver, kind=GrantKind.CONTACTPERSOON, reason="", by=actor_of(former)
        )


def counts_while(case, rounds, hand_over, people, writers):
    """Hand over from several threads at once while readers count; gives the counts that they saw."""
    seen, stop, errors = set(), threading.Event(), []

    def read():
        while not stop.is_set():
            seen.add(Grant.objects.valid_now().filter(case_id=case.pk, kind="contactpersoon").count())
        connection.close()

    def write(turn):
        try:
            for n in range(rounds):
                hand_over(people[(turn + n) % len(people)], people[(turn + n + 1) % len(people)])
        except BaseException as error:  # noqa: BLE001 (told below)
            errors.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    busy = [threading.Thread(target=write, args=(turn,)) for turn in range(writers)]
    for thread in itertools.chain(readers, busy):
        thread.start()
    for thread in busy:
        thread.join()
    stop.set()
    for thread in readers:
        thread.join()
    assert errors == []
    return seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [QUICK, pytest.param(LONG, marks=pytest.mark.long)], ids=["quick", "long"])
def test_there_is_no_moment_without_a_contactpersoon(house, rounds):
    case, anna, bram, cato = house
    leader = make_staff("tess", case.team, roles=("teamleider",))

    def hand_over(_, receiver):
        with transaction.atomic():
            holder = Case.objects.get(pk=case.pk).contactpersoon()
            with suppress(Blocked), transaction.atomic():  # overtaken by another thread
                hand_over_case(case_id=case.pk, user=receiver, seen=holder.pk, reason="x", actor=actor_of(leader))

    assert counts_while(case, rounds, hand_over, [anna, bram, cato], writers=3) == {1}
    periods = list(Grant.objects.filter(case=case, kind="contactpersoon").order_by("validity"))
    assert len(periods) > rounds
    assert all(a.validity.upper == b.validity.lower for a, b in itertools.pairwise(periods))


@pytest.mark.django_db(transaction=True)
def test_a_hand_over_in_two_transactions_is_caught(house):
    case, anna, bram, _ = house
    seen = counts_while(case, QUICK, lambda former, to: in_two_steps(case, former, to), [anna, bram], writers=1)
    assert 0 in seen


@pytest.mark.django_db
def test_the_letter_says_who_from_when_and_who_helps_otherwise(house):
    case, anna, bram, _ = house
    pass_on(case, anna, bram)
    today = actor_of(anna).today
    letter = Letter.objects.get(case=case, kind=KIND)
    sections = COMPOSERS[KIND](letter, today)
    assert [section.key for section in sections] == ["wie", "er_niet", "vragen"]
    assert f"Vanaf {long_date(today)} is dat Bram." in sections[0].paragraphs[1]
    assert sections[1].paragraphs[0].startswith(f"Bel dan {case.gemeente.phone}.")
    assert sections[2].paragraphs[0].startswith("Bel Bram: 06 1.")
