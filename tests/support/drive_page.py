"""Opens the page in Chromium, in the sizes of a desktop and of a phone. Prints what is wrong and exits with 1.

Usage: drive_page.py URL MARKER TOKEN [FOLDER]
The page must show the cameras "gate" (identities 1 and 2, persons) and "yard" (identity 1, a car). On the phone an area
"area 1" is drawn with the finger, on the desktop a line "door" with mouse and keys, and both are saved with the TOKEN
of an editor. The file MARKER is made when the server may end, which the page must notice. Screenshots are kept where a
FOLDER is given.
"""
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions import interaction
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
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
    browser.find_elements("css selector", ".camera .view")[1].send_keys(Keys.ENTER)  # a click may hit an identity
    wait(browser, "a chosen camera is larger",
         lambda: run("return document.querySelectorAll('.camera')[1].clientWidth") > 1.5 * small)
    buttons = browser.find_elements("css selector", "#filters button")
    check([button.text for button in buttons] == ["All", "gate", "yard"], "the filters of the gallery")
    buttons[2].click()
    wait(browser, "only the identities of the yard", lambda: [name for name, _ in run(GALLERY)] == ["car 1"])


NAMELESS = """
  const name = (element) => element.getAttribute('aria-label') || element.textContent.trim() ||
                            element.closest('label')?.textContent.trim() || element.placeholder || '';
  return [...document.querySelectorAll('button, input, svg[tabindex], circle[tabindex], canvas[role]')]
    .filter((element) => element.checkVisibility() && name(element) === '').map((element) => element.outerHTML);
"""
POINTS = "return [...document.querySelectorAll('.drawing .selected .point')].map((point) => point.getAttribute('aria-label'))"


def find(browser, selector, label=None):
    """The first visible element with this text."""
    for element in browser.find_elements("css selector", selector):
        if element.is_displayed() and label in (None, element.text):
            return element
    raise AssertionError(f"nothing is {selector} with the text {label}")


def message(browser, kind):
    return browser.execute_script("return document.querySelector(arguments[0]).textContent", f".panel .{kind}")


def begin_editing(browser):
    wait(browser, "zones can be drawn", lambda: find(browser, ".camera .edit").is_enabled())
    find(browser, ".camera .edit").click()
    wait(browser, "the picture to draw on", lambda: browser.execute_script(
        "return (document.querySelector('.stage .plain')?.naturalWidth ?? 0) > 0"))
    picture = browser.find_element("css selector", ".drawing")
    browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", picture)
    return picture


def tap(browser, picture, x, y, kind):
    """Touches the picture, or clicks on it, at shares of its width and height."""
    place = browser.execute_script("""
      const point = new DOMPoint(1000 * arguments[1], arguments[0].viewBox.baseVal.height * arguments[2]);
      const { x, y } = point.matrixTransform(arguments[0].getScreenCTM());
      return [Math.round(x), Math.round(y)];
    """, picture, x, y)
    actions = ActionBuilder(browser, mouse=PointerInput(kind, "pointer"))
    actions.pointer_action.move_to_location(*place)
    actions.pointer_action.pointer_down().pointer_up()
    actions.perform()


def save(browser, token):
    field = find(browser, ".panel input[type=password]")
    field.send_keys("not-the-token-of-an-editor")
    find(browser, ".panel button", "Save").click()
    wait(browser, "a wrong token is refused", lambda: "token" in message(browser, "problem"))
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(token)
    find(browser, ".panel button", "Save").click()
    wait(browser, "the zones are saved", lambda: message(browser, "hint").startswith("Saved."))
    check(message(browser, "problem") == "", "no problem is left: " + message(browser, "problem"))


def close_editor(browser, zone):
    find(browser, ".panel button", "Close").click()
    wait(browser, f"the zone {zone} counts", lambda: zone in browser.execute_script(
        "return [...document.querySelectorAll('.camera .zone-name b')].map((name) => name.textContent)"))


def draw_with_a_finger(browser, token):
    picture = begin_editing(browser)
    find(browser, ".panel button", "New area").click()
    for place in ((.2, .4), (.6, .4), (.6, .8), (.2, .4)):  # the last one closes the area
        tap(browser, picture, *place, interaction.POINTER_TOUCH)
    check(len(browser.execute_script(POINTS)) == 3, f"the points of the area: {browser.execute_script(POINTS)}")
    check_width(browser, "while zones are drawn")
    save(browser, token)


