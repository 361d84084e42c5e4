"""Scope: the one definition of which cases an actor may see; and how a person is found by number."""

from __future__ import annotations

import re
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, JSONObject
from django.db.models.lookups import GreaterThanOrEqual

from casework.enums import OPEN_SIGNALS, VIEWING_KINDS, CaseStatus, GrantKind
from toegang.accounts.selectors import served_gemeenten
from toegang.core import sealing
from toegang.core.access import TEAM_ROLES
from toegang.core.dates import PartialDate
from toegang.core.models.reference import DatedQuerySet
from toegang.core.names import family_key, halves_of, name_key, phone_key, sound_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from toegang.core.access import Actor


NEAR = 0.45  # how alike two names are written: Jansen and Janssen are 0.67, Jansen and Hansen 0.4


def _likeness(name: str) -> list[TrigramSimilarity]:
    """How alike a name is written to the own family name, and to that of the partner."""
    key = models.Value(family_key(name))
    return [TrigramSimilarity(column, key) for column in ("family_key", "partner_key")]


def _alike(name: str) -> Q:
    """Whose own family name, or that of whose partner, sounds like a name or is written nearly so."""
    sound = sound_key(name)
    heard = Q(sound_key=sound) | (Q(partner_sound=sound) & ~Q(partner_sound=""))
    return reduce(or_, (Q(GreaterThanOrEqual(near, NEAR)) for near in _likeness(name)), heard)


def _of_own_team(actor: Actor) -> Q | None:
    """Which cases a colleague sees by the team alone; None for who sees none so."""
    gemeenten = actor.gemeenten_as(*TEAM_ROLES)
    if actor.kind != "medewerker" or not gemeenten or not actor.team_ids:
        return None
    return Q(team_id__in=actor.team_ids, gemeente_id__in=gemeenten, shielded=False)


class CaseQuerySet(models.QuerySet[Any]):
    """Cases, scoped."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Cases of the actor's teams that are not shielded, and cases with a grant that is valid now.

        A team may serve several gemeenten: the actor sees the cases of those for which the actor works in it.
        """
        return self._in_scope(actor, VIEWING_KINDS)

    def workable_by(self, actor: Actor) -> CaseQuerySet:
        """The same without what the actor sees by noodtoegang alone, which is for reading."""
        return self._in_scope(actor, VIEWING_KINDS - {GrantKind.NOODTOEGANG})

    def _in_scope(self, actor: Actor, kinds: Collection[GrantKind]) -> CaseQuerySet:
        if actor.user is None:
            return self.none()
        every = self.model._base_manager.order_by()
        mine = every.filter(
            grants__user_id=actor.user.pk,
            grants__kind__in=kinds,
            grants__validity__contains=TransactionNow(),
        ).values("pk")
        team = _of_own_team(actor)
        if team is None:
            return self.filter(pk__in=mine)
        return self.filter(pk__in=every.filter(team).values("pk").union(mine))

    def seen_by(self, actor: Actor) -> Q:
        """What visible_to says, as a condition on one case: for a question about the few cases of some people."""
        if actor.user is None:
            return Q(pk__in=[])
        held = self.model._meta.get_field("grants").related_model._base_manager.filter(
            case=models.OuterRef("pk"),
            user_id=actor.user.pk,
            kind__in=VIEWING_KINDS,
            validity__contains=TransactionNow(),
        )
        mine = Q(models.Exists(held))
        team = _of_own_team(actor)
        return mine if team is None else mine | team

    def in_hand_of(self, actor: Actor) -> CaseQuerySet:
        """The open cases of which the actor is contactpersoon, or that the actor covers for a colleague."""
        own = self.model._base_manager.filter(
            grants__user_id=actor.user.pk if actor.user else None,
            grants__kind__in=[GrantKind.CONTACTPERSOON, GrantKind.VERVANGER],
            grants__validity__contains=TransactionNow(),
        )
        return self.filter(pk__in=own.values("pk")).exclude(status=CaseStatus.AFGESLOTEN)

    def reachable_in_emergency(self, actor: Actor, *, closed_since: date) -> CaseQuerySet:
        """Cases that the actor may open with noodtoegang: beyond visible_to, also those of other teams and shielded.

        Only of gemeenten that a team of the actor's serves and that the actor works for there, and not those that
        were closed before the day.
        """
        found = self.filter(gemeente_id__in=served_gemeenten(actor).order_by().values("pk"))
        return found.filter(Q(closed_on=None) | Q(closed_on__gte=closed_since))


class GrantQuerySet(models.QuerySet[Any]):
    """Grants in time."""

    def valid_now(self) -> GrantQuerySet:
        """Grants that hold at the moment of this transaction, by the database's clock."""
        return self.filter(validity__contains=TransactionNow())

    def ground_of(self, actor: Actor, case: str) -> models.Subquery:
        """The ground on which the actor sees the case of a row, as {kind, id}: the first of GrantKind that holds now.

        `case` names the key of the case in the outer query. Null: it is the team that gives the case.
        """
        mine = self.valid_now().filter(case=models.OuterRef(case), user_id=actor.user_id, kind__in=VIEWING_KINDS)
        kinds = (models.When(kind=kind, then=models.Value(order)) for order, kind in enumerate(GrantKind))
        first = mine.order_by(models.Case(*kinds), "pk")
        return models.Subquery(first.values(ground=JSONObject(kind="kind", id="pk"))[:1])


class ReasonQuerySet(DatedQuerySet):
    """Reasons to choose from."""

    def listed(self, kind: str, day: date) -> ReasonQuerySet:
        """The reasons of one list as it is on a day, in its order."""
        return self.valid_on(day).filter(kind=kind).order_by("pk")  # type: ignore[return-value]

    def choices(self) -> list[tuple[str, str]]:
        """The choices of a field whose answer is kept in words."""
        return [(label, label) for label in self.values_list("label", flat=True)]


