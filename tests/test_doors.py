"""Every route for every role, read from the resolver: a route without an expectation fails the build."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core import mail
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, include, path, reverse
from django.utils import timezone

from casework.enums import Law, SharingGround
from casework.models import Case, Forwarding, Grant, Leefgebied, Letter, Person, PrivacyRequest, Reason, WebMelding
from casework.services import around, facts, merge, privacy, signals
from casework.services.emergency import take_emergency_access
from casework.services.letters import order_letter
from casework.services.safety import add_safety_record, share_safety
from decisions.models import Beschikking, UrgentDecision
from decisions.services import drafting, inzage
from plans.models import MaatwerkLine
from tests.factories import (
    LONG_AGO,
    actor_of,
    age_grants,
    drive,
    make_case,
    make_gemeente,
    make_resident,
    make_staff,
    make_team,
    run_outbox,
)
from tests.header_rules import problems
from tests.test_architecture import DOMAIN
from toegang.accounts.models import Absence, Gemeente, Ketenpartner, Organisatie, Photo, User, Wijk
from toegang.core.models import LogRow, OutboxRow

ROLES = ("anoniem", "contactpersoon", "collega", "ander_team", "teamleider", "toetser", "manager", "beheerder",
         "inwoner", "andere_inwoner")  # fmt: skip
# The columns are ROLES: anonymous, contactpersoon, colleague, other team, teamleider, the toetser who was asked,
# manager, beheerder, the inwoner of the case, the inwoner of another case. A row below says what each of them gets.
#             ano con col and lei toe man beh inw and
OPEN = "200 200 200 200 200 200 200 200 200 200"
MOVES = "302 302 302 302 302 302 302 302 302 302"
NO_GET = "405 405 405 405 405 405 405 405 405 405"
TEAMWORK = "302 200 200 200 200 404 404 404 404 404"
READ = "302 200 200 404 200 200 404 404 404 404"
POST_ONLY = "302 405 405 405 405 405 404 404 404 404"
HANDLE = "302 200 403 404 403 403 404 404 404 404"
HANDLED = "302 302 403 404 403 403 404 404 404 404"
ASSIGN = "302 200 403 404 200 403 404 404 404 404"
NOBODY_HERE = "302 404 404 404 404 404 404 404 404 404"  # for a ketenpartner: tests/werkplek/test_partner.py
TOO_EARLY = "302 302 302 404 302 302 404 404 404 404"
TEAM_POST = "302 405 405 405 405 404 404 404 404 404"
TEAM_MAIL = "302 200 200 404 200 404 404 404 404 404"
TEAM_MOVES = "302 302 302 404 302 404 404 404 404 404"
ASKED = "302 404 404 404 404 200 404 404 404 404"
NO_MANDATE = "302 403 403 404 403 403 404 404 404 404"  # with one: tests/decisions/test_urgent.py
READ_MOVES = "302 302 302 404 302 404 404 404 404 404"
NOT_GIVEN = "302 403 403 404 403 404 404 404 404 404"
LEADS = "302 404 404 404 200 404 404 404 404 404"
CONTACT = "302 200 404 404 404 404 404 404 404 404"
SHIELD = "302 200 403 404 200 403 404 404 404 404"
FIGURES = "302 404 404 404 404 404 200 404 404 404"
NO_FIGURES = "302 404 404 404 404 404 405 404 404 404"
SETTINGS = "302 404 404 404 404 404 404 200 404 404"
RESIDENTS = "302 404 404 404 404 404 404 404 200 200"
MINE = "302 404 404 404 404 404 404 404 200 404"
NO_MINE = "302 404 404 404 404 404 404 404 405 405"
ENTRY = "200 302 302 302 302 302 302 302 302 302"
NOWHERE_YET = "404 404 404 404 404 404 404 404 404 404"
SESSION = "302 200 200 200 200 200 200 200 200 200"
OWN = "302 200 200 200 200 200 200 200 404 404"
ANSWER = "302 200 403 404 403 200 404 404 404 404"  # who handles, or the toetser who was let in
SECOND_LOOK = "302 200 403 404 200 200 404 404 404 404"
LOOKED = "302 302 403 404 302 302 404 404 404 404"
ANSWERED = "302 302 403 404 403 302 404 404 404 404"
NOTHING_TO_PROVE_WITH = "302 403 403 403 403 403 403 403 404 404"  # the users here have no password
OWN_NO_POST = "302 405 405 405 405 405 405 405 404 404"
OWN_NOTHING = "302 404 404 404 404 404 404 404 404 404"
# fmt: off
# {route: (GET, POST without a body)}
EXPECTED = {
    "home": (MOVES, MOVES),
    "health": (OPEN, OPEN),
    "account_login": (ENTRY, ENTRY),
    "account_logout": (NO_GET, MOVES),
    "invitation": (NOWHERE_YET, NOWHERE_YET),
    "oidc_start": (NOWHERE_YET, NOWHERE_YET),
    "oidc_back": (NOWHERE_YET, NOWHERE_YET),
    "mfa_authenticate": (MOVES, MOVES),
    "mfa_login_webauthn": (MOVES, MOVES),
    "session_state": (SESSION, SESSION),
    "kept": (MOVES, MOVES),
    "account_change_password": (OWN_NOTHING, OWN_NOTHING),
    "account_settings": (OWN, OWN),
    "account_photo": (TEAMWORK, TEAMWORK),
    "account_photo_drop": (OWN_NO_POST, "302 302 302 302 302 302 302 302 404 404"),
    "account_photo_image": ("302 200 404 200 404 404 404 404 404 404", OWN_NO_POST),
    "account_sessions": (SESSION, MOVES),
    "account_reauthenticate": (NOTHING_TO_PROVE_WITH, NOTHING_TO_PROVE_WITH),
    "mfa_reauthenticate": (NOTHING_TO_PROVE_WITH, NOTHING_TO_PROVE_WITH),
    "mfa_reauthenticate_webauthn": (NOTHING_TO_PROVE_WITH, NOTHING_TO_PROVE_WITH),
    "mfa_index": (OWN, OWN_NO_POST),
    "mfa_activate_totp": (OWN, OWN),
    "mfa_deactivate_totp": (OWN_NOTHING, OWN_NOTHING),
    "mfa_view_recovery_codes": (OWN_NOTHING, OWN_NO_POST),
    "mfa_generate_recovery_codes": (OWN, OWN),
    "mfa_list_webauthn": (OWN, OWN_NO_POST),
    "mfa_add_webauthn": (OWN, OWN),
    "mfa_remove_webauthn": (OWN_NOTHING, OWN_NOTHING),
    "portaal:sign_in": (OPEN, OPEN),
    "portaal:report": (OPEN, OPEN),
    "portaal:reported": (OPEN, NO_GET),
    "werkplek:web_melding": (TEAM_MAIL, TEAM_MAIL),
    "portaal:digid_start": (NOWHERE_YET, NOWHERE_YET),
    "portaal:digid_back": (NOWHERE_YET, NOWHERE_YET),
    "demo:resident_choice": (OPEN, OPEN),
    "werkplek:worklist": (TEAMWORK, TEAMWORK),
    "werkplek:team_list": (TEAMWORK, TEAMWORK),
    "werkplek:melding_new": (TEAMWORK, TEAMWORK),
    "werkplek:people_search": (TEAMWORK, TEAMWORK),
    "werkplek:short_question": (TEAMWORK, TEAMWORK),
    "werkplek:signals": (TEAMWORK, TEAMWORK),
    "werkplek:signal_new": (TEAMWORK, TEAMWORK),
    "werkplek:signal": (TEAM_MAIL, TEAM_MAIL),
    "werkplek:signal_source": (TEAM_MAIL, TEAM_MAIL),
    "werkplek:signal_take": (TEAM_MOVES, TEAM_MOVES),
    "werkplek:signal_attempt": (TEAM_MAIL, TEAM_MAIL),
    "werkplek:signal_step": (TEAM_MAIL, TEAM_MAIL),
    "werkplek:print_list": (TEAMWORK, TEAMWORK),
    "werkplek:letter_posted": (TEAM_POST, TEAM_MAIL),
    "werkplek:letter_remake": (TEAM_POST, TEAM_MOVES),
    "werkplek:beheer": (SETTINGS, SETTINGS),
    "werkplek:beheer_people": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_new": (SETTINGS, SETTINGS),
    "werkplek:beheer_person": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_edit": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_disable": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_enable": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_invite": (SETTINGS, SETTINGS),
    "werkplek:beheer_person_factors": (SETTINGS, SETTINGS),
    "werkplek:beheer_role_give": (SETTINGS, SETTINGS),
    "werkplek:beheer_role_end": (SETTINGS, SETTINGS),
    "werkplek:beheer_team_join": (SETTINGS, SETTINGS),
    "werkplek:beheer_team_leave": (SETTINGS, SETTINGS),
    "werkplek:beheer_report_give": (OWN_NOTHING, OWN_NOTHING),  # of somebody of a ketenpartner only
    "werkplek:beheer_report_end": (OWN_NOTHING, OWN_NOTHING),
    "werkplek:beheer_teams": (SETTINGS, SETTINGS),
    "werkplek:beheer_team_new": (SETTINGS, SETTINGS),
    "werkplek:beheer_team": (SETTINGS, SETTINGS),
    "werkplek:beheer_team_edit": (SETTINGS, SETTINGS),
    "werkplek:beheer_wijk_new": (SETTINGS, SETTINGS),
    "werkplek:beheer_wijk_edit": (SETTINGS, SETTINGS),
    "werkplek:beheer_roles": (SETTINGS, SETTINGS),
    "werkplek:beheer_role_edit": (SETTINGS, SETTINGS),
    "werkplek:beheer_partners": (SETTINGS, SETTINGS),
    "werkplek:beheer_partner_new": (SETTINGS, SETTINGS),
    "werkplek:beheer_partner": (SETTINGS, SETTINGS),
    "werkplek:beheer_partner_edit": (SETTINGS, SETTINGS),
    "werkplek:beheer_partner_person_new": (SETTINGS, SETTINGS),
    "werkplek:case": (READ, READ),
    "werkplek:case_contactpersoon": (READ, ASSIGN),
    "werkplek:case_access": (READ, READ),
    "werkplek:access_give": (READ, ASSIGN),
    "werkplek:access_reader": (READ, ASSIGN),
    "werkplek:access_partner": (READ, ASSIGN),
    "werkplek:access_end": (READ, ASSIGN),
    "werkplek:team_hand_over": (LEADS, LEADS),
    "werkplek:team_divide": (TEAMWORK, TEAMWORK),
    "werkplek:case_accept": (READ_MOVES, READ_MOVES),
    "werkplek:case_give_back": (TEAM_MAIL, NOT_GIVEN),
    "werkplek:team_hand_over_of": (LEADS, LEADS),
    "werkplek:absences": (TEAMWORK, TEAMWORK),
    "werkplek:absence_end": ("302 405 405 405 405 404 404 404 404 404", "302 404 302 404 302 404 404 404 404 404"),
    "werkplek:partner_home": (NOBODY_HERE, NOBODY_HERE),
    "werkplek:partner_talk": (NOBODY_HERE, NOBODY_HERE),
    "werkplek:partner_report": (NOBODY_HERE, NOBODY_HERE),
    "werkplek:case_step_back": (READ, HANDLE),
    "werkplek:referral": (READ, HANDLE),
    "werkplek:forwarded": (READ, HANDLE),
    "werkplek:hand_over": (READ, HANDLE),
    "werkplek:person_bsn": (READ, HANDLE),
    "werkplek:case_close": (READ, HANDLE),
    "werkplek:case_reopen": (READ, TOO_EARLY),
    "werkplek:case_letters": (READ, READ),
    "werkplek:letter_download": (READ, READ),
    "werkplek:case_talk": (READ, HANDLE),
    "werkplek:first_call": (READ, HANDLE),
    "werkplek:talk_no_show": (POST_ONLY, HANDLE),
    "werkplek:talk_held": (READ, HANDLE),
    "werkplek:talk_on_file": (READ, HANDLE),
    "werkplek:case_analysis": (READ, READ),
    "werkplek:note_edit": (READ, HANDLE),
    "werkplek:onderzoek_edit": (READ, HANDLE),
    "werkplek:onderzoek_start": (POST_ONLY, HANDLE),
    "werkplek:verslag_send": (POST_ONLY, HANDLE),
    "werkplek:reaction": (READ, HANDLE),
    "werkplek:analysis_complete": (POST_ONLY, HANDLE),
    "werkplek:case_people": (READ, READ),
    "werkplek:member_new": (READ, HANDLE),
    "werkplek:person_names": (READ, HANDLE),
    "werkplek:person_contact": (READ, HANDLE),
    "werkplek:person_move": (READ, HANDLE),
    "werkplek:person_post": (READ, HANDLE),
    "werkplek:member_leave": (READ, HANDLE),
    "werkplek:feedback": (READ, HANDLE),
    "werkplek:person_merge": (READ, HANDLE),
    "werkplek:merge_undo": (READ, HANDLE),
    "werkplek:around_new": (READ, HANDLE),
    "werkplek:around_edit": (READ, HANDLE),
    "werkplek:person_file": (READ, READ),
    "werkplek:fact_new": (READ, HANDLE),
    "werkplek:fact_correct": (READ, HANDLE),
    "werkplek:fact_use_new": (READ, HANDLE),
    "werkplek:fact_use_end": (READ, HANDLED),
    "werkplek:case_plan": (READ, READ),
    "werkplek:plan_open": (POST_ONLY, HANDLED),
    "werkplek:plan_words": (HANDLED, HANDLE),
    "werkplek:plan_goal": (HANDLED, HANDLE),
    "werkplek:plan_action": (HANDLED, HANDLE),
    "werkplek:plan_ladder": (HANDLED, HANDLE),
    "werkplek:plan_line": (HANDLED, HANDLE),
    "werkplek:plan_line_remove": (POST_ONLY, HANDLED),
    "werkplek:plan_share": (POST_ONLY, HANDLED),
    "werkplek:plan_take_back": (POST_ONLY, HANDLED),
    "werkplek:plan_remind": (POST_ONLY, HANDLED),
    "werkplek:plan_agree": (HANDLED, HANDLED),
    "werkplek:case_choice": (READ, READ),
    "werkplek:choice_done": (POST_ONLY, HANDLED),
    "werkplek:choice_line": (HANDLE, HANDLE),
    "werkplek:pgb": (HANDLE, HANDLE),
    "werkplek:aanvraag": (HANDLE, HANDLE),
    "werkplek:case_evaluation": (READ, HANDLE),
    "werkplek:evaluation_move": (READ, HANDLE),
    "werkplek:case_decision": (READ, READ),
    "werkplek:decision_open": (POST_ONLY, HANDLED),
    "werkplek:decision_edit": (READ, HANDLE),
    "werkplek:decision_submit": (POST_ONLY, HANDLED),
    "werkplek:decision_issue": (POST_ONLY, HANDLED),
    "werkplek:decision_drop": (POST_ONLY, HANDLED),
    "werkplek:review_list": (ASKED, ASKED),
    "werkplek:review": (ASKED, ASKED),
    "werkplek:fast_choose": (READ, READ),
    "werkplek:fast_lane": (TOO_EARLY, HANDLED),  # the case is past it: back to the page that says so
    "werkplek:urgent_new": (READ, NO_MANDATE),
    "werkplek:urgent_test": (ASKED, ASKED),
    "werkplek:urgent_follow": (READ, HANDLE),
    "werkplek:emergency": (TEAMWORK, TEAMWORK),
    "werkplek:emergency_end": (TEAM_POST, OWN_NOTHING),
    "werkplek:emergency_reviews": (LEADS, LEADS),
    "werkplek:emergency_review": (LEADS, LEADS),
    "werkplek:access_rules": (SETTINGS, SETTINGS),
    "werkplek:access_rules_edit": (SETTINGS, SETTINGS),
    "werkplek:safety": (CONTACT, CONTACT),
    "werkplek:safety_correct": (CONTACT, CONTACT),
    "werkplek:safety_share": (CONTACT, CONTACT),
    "werkplek:safety_stop": (CONTACT, CONTACT),
    "werkplek:case_shield": (READ, SHIELD),
    "werkplek:privacy_requests": (OWN_NOTHING, OWN_NOTHING),  # the privacy officer's
    "werkplek:case_privacy": (READ, READ),
    "werkplek:privacy_new": (READ, READ),
    "werkplek:privacy_request": (READ, READ),
    "werkplek:privacy_step": (READ, ANSWER),
    "werkplek:privacy_review": (SECOND_LOOK, ANSWER),
    "werkplek:privacy_look": (POST_ONLY, LOOKED),
    "werkplek:privacy_release": (POST_ONLY, ANSWERED),
    "werkplek:privacy_pdf": (OWN_NOTHING, POST_ONLY),  # not made yet
    "werkplek:privacy_json": (OWN_NOTHING, POST_ONLY),
    "portaal:privacy": (RESIDENTS, RESIDENTS),
    "portaal:privacy_pdf": (OWN_NOTHING, NO_MINE),
    "portaal:privacy_json": (OWN_NOTHING, NO_MINE),
    "werkplek:case_looks": (SHIELD, SHIELD),
    "werkplek:log_search": (OWN_NOTHING, OWN_NOTHING),
    "werkplek:log_review": (OWN_NOTHING, OWN_NOTHING),
    "werkplek:log_review_mark": (OWN_NOTHING, OWN_NOTHING),
    "portaal:home": (RESIDENTS, NO_MINE),
    "portaal:case": (MINE, NO_MINE),
    "portaal:letter": (MINE, NO_MINE),
    "portaal:letter_pdf": (MINE, NO_MINE),
    "portaal:plan": (MINE, NO_MINE),
    "portaal:looks": (MINE, NO_MINE),
    "portaal:photo": (MINE, NO_MINE),
    "sturing:home": (FIGURES, NO_FIGURES),
}
# fmt: on
# Who gets the same as whom, at every address: the columns above are what is reviewed.
ALIKE = {
    "tweede": "contactpersoon",
    "vervanger": "contactpersoon",
    "consult": "collega",
    "noodtoegang": "collega",
    "bezwaar": "collega",
    "veiligheid": "collega",
    "verlopen": "ander_team",
    "gestopt": "anoniem",
    "andere_gemeente": "ander_team",
}
NOBODY = ("bezwaarbehandelaar", "aandacht", "contractbeheerder", "privacy", "techniek", "klantcontact", "spoed",
          "ketenpartner")  # fmt: skip
ON_CASES = ("bezwaarbehandelaar", "aandacht")  # work on cases, but were let into none: a wrong method is told first
NOT_FOR_HELPERS = {"tweede": "404 404", "vervanger": "404 404"}
SAFETY_TOO = {**NOT_FOR_HELPERS, "veiligheid": "200 200"}
ANOTHER_TEAM = {"tweede": "200 403", "vervanger": "200 403"}  # the helpers here are of another team
WHEN_CLOSED = {"werkplek:case_close": (TOO_EARLY, {}), "werkplek:case_reopen": (ASSIGN, ANOTHER_TEAM)}
SOMEBODY_ELSE = dict.fromkeys(("consult", "noodtoegang", "bezwaar", "veiligheid"), "405 404")
EXCEPT = {  # GET and POST of who is not quite like somebody else, and of who sees no case the doors that are theirs
    "werkplek:safety": SAFETY_TOO,
    "werkplek:safety_correct": SAFETY_TOO,
    "werkplek:safety_share": NOT_FOR_HELPERS,
    "werkplek:safety_stop": NOT_FOR_HELPERS,
    "werkplek:case_shield": ANOTHER_TEAM,
    "werkplek:case_contactpersoon": ANOTHER_TEAM,
    "werkplek:absence_end": SOMEBODY_ELSE,
    "werkplek:melding_new": {"klantcontact": "200 200"},
    "werkplek:log_search": {"privacy": "200 200"},
    "werkplek:log_review": {"privacy": "200 200"},
    "werkplek:people_search": {"klantcontact": "200 200"},
    "werkplek:signal_new": {"klantcontact": "200 200"},
    "werkplek:short_question": {"klantcontact": "200 200"},
    "werkplek:emergency_reviews": {"privacy": "200 200"},
    "werkplek:emergency_review": {"privacy": "200 200"},
    "werkplek:access_rules": {"privacy": "200 200"},
    "werkplek:access_rules_edit": {"privacy": "200 200"},
    "werkplek:privacy_requests": {"privacy": "200 200"},
    "werkplek:partner_home": {"ketenpartner": "200 200"},
    "account_photo_image": dict.fromkeys(("tweede", "vervanger", "verlopen", "andere_gemeente"), "404 405"),
}
# Who has something to lose at a foreign address: the roles that come in at their own.
INSIDE = ("contactpersoon", "collega", "teamleider", "toetser", "inwoner", "beheerder")
OF_A_CASE = {"pk", "letter", "hulpvraag", "note", "goal", "line", "beschikking", "verzoek"}
OF_ALL = ("invitation", "werkplek:beheer_role_edit", "portaal:reported")  # what they name belongs to nobody
LISTS = ("werkplek:worklist", "werkplek:team_list", "werkplek:print_list", "werkplek:review_list", "portaal:home")
PAPER = ("werkplek:letter_posted", "werkplek:letter_remake")
IN_NO_CASE = ("werkplek:signal", "werkplek:web_melding")  # of a team: a grant on a case, or its state, says nothing
BY_GRANT = {  # of another team, and let into the case
    "tweede": "tweede", "vervanger": "vervanger", "consult": "consult", "noodtoegang": "noodtoegang",
    "bezwaar": "bezwaar", "veiligheid": "veiligheid", "verlopen": "consult",
}  # fmt: skip


def routes(patterns=None, namespace=()) -> Iterator[tuple[str, URLPattern]]:
    """{full name: pattern} of every route, also of those that are included."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespace, pattern.name or f"(no name) {pattern.pattern}"]), pattern
        else:
            inner = [pattern.namespace] if pattern.namespace else []
            yield from routes(pattern.url_patterns, (*namespace, *inner))


