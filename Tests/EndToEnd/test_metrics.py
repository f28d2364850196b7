"""What /metrics says is what dashboard and alert rules ask for."""

import json
import re

from support.answers import completion_response, question, stream, text_events
from support.steno import ROOT
from support.waiting import eventually

PATH = "/v1/chat/completions"
USAGE = {"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 11, "total_tokens": 81}}
FILES = ("grafana/steno.json", "prometheus/alerts.yml")
NAMES = r"\b((?:steno|gen_ai)_\w+?_(?:total|bucket|count|lag_seconds|backlog|waiting|bytes|info))\b"

# There once a sink refuses something, in whole or in part, or filters it, or something is dropped or gone.
LATER = {
    "steno_interactions_dead_total",
    "steno_interactions_filtered_total",
    "steno_sink_rejected_parts_total",
    "steno_account_dead_total",
    "steno_account_dropped_total",
    "steno_account_gone_total",
}


def answer(request):
    if json.loads(request.body).get("stream"):
        *events, end = text_events("a", "b")
        return stream([*events, b"data: " + json.dumps(USAGE).encode() + b"\n\n", end])
    return [completion_response("fine")]


def test_dashboard_and_rules_find_every_metric(upstream, collector, start_steno):
    steno = start_steno(upstream(answer).url, collector)
    steno.post(PATH, question("my key is ghp_" + "aB3dE5gH7jK9" * 3))
    steno.post(PATH, question("and now?", stream=True))
    collector.wait_for(2)
    eventually("delivered", lambda: steno.total("interactions_delivered_total", sink="test") == 2)
    last_of_all = "gen_ai_server_time_per_output_token_seconds_count"
    eventually("counted", lambda: any(name == last_of_all for name, _ in steno.metrics()))

    text = steno.get_console("/metrics")[1].decode()
    said = set(re.findall(r"^([a-z_]+)", text, re.MULTILINE))
    helped = set(re.findall(r"^# HELP (\S+)", text, re.MULTILINE))
    typed = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    assert typed == helped, "each says what it is"
    for file in FILES:
        queries = (ROOT / "deploy" / file).read_text()
        asked = set(re.findall(NAMES, queries))
        assert asked - LATER <= said, file

    metrics = steno.metrics()
    call = {"gen_ai_operation_name": "chat", "gen_ai_provider_name": "openai", "gen_ai_request_model": "scripted"}
    usage = {**call, "gen_ai_response_model": "scripted", "gen_ai_token_type": "output"}
    assert metrics["gen_ai_client_token_usage_sum", frozenset(usage.items())] == 3 + 11
    assert metrics["gen_ai_client_token_usage_bucket", frozenset({**usage, "le": "4"}.items())] == 1
    assert metrics["gen_ai_client_token_usage_bucket", frozenset({**usage, "le": "16"}.items())] == 2
    first = frozenset({**call, "gen_ai_response_model": "scripted"}.items())
    assert metrics["gen_ai_server_time_to_first_token_seconds_count", first] == 1
    assert steno.total("interactions_dropped_total", reason="inbox_full", at=metrics) == 0


def test_models_that_an_app_makes_up_do_not_become_series_without_end(upstream, start_steno):
    steno = start_steno(upstream(answer).url)
    for n in range(260):
        body = json.loads(question("hi")) | {"model": f"made-up-{n}", "stream": True}
        steno.post(PATH, json.dumps(body).encode())
    eventually("recorded", lambda: steno.total("interactions_recorded_total") == 260)
    calls = [dict(labels) for (name, labels) in steno.metrics() if name.startswith("gen_ai")]
    models = {labels["gen_ai_request_model"] for labels in calls}
    assert "other" in models and len(models) <= 201
