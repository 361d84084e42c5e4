"""The one executor of every transition: locked, permitted, guarded, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django_fsm import FSMFieldMixin, Transition, transition

from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.records import attribute

LOCK_MARK = "_locked_in"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, as a sentence, with the page part (and the record) where it can be mended."""

    text: str
    where: str = ""
    about: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.text


Rule = Callable[[Any], Iterable[Missing | str]]


class Blocked(Exception):  # noqa: N818 (not an error: the file is not ready)
    """The step is known and permitted, but the file is not ready for it."""

    def __init__(self, obstacles: Iterable[Missing | str]) -> None:
        self.obstacles = tuple(o if isinstance(o, Missing) else Missing(o) for o in obstacles)
        super().__init__("; ".join(o.text for o in self.obstacles))


class NotLocked(RuntimeError):  # noqa: N818 (a programming error, never shown to a user)
    """The caller forgot lock()."""


@dataclass(frozen=True)
class Guard:
    """A django-fsm condition that can also say why it refuses."""

    rule: Rule

    def __call__(self, record: Any) -> bool:
        """Whether nothing is missing."""
        return not self.obstacles(record)

    def obstacles(self, record: Any) -> tuple[Missing, ...]:
        """The sentences that say what is missing."""
        return tuple(o if isinstance(o, Missing) else Missing(o) for o in self.rule(record))


def step(label: str, source: Any, target: Any, *rules: Rule, permission: Any) -> Any:
    """One arrow of a life: from, to, what must be there, who may; `label` is what the timeline says."""
    return transition(
        field="status",
        source=source,
        target=target,
        conditions=[Guard(rule) for rule in rules],
        permission=permission,
        custom={"label": label},
    )


@dataclass(frozen=True)
class Step:
    """A step that an actor may take from here, with what still stands in the way."""

    name: str
    label: str
    obstacles: tuple[Missing, ...]


class Life(models.Model):
    """A record with a protected status; its row carries the case and gemeente that the log needs."""

    class Meta:
        abstract = True

    status: str
    gemeente_id: int

    def case_key(self) -> UUID | None:
        """The case that this record belongs to."""
        return getattr(self, "case_id", None)

    def get_all_status_transitions(self) -> Iterator[Transition]:
        """All transitions of the status field; django-fsm replaces this on the concrete class."""
        raise NotImplementedError

    def get_status_display(self) -> str:
        """The state in words; Django replaces this on the concrete class."""
        raise NotImplementedError

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Reload a protected status too; put the old value back when the row is gone."""
        fields = None if fields is None else list(fields)
        held = {
            f.attname: self.__dict__.pop(f.attname)
            for f in self._meta.concrete_fields
            if isinstance(f, FSMFieldMixin) and f.attname in self.__dict__ and (fields is None or f.attname in fields)
        }
        try:
            super().refresh_from_db(using, fields, from_queryset)
            for name in held:
                getattr(self, name)  # Django took it for deferred and left it out
        except BaseException:
            self.__dict__.update(held)
            raise


L = TypeVar("L", bound=Life)
M = TypeVar("M", bound=models.Model)


def lock(model: type[M], pk: Any) -> M:
    """Fetch a fresh row that nobody else can change until this transaction ends, and mark it."""
    record = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
    record.__dict__[LOCK_MARK] = _transaction()
    return record


def _transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return int(cursor.fetchone()[0])


def _outgoing(record: Life) -> list[Transition]:
    return [t for t in record.get_all_status_transitions() if t.source == record.status]


def _obstacles(record: Life, transition: Transition) -> tuple[Missing, ...]:
    return tuple(missing for guard in transition.conditions for missing in guard.obstacles(record))


def steps_for(record: Life, actor: Actor) -> list[Step]:
    """Every step that this actor may take from here, with what still stands in the way."""
    return [
        Step(t.name, t.custom["label"], _obstacles(record, t)) for t in _outgoing(record) if t.has_perm(record, actor)
    ]


def carry_out(record: Life, name: str, *, by: Actor, reason: str = "", **facts: Any) -> None:
    """Locked, source, permission, obstacles, transition, history, save, log.

    Raises NotLocked when the row was not locked in this transaction, Blocked with sentences when the
    step cannot be taken from here or something is missing, PermissionDenied when the actor may not.
    """
    if record.__dict__.get(LOCK_MARK) != _transaction():
        raise NotLocked(name)
    transition = next((t for t in _outgoing(record) if t.name == name), None)
    if transition is None:
        raise Blocked([_too_late(record, by)])
    if not transition.has_perm(record, by):
        raise PermissionDenied("Deze stap mag u niet doen.")
    if missing := _obstacles(record, transition):
        raise Blocked(missing)
    label = transition.custom["label"]
    getattr(record, name)(**facts)
    attribute(record, by=by, reason=reason or label)
    record.save()
    audit.write(by, [_step_taken(record, name, label, reason)])


def _too_late(record: Any, by: Actor) -> str:
    """Say what the state is now and, when a colleague was first, who."""
    sentence = f"Deze stap kan niet meer: de stand is nu ‘{record.get_status_display()}’."
    last = record.history.select_related("history_user").first()
    colleague = last.history_user if last else None
    if colleague is None or colleague.pk == by.user_id or colleague.kind != by.kind:
        return sentence
    return f"{sentence} {colleague.name} was u voor: ‘{last.history_change_reason}’."


def _step_taken(record: Life, name: str, label: str, reason: str) -> audit.Look:
    return audit.Look(
        "step",
        label,
        case_id=record.case_key(),
        gemeente_id=record.gemeente_id,
        object_type=f"{record._meta.model_name}.{name}",
        object_id=str(record.pk),
        detail=reason,
    )
