"""The two lives that carry the work. Bodies assign own fields only; core.lifecycle carries steps out."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db import models
from django_fsm import FSMField

from casework import permissions, rules
from casework.enums import CaseStatus, HulpvraagStatus
from toegang.core.lifecycle import Life, step

C = CaseStatus
H = HulpvraagStatus
OPEN = [s for s in C if s != C.AFGESLOTEN]
ASKABLE = [H.GEMELD, H.VERWEZEN, H.ONDERZOEK, H.VERSLAG, H.ZONDER_BESLUIT, H.BESLOTEN, H.LOOPT, H.BEEINDIGD]


_step = partial(step, permission=permissions.may_handle)


class CaseFlow(Life):
    """The journey of the household: one plan, one contactpersoon, seven steps."""

    status = FSMField(default=C.MELDING, choices=C.choices, protected=True, db_index=True)

    conversation_on = models.DateTimeField(null=True, blank=True)
    conversation_form = models.CharField(max_length=12, blank=True)
    conversation_held_on = models.DateField(null=True, blank=True)
    on_file_reason = models.CharField(max_length=40, blank=True)
    support_told_on = models.DateField(null=True, blank=True)
    own_plan_told_on = models.DateField(null=True, blank=True)
    analysis_completed_on = models.DateField(null=True, blank=True)
    plan_agreed_on = models.DateField(null=True, blank=True)
    plan_has_maatwerk = models.BooleanField(default=False)
    choices_made_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    evaluation_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    @_step("Gesprek gepland", C.MELDING, C.GESPREK, rules.has_contactpersoon)
    def plan_conversation(self, *, on: Any, form: str) -> None:
        """A contactpersoon is all that a conversation asks."""
        self.conversation_on, self.conversation_form = on, form

    @_step("Gesprek verzet", C.GESPREK, None)
    def reschedule(self, *, on: Any, form: str) -> None:
        """Another moment, or another form."""
        self.conversation_on, self.conversation_form = on, form

    @_step("Inwoner niet verschenen", C.GESPREK, None)
    def record_no_show(self) -> None:
        """The conversation did not happen; a new one is to be planned."""
        self.conversation_on = None

    @_step(
        "Gesprek gevoerd",
        [C.MELDING, C.GESPREK],
        C.VRAAGANALYSE,
        rules.ready_for_analysis,
        permission=permissions.may_hold_talk,
    )
    def hold_conversation(self) -> None:
        """A conversation in any form was held (from melding: the telephone call was the conversation)."""
        self.conversation_on = None

    @_step(
        "Onderzoek op stukken",
        [C.MELDING, C.GESPREK],
        C.VRAAGANALYSE,
        rules.may_go_on_file,
        rules.ready_for_analysis,
    )
    def investigate_on_file(self) -> None:
        """No conversation was possible; the onderzoek goes on with what is known."""
        self.conversation_on = None

    @_step("Vraaganalyse afgerond", C.VRAAGANALYSE, C.PLAN, rules.ready_for_plan)
    def complete_analysis(self, *, on: date) -> None:
        """From question to plan; an earlier yes to a plan counts for a new version, not for this step."""
        self.analysis_completed_on = on
        self.plan_agreed_on = self.choices_made_on = None

    @_step("Plan akkoord, met maatwerk", C.PLAN, C.AANBIEDER, rules.plan_needs_maatwerk)
    def go_to_choice(self) -> None:
        """A provider is to be chosen."""

    @_step("Plan akkoord, zonder maatwerk", C.PLAN, C.UITVOERING, rules.plan_without_maatwerk)
    def start_light_help(self, *, on: date) -> None:
        """Own strength, network and free help suffice; a besluit may still be asked."""
        self.started_on = on

    @_step("Keuze en aanvraag vastgelegd", C.AANBIEDER, C.BESLUIT, rules.choices_made)
    def go_to_decision(self) -> None:
        """The besluit can be written."""

    @_step(
        "Hulp gestart",
        C.BESLUIT,
        C.UITVOERING,
        rules.first_help_decided,
        permission=permissions.may_handle_or_system,
    )
    def start_help(self, *, on: date) -> None:
        """The first line runs."""
        self.started_on = on

    @_step("Verwezen hulp gestart", OPEN[:6], C.UITVOERING, rules.only_referrals_run)
    def start_referred_help(self, *, on: date) -> None:
        """A confirmed referral needs no conversation, plan or ladder (Jeugdwet art. 2.6 lid 1 e)."""
        self.started_on = on

    @_step("Evaluatie begonnen", C.UITVOERING, C.EVALUATIE)
    def start_evaluation(self) -> None:
        """The whole plan is looked at again."""

    @_step("Hulp gaat door", C.EVALUATIE, C.UITVOERING, rules.evaluation_planned)
    def continue_help(self, *, next_on: date) -> None:
        """The help goes on; the next evaluation is planned."""
        self.evaluation_on = next_on

    @_step("Verlenging gevraagd", C.EVALUATIE, C.BESLUIT, rules.extension_asked)
    def extend_help(self) -> None:
        """The same help for longer: a new aanvraag, a new decision."""

    @_step("Terug naar het gesprek", [C.VRAAGANALYSE, C.PLAN], C.GESPREK)
    def return_to_conversation(self) -> None:
        """A step back is always allowed; what was written stays."""

    @_step("Terug naar de vraaganalyse", [C.PLAN], C.VRAAGANALYSE)
    def return_to_analysis(self) -> None:
        """A step back is always allowed; what was written stays."""
        self.analysis_completed_on = None

    @_step("Terug naar het plan", [C.AANBIEDER, C.BESLUIT, C.UITVOERING, C.EVALUATIE], C.PLAN)
    def return_to_plan(self) -> None:
        """A change: a new version of the plan, the old one stays readable."""
        self.plan_agreed_on = self.choices_made_on = None

    @_step("Toch een besluit", C.UITVOERING, C.AANBIEDER)
    def return_to_choice(self) -> None:
        """A decision after all."""
        self.choices_made_on = None

    @_step("Zaak afgesloten", OPEN, C.AFGESLOTEN, rules.everything_ended)
    def close(self, *, on: date) -> None:
        """Every hulpvraag has ended."""
        self.closed_on = on

    @_step("Zaak heropend", C.AFGESLOTEN, C.MELDING, permission=permissions.may_assign)
    def reopen(self) -> None:
        """In law a new melding with its own date and term; the old plan is kept at hand."""
        self._forget_the_end()
        self.conversation_held_on = self.analysis_completed_on = None
        self.on_file_reason = ""
        self.support_told_on = self.own_plan_told_on = None

    @_step("Zaak heropend bij het plan", C.AFGESLOTEN, C.PLAN, permission=permissions.may_assign)
    def reopen_at_plan(self) -> None:
        """A step back soon after the end: the old plan is the start of a new version."""
        self._forget_the_end()

    def _forget_the_end(self) -> None:
        self.closed_on, self.close_reason = None, ""
        self.plan_agreed_on = self.choices_made_on = self.started_on = self.evaluation_on = None


class HulpvraagFlow(Life):
    """What the law sees: one need of one person under one law, with its own dates."""

    status = FSMField(default=H.GEMELD, choices=H.choices, protected=True, db_index=True)

    receipt_sent_on = models.DateField(null=True, blank=True)
    verslag_sent_on = models.DateField(null=True, blank=True)
    aanvraag_on = models.DateField(null=True, blank=True)
    aanvraag_premature = models.BooleanField(default=False)
    besluit_sent_on = models.DateField(null=True, blank=True)
    help_started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    handed_to = models.CharField(max_length=100, blank=True)
    referred_to = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True

    @_step("Onderzoek gestart", H.GEMELD, H.ONDERZOEK, permission=permissions.may_handle_or_system)
    def start_onderzoek(self) -> None:
        """The conversation is the start of the onderzoek."""

    @_step("Verslag verzonden", H.ONDERZOEK, H.VERSLAG, rules.ready_for_verslag, permission=permissions.is_system)
    def mark_verslag_sent(self, *, on: date) -> None:
        """The worker stored and sent the verslag (Wmo 2015 art. 2.3.2 lid 8)."""
        self.verslag_sent_on = on

    @_step("Verslag nagezonden", [H.AANVRAAG, H.BESLOTEN, H.LOOPT], None, permission=permissions.is_system)
    def note_verslag_sent(self, *, on: date) -> None:
        """The aanvraag came before the verslag: the onderzoek went on, its outcome is still told in writing."""
        self.verslag_sent_on = on

    @_step("Aanvraag ontvangen", ASKABLE, H.AANVRAAG)
    def register_aanvraag(self, *, on: date, premature: bool) -> None:
        """Registered on its day, from any state; too early is marked (Wmo 2015 art. 2.3.2 lid 9), not refused."""
        self.aanvraag_on, self.aanvraag_premature = on, premature
        self.ended_on, self.end_reason = None, ""

    @_step("Zonder besluit opgelost", [H.GEMELD, H.ONDERZOEK, H.VERSLAG], H.ZONDER_BESLUIT)
    def settle_without_decision(self, *, on: date) -> None:
        """Own strength, network or free help suffices; the right to an aanvraag stays."""
        self.ended_on = on

    @_step("Besluit verzonden", H.AANVRAAG, H.BESLOTEN, permission=permissions.is_system)
    def mark_decided(self, *, on: date) -> None:
        """The beschikking was made known (Awb art. 3:41)."""
        self.besluit_sent_on = on

    @_step("Hulp gestart", H.BESLOTEN, H.LOOPT, permission=permissions.may_handle_or_system)
    def start_help(self, *, on: date) -> None:
        """The help of this hulpvraag runs."""
        self.help_started_on = on

    @_step("Verwijzing bevestigd", H.VERWEZEN, H.LOOPT)
    def confirm_referral(self, *, on: date, provider: str) -> None:
        """Help after a referral: the gemeente assigns, it does not investigate again."""
        self.help_started_on, self.referred_to = on, provider

    @_step("Hulpvraag beëindigd", [s for s in H if s not in rules.ENDED], H.BEEINDIGD)
    def end(self, *, on: date, end_reason: str) -> None:
        """Ended, with a date and a reason."""
        self.ended_on, self.end_reason = on, end_reason

    @_step("Doorgezet", [H.GEMELD, H.ONDERZOEK], H.DOORGEZET)
    def hand_over(self, *, on: date, to: str) -> None:
        """A question for another desk (Participatiewet, schuldhulp, Wlz, Zvw)."""
        self.ended_on, self.handed_to = on, to

    @_step("Vraag terug van een ander loket", H.DOORGEZET, H.GEMELD)
    def take_back(self) -> None:
        """Nobody took it there, or it is ours after all; its terms run from the melding, as before."""
        self.ended_on, self.handed_to = None, ""