ALL = dict(routes())


def arguments(name, objects):
    """The objects that a route names in its address."""
    if name.startswith("mfa_"):
        return dict.fromkeys(ALL[name].pattern.converters, 0)
    named = {"pk": "case", "letter": "paper" if name in PAPER else "letter"}
    if name == "werkplek:access_end":
        named["grant"] = "given"
    if name.startswith("werkplek:signal"):
        named |= {"pk": "signal", "step": "signal_step"}
    if name in {"werkplek:web_melding", "portaal:reported"}:
        named["pk"] = "web"
    if "pk" in ALL[name].pattern.converters:
        named["person"] = "inwoner"  # of the case; elsewhere a person is a medewerker
    return {key: objects[named.get(key, key)] for key in ALL[name].pattern.converters}


def house_of(gemeente, person):
    """One of everything that a beheerder looks after, all of one gemeente."""
    return {
        "person": person.pk,
        "assignment": person.role_assignments.get().pk,
        "membership": person.memberships.get().pk,
        "team": person.memberships.get().team_id,
        "wijk": Wijk.objects.create(gemeente=gemeente, name="Centrum").pk,
        "partner": Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school").pk,
        "role": "toetser",
        "gemeente": gemeente.pk,
        "absence": _absence(person).pk,
        "right": 0,
        "uidb36": "1",
        "token": "een-token",
    }


