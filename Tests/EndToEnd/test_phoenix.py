"""Traces in a real receiver: Arize Phoenix, of the interpreter that `STENO_PHOENIX` names; `deploy/test` makes one with what
`phoenix-requirements.txt` says."""

import json
import os
import subprocess
import urllib.request

import pytest

from support.answers import completion_response, question
from support.ports import free_port
from support.waiting import eventually

PYTHON = os.environ.get("STENO_PHOENIX")
pytestmark = pytest.mark.skipif(not PYTHON, reason="STENO_PHOENIX names no interpreter that has arize-phoenix")
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Phoenix:
    def __init__(self, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = os.environ | {
            "PHOENIX_WORKING_DIR": str(folder), "PHOENIX_HOST": "127.0.0.1", "PHOENIX_PORT": self.url.split(":")[-1],
            "PHOENIX_GRPC_PORT": str(free_port()), "PHOENIX_TELEMETRY_ENABLED": "false",
        }  # fmt: skip
        self.log = folder / "phoenix.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PYTHON, "-m", "phoenix.server.main", "serve"], stdout=log, stderr=log, cwd=folder, env=environment
            )
        eventually("Phoenix answers", self._answers, 180)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            return urllib.request.urlopen(self.url + "/healthz", timeout=5).status == 200
        except OSError:
            return False

    def spans(self) -> list[dict]:
        try:
            with urllib.request.urlopen(self.url + "/v1/projects/default/spans?limit=100", timeout=10) as response:
                return json.load(response)["data"]
        except OSError:
            return []


@pytest.fixture
def phoenix(tmp_path):
    phoenix = Phoenix(tmp_path)
    yield phoenix
    phoenix.process.terminate()
    phoenix.process.wait(30)


def test_phoenix_takes_and_shows_the_traces(upstream, start_steno, phoenix):
    settings = {"sink.o.kind": "otlp", "sink.o.url": phoenix.url}
    steno = start_steno(upstream(lambda _: [completion_response("Paris")]).url, settings=settings)
    steno.post("/v1/chat/completions", question("capital of France?"), {"traceparent": PARENT})
    spans = eventually("the spans are there", lambda: s if len(s := phoenix.spans()) == 2 else None, 60)
    call = next(s for s in spans if s["name"] == "chat scripted")
    assert call["context"]["trace_id"] == PARENT.split("-")[1] and call["parent_id"] == PARENT.split("-")[2]
    said = call["attributes"]
    assert said["gen_ai.operation.name"] == "chat" and "Paris" in json.dumps(said["gen_ai.output.messages"])
    step = next(s for s in spans if s is not call)
    assert (step["name"], step["parent_id"]) == ("connect", call["context"]["span_id"])
    assert steno.total("interactions_delivered_total", sink="o") == 1
    assert steno.total("sink_rejected_parts_total") == 0