def draw_with_mouse_and_keys(browser, token):
    run = browser.execute_script
    picture = begin_editing(browser)
    find(browser, ".panel button", "New line").click()
    tap(browser, picture, .25, .3, interaction.POINTER_MOUSE)
    picture.send_keys(Keys.SHIFT, *8 * [Keys.ARROW_DOWN])  # from the middle to the lower edge, by .05 each
    picture.send_keys(Keys.ENTER)
    find(browser, ".panel button", "Done").click()
    check(run(POINTS) == ["line 1, point 1 of 2: 25 % from the left, 30 % from the top",
                          "line 1, point 2 of 2: 50 % from the left, 90 % from the top"], f"the line: {run(POINTS)}")
    name = find(browser, ".details input")
    name.send_keys(Keys.CONTROL, "a")
    name.send_keys("door", Keys.TAB)
    point = browser.find_element("css selector", ".drawing [data-point='1']")
    run("arguments[0].focus()", point)
    point.send_keys(*10 * [Keys.ARROW_RIGHT])
    check(run(POINTS)[1] == "door, point 2 of 2: 55 % from the left, 90 % from the top", f"moved by keys: {run(POINTS)}")
    browser.find_element("css selector", ".drawing [data-point='1']").send_keys(Keys.CONTROL, "z")
    check("50 % from the left" in run(POINTS)[1], f"undone: {run(POINTS)}")
    box = run("return document.querySelector('.drawing').getBoundingClientRect().toJSON()")
    handle = browser.find_element("css selector", ".drawing [data-point='0']")
    ActionChains(browser).drag_and_drop_by_offset(handle, 0, round(.2 * box["height"])).perform()
    check(run(POINTS)[0].endswith("50 % from the top"), f"dragged: {run(POINTS)}")
    find(browser, ".details button", "Add point").click()
    check(len(run(POINTS)) == 3, "a point was added")
    middle = browser.find_element("css selector", ".drawing [data-point='1']")
    run("arguments[0].focus()", middle)
    middle.send_keys(Keys.DELETE)
    check(len(run(POINTS)) == 2, "the point was deleted")
    find(browser, ".details button", "Delete zone").click()
    check("door" not in [choice.text for choice in browser.find_elements("css selector", ".names button")], "deleted")
    find(browser, ".panel button", "Undo").click()
    check(run(NAMELESS) == [], f"without a name for screen readers: {run(NAMELESS)}")
    save(browser, token)


def look_at_the_occupancy(browser):
    """The area that was drawn has a line in the chart, and a column in the table."""
    run = browser.execute_script
    wait(browser, "the chart of the area", lambda: run("return !document.getElementById('occupancy').hidden"))
    wait(browser, "a line of the area", lambda: run(CHART_COLORS, "chart-occupancy")[0] > 20)
    check(text(browser, "occupancy-legend") == "area 1", "the legend: " + text(browser, "occupancy-legend"))
    summary = browser.find_element("css selector", "#occupancy summary")
    run("arguments[0].scrollIntoView({ block: 'center' })", summary)
    summary.send_keys(Keys.ENTER)
    titles = run("return [...document.querySelectorAll('#occupancy-table th')].map((cell) => [cell.scope, cell.textContent])")
    check(titles[:3] == [["col", "Time"], ["col", "area 1"], ["row", "now"]], f"the table: {titles}")
    check(browser.find_element("css selector", "#occupancy-table td").text in ("0", "1", "2"), "a number in the table")
    check(text(browser, "occupancy-table").startswith("Objects inside each zone"), "the table's caption")
    check_width(browser, "with the table of occupancy")


def show_heat(browser):
    button = find(browser, ".camera .tools button", "Heat map")
    button.click()
    wait(browser, "the heat map is over the view",
         lambda: browser.execute_script("return (document.querySelector('.stage .heat')?.naturalWidth ?? 0) > 0"))
    button.click()
    check(browser.find_elements("css selector", ".stage .heat") == [], "the heat map is gone")


def look_at_an_identity(browser):
    run = browser.execute_script
    card = next(card for card in browser.find_elements("css selector", "#gallery .identity") if "person" in card.text)
    run("arguments[0].scrollIntoView({ block: 'center' })", card)
    card.click()
    wait(browser, "a picture of the identity",
         lambda: run("return (document.querySelector('dialog .views img')?.naturalWidth ?? 0) > 0"))
    check(run("return document.querySelector('#identity-title').textContent") == "person 1", "the title of the page")
    check(run("return document.querySelectorAll('dialog .visit canvas').length") == 1, "the way of the identity")
    check_width(browser, "the page of an identity")
    check(run(NAMELESS) == [], f"without a name for screen readers: {run(NAMELESS)}")
    find(browser, "dialog .cards .identity").click()  # the most similar one
    wait(browser, "the page of the similar identity",
         lambda: run("return document.querySelector('#identity-title').textContent") == "person 2")


def check_width(browser, what):
    widths = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    check(widths[0] <= widths[1], f"{what}: the page is {widths[0]} wide on a screen of {widths[1]}")


def check_console(browser):
    expected = ("getImageData", "api/zones - Failed to load resource: the server responded with a status of 403")
    lines = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
             and not any(text in entry["message"] for text in expected)]  # made by these checks
    check(lines == [], f"the console says: {lines}")


def main(url, marker, token, folder=None):
    for name, width, height, phone in (("phone", 360, 780, True), ("desk", 1440, 900, False)):
        browser = open_browser(width, height, phone)
        try:
            browser.get(url)
            look_at_everything(browser)
            check_width(browser, name)
            picture = (lambda what: browser.save_screenshot(str(pathlib.Path(folder) / f"{name}{what}.png"))
                       if folder else None)
            picture("")
            check(browser.execute_script(NAMELESS) == [], f"without a name: {browser.execute_script(NAMELESS)}")
            show_heat(browser)
            look_at_an_identity(browser)
            picture("-identity")
            find(browser, "dialog button", "Close").click()
            (draw_with_a_finger if phone else draw_with_mouse_and_keys)(browser, token)
            picture("-zones")
            close_editor(browser, "area 1" if phone else "door")
            look_at_the_occupancy(browser)
            picture("-occupancy")
            browser.execute_script("window.scrollTo(0, 0)")
            picture("-counts")
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
