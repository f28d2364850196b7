"""Planted keys, hunted for byte by byte in all that Steno lets out."""

import base64
import random
import string
import subprocess
from typing import Any

RUN = 12
"""A run of a key that is this long is a leak."""


def random_text(count: int, seed: str) -> str:
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=count))


def key(place: str) -> str:
    """A key of the shape that OpenAI gives out, another one for each place; made here, so that none lies in a file."""
    body = random_text(74, place)
    return f"sk-proj-{body}T3Blbk{'FJ'}{body[::-1]}"


def pieces(secret: str) -> list[bytes]:
    """Every run of twelve characters of the part that makes it secret, as it is and as it could be encoded."""
    body = secret.removeprefix("sk-proj-")
    found = []
    for start in range(len(body) - RUN + 1):
        run = body[start : start + RUN]
        plain = run.encode()
        found += [plain, run.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode()]
        found.append("".join(f"%{byte:02x}" for byte in plain).encode())
        # Twelve bytes are sixteen digits, wherever in a longer text they begin: each start is another run's.
        found.append(base64.b64encode(plain))
    return found


def leaks(secrets: dict[str, str], places: dict[str, bytes]) -> list[str]:
    return [
        f"key of the {name} in {place}"
        for name, secret in secrets.items()
        for needles in [pieces(secret)]
        for place, data in places.items()
        if any(piece in data for piece in needles)
    ]


PAGES = ("/metrics", "/healthz", "/readyz", "/", "/openapi.json", "/api/v1/interactions", "/api/v1/nothing")


def everywhere(steno: Any, collector: Any) -> dict[str, bytes]:
    """All that Steno has let out so far but the traffic itself."""
    pages = list(PAGES)
    for each in collector.interactions:
        pages.append(f"/v4/threads/{each['thread_id']}/messages")
        pages.append(f"/api/v1/interactions/{each['operation_metadata']['steno.interaction_id']}")
    answers = {f"console {path}": steno.get_console(path)[1] for path in pages}
    return {**steno.files(), **{f"v4 body {n}": b for n, b in enumerate(collector.bodies)}, **answers}


def shown(steno: Any, collector: Any) -> dict[str, bytes]:
    """What the commands tell of all that the sink has."""
    told = {"threads": steno.command("threads")}
    for each in collector.interactions:
        id = each["operation_metadata"]["steno.interaction_id"]
        told[f"show {id}"] = steno.command("show", id)
    return {name: output(run) for name, run in told.items()}


def output(run: subprocess.CompletedProcess[str]) -> bytes:
    assert run.returncode == 0, run.stderr
    return (run.stdout + run.stderr).encode()
