"""The components of every page: strict props in, a template of templates/ui/ out.

A prop that is unknown or missing is an error when the template is read; a tone, kind or state that does not
exist is one when it is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from toegang.core.dates import long_date
from toegang.core.forms import KnownDateInput

register = template.Library()

Tone = Literal["neutral", "info", "positive", "warning", "negative"]
Kind = Literal["primary", "secondary", "subtle"]
State = Literal["klaar", "nu", "nog_niet", "niet_nodig"]
Context = dict[str, Any]

STATE_WORDS = {
    "klaar": "Klaar",
    "nu": "Hier bent u nu",
    "nog_niet": "Nog niet begonnen",
    "niet_nodig": "Niet nodig",
}
TONES_OF_ALERTS = {
    "neutral": "info",
    "info": "info",
    "positive": "ok",
    "warning": "warning",
    "negative": "error",
}
AMPLE_DAYS = 14


@dataclass(frozen=True)
class StepView:
    """One of the seven steps as a page shows it."""

    number: int
    title: str
    state: State
    detail: str = ""

    def __post_init__(self) -> None:
        _one_of(State, self.state)

    @property
    def words(self) -> str:
        """The state in words, since colour alone tells nothing."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True)
class TimelineEntry:
    """What happened, when and by whom; a date without time stays without time."""

    moment: datetime | date
    title: str
    by: str
    detail: str = ""

    @property
    def when(self) -> str:
        """The moment in words, in Dutch time."""
        return moment_in_words(self.moment)


@dataclass(frozen=True)
class DueView:
    """The last day for something, as seen today."""

    on: date
    today: date
    done: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """How far away it is."""
        days = (self.on - self.today).days
        if self.done:
            return "klaar"
        if days < 0:
            return f"{-days} {'dag' if days == -1 else 'dagen'} te laat"
        if days == 0:
            return "vandaag"
        if days > AMPLE_DAYS:
            return "ruim op tijd"
        return f"nog {days} {'dag' if days == 1 else 'dagen'}"

    @property
    def tone(self) -> Tone:
        """The tone of the bar, which only repeats the words."""
        days = (self.on - self.today).days
        if self.done:
            return "neutral"
        if days < 0:
            return "negative"
        return "warning" if days <= AMPLE_DAYS else "positive"


def moment_in_words(moment: datetime | date) -> str:
    """Return "12 november 2025, 09:05" in Dutch time, or the date alone for a date."""
    if not isinstance(moment, datetime):
        return long_date(moment)
    local = localtime(moment)
    return f"{long_date(local.date())}, {local:%H:%M}"


def _one_of(allowed: Any, value: str) -> str:
    """Return the value; raises TypeError when the component does not know it."""
    if value not in get_args(allowed):
        raise TypeError(f"{value!r} is geen van {', '.join(get_args(allowed))}")
    return value


def _badges(badges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(text, _one_of(Tone, tone)) for text, tone in badges]


@register.inclusion_tag("ui/badge.html")
def badge(*, text: str, tone: str) -> Context:
    """Show a status in a few words."""
    return {"text": text, "tone": _one_of(Tone, tone)}


@register.inclusion_tag("ui/due.html", name="due")
def show_due(*, due: DueView) -> Context:
    """Show a last day: the date, how far away it is, and a bar."""
    return {"due": due, "on": long_date(due.on)}


@register.inclusion_tag("ui/case_header.html")
def case_header(
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    badges: Sequence[tuple[str, str]],
    steps: Sequence[StepView],
) -> Context:
    """Show whose case this is; on a narrow screen also the seven steps, in one line that opens."""
    current = next((step for step in steps if step.state == "nu"), None)
    return {"title": title, "facts": facts, "badges": _badges(badges), "steps": steps, "current": current}


@register.inclusion_tag("ui/seven_steps.html")
def seven_steps(*, steps: Sequence[StepView]) -> Context:
    """Show the seven steps, each with its state in words."""
    return {"steps": steps}


@register.inclusion_tag("ui/next_action.html")
def next_action(
    *,
    title: str,
    text: str,
    url: str,
    label: str,
    due: DueView | None,
    obstacles: Sequence[tuple[str, str]],
    secondary: Sequence[tuple[str, str]],
) -> Context:
    """Show the one thing to do now, what it waits for, and what else may be done."""
    return {
        "title": title,
        "text": text,
        "url": url,
        "label": label,
        "due": due,
        "obstacles": obstacles,
        "secondary": secondary,
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(*, entries: Sequence[TimelineEntry]) -> Context:
    """Show what happened, in the order given."""
    return {"entries": entries}


@register.inclusion_tag("ui/data_list.html")
def data_list(*, items: Sequence[tuple[str, str]]) -> Context:
    """Show facts, each with its name."""
    return {"items": items}


@register.inclusion_tag("ui/button.html")
def button(*, label: str, kind: str) -> Context:
    """Submit the form around it."""
    return {"label": label, "kind": _one_of(Kind, kind)}


@register.inclusion_tag("ui/link_button.html")
def link_button(*, url: str, label: str, kind: str) -> Context:
    """Go to a page that is the next thing to do."""
    return {"url": url, "label": label, "kind": _one_of(Kind, kind)}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(*, title: str, text: str) -> Context:
    """Say that there is nothing, and what that means."""
    return {"title": title, "text": text}


@register.inclusion_tag("ui/sub_nav.html")
def sub_nav(*, items: Sequence[tuple[str, str, bool]], name: str = "In deze zaak") -> Context:
    """Show the pages that belong together: label, address, and whether it is this page."""
    return {"items": items, "name": name}


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*, items: Sequence[tuple[str, str]]) -> Context:
    """Show the pages above this one: label and address."""
    return {"items": items}


