"""A melding by telephone with the keyboard alone: every question is reached, and how many keys it takes."""

from tests.browser.doors import enter

MOST_TABS = 60  # on one page
FIELDS = {
    "given_names": "Keetje",
    "family_name": "Toetsenbord",
    "born_jaar": "1948",
    "phone": "0123 456700",
    "street": "Zeedijk",
    "house_number": "9",
    "postcode": "1234AB",
    "city": "Lindemeer",
}
KEYS = 57  # a new question in the form makes this more


class Keys:
    """A pair of hands that counts."""

    def __init__(self, tab):
        self.tab, self.presses, self.letters = tab, 0, 0

    def press(self, key):
        self.presses += 1
        self.tab.keyboard.press(key)

    def type(self, text):
        self.letters += len(text)
        self.tab.keyboard.type(text)

    def to(self, found):
        """Tab until the focus is on what is looked for: the name of a field, or the text of a link or button."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            here = self.tab.evaluate("[document.activeElement.name || '', document.activeElement.innerText || '']")
            if found in (here[0], here[1].strip()):
                return
        raise AssertionError(f"{found} cannot be reached with Tab")

    def choose(self, name, value):
        """The right one of some answers: Space for the first, then arrows."""
        self.to(name)
        self.press("Space")
        for _ in range(20):
            chosen = self.tab.locator(f"[name={name}]:checked").get_attribute("value")
            if chosen == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name}: {value} cannot be chosen with the arrows")


def test_a_melding_by_telephone_with_the_keyboard_alone(house, visit):
    tab = visit()
    enter(tab, house, "contactpersoon")
    tab.goto(f"{house.url}/werkplek/")
    pages = []
    tab.on("framenavigated", lambda frame: pages.append(frame.url) if frame == tab.main_frame else None)
    keys = Keys(tab)
    keys.to("Nieuwe melding")
    keys.press("Enter")
    tab.wait_for_url("**/melding/nieuw/")
    for name, text in FIELDS.items():
        keys.to(name)
        keys.type(text)
    keys.choose("aware", "ja")
    keys.choose("route", "telefoon")
    keys.to("words")
    keys.type("Het lukt niet meer alleen.")
    keys.choose("law", "wmo")
    keys.to("need")
    keys.type("Hulp in huis")
    keys.to("Melding opslaan")
    keys.press("Enter")
    tab.wait_for_url("**/werkplek/zaak/*/")
    assert "Keetje Toetsenbord" in tab.locator("main, body").first.inner_text()
    assert (keys.presses, len(pages)) == (KEYS, 2)  # beside the letters that are typed; the form, and the case