def _absence(person):
    """An absence that is still to come."""
    today = actor_of(person).today
    facts = {"since": today + timedelta(days=7), "until": today + timedelta(days=9), "reason": "verlof"}
    return Absence.objects.create(user=person, registered_by=person, **facts)


def objects_of(case):
    """One of everything that an address may name, all of one case."""
    plan = case.plans.get()
    return {
        "case": case.pk,
        "inwoner": case.person_id,
        "hulpvraag": case.hulpvragen.get().pk,
        "note": case.leefgebied_notes.first().pk,
        "plan": plan.pk,
        "goal": plan.goals.get().pk,
        "line": plan.lines.get().pk,
        "given": case.grants.get(kind="toetsing").pk,
        "beschikking": Beschikking.objects.get(case=case).pk,
        "letter": Letter.objects.get(case=case, kind="verslag").pk,
        **gates_of(case),
        **file_of(case),
        "verzoek": PrivacyRequest.objects.get(case=case).pk,
        "step": "afwijzen",
        "paper": Letter.objects.get(case=case, channel="papier").pk,
        "forwarding": forwarded_of(case).pk,
        "urgent": urgent_of(case).pk,
        "lane": "rolstoel",
        "signal": signal_for(case).pk,
        "web": web_for(case).pk,
        "signal_step": "niet",
        "photo": Photo.objects.create(user=case.contactpersoon(), image=b"beeld").pk,
    }


