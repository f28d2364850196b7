"""What one exchange of the soak is to be: drawn by a seeded dice, told to the upstream in a header, so that both ends know
every byte that should pass."""

import dataclasses
import json
import random

HEADER = "x-soak-plan"

# How an upstream may break: before its head, in the middle of its body, or in what it says.
UPSTREAM_FAULTS = ("reset_before_head", "close_before_head", "garbage_head", "silent", "reset_in_body", "close_in_body")
# How a client may leave, or be slow.
CLIENT_FAULTS = ("leave_in_upload", "leave_waiting", "leave_in_answer", "reset_in_answer")
SLOWNESS = ("slow_upload", "slow_reader")
FRAMINGS = ("length", "chunked", "events", "close")


@dataclasses.dataclass(frozen=True)
class Plan:
    seed: int
    upload: int
    upload_chunked: bool
    answer: int
    framing: str
    status: int
    upstream_fault: str = ""
    client_fault: str = ""
    slowness: str = ""

    @classmethod
    def draw(cls, dice: random.Random) -> "Plan":
        size = lambda: int(10 ** dice.uniform(0, dice.choice((3, 4, 5, 6))))  # noqa: E731
        fault = dice.random()
        return cls(
            seed=dice.getrandbits(31), upload=size(), upload_chunked=dice.random() < 0.3, answer=size(),
            framing=dice.choice(FRAMINGS), status=dice.choice((200,) * 8 + (429, 500)),
            upstream_fault=dice.choice(UPSTREAM_FAULTS) if fault < 0.12 else "",
            client_fault=dice.choice(CLIENT_FAULTS) if fault > 0.88 else "",
            slowness=dice.choice(SLOWNESS) if dice.random() < 0.05 else "",
        )  # fmt: skip

    @property
    def header(self) -> str:
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "Plan":
        return cls(**json.loads(text))

    @property
    def request_body(self) -> bytes:
        """A chat completion request of about the size that was drawn."""
        filler = noise(self.seed, self.upload)
        message = {"role": "user", "content": filler}
        return json.dumps({"model": "soak", "messages": [message], "stream": self.framing == "events"}).encode()

    @property
    def answer_body(self) -> bytes:
        filler = noise(self.seed + 1, self.answer)
        if self.framing != "events":
            return json.dumps({"choices": [{"message": {"role": "assistant", "content": filler}}]}).encode()
        pieces = [filler[at : at + 400] for at in range(0, len(filler), 400)]
        events = [json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]}) for piece in pieces]
        return "".join(f"data: {event}\n\n" for event in [*events, "[DONE]"]).encode()


def noise(seed: int, count: int) -> str:
    """Text that no two seeds share, made quickly."""
    unit = random.Random(seed).randbytes(24).hex()
    return (unit * (count // len(unit) + 1))[:count]