class TeamQuerySet(models.QuerySet[Any]):
    """What comes in for a team before there is a case."""

    def of_teams(self, actor: Actor) -> Self:
        """Those of the actor's teams, for the gemeenten for which the actor works in them."""
        if actor.kind != "medewerker":
            return self.none()
        return self.filter(team_id__in=actor.team_ids, gemeente_id__in=actor.gemeenten_as(*TEAM_ROLES))


class SignalQuerySet(TeamQuerySet):
    """Signals, scoped."""

    def visible_to(self, actor: Actor, cases: models.QuerySet[Any]) -> SignalQuerySet:
        """Signals of the actor's teams that are in no case, and those that ended in one of these cases.

        A case that is shielded afterwards takes its signals along.
        """
        mine = self.of_teams(actor).filter(case=None)
        return self.filter(Q(pk__in=mine.values("pk")) | Q(case__in=cases.values("pk")))

    def waiting(self) -> SignalQuerySet:
        """Those that nobody ended."""
        return self.filter(status__in=OPEN_SIGNALS)

    def about(self, *, sound: str, phone: str, postcode: str, house_number: str) -> SignalQuerySet:
        """Signals about the same telephone number, the same address, or the same family name in the same postcode."""
        same = Q(pk__in=[])
        if phone:
            same |= Q(phone_key=phone)
        if postcode and house_number:
            same |= Q(postcode=postcode, house_number__iexact=house_number.strip())
        if postcode and sound:
            same |= Q(postcode=postcode, sound_key=sound)
        return self.filter(same)

    def not_contradicting(self, *, kind: str, sound: str, born: int) -> SignalQuerySet:
        """Of the same kind, and of nobody with another family name or another year of birth."""
        found = self.filter(kind=kind)
        if sound:
            found = found.filter(sound_key__in=["", sound])
        year = born // 10000
        return found.filter(Q(born=0) | Q(born__range=(year * 10000, year * 10000 + 9999))) if year else found


class PersonQuerySet(models.QuerySet[Any]):
    """People."""

    def present(self) -> PersonQuerySet:
        """Those who were not found to be somebody who is written down already."""
        return self.filter(merged_into=None)

    def with_bsn(self, *numbers: str) -> PersonQuerySet:
        """People with one of these burgerservicenummers, also those that were indexed with an older key."""
        return self.filter(bsn_index__in=[index for number in numbers for index in sealing.indexes_of(number)])

    def named(self, family_name: str, born: PartialDate) -> PersonQuerySet:
        """People whose name is written or sounds like this one, or nearly so, and whose birth may be this one.

        It may be the name of the partner, for who bears it. Of a double name both halves fit, or one with a whole
        birth date. The year must be known; a date of which the register knows less fits too.
        """
        low = born.as_int()
        high = low + (0 if born.day else 99 if born.month else 9999)
        less = [PartialDate(born.year, born.month).as_int(), PartialDate(born.year).as_int()]
        found = self.filter(Q(born__range=(low, high)) | Q(born__in=less))
        halves = [_alike(half) for half in halves_of(family_name)]
        either = reduce(or_ if born.is_complete else and_, halves) if halves else Q(pk__in=[])
        return found.annotate(near=Greatest(*_likeness(family_name))).filter(_alike(family_name) | either)

    def given(self, given_name: str) -> PersonQuerySet:
        """People whose given names begin so."""
        return self.filter(given_key__startswith=name_key(given_name))

    def living_at(self, postcode: str, house_number: str) -> PersonQuerySet:
        """People of this address; a letter or addition to the number may be left out."""
        number = re.escape(house_number.strip())
        return self.filter(postcode=postcode, house_number__iregex=rf"^{number}(\D|$)")

    def reached_at(self, phone: str) -> PersonQuerySet:
        """People with this telephone number, however it is written."""
        return self.filter(phone_key=phone_key(phone)).exclude(phone_key="")

    def of_cases(self, cases: models.QuerySet[Any]) -> PersonQuerySet:
        """Who belongs to the household of one of these cases now."""
        return self.filter(memberships__household__in=cases.values("household"), memberships__until=None)


class AccessRulesQuerySet(models.QuerySet[Any]):
    """The rules for access."""

    def of(self, gemeente_id: int) -> Any:
        """The rules of a gemeente, or those that apply until it has its own."""
        found = self.filter(Q(gemeente_id=gemeente_id) | Q(gemeente_id=None))
        return found.order_by(F("gemeente_id").asc(nulls_last=True))[:1].get()


class EmergencyQuerySet(models.QuerySet[Any]):
    """Noodtoegang that was taken."""

    def running(self) -> EmergencyQuerySet:
        """Those whose grant still holds at the moment of this transaction."""
        return self.filter(grant__validity__contains=TransactionNow())

    def to_review_by(self, actor: Actor) -> EmergencyQuerySet:
        """Of the gemeenten of a privacy officer, and of the own teams of a teamleider; never the own act."""
        theirs = Q(gemeente_id__in=actor.gemeenten_as("privacy"))
        theirs |= Q(gemeente_id__in=actor.gemeenten_as("teamleider"), team_id__in=actor.team_ids)
        return self.filter(theirs).exclude(user_id=actor.user_id)

    def shown_to_resident(self, actor: Actor) -> EmergencyQuerySet:
        """Those in the own cases of an inwoner whose delay, which the FG sets, is over."""
        return self.filter(
            case__grants__user_id=actor.user_id,
            case__grants__kind=GrantKind.INWONER,
            case__grants__validity__contains=TransactionNow(),
            shown_from__lte=actor.today,
        )