def web_for(case):
    """What came in by the website for the team of the case, under the names of its inwoner."""
    person = Person.objects.get(pk=case.person_id)
    told = {"given_names": person.given_names, "words": f"{person.given_names} valt vaak."}
    where = {"gemeente_id": case.gemeente_id, "team_id": case.team_id}
    return WebMelding.objects.create(received_on=case.opened_on, **where, **told)


def forwarded_of(case):
    """A question of the case as if it were at another desk."""
    day, hulpvraag = case.opened_on, case.hulpvragen.get()
    facts = {
        "desk": "Schuldhulp",
        "contact": "Jo",
        "agreed_by": "zijzelf",
        "agreed_on": day,
        "by": case.contactpersoon(),
    }
    row = {"gemeente_id": case.gemeente_id, "case": case, "hulpvraag": hulpvraag, "sent_on": day, "due_on": day}
    return Forwarding.objects.create(**facts, **row)


def urgent_of(case):
    """A spoedbesluit on the question of the case, as if it lay with the toetser."""
    day, line = case.opened_on, MaatwerkLine.objects.filter(case=case)[0]
    help_given = {"product": line.product, "volume": 1, "unit": "uur", "frequency": "week", "motivation": "Gevallen"}
    who = {"decided_by": case.contactpersoon(), "reviewer": Beschikking.objects.get(case=case).reviewer}
    where = {"gemeente": case.gemeente, "case": case, "hulpvraag": case.hulpvragen.get()}
    days = {"starts_on": day, "ends_on": day, "decided_on": day}
    return UrgentDecision.objects.create(**where, **help_given, **who, **days)


