"""Opens the page in Chromium, in the sizes of a desktop and of a phone. Prints what is wrong and exits with 1.

Usage: drive_page.py URL MARKER [FOLDER]
The page must show the cameras "gate" (identities 1 and 2, persons) and "yard" (identity 1, a car). The file MARKER is
made when the server may end, which the page must notice. Screenshots are kept where a FOLDER is given.
"""
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

DRIVER = "/usr/bin/chromedriver"
PATIENCE_S = 40
CHART_COLORS = """
  const canvas = document.getElementById(arguments[0]);
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let teal = 0, amber = 0;  // of the first and the second camera
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b, a] = pixels.slice(i, i + 4);
    if (a > 200 && Math.abs(r - 20) + Math.abs(g - 184) + Math.abs(b - 166) < 60) ++teal;
    if (a > 200 && Math.abs(r - 245) + Math.abs(g - 158) + Math.abs(b - 11) < 60) ++amber;
  }
  return [teal, amber];
"""
PICTURE = """
  const canvas = document.querySelectorAll('.camera canvas')[arguments[0]];
  return canvas.dataset.frames ? canvas.toDataURL('image/jpeg', .5) : '';
"""
GALLERY = """
  return [...document.querySelectorAll('.identity')].map((card) => {
    const image = card.querySelector('img');
    return [card.querySelector('b').textContent, image !== null && image.complete && image.naturalWidth > 0];
  });
"""


def open_browser(width, height, phone=False):
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--window-size={width},{height}"):
        options.add_argument(argument)
    if phone:
        metrics = {"width": width, "height": height, "pixelRatio": 2.0, "mobile": True, "touch": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def wait(browser, what, condition):
    """Waits until condition() is true, and returns its value."""
    return WebDriverWait(browser, PATIENCE_S, poll_frequency=0.05).until(lambda _: condition(), what)


def text(browser, name):
    return browser.execute_script("return document.getElementById(arguments[0]).textContent", name)


def look_at_everything(browser):
    run = browser.execute_script
    wait(browser, "both cameras are live", lambda: text(browser, "status") == "2 of 2 live")
    for camera in (0, 1):
        first = wait(browser, f"a picture of camera {camera}", lambda: run(PICTURE, camera))
        wait(browser, f"another picture of camera {camera}", lambda: run(PICTURE, camera) != first)
    hints = run("return [...document.querySelectorAll('.camera .message')].map((hint) => hint.textContent)")
    check(hints == ["", ""], f"over the pictures stands {hints}")
    wait(browser, "three identities with pictures", lambda: sorted(run(GALLERY)) == [
        ["car 1", True], ["person 1", True], ["person 2", True]])
    wait(browser, "the number of objects", lambda: text(browser, "objects") == "3")
    check(text(browser, "identities") == "3", "the number of identities: " + text(browser, "identities"))
    for chart in ("chart-objects", "chart-latency", "chart-rate", "chart-drops"):
        wait(browser, f"two lines in {chart}", lambda: min(run(CHART_COLORS, chart)) > 0)
    names = run("return [...document.querySelectorAll('#health .stream b')].map((name) => name.textContent)")
    check(names == ["gate", "yard", "mqtt://broker:1883"], f"health of {names}")
    elsewhere = run("return performance.getEntriesByType('resource').map((entry) => new URL(entry.name))"
                    ".filter((url) => url.host !== location.host && !/^(data|blob):/.test(url.protocol)).map(String)")
    check(elsewhere == [], f"resources from elsewhere: {elsewhere}")


def choose_camera_and_filter(browser):
    run = browser.execute_script
    small = run("return document.querySelectorAll('.camera')[1].clientWidth")
    browser.find_elements("css selector", ".camera .view")[1].click()
    wait(browser, "a chosen camera is larger",
         lambda: run("return document.querySelectorAll('.camera')[1].clientWidth") > 1.5 * small)
    buttons = browser.find_elements("css selector", "#filters button")
    check([button.text for button in buttons] == ["All", "gate", "yard"], "the filters of the gallery")
    buttons[2].click()
    wait(browser, "only the identities of the yard", lambda: [name for name, _ in run(GALLERY)] == ["car 1"])


def check_width(browser, what):
    widths = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    check(widths[0] <= widths[1], f"{what}: the page is {widths[0]} wide on a screen of {widths[1]}")


def check_console(browser):
    lines = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    check(lines == [], f"the console says: {lines}")


def main(url, marker, folder=None):
    for name, width, height, phone in (("phone", 360, 780, True), ("desk", 1440, 900, False)):
        browser = open_browser(width, height, phone)
        try:
            browser.get(url)
            look_at_everything(browser)
            check_width(browser, name)
            if folder:
                browser.save_screenshot(str(pathlib.Path(folder) / f"{name}.png"))
            if not phone:
                choose_camera_and_filter(browser)
            check_console(browser)
            if not phone:
                pathlib.Path(marker).touch()
                wait(browser, "the page says that the server is unreachable",
                     lambda: text(browser, "status") == "server unreachable")
        finally:
            browser.quit()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except AssertionError as error:
        sys.exit(f"drive_page: {error}")
