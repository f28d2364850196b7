"""Steno as a process: the release binary with a configuration file of its own."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.parse
from typing import Any

from .collector import Collector
from .ports import free_port
from .waiting import eventually

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("STENO", str(ROOT / ".build/release/steno"))
# Its own settings only: what is set outside must not reach the binary under test.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("STENO") and k != "STATE_DIRECTORY"}


# Name and labels → value.
Metrics = dict[tuple[str, frozenset[tuple[str, str]]], float]


def command(*arguments: str, stdin: str = "", seconds: float = 30) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BINARY, *arguments], input=stdin, capture_output=True, text=True, timeout=seconds, env=ENVIRONMENT
    )


class Steno:
    def __init__(
        self, folder: pathlib.Path, settings: dict[str, Any], collector: Collector | None = None,
        environment: dict[str, str] | None = None,
    ):  # fmt: skip
        self.folder = folder
        self.environment = ENVIRONMENT | (environment or {})
        self.host = f"127.0.0.1:{free_port()}"
        self.console = f"127.0.0.1:{free_port()}"
        self.store = folder / "steno.db"
        self.log = folder / "steno.log"
        self.config = folder / "steno.conf"
        everything = {"listen": self.host, "console.listen": self.console, "store": f"sqlite:{self.store}"}
        if collector:
            key_file = folder / "key"
            key_file.write_text(Collector.KEY + "\n")
            everything |= {"sink.test.kind": "v4", "sink.test.url": collector.url, "sink.test.api_key_file": key_file}
        everything |= settings
        self.settings = everything
        self.configure({})
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--config", str(self.config)],
                stdout=log, stderr=log, cwd=self.folder, env=self.environment,
            )  # fmt: skip
        eventually("Steno is ready", self._is_ready)

    def _is_ready(self) -> bool:
        assert self.process and self.process.poll() is None, f"steno ended at start:\n{self.log.read_text()}"
        try:
            return self.get_console("/readyz")[0] == 200
        except OSError:
            return False

    def configure(self, settings: dict[str, Any]) -> None:
        """Writes the configuration file anew, with these settings changed; `None` takes one out."""
        self.settings = {k: v for k, v in {**self.settings, **settings}.items() if v is not None}
        self.config.write_text("".join(f"{k} = {v}\n" for k, v in self.settings.items()))

    def reload(self, settings: dict[str, Any]) -> str:
        """SIGHUP with other settings; what the log said of it."""
        self.configure(settings)
        before = len(self.log.read_bytes())
        assert self.process
        self.process.send_signal(signal.SIGHUP)

        def said() -> str:
            news = self.log.read_bytes()[before:].decode()
            return news if re.search(r"reloaded the configuration|the configuration can't be used", news) else ""

        return eventually("the reload is over", said)

    def stop(self, seconds: float = 20) -> int:
        """SIGTERM; the exit status."""
        return self._end(signal.SIGTERM, seconds)

    def kill(self) -> None:
        self._end(signal.SIGKILL, 10)

    def _end(self, number: int, seconds: float) -> int:
        process = self.process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"did not end within {seconds:g} s of signal {number}") from None
        finally:
            self.process = None

    def get_console(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.console, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command on this process's configuration and store."""
        return command(*arguments, "--config", str(self.config))

    def outbox(self, sink: str) -> dict[str, Any]:
        """A sink's state; the store knows of it once it is shipped to, which begins beside the first requests."""

        def find() -> dict[str, Any] | None:
            return next((s for s in json.loads(self.command("outbox", "--json").stdout) if s["sink"] == sink), None)

        return eventually(f"the store knows the sink {sink}", find)

    def files(self) -> dict[str, bytes]:
        """Everything that the process wrote, as it is now. The files that the test itself wrote are left out."""
        own = {self.config.name, "key"}
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.name not in own:
                with contextlib.suppress(FileNotFoundError):
                    found[path.name] = path.read_bytes()
        return found

    def metrics(self) -> Metrics:
        status, text = self.get_console("/metrics")
        assert status == 200
        found = {}
        for line in text.decode().splitlines():
            if match := re.fullmatch(r"([a-z_]+)(?:\{(.*)\})? (\S+)", line):
                labels = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
                found[match[1], labels] = float(match[3])
        return found

    def total(self, name: str, at: Metrics | None = None, **labels: str) -> float:
        """The sum of a metric over all labels but those given; `at`: of an earlier look instead of now."""
        return sum(
            value
            for (metric, has), value in (at or self.metrics()).items()
            if metric == f"steno_{name}" and set(labels.items()) <= has
        )

    def post(
        self, path: str, body: bytes, headers: dict[str, str] | None = None, timeout: float = 60
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            connection.request("POST", path, body, {"content-type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def address(self) -> tuple[str, int]:
        parts = urllib.parse.urlsplit(self.url)
        return parts.hostname or "", parts.port or 0
