"""A site in a real browser, opened from disk: search by keyboard, a look-alike followed, nothing asked of any network."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from eventcode.codebook.load import load
from eventcode.codebook.site import pages
from eventcode.codebook.site.surroundings import Surroundings
from eventcode.pipeline import site_folder

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip
pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("selenium") is None, reason="selenium is not installed: pip install selenium"
    ),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="there is no chromium with its driver: apt install chromium-driver"
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site on disk, in a folder whose name needs escaping."""
    folder = tmp_path_factory.mktemp("my sites") / "disarmament"
    site_folder.write(folder, pages.render(load("disarmament"), Surroundings(changelog="# Changes\n")), {})
    return folder.as_uri()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with a profile of its own, which writes down everything that it asks for."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield found
    found.quit()


@pytest.fixture
def browser(driver: Any) -> Iterator[Any]:
    """The browser; afterwards, its console must be silent and every request one for a file."""
    driver.get_log("browser"), driver.get_log("performance")
    yield driver
    assert driver.get_log("browser") == []
    asked = [
        entry["message"]
        for entry in driver.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]
    assert [message for message in asked if '"url":"file://' not in message] == []


def _keys(browser: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def _until(browser: Any, condition: Any) -> Any:
    from selenium.webdriver.support.wait import WebDriverWait

    return WebDriverWait(browser, 10, poll_frequency=0.05).until(condition)


def _hits(browser: Any) -> list[str]:
    return [link.text.split("\n")[0] for link in browser.find_elements("css selector", "#hits a")]


def _search(browser: Any, words: str, first: str) -> None:
    _keys(browser, "/", words)
    _until(browser, lambda b: (_hits(b) or [""])[0].startswith(first))


def test_a_slash_begins_a_search_and_arrows_and_enter_go_to_the_code(browser: Any, site: str) -> None:
    from selenium.webdriver import Keys

    browser.get(f"{site}/index.html")
    _search(browser, "dismantling", "07")
    status = browser.find_element("id", "hits-said")
    assert "Arrow keys move, Enter opens." in status.text or "results" in status.get_attribute("textContent")
    wanted = next(number for number, hit in enumerate(_hits(browser)) if hit.startswith("072"))
    _keys(browser, *[Keys.ARROW_DOWN] * (wanted + 1))
    assert browser.switch_to.active_element.text.startswith("072")
    _keys(browser, Keys.ENTER)
    _until(browser, lambda b: b.current_url.endswith("codes/070.html#code-072"))
    heading = browser.find_element("css selector", "#code-072 h2")
    assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", heading) < 300


def test_enter_opens_the_best_result_at_once(browser: Any, site: str) -> None:
    from selenium.webdriver import Keys

    browser.get(f"{site}/fields/codings.realis.html")
    _search(browser, "094", "094")
    _keys(browser, Keys.ENTER)
    _until(browser, lambda b: b.current_url.endswith("codes/090.html#code-094"))


@pytest.mark.parametrize(
    ("words", "first"), [("072", "072"), ("pull-out", "07"), ("ultimátum", "012"), ("D3", "D3"), ("anonymous", "anonym"), ("hand over weap", "061")]
)  # fmt: skip
def test_words_find_what_the_command_finds(browser: Any, site: str, words: str, first: str) -> None:
    browser.get(f"{site}/index.html")
    _search(browser, words, first)


def test_words_that_stand_nowhere_are_said_to(browser: Any, site: str) -> None:
    browser.get(f"{site}/index.html")
    _keys(browser, "/", "zzyzx")
    _until(
        browser,
        lambda b: (
            b.find_element("id", "hits-said").get_attribute("textContent") == "Nothing speaks of “zzyzx”."
        ),
    )
    assert _hits(browser) == []


def test_escape_closes_the_results_and_goes_back_to_the_words(browser: Any, site: str) -> None:
    from selenium.webdriver import Keys

    browser.get(f"{site}/index.html")
    _search(browser, "camp", "")
    _until(browser, _hits)
    _keys(browser, Keys.ARROW_DOWN, Keys.ESCAPE)
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    assert not browser.find_element("id", "hits").is_displayed()


def test_a_look_alike_is_one_click_away(browser: Any, site: str) -> None:
    browser.get(f"{site}/codes/070.html#code-072")
    link = browser.find_element("css selector", '#code-072 .confuse a[href$="#code-031"]')
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()
    _until(browser, lambda b: b.current_url.endswith("codes/030.html#code-031"))
    assert browser.find_element("css selector", "#code-031 h2").is_displayed()


def test_the_first_tab_offers_to_skip_the_navigation(browser: Any, site: str) -> None:
    from selenium.webdriver import Keys

    browser.get(f"{site}/index.html")
    _keys(browser, Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"
    _keys(browser, Keys.ENTER)
    assert browser.current_url.endswith("#main")


@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "codes/070.html",
        "fields/codings.realis.html",
        "rules.html",
        "crosswalks/plover.html",
        "actors.html",
    ],
)
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Any, site: str, page: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        browser.get(f"{site}/{page}")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        assert not browser.find_element("id", "nav").is_displayed()
        browser.find_element("css selector", ".menu").click()
        _until(browser, lambda b: b.find_element("id", "nav").is_displayed())
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = """
const seen = (c) => c.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = (e) => { for (; e; e = e.parentElement) { const c = seen(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
const poor = [];
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const style = getComputedStyle(e);
  if (!own || !e.offsetParent || style.opacity === "0") continue;
  const [a, b] = [light(seen(style.color)), light(behind(e))].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) poor.push(e.outerHTML.slice(0, 80));
}
return poor;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index.html", "codes/070.html", "rules.html", "crosswalks/plover.html"])
def test_every_text_has_a_contrast_of_at_least_four_and_a_half(
    browser: Any, site: str, page: str, scheme: str
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    try:
        browser.get(f"{site}/{page}")
        dark = (
            browser.execute_script("return getComputedStyle(document.body).backgroundColor")
            != "rgb(255, 255, 255)"
        )
        assert dark == (scheme == "dark")
        assert browser.execute_script(CONTRAST) == []
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