@register.inclusion_tag("ui/nav_link.html", takes_context=True)
def nav_link(context: Mapping[str, Any], *, url_name: str, label: str) -> Context:
    """Show a link of the main navigation, marked when it leads to this page."""
    match = getattr(context.get("request"), "resolver_match", None)
    return {"url": reverse(url_name), "label": label, "current": getattr(match, "view_name", "") == url_name}


@register.inclusion_tag("ui/conflict.html")
def conflict(*, mine: Sequence[tuple[str, str, str]], who: str, when: datetime) -> Context:
    """Somebody else saved first: show, field by field, both texts."""
    return {"fields": mine, "who": who, "time": f"{localtime(when):%H:%M}"}


@register.simple_block_tag(end_name="endalert")
def alert(content: SafeString, *, tone: str, title: str) -> SafeString:
    """Show a notice that stands apart from the text."""
    kind = TONES_OF_ALERTS[_one_of(Tone, tone)]
    return render_to_string("ui/alert.html", {"content": content, "tone": tone, "kind": kind, "title": title})


@register.simple_block_tag(end_name="endpanel")
def panel(content: SafeString, *, title: str) -> SafeString:
    """Show a part of the page with a heading and a frame."""
    return render_to_string("ui/panel.html", {"content": content, "title": title})


@register.simple_block_tag(end_name="enddata_table")
def data_table(content: SafeString, *, caption: str, columns: Sequence[str]) -> SafeString:
    """Show a table around rows; when it is too wide it scrolls in its own region."""
    facts = {"content": content, "caption": caption, "columns": columns}
    return render_to_string("ui/data_table.html", facts)


@register.filter
def alone(form: forms.BaseForm) -> list[forms.BaseForm]:
    """The one form of a page as a list, for the summary of its errors."""
    return [form]


@register.inclusion_tag("ui/error_summary.html", name="error_summary")
def show_errors(*, forms: Sequence[forms.BaseForm]) -> Context:
    """Show what is wrong in these forms, each error with a link to its field; nothing without errors."""
    return {"lines": [line for form in forms if form.is_bound for line in _error_lines(form)]}


def _error_lines(form: forms.BaseForm) -> Iterable[tuple[str, str]]:
    """Yield (sentence, address) for the form as a whole and then per field, in the order of the page."""
    errors = form.errors.as_data()
    for name in (NON_FIELD_ERRORS, *form.fields):
        for error in errors.get(name, []):
            params = error.params or {}
            url = params.get("url", "") if name == NON_FIELD_ERRORS else f"#{first_id(form[name])}"
            for sentence in error.messages:
                yield sentence, url


def first_id(field: BoundField) -> str:
    """Return the id of the first input of a field."""
    widget = field.field.widget
    many = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | KnownDateInput)
    return f"{field.auto_id}_0" if many else field.id_for_label


@register.inclusion_tag("ui/field.html", name="field")
def show_field(*, field: BoundField) -> Context:
    """Show a question with its hint, its error and its input."""
    widget, errors = field.field.widget, list(field.errors)
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if errors else []
    shown: Context = {
        "field": field,
        "shape": _shape(widget),
        "errors": errors,
        "described": " ".join(described),
        "required": field.field.required,
    }
    if shown["shape"] == "control":
        shown["control"] = field.as_widget(attrs=_control_attributes(shown, widget))
    if shown["shape"] == "date":
        shown["parts"] = _date_parts(field)
    return shown


def _shape(widget: forms.Widget) -> str:
    """Return which layout the widget has in ui/field.html."""
    shapes: tuple[tuple[Any, str], ...] = (
        (KnownDateInput, "date"),
        (forms.CheckboxSelectMultiple, "checkbox"),
        (forms.RadioSelect, "radio"),
        (forms.CheckboxInput, "single"),
    )
    return next((shape for kind, shape in shapes if isinstance(widget, kind)), "control")


def _control_attributes(shown: Context, widget: forms.Widget) -> dict[str, str | bool]:
    """Return class and ARIA attributes for an input, a text area or a select."""
    name, marker = "utrecht-textbox", "html-input"
    if isinstance(widget, forms.Textarea):
        name, marker = "utrecht-textarea", "html-textarea"
    elif isinstance(widget, forms.Select):
        name, marker = "utrecht-select", "html-select"
    attributes: dict[str, str | bool] = {"class": f"{name} {name}--{marker} tg-control"}
    if shown["described"]:
        attributes["aria-describedby"] = shown["described"]
    if shown["errors"]:
        attributes["aria-invalid"] = "true"
    if shown["required"]:
        attributes["aria-required"] = "true"
    return attributes


def _date_parts(field: BoundField) -> list[tuple[str, Mapping[str, Any]]]:
    """Return each of the three inputs with its label."""
    widgets = field.subwidgets[0].data["subwidgets"]
    return list(zip(KnownDateInput.labels, widgets, strict=True))


@register.inclusion_tag("ui/fields.html")
def fields(*, form: forms.BaseForm) -> Context:
    """Every question of a form, in its order, and what travels unseen."""
    return {"hidden": form.hidden_fields(), "visible": form.visible_fields()}
