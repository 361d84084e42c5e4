"""One command makes a picture of every page at three widths: ./test -m pictures."""

from pathlib import Path

import pytest

from tests.browser.doors import ROOT, enter
from tests.browser.pages import pages

FOLDER = ROOT / ".local" / "pictures"
WIDTHS = (1280, 820, 390)


@pytest.mark.pictures
def test_pictures_of_every_page(house, visit):
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = set()
    everything = pages(house)
    for login in sorted({page.login for page in everything}):
        tab = visit()
        enter(tab, house, login)
        for page in (p for p in everything if p.login == login):
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto(house.url + page.path)
                if page.before:
                    page.before(tab)
                target = FOLDER / f"{page.name}-{width}.png"
                tab.screenshot(path=target, full_page=True)
                made.add(Path(target).name)
    assert made == {f"{page.name}-{width}.png" for page in everything for width in WIDTHS}