def signal_for(case):
    """A signal of the team of the case, about a neighbour with the names of its inwoner."""
    actor = actor_of(case.contactpersoon())
    ground = Reason.objects.valid_on(actor.today).filter(kind=signals.GROUNDS)[0].label
    person = Person.objects.get(pk=case.person_id)
    told = signals.SignalFacts(
        kind="zorgen",
        ground=ground,
        received_on=actor.today,
        seen=f"{person.given_names} doet niet open.",
        source_capacity="buurvrouw",
        family_name=person.family_name,
    )
    where = {"gemeente_id": case.gemeente_id, "team_id": case.team_id}
    return signals.register_signal(actor=actor, facts=told, **where)


def file_of(case):
    """A fact in the file of the inwoner, and the use of what another law gathered."""
    actor, today = actor_of(case.contactpersoon()), actor_of(case.contactpersoon()).today
    where = {"case_id": case.pk, "person_id": case.person_id, "law": Law.WMO, "actor": actor}
    area = Leefgebied.objects.valid_on(today)[0]
    fact = facts.add_fact(words=facts.FactWords(area, "Slaapt slecht", "zijzelf", today), **where)
    agreed = (Law.JEUGD, None, SharingGround.TOESTEMMING, "zijzelf", "Het plan", "Gezegd", today, today)
    use = facts.allow_use(use=facts.UseFacts(*agreed), **where)
    sister = {"name": "Elif Yıldız", "kind": "broer_zus", "since": today}
    where = {"case_id": case.pk, "person_id": case.person_id, "actor": actor}
    row = around.add_around(kind="familie", facts=sister, **where)
    return {
        "law": Law.WMO.value,
        "fact": fact.pk,
        "use": use.pk,
        "kind": "familie",
        "row": row.pk,
        "merge": merged(case).pk,
        "melding": told_of(case),
    }


