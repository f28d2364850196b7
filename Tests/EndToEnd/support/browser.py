"""Debian's chromium, without a window."""

import contextlib
import pathlib
from collections.abc import Iterator
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from .waiting import eventually


class Browser:
    def __init__(self, driver: webdriver.Chrome):
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """The element, once it is there and shown."""

        def shown() -> WebElement | None:
            return next((element for element in self.all(css) if element.is_displayed()), None)

        return eventually(f"{css} is shown", shown)

    def texts(self, css: str) -> list[str]:
        """As they are read out: folded and clipped parts too."""
        return self.js("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", css)

    def see(self, css: str, text: str) -> None:
        eventually(f"{css} says {text!r}: {self.texts(css)}", lambda: any(text in each for each in self.texts(css)))

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """What the page's console has of errors since it was asked last."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] in {"SEVERE", "WARNING"}]

    def picture(self, file: pathlib.Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(file))

    def color_scheme(self, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@contextlib.contextmanager
def browser(folder: pathlib.Path) -> Iterator[Browser]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,920",
        "--force-device-scale-factor=1", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
        f"--user-data-dir={folder}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(30)
    driver.set_script_timeout(30)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
