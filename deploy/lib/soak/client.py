"""The soak's clients: send what their plans say, leave when they say so, and hold every answer against its plan."""

import asyncio
import collections
import random
import time

from plan import HEADER, Plan
from upstream import read_head, reset

# What an upstream's fault may come to, as seen by the app.
OWN_ERRORS = {"upstream_unreachable", "upstream_broken", "upstream_timed_out"}


class Clients:
    def __init__(self, host: str, port: int, seed: int) -> None:
        self.host, self.port, self.seed = host, port, seed
        # Requests whose whole head was sent, and those whose answer's head came.
        self.sent = self.answered = 0
        self.ends: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self.is_over = False

    async def run(self, number: int) -> None:
        await asyncio.gather(*(self._client(index) for index in range(number)))

    async def _client(self, index: int) -> None:
        dice = random.Random(f"{self.seed}:{index}")
        connection, count = None, 0
        while not self.is_over:
            plan = Plan.draw(dice)
            begin = time.monotonic()
            try:
                if connection is None:
                    count = 0
                    connection = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
                end, is_kept = await asyncio.wait_for(self._exchange(plan, *connection), 60)
            except TimeoutError:
                self.wrong.append(f"nothing came for a minute: {plan}")
                end, is_kept = "hung", False
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                end, is_kept = self._broken(plan, error, f"{count} before, {time.monotonic() - begin:.3f} s"), False
            self.ends[end] += 1
            count += 1
            if not is_kept and connection:
                connection[1].close()
                connection = None
            if dice.random() < 0.02:
                await asyncio.sleep(dice.random())
        if connection:
            connection[1].close()

    def _broken(self, plan: Plan, error: Exception, when: str) -> str:
        """`when`: how many exchanges the connection had before, and how long this one took."""
        if plan.upstream_fault or plan.client_fault:
            return "broken off, as planned"
        self.wrong.append(f"broken off without a reason ({type(error).__name__}; {when}): {plan}")
        return "broken off"

    async def _exchange(
        self, plan: Plan, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, bool]:
        """What became of it, and whether the connection may be used again."""
        await self._send(plan, writer)
        if plan.client_fault == "leave_in_upload":
            reset(writer)
            return "left in the upload", False
        if plan.client_fault == "leave_waiting":
            return "left before the answer", False
        fields = await read_head(reader)
        self.answered += 1
        if own := fields.get("x-steno-error"):
            if not plan.upstream_fault:
                self.wrong.append(f"{own} without a reason: {plan}")
            elif own not in OWN_ERRORS:
                self.wrong.append(f"{own} for {plan}")
            await reader.readexactly(int(fields["content-length"]))
            return own, "close" not in fields.get("connection", "")
        return await self._receive(plan, fields, reader, writer)

    async def _send(self, plan: Plan, writer: asyncio.StreamWriter) -> None:
        body = plan.request_body
        framing = "transfer-encoding: chunked" if plan.upload_chunked else f"content-length: {len(body)}"
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: soak\r\n{HEADER}: {plan.header}\r\n"
        writer.write(f"{head}content-type: application/json\r\n{framing}\r\n\r\n".encode())
        self.sent += 1
        end = len(body) // 2 if plan.client_fault == "leave_in_upload" else len(body)
        step = max(1, end // 5) if plan.slowness == "slow_upload" else 50_000
        for at in range(0, end, step):
            piece = body[at : min(at + step, end)]
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if plan.upload_chunked else piece)
            await writer.drain()
            if plan.slowness == "slow_upload":
                await asyncio.sleep(0.2)
        if plan.upload_chunked and end == len(body):
            writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _receive(
        self, plan: Plan, fields: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, bool]:
        expected = plan.answer_body
        got = bytearray()
        try:
            async for piece in pieces(reader, fields):
                got += piece
                if plan.client_fault.endswith("in_answer") and len(got) * 3 >= len(expected):
                    if plan.client_fault == "reset_in_answer":
                        reset(writer)
                    return "left in the answer", False
                if plan.slowness == "slow_reader":
                    await asyncio.sleep(0.05)
        finally:
            if not expected.startswith(got):
                self.wrong.append(f"other bytes than the upstream sent, of {len(got)}: {plan}")
        is_whole = len(got) == len(expected)
        if plan.framing == "close":
            # Where the upstream's connection ends in good order, nothing tells such an answer's end from a broken one's.
            if not is_whole and plan.upstream_fault != "close_in_body":
                self.wrong.append(f"an orderly end after {len(got)} of {len(expected)} bytes: {plan}")
            return "complete", False
        if not is_whole:
            self.wrong.append(f"an end after {len(got)} of {len(expected)} bytes: {plan}")
        return "complete", "close" not in fields.get("connection", "")


async def pieces(reader: asyncio.StreamReader, fields: dict[str, str]):
    """The body as it comes; raises where it breaks off."""
    if "chunked" in fields.get("transfer-encoding", ""):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            yield await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    elif "content-length" in fields:
        left = int(fields["content-length"])
        while left:
            piece = await reader.read(min(left, 65536))
            if not piece:
                raise asyncio.IncompleteReadError(piece, left)
            left -= len(piece)
            yield piece
    else:
        while piece := await reader.read(65536):
            yield piece