def told_of(case):
    """The first melding of the case, as if somebody else had made it."""
    melding = case.meldingen.order_by("registered_at", "pk").first()
    case.meldingen.filter(pk=melding.pk).update(reporter_name="Ali", reporter_capacity="zoon")
    return melding.pk


def merged(case):
    """Somebody who was written down twice, without a case of the own."""
    double = Person.objects.create(gemeente=case.gemeente, given_names="Fatma", family_name="Yildiz", born=19780412)
    ids = {"case_id": case.pk, "person_id": case.person_id, "other_id": double.pk}
    return merge.merge_people(**ids, reason="Dezelfde", actor=actor_of(case.contactpersoon()))


def gates_of(case):
    """A row of the veiligheidsdossier with who may see it, and noodtoegang of somebody of another team."""
    anna, gemeente = actor_of(case.contactpersoon()), case.gemeente
    facts = {"person_id": case.person_id, "law": "wmo", "text": "Dreiging", "source": "", "actor": anna}
    record = add_safety_record(case_id=case.pk, **facts)
    aline = make_staff(f"aandacht-{case.pk}", roles=("aandacht",), gemeente=gemeente)
    share_safety(case_id=case.pk, user=aline, reason="Overleg", last_day=None, actor=anna)
    nora = make_staff(f"nood-{case.pk}", make_team(gemeente, "Nood"))
    asked = {"gemeente_id": gemeente.pk, "reference": case.reference, "reason": "Het kan niet wachten, er is gevaar."}
    category = Reason.objects.filter(kind="noodtoegang").order_by("pk")[0]
    take_emergency_access(category=category, actor=actor_of(nora), **asked)
    return {"record": record.pk, "grant": case.grants.get(kind="veiligheid").pk, "access": case.emergencies.get().pk}


@dataclass(frozen=True)
class World:
    """Two cases of two teams with everything in them, and a browser for each role towards the first."""

    own: dict
    foreign: dict
    browsers: dict

    def ask(self, role, method, name, objects):
        """What this role gets; what it changed is taken back."""
        before, browser = LogRow.objects.latest("id").pk, self.browsers[role]
        cookies, point = deepcopy(browser.cookies), transaction.savepoint()
        answer = getattr(browser, method)(reverse(name, kwargs=arguments(name, objects)))
        browser.cookies = cookies  # who signed out is back
        rows = list(LogRow.objects.filter(pk__gt=before).values_list("action", "case_id", "case_ids"))
        transaction.savepoint_rollback(point)
        return answer, rows


def decided_case(worker, toetser, **person):
    """A case whose decision lies with the toetser: everything that an address may name is there."""
    case = drive(make_case(actor_of(worker), **person).case, "besluit")
    draft = drafting.open_draft(hulpvraag_id=case.hulpvragen.get().pk, actor=actor_of(worker))
    facts = drafting.DraftFacts(draft.outcome, "Dit is nodig.", "", toetser)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor_of(worker))
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor_of(worker))
    order_letter(
        kind="uitnodiging",
        case=case,
        addressee=case.person,
        subject="Uitnodiging",
        channel="papier",
        by=actor_of(worker),
    )
    run_outbox()
    inzage_to_review(case, actor_of(worker))
    Letter.objects.filter(case=case, channel="papier").update(dated=LONG_AGO)  # so that it can be made again
    MaatwerkLine.objects.filter(case=case).update(choice="pgb")  # so that there is a pgb to work out
    age_grants(case)
    return case


def inzage_to_review(case, actor):
    """A request for inzage whose parts wait to be chosen."""
    asked = privacy.RequestFacts(case.person, "inzage", actor.today, "telefoon", "Ik wil het zien.")
    found = privacy.register_request(case_id=case.pk, facts=asked, actor=actor)
    found = privacy.take_up(request_id=found.pk, version=found.version, identity="Paspoort", actor=actor)
    inzage.prepare(request_id=found.pk, version=found.version, actor=actor)


CANARY, HIDDEN_BSN = "kanarie", "999990019"
ITS_OWN = {"ander_team", "andere_inwoner"}  # who may see the case in which the canaries sit


def plant(case):
    """Put a canary in every free text of a case and of its people; a BSN that nobody else has."""
    for model in [model for model in apps.get_models() if model._meta.app_label in DOMAIN and model._meta.managed]:
        names = {field.name for field in model._meta.concrete_fields}
        texts = [f.name for f in model._meta.concrete_fields if isinstance(f, models.TextField) and not f.choices]
        if "case" in names and texts and not model.__name__.startswith("Historical"):
            model.objects.filter(case=case).update(**{text: f"{CANARY} {model.__name__} {text}" for text in texts})
    Letter.objects.filter(case=case).update(subject=f"{CANARY} brief")
    for member in case.household.members.select_related("person"):
        for name in ("given_names", "family_name", "street", "city"):
            setattr(member.person, name, f"{CANARY} {name}")
        member.person.phone, member.person.bsn = f"06 {CANARY}", HIDDEN_BSN
        member.person.save()


def leaked(where, role, text):
    """What a page tells somebody of a case that he or she may not see."""
    told = [secret for secret in (CANARY, HIDDEN_BSN) if secret in text]
    return [f"{where} {role} tells {told}"] if told and role not in ITS_OWN else []


