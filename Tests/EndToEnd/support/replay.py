"""Recorded exchanges of many vendors, told again by an upstream: in ../shared/corpus where that is there."""

import base64
import dataclasses
import json
import os
import pathlib
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from .collector import Collector
from .steno import ROOT, Steno
from .upstream import LAST_CHUNK, Request, Script, Step, Upstream, chunk, response
from .waiting import eventually

CORPUS = pathlib.Path(os.environ.get("STENO_SHARED", ROOT.parent / "shared")) / "corpus"
# What belongs to one connection, or says how the recorded body was framed.
_FRAMING = {"transfer-encoding", "content-length", "connection", "keep-alive"}

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no recordings at {CORPUS}")


@dataclasses.dataclass(frozen=True)
class Recording:
    id: str
    method: str
    path: str
    # `None` where it is not JSON.
    request: Any
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    # How the oracle came about.
    oracle_method: str

    @property
    def marks(self) -> dict[str, str]:
        """Request headers: which recording to tell, and how to find its interaction."""
        return {"x-replay-id": self.id, "x-steno-metadata": f"replay={self.id}"}


def _read(id: str, entry: dict[str, Any]) -> Recording:
    told = json.loads((CORPUS / f"recordings/{id}.json").read_text())
    request, answer = told["request"], told["response"]
    try:
        document = json.loads(base64.b64decode(request["body_b64"]) or b"null")
    except ValueError:
        document = None
    headers = [(k, " ".join(v.split())) for k, v in answer["headers"] if k.lower() not in _FRAMING]
    body = base64.b64decode(answer["body_b64"])
    return Recording(
        id, request["method"], request["path"], document, answer["status"], headers, body, entry.get("method") or ""
    )


def recordings(*families: str, streamed: bool, most: int = 8, oracle: str = "") -> list[Recording]:
    """Good answers of these families, the same ones each time; `oracle`: only where it came about so."""
    if not CORPUS.is_dir():
        return []
    index = json.loads((CORPUS / "oracle_index.json").read_text())
    wanted = sorted(
        id
        for id, entry in index.items()
        if entry["ok"] and entry["streamed"] == streamed and id.rpartition("_")[0] in families
        and (not oracle or entry["method"] == oracle) and "error event" not in entry["method"]
    )  # fmt: skip
    random.Random("replay").shuffle(wanted)
    return [r for r in (_read(id, index[id]) for id in wanted) if r.status < 400][:most]


def cases(*families: str, **options: Any) -> list[Any]:
    """For `parametrize`."""
    return [pytest.param(recording, id=recording.id) for recording in recordings(*families, **options)]


def replay(recordings: Iterable[Recording]) -> Script:
    """Answers with the recording that `x-replay-id` names, cut at random places."""
    known = {r.id: r for r in recordings}

    def script(request: Request) -> Iterable[Step]:
        recording = known.get(request.header("x-replay-id") or "")
        if recording is None:
            yield response(b'{"error":"no such recording"}', status="404 Not Found")
            return
        lines = [f"{k}: {v}\r\n" for k, v in recording.headers]
        yield "".join([f"HTTP/1.1 {recording.status} OK\r\n", *lines, "transfer-encoding: chunked\r\n\r\n"]).encode(
            "latin-1"
        )
        dice, at = random.Random(recording.id), 0
        while at < len(recording.body):
            size = dice.choice((1, 16, 200, 4000))
            yield chunk(recording.body[at : at + size])
            at += size
        yield LAST_CHUNK

    return script


class Replayed:
    """A Steno whose upstream tells recordings again."""

    def __init__(self, steno: Steno, collector: Collector):
        self.url = steno.url
        self._collector = collector

    def interaction(self, recording: Recording, outcome: str = "complete") -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            for interaction in list(self._collector.interactions):
                if interaction["operation_metadata"].get("replay") == recording.id:
                    return interaction
            return None

        interaction = eventually(f"the interaction of {recording.id}", found)
        assert not self._collector.violations, self._collector.violations
        assert interaction["operation_metadata"]["steno.outcome"] == outcome
        assert interaction["operation_status"] == ("SUCCESS" if outcome == "complete" else "ERROR")
        return interaction


def replaying(recordings: Iterable[Recording], folder: pathlib.Path) -> Iterator[Replayed]:
    """A fixture's body."""
    collector, upstream = Collector(), Upstream(replay(recordings))
    # What is redacted would differ from what the SDK saw.
    settings = {"upstream": upstream.url, "presets": "off", "redact.detect.secrets": "keep", "capture.media": "keep"}
    steno = Steno(folder, settings, collector)
    yield Replayed(steno, collector)
    assert steno.stop() == 0
    upstream.close()
    collector.down()
