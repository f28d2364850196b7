"""Keeps a chat conversation in a file, for scripts that talk with curl.

conversation.py ask FILE TEXT [--stream]    adds a user message; prints the request body to post
conversation.py answer FILE < RESPONSE      adds the answer (JSON, or server-sent events); prints its text
"""

import json
import pathlib
import sys


def text_of(response: str) -> str:
    if not response.lstrip().startswith("data:"):
        return json.loads(response)["choices"][0]["message"]["content"]
    events = [line[5:].strip() for line in response.splitlines() if line.startswith("data:")]
    chunks = [json.loads(event) for event in events if event != "[DONE]"]
    return "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])


def main() -> None:
    action, file = sys.argv[1], pathlib.Path(sys.argv[2])
    messages = json.loads(file.read_text()) if file.exists() else []
    if action == "ask":
        messages.append({"role": "user", "content": sys.argv[3]})
        body = {"model": "gemma-3-270m", "messages": messages, "max_tokens": 48, "temperature": 0}
        if "--stream" in sys.argv:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        print(json.dumps(body))
    else:
        answer = text_of(sys.stdin.read())
        messages.append({"role": "assistant", "content": answer})
        print(answer.strip())
    file.write_text(json.dumps(messages))


if __name__ == "__main__":
    main()