@pytest.fixture
def world(db):
    """Two teams of one gemeente with a case each, and everybody who could come to a door."""
    gemeente = make_gemeente()
    noord, zuid = make_team(gemeente), make_team(gemeente, "Wijkteam Zuid")
    anna, els = make_staff("anna", noord), make_staff("els", zuid)
    tessa, theo = (make_staff(name, roles=("toetser",), gemeente=gemeente) for name in ("tessa", "theo"))
    own = decided_case(anna, tessa, given_names="Fatima")
    foreign = decided_case(els, theo, given_names="Piet")
    plant(foreign)
    users = {
        "contactpersoon": anna,
        "collega": make_staff("bram", noord),
        "ander_team": els,
        "teamleider": make_staff("lies", noord, roles=("teamleider",)),
        "toetser": tessa,
        "manager": make_staff("boss", roles=("manager",), gemeente=gemeente),
        "beheerder": make_staff("ben", roles=("beheerder",), gemeente=gemeente),
        "inwoner": make_resident(own, actor_of(anna)),
        "andere_inwoner": make_resident(foreign, actor_of(els)),
    }
    browsers = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, user in users.items():
        browsers[role].force_login(user)
    elsewhere = make_gemeente("Elders")
    elsewhere.organisatie = Organisatie.objects.create(name="Andere organisatie")
    elsewhere.save()
    theirs = house_of(elsewhere, make_staff("vera", make_team(elsewhere)))
    ours = house_of(gemeente, users["collega"])
    return World(objects_of(own) | ours, objects_of(foreign) | theirs, browsers)


def expected_of(name, method, role, state="open"):
    """What the table says for a role, also for one that is like another; a closed case is closed, and opened again."""
    row, special = EXPECTED[name][method == "post"], EXCEPT.get(name, {})
    if state == "afgesloten" and method == "post" and name in WHEN_CLOSED:
        row, special = WHEN_CLOSED[name]
    if role in special:
        return special[role].split()[method == "post"]
    if role in NOBODY:
        told = "405" if role in ON_CASES and row == POST_ONLY else "404" if row == SETTINGS else None
        return told or row.split()[ROLES.index("beheerder")]
    return row.split()[ROLES.index(ALIKE.get(role, role))]


def grown(world, gemeente_id, case):
    """The same world with everybody who is like somebody else, or who sees no case at all."""
    gemeente = Gemeente.objects.get(pk=gemeente_id)
    elsewhere, zuid = make_gemeente("Verderop"), make_team(gemeente, "Wijkteam West")
    now = timezone.now()
    users = {role: make_staff(role, zuid) for role in (*BY_GRANT, "gestopt")}
    users["andere_gemeente"] = make_staff("verweg", make_team(elsewhere))
    users |= {role: make_staff(role, roles=(role,), gemeente=gemeente) for role in NOBODY if role != "ketenpartner"}
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="Praktijk", sort="huisarts")
    users["ketenpartner"] = User.objects.create_user("dokter", kind="medewerker", name="Dokter", ketenpartner=partner)
    for role, kind in BY_GRANT.items():
        hour = timedelta(hours=1)  # the transaction of this test, whose moment counts, began earlier
        period = (now - 3 * hour, now - hour if role == "verlopen" else now + 24 * hour)
        Grant.objects.create(gemeente=gemeente, case=case, user=users[role], user_kind="medewerker", kind=kind,
                             reason="Test", validity=period)  # fmt: skip
    for role, user in users.items():
        world.browsers[role] = Client(raise_request_exception=False)
        world.browsers[role].force_login(user)
    User.objects.filter(pk=users["gestopt"].pk).update(is_active=False)
    return world


def state_of(case, state):
    """Bring the case into a state; gives who then is like whom."""
    if state == "afgesloten":
        facts = {"status": "afgesloten", "closed_on": LONG_AGO, "close_reason": "verhuisd"}
        Case.objects.filter(pk=case.pk).update(**facts)
    if state == "afgeschermd":
        Case.objects.filter(pk=case.pk).update(shielded=True)
        return {"collega": "ander_team", "teamleider": "ander_team"}
    return {}


