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


def dialects(data: dict) -> list[str]:
    total = data["families"]["TOTAL"]
    n, faults = total["n"], []
    if total.get("missing"):
        faults.append(f"{total['missing']} of {n} interactions missing")
    for column in ("bytes", "headers", "v4"):
        if total.get(column, 0) != n:
            faults.append(f"{column}: {total.get(column, 0)} of {n} right")
    if total.get("wrong", 0) > n * 0.1:
        faults.append(f"{total['wrong']} of {n} wrong, which is more than one in ten")
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
