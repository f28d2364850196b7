"""Judges a suite's result file: exit 0 if Steno did what it must, 1 if not.

judge.py SUITE FILE…
"""

import json
import pathlib
import sys


def proxy(data: dict) -> list[str]:
    results = data["results"]
    faults = [
        f"{r['id']}: {r['message']}" for r in results if r["level"] == "MUST" and r["result"] in ("FAIL", "ERROR")
    ]
    return faults + down(data)


def down(data: dict) -> list[str]:
    return [f"down after {r['id']}: {r['message']}" for r in data["results"] if r["down"]]


# How many cases of a level must pass; deploy/docs/conformance.md tells of those that don't.
LEAST = {"SHOULD": 38, "PROMISE": 125}


def proxy_all(data: dict) -> list[str]:
    faults = proxy(data)
    for level, least in LEAST.items():
        results = [r for r in data["results"] if r["level"] == level]
        failed = [r["id"] for r in results if r["result"] != "PASS"]
        if len(results) - len(failed) < least:
            faults.append(
                f"{level}: {len(results) - len(failed)} of {len(results)} pass, at least {least} must; not: {', '.join(failed)}"
            )
    return faults


# Where the kernel decides: deploy/docs/conformance.md says how.
UNSTABLE = {"backpressure-down"}


def proxy_again(runs: list[dict]) -> list[str]:
    """Cases whose verdict is not the same in all runs."""
    verdicts: dict[str, list[str]] = {}
    for data in runs:
        for r in data["results"]:
            verdicts.setdefault(r["id"], []).append(r["result"])
    return [
        f"{id}: {', '.join(found)}"
        for id, found in verdicts.items()
        if id not in UNSTABLE and (len(set(found)) > 1 or len(found) < len(runs))
    ]


# Recordings where the suite expects otherwise, the fields it means, and why Steno is right.
EXPLAINED = {
    # It takes only `complete` or `upstream_failed` for a 200 stream that holds an error event. Steno says
    # `error_in_stream`: the transport was whole and the answer was not, which neither of those two tells.
    "groq.chat_c09c6c7f": {"steno.outcome"},
    "openai.responses_af5c586e": {"steno.outcome"},
    # Arguments come in pieces (`partialArgs`), which its oracle leaves as calls without a name.
    "gemini.generateContent_2adadc40": {"output.tool_calls"},
    "gemini.generateContent_c0832580": {"output.tool_calls"},
    # Two generations side by side, which its oracle writes behind one another as one.
    "bedrock.invoke-stream_8974c74b": {"quest", "output.response"},
}


def faults_of(result: dict) -> list[str]:
    """What differs from what the vendor's SDK makes of a recording; a question counts as a difference."""
    faults = [result["verdict"]] if result["verdict"] not in ("exact", "no-or") else []
    for field, verdict in result["derived"].items():
        if verdict != "pass":
            faults.append(field)
    faults += [column for column in ("bytes", "headers", "v4") if result[column]]
    return [fault for fault in faults if fault not in EXPLAINED.get(result["id"], ())]


def dialects(data: dict) -> list[str]:
    faults = {r["id"]: found for r in data["results"] if (found := faults_of(r))}
    n = len(data["results"])
    print(f"dialects: {n - len(faults)} of {n} right")
    return [f"{id}: {', '.join(found)}" for id, found in faults.items()]


def dialects_all(data: dict) -> list[str]:
    return []


def delivery(data: list) -> list[str]:
    return [f"{r['name']}: {r['message']}" for r in data if r["result"] == "FAIL"]


# How many of a hundred planted secrets may leak, with secrets and personal data on; and of harmless texts be touched.
MOST_LEAKED = {"token": 3, "pii": 10, "wrap": 0.5, "split": 0.5, "encoded": 0.5}
MOST_TOUCHED = 3


def redaction(data: dict) -> list[str]:
    faults = []
    for tier, (count, leaked, _, missing) in data["tiers"].items():
        if leaked * 100 > MOST_LEAKED[tier] * count:
            faults.append(f"{tier}: {leaked} of {count} leaked, at most {MOST_LEAKED[tier]} % may")
        if missing:
            faults.append(f"{tier}: {missing} of {count} never came out")
    if data["fp"] * 100 > MOST_TOUCHED * data["benign"]:
        faults.append(f"{data['fp']} of {data['benign']} harmless texts touched, at most {MOST_TOUCHED} % may be")
    return faults


SUITES = {
    "redaction": redaction,
    "proxy": proxy,
    "proxy-all": proxy_all,
    "dialects": dialects,
    "dialects-all": dialects_all,
    "delivery": delivery,
}


def main() -> None:
    suite, *files = sys.argv[1:]
    try:
        results = [json.loads(pathlib.Path(file).read_text()) for file in files]
    except OSError:
        sys.exit(f"{suite}: the suite ended without a result")
    if suite == "proxy-all-again":
        faults = proxy_again(results)
        print(f"{len(results[0]['results']) - len(faults)} cases came to the same verdict in {len(files)} runs")
    else:
        faults = [fault for result in results for fault in SUITES[suite](result)]
    for fault in faults[:20]:
        print(f"{suite}: {fault}")
    if len(faults) > 20:
        print(f"{suite}: and {len(faults) - 20} more")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