@pytest.mark.long
@pytest.mark.parametrize("state", ["open", "afgesloten", "afgeschermd"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_matrix_for_every_role_grant_and_state(world, method, state):
    """Who may see stays the same in every state but the shielded one, and who may not act never may."""
    case = Case.objects.get(pk=world.own["case"])
    grown(world, case.gemeente_id, case)
    becomes, differences, asked = state_of(case, state), [], 0
    for name in EXPECTED:
        for role in (*ROLES, *ALIKE, *NOBODY):
            if name in PAPER and role in ALIKE:
                continue  # whose team prints: a grant on the case does not decide that
            answer, _ = world.ask(role, method, name, world.own)
            about_case = OF_A_CASE & set(ALL[name].pattern.converters)
            if about_case and name.startswith(IN_NO_CASE):
                as_role = "ander_team" if role in BY_GRANT else role
            else:
                as_role = becomes.get(role, role) if about_case else role
            expected, asked = expected_of(name, method, as_role, state), asked + 1
            got = str(answer.status_code)
            same = (
                got == expected if state == "open" or expected in {"403", "404"} else got not in {"403", "404", "500"}
            )
            differences += [] if same else [f"{method} {name} {role}: {got}, not {expected}"]
    assert not differences, "\n".join(differences)
    assert asked > 2500


def test_every_route_has_an_expectation():
    assert set(EXPECTED) == set(ALL)
    assert {len(codes.split()) for row in EXPECTED.values() for codes in row} == {len(ROLES)}


def test_a_route_without_a_name_or_an_expectation_is_found():
    extra = [path("x/", lambda _: None), path("y/", include(([path("z/", lambda _: None, name="z")], "app")))]
    assert set(dict(routes(extra))) == {"(no name) x/", "app:z"}
    assert not set(dict(routes(extra))) & set(EXPECTED)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_matrix(world, method, caplog):
    """The own address for every role; on the way the headers and the log of every answer, and what it tells of others.

    Beside the pages: no line that the house writes, no mail and no row of the outbox tells of any case.
    """
    differences = []
    for name, row in EXPECTED.items():
        answers = {role: world.ask(role, method, name, world.own) for role in ROLES}
        got = " ".join(str(answer.status_code) for answer, _ in answers.values())
        expected = row[method == "post"]
        differences += [f"{method} {name}\n  got      {got}\n  expected {expected}"] if got != expected else []
        for role, (answer, rows) in answers.items():
            differences += [f"{method} {name} {role}: {problem}" for problem in problems(answer.headers)]
            told = f"{answer.headers} {answer.content.decode(errors='replace')}"
            if name != "demo:resident_choice":  # stands in for DigiD: shows everybody, is absent in production
                differences += leaked(f"{method} {name}", role, told)
            if OF_A_CASE & set(ALL[name].pattern.converters) and name not in (*PAPER, *OF_ALL):
                differences += logged_wrong(f"{method} {name} {role}", answer.status_code, rows, _case_of(name, world))
    written = [caplog.text, *(str(mail.message()) for mail in mail.outbox)]
    written += [f"{row.key} {row.payload} {row.last_error}" for row in OutboxRow.objects.all()]
    differences += [problem for text in written for problem in leaked("written", "anybody", text)]
    assert not differences, "\n".join(differences)


def test_the_canaries_sing_where_they_may(world):
    """So that the scan can fail: who may see that case reads them, on its pages and in its log."""
    for name in ("werkplek:case", "werkplek:case_analysis", "werkplek:case_plan"):
        answer, _ = world.ask("ander_team", "get", name, world.foreign)
        assert CANARY in answer.content.decode()
        assert leaked(name, "collega", answer.content.decode())
    person = Case.objects.get(pk=world.foreign["case"]).person
    assert Person.objects.with_bsn(HIDDEN_BSN).get() == person


def _case_of(name, world):
    """The case that a look belongs to; a signal and what came by the website have none."""
    return None if name.startswith(IN_NO_CASE) else world.own["case"]


def logged_wrong(where, code, rows, case_id):
    """Of each page about a case: exactly one look at it when it was shown, exactly one refusal when it was not."""
    looks = [row for row in rows if row[:2] in {("look", case_id), ("download", case_id)}]
    refusals = [row for row in rows if row[0] == "refused"]
    expected = {200: (1, 0), 403: (0, 1), 404: (0, 1)}.get(code)
    found = (len(looks), len(refusals))
    return [f"{where}: {code} with looks, refusals {found}"] if expected and found != expected else []


def test_a_page_that_is_not_logged_is_found():
    case_id = uuid4()
    look, refusal = ("look", case_id), ("refused", None)
    fine = [(200, [look]), (200, [look, ("write", case_id)]), (403, [refusal]), (404, [refusal]), (302, [])]
    assert [logged_wrong("x", code, rows, case_id) for code, rows in fine] == [[]] * len(fine)
    for code, rows in [(200, []), (200, [look, look]), (200, [("look", uuid4())]), (403, []), (404, [look])]:
        assert logged_wrong("x", code, rows, case_id)


@pytest.mark.django_db
def test_a_list_is_logged_with_the_cases_that_it_shows(world):
    case_id = world.own["case"]
    seen = {}
    for name in LISTS:
        for role in ROLES:
            answer, rows = world.ask(role, "get", name, {})
            lists = [row for row in rows if row[0] == "list"]
            assert len(lists) == (answer.status_code == 200), (name, role)
            seen |= {(name, role): case_id in lists[0][2]} if lists else {}
    mine, team = "werkplek:worklist", "werkplek:team_list"
    assert {role for name, role in seen if name == mine and seen[name, role]} == {"contactpersoon"}
    assert not seen[team, "ander_team"] and not seen["portaal:home", "andere_inwoner"]
    assert seen["werkplek:review_list", "toetser"] and seen["portaal:home", "inwoner"]


CHILDREN = [name for name in EXPECTED if len(ALL[name].pattern.converters) > 1 and name not in OF_ALL]
PARENTS = ("case", "person")
NOWHERE = {"hulpvraag": uuid4(), "inwoner": uuid4(), "note": 0, "goal": uuid4(), "line": uuid4(), "given": 0,
           "beschikking": uuid4(), "assignment": 0, "membership": 0, "record": uuid4(), "grant": 0,
           "verzoek": uuid4(), "step": "afwijzen", "law": "wmo", "fact": uuid4(), "use": uuid4(),
           "kind": "familie", "row": uuid4(), "merge": uuid4(), "melding": uuid4(),
           "signal": uuid4(), "signal_step": "niet", "web": uuid4(), "forwarding": uuid4(),
           "right": 0, "urgent": uuid4(), "lane": "rolstoel"}  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_foreign_does_not_exist(world, method):
    """Who comes in at the own address gets the one 404 page at the address of another case."""
    page, differences = world.browsers["inwoner"].get("/bestaat-niet/").content, []
    for name in [name for name in EXPECTED if arguments(name, world.own) and name not in OF_ALL]:
        for role in INSIDE:
            answer, _ = world.ask(role, method, name, world.foreign)
            wrong = (answer.status_code, answer.content) != (404, page)
            if wrong and answer.status_code != 405:  # said of the method, whatever the address
                differences.append(f"{method} {name} {role}: {answer.status_code}")
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_foreign_is_not_reached_by_way_of_the_own_case(world, method):
    """Something of another case in the address of the own case answers as something that is nowhere."""
    differences = []
    for name in CHILDREN:
        for role in INSIDE:
            foreign, nowhere = (
                world.ask(role, method, name, other | {key: world.own[key] for key in PARENTS})[0]
                for other in (world.foreign, NOWHERE)
            )
            answers = [(answer.status_code, answer.headers.get("Location")) for answer in (foreign, nowhere)]
            if answers[0] != answers[1] or foreign.status_code == 200:
                differences.append(f"{method} {name} {role}: {answers}")
    assert len(CHILDREN) > 10
    assert not differences, "\n".join(differences)
