"""Browsers for tests: who is signed in, what a page tells, and its forms as a person sends them, unseen fields too."""

import re
from html.parser import HTMLParser

from django.test import Client


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._area, self._select = [], None, ""

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self.forms.append((facts.get("action", ""), {}))
        elif tag == "textarea":
            self._area = facts["name"]
            self._values(self._area)[:] = [""]
        elif tag == "select":
            self._select = facts["name"]
            self._values(self._select)
        elif tag == "option" and "selected" in facts:
            self._values(self._select).append(facts["value"])
        elif tag == "input" and "name" in facts:
            self._take(facts)

    def _take(self, facts):
        values = self._values(facts["name"])
        if facts["type"] not in {"checkbox", "radio"}:
            values.append(facts.get("value", ""))
        elif "checked" in facts:
            values.append(facts.get("value", "on"))

    def _values(self, name):
        return self.forms[-1][1].setdefault(name, [])

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self._values(self._area)[0] += data.removeprefix("\n") if not self._values(self._area)[0] else data


def form_with(answer, field):
    """The address and the values of the form on a page that has this field."""
    reader = _Forms()
    reader.feed(answer.content.decode())
    (found,) = [form for form in reader.forms if field in form[1]]
    return found


def fill(client, url, field, **typed):
    """Open a page, type into the form that has the field, and send it; gives a function that sends it again."""
    address, values = form_with(client.get(url), field)
    sent = {**values, **typed}
    return lambda: client.post(address or url, sent)


def browser_of(user):
    """A browser in which somebody is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def words(answer):
    """The text of a page, as a reader gets it."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
