"""Apps that talk to Steno at the same time, each in a thread of its own, and remember what they were answered."""

import http.client
import threading
import time
import uuid
from collections.abc import Callable

from .answers import question

PATH = "/v1/chat/completions"


class Load:
    """`answered`: by interaction id, when the whole answer was there. `threads`: of each, the ids in their order."""

    def __init__(self) -> None:
        self.answered: dict[str, float] = {}
        self.threads: dict[str, list[str]] = {}
        self.failures = 0
        self.slowest = 0.0
        self._stop = threading.Event()
        self._clients: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, host: str, clients: int = 3, count: int | None = None, text: Callable[[int], str] = str) -> None:
        self._stop.clear()
        self._clients = [
            threading.Thread(target=self._run, args=(host, str(uuid.uuid4()), count, text)) for _ in range(clients)
        ]
        for each in self._clients:
            each.start()

    def stop(self) -> None:
        self._stop.set()
        self.join()

    def join(self) -> None:
        for each in self._clients:
            each.join()

    def ended(self) -> set[str]:
        """What was answered, without each app's last: an exchange ends a moment after its answer does, and in any case before
        the next one on its connection."""
        with self._lock:
            return {ident for order in self.threads.values() for ident in order[:-1]}

    def _run(self, host: str, thread: str, count: int | None, text: Callable[[int], str]) -> None:
        connection = http.client.HTTPConnection(host, timeout=20)
        number = 0
        while not self._stop.is_set() and (count is None or number < count):
            number += 1
            # A model is no faster; without a pause a slow machine has more waiting than a kill may take.
            self._stop.wait(0.01)
            begin = time.monotonic()
            try:
                headers = {"content-type": "application/json", "x-steno-thread-id": thread}
                connection.request("POST", PATH, question(text(number)), headers)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                self.failures += 1
                return
            end = time.monotonic()
            if response.status != 200:
                self.failures += 1
                continue
            with self._lock:
                self.slowest = max(self.slowest, end - begin)
                ident = response.headers["x-steno-interaction-id"]
                self.answered[ident] = end
                self.threads.setdefault(thread, []).append(ident)
