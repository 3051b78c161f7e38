"""The interactive page in headless Chromium."""

import re

from common import HANG, check, equal, export, finish, need, skip

chromium = need("chromium", "chromium")
driver_path = need("chromedriver", "chromium-driver")
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    skip("python3-selenium is not installed")

page = export(HANG, "html", "hang.html")
text = open(page, encoding="utf-8").read()
check(not re.search(r'(src|href)="(?!data:)', text) and "url(" not in text and "@import" not in text,
      "the page loads nothing")

options = Options()
options.binary_location = chromium
for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
    options.add_argument(argument)
options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
try:
    driver = webdriver.Chrome(service=Service(driver_path), options=options)
except Exception as error:
    skip("Chromium does not start here: %s" % str(error).splitlines()[0])


def size(width, height):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})


def run(script):
    return driver.execute_script("return " + script)


def where():
    return driver.find_element(By.ID, "where").text


def now():
    return driver.find_element(By.ID, "now").text


def press(*keys):
    for key in keys:
        driver.find_element(By.TAG_NAME, "body").send_keys(key)


def state_of(node):
    for card in driver.find_elements(By.CSS_SELECTOR, "#states .state"):
        if card.text.startswith(node):
            return card
    return None


try:
    size(1280, 900)
    driver.get("file://" + page)
    check(where().startswith("step 0 of 14"), "it begins before the first step: " + where())
    check(not driver.find_element(By.ID, "back").is_enabled(), "there is no way back from the beginning")

    # By key, by button, by pointer.
    press(Keys.ARROW_RIGHT)
    check(where().startswith("step 1 of"), "→ steps on: " + where())
    check("reboots" in now(), "the first step is the fault: " + now())
    check("is down" in state_of("headnode").text, "the NAT's card says that it is down")
    driver.find_element(By.ID, "on").click()
    driver.find_element(By.ID, "on").click()
    check(where().startswith("step 3 of"), "the button steps on: " + where())
    check("draws ISN 2000000000" in now(), "the SYN's number is drawn: " + now())
    news = [cell.text for cell in state_of("clientA").find_elements(By.CSS_SELECTOR, ".new")]
    check("SYN_SENT" in news and "2000000001" in news, "what changed is marked: %s" % news)
    check(not state_of("nfs").find_elements(By.CSS_SELECTOR, ".new"), "what did not change is not")
    check("10.1.0.1:903 > 1.2.3.9:2049 S 2000000000" in driver.find_element(By.ID, "links").text, "the SYN is on the link")
    equal(len(driver.find_elements(By.CSS_SELECTOR, ".drawing:not([hidden]) .packet.flying")), 1, "packets on their way")
    press(Keys.ARROW_LEFT)
    check(where().startswith("step 2 of"), "← steps back: " + where())
    for _ in range(6):
        press(Keys.ARROW_RIGHT)
    check("INVALID" in now() and "leak" in now() and "out-of-window" in now() and "linux-2.6.18.toml:" in now(),
          "the leak, with its rule and source: " + now())
    equal(len(driver.find_elements(By.CSS_SELECTOR, ".drawing:not([hidden]) .packet.leaked.now .cross")), 1,
          "crosses at the packet that leaks now")

    # The lasso goes round.
    press("l")
    check("loop, round 1" in where(), "l leads to the loop: " + where())
    press(Keys.END, Keys.ARROW_RIGHT)
    check("loop, round 2" in where(), "beyond the end it goes round: " + where())
    press(Keys.ARROW_LEFT)
    check("step 14 of 14" in where() and "round 1" in where(), "and back: " + where())
    press(Keys.HOME)
    check(where().startswith("step 0"), "Home leads to the beginning: " + where())

    # Time to scale: every round is there, and gaps are as long as time.
    press("t")
    check(where().endswith("of 44"), "all rounds are there: " + where())
    rows = run("[...document.querySelectorAll('.drawing:not([hidden]) .row')].map(r => +r.getAttribute('y'))")
    check(rows == sorted(rows) and rows[1] - rows[0] > 1000, "180 s of silence are long: %s" % rows[:3])
    press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    box = run("(() => { const r = document.querySelector('.drawing:not([hidden]) .row.now').getBoundingClientRect(); return [r.top, r.bottom] })()")
    check(0 <= box[0] and box[1] <= 900, "the step is in sight there as well: %s" % box)
    press("t")
    check(where().endswith("181 s") and "of 14" in where(), "and folded again, at the same step: " + where())

    # Without a mouse: everything can be reached with Tab, and seen.
    reached = set()
    for _ in range(12):
        press(Keys.TAB)
        reached.add(run("document.activeElement.id"))
    check({"first", "on", "loop", "scale", "theme", "chart"} <= reached, "Tab reaches all buttons: %s" % reached)

    # Light and dark.
    before = run("getComputedStyle(document.body).backgroundColor")
    press("d")
    after = run("getComputedStyle(document.body).backgroundColor")
    check(before != after, "d changes between light and dark: %s" % after)

    for width in (320, 400, 768, 1280):
        size(width, 800)
        driver.get("file://" + page)
        press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        wide = run("document.documentElement.scrollWidth")
        check(wide <= width, "no horizontal overflow at %d px: %d" % (width, wide))
        box = run("(() => { const r = document.querySelector('.row.now').getBoundingClientRect(); return [r.top, r.bottom] })()")
        check(0 <= box[0] and box[1] <= 800, "the step is in sight at %d px: %s" % (width, box))
    errors = [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    equal(errors, [], "console errors")
finally:
    driver.quit()
finish()
