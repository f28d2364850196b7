#!/usr/bin/env python3
"""Requests of 100 KB to 2 MB: agents send their whole history with each request.

Run in a copy of the benchmark (deploy/suite bench makes one in .build-bench). Prints CPU time per request for each size, and
per megabyte: the slope between the smallest and the largest size, which is what a byte costs once the request as such is paid.
`relay` (two sockets and a buffer, no HTTP) is the cost of a bare copy; nginx passes bodies on as they come here, as Steno does.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

sys.path.insert(0, os.getcwd())
import contestants as known

known.CONTESTANTS["nginx-bodies"] = known.nginx(loc="client_max_body_size 0; proxy_request_buffering off;") | dict(captures="nothing")
# bench.py is a program: all but its last line, which runs it, is what is needed of it.
exec(compile(open("bench.py").read().rsplit("main()", 1)[0], "bench.py", "exec"), globals())

SIZES = {"100 KB": 100_000, "500 KB": 500_000, "1 MB": 1_000_000, "2 MB": 2_000_000}


def history(size):
    """A conversation with tool calls and results, as a coding agent sends it, of about `size` bytes."""
    code = "def handle(request):\n    \"\"\"Reads the file and returns its lines.\"\"\"\n    return [line for line in open(request.path)]\n"
    messages = [{"role": "system", "content": "BENCH:n=0,pace=0,size=200; You are a coding agent."}]
    left, turn = size - 300, 0
    while left > 0:
        turn += 1
        call = {"id": f"call_{turn:08d}", "type": "function",
                "function": {"name": "read_file", "arguments": json.dumps({"path": f"src/part{turn}.py"})}}
        text = (code * 24)[: max(100, min(left, 2800))]
        messages += [{"role": "assistant", "content": None, "tool_calls": [call]},
                     {"role": "tool", "tool_call_id": call["id"], "content": text}]
        left -= len(json.dumps(messages[-2:], separators=(",", ":")))
    return json.dumps({"model": "gpt-4o-mini", "messages": messages}, separators=(",", ":"))


def main():
    global A, TMP, UPPID
    parser = argparse.ArgumentParser()
    parser.add_argument("--contestants", default="relay,nginx-bodies,steno-off,steno")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--out", default="results/bodies.json")
    A = parser.parse_args()
    A.pin, A.nice = True, 0
    os.makedirs("results", exist_ok=True)
    os.makedirs("logs", exist_ok=True)
    TMP = tempfile.mkdtemp(prefix="bodies-", dir=HERE)
    files = {}
    for name, size in SIZES.items():
        files[name] = f"{TMP}/{size}.json"
        open(files[name], "w").write(history(size))
    up = subprocess.Popen(["taskset", "-c", LOADCPU, BIN + "upstream", "-p", str(UP), "-t", str(UPT), "-c", HERE + "/cert.pem",
                           "-k", HERE + "/key.pem"], stderr=subprocess.DEVNULL)
    UPPID = up.pid
    time.sleep(0.5)
    names = A.contestants.split(",")
    taken = {name: {size: [] for size in SIZES} for name in names}
    peaks = {name: 0 for name in names}
    px = None
    try:
        for turn in range(A.rounds):
            for name in names:
                px = Proxy(name, list(known.CONTESTANTS).index(name))
                if not px.start():
                    continue
                for size, path in files.items():
                    load = ["wrk", "-t1", f"-c{A.connections}", f"-d{A.seconds}s", "--timeout", "20s", "-s", HERE + "/wrk.lua",
                            f"http://127.0.0.1:{px.port}/v1/chat/completions", "--", path]
                    result = measured(px, load, A.seconds + 40, peak=True)
                    done = result["load"].get("requests", 0) - result["load"].get("e_status", 0)
                    if done:
                        taken[name][size].append(result["cpu_s"] * 1e6 / done)
                    peaks[name] = max(peaks[name], result["peak_rss_kb"])
                px.stop()
                print(f"round {turn + 1} {name}: " + "  ".join(f"{s} {taken[name][s][-1]:,.0f} us" for s in SIZES if taken[name][s]), flush=True)
    finally:
        if px:
            px.stop()
        up.terminate()
        up.wait()
        shutil.rmtree(TMP, ignore_errors=True)
    json.dump(dict(cpu_us=taken, peak_rss_kb=peaks), open(A.out, "w"), indent=1)
    print(table_of(taken, peaks))


def table_of(taken, peaks):
    """The least disturbed round of each; a request's share is in the slope's denominator only."""
    first, last = list(SIZES)[0], list(SIZES)[-1]
    megabytes = (SIZES[last] - SIZES[first]) / 1e6
    rows = []
    for name, sizes in taken.items():
        if not all(sizes.values()):
            continue
        best = {size: min(values) for size, values in sizes.items()}
        slope = (best[last] - best[first]) / megabytes
        rows.append([name] + [f"{best[size]:,.0f}" for size in SIZES] + [f"{slope:,.0f}", f"{peaks[name] / 1024:,.0f}"])
    return table(rows, ["contestant"] + [f"{size}, us/request" for size in SIZES] + ["us/MB", "peak RSS MB"])


main()
