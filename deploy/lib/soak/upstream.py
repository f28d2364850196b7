"""The soak's upstream: answers as each request's plan says, and keeps count of what it was sent."""

import asyncio
import contextlib
import socket
import struct

from plan import HEADER, Plan

GARBAGE = b"\x16\x03\x01 this is no HTTP\r\n\r\n"


class Upstream:
    def __init__(self) -> None:
        self.requests = 0
        self.wrong: list[str] = []

    async def start(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024, limit=1 << 20)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._exchange(reader, writer):
                pass
        writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection may be used again."""
        fields = await read_head(reader)
        plan = Plan.parse(fields[HEADER])
        self.requests += 1
        body = await read_body(reader, fields)
        if body != plan.request_body:
            self.wrong.append(f"the upstream got {len(body)} bytes that are not those of plan {plan}")
        match plan.upstream_fault:
            case "reset_before_head":
                return reset(writer)
            case "close_before_head":
                return False
            case "garbage_head":
                writer.write(GARBAGE)
                await writer.drain()
                return False
            case "silent":
                await asyncio.sleep(30)
                return False
        return await self._answer(plan, writer)

    async def _answer(self, plan: Plan, writer: asyncio.StreamWriter) -> bool:
        body = plan.answer_body
        kind = "text/event-stream" if plan.framing == "events" else "application/json"
        framing = {"length": f"content-length: {len(body)}\r\n", "close": "connection: close\r\n"}.get(
            plan.framing, "transfer-encoding: chunked\r\n"
        )
        writer.write(f"HTTP/1.1 {plan.status} Soaked\r\ncontent-type: {kind}\r\n{framing}\r\n".encode())
        is_chunked = plan.framing in ("chunked", "events")
        end = len(body) // 2 if plan.upstream_fault else len(body)
        for at in range(0, end, 7000):
            piece = body[at : min(at + 7000, end)]
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
            await writer.drain()
            if plan.framing == "events":
                await asyncio.sleep(0.001)
        if plan.upstream_fault == "reset_in_body":
            return reset(writer)
        if plan.upstream_fault == "close_in_body":
            return False
        if is_chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return plan.framing != "close"


def reset(writer: asyncio.StreamWriter) -> bool:
    """Ends the connection with RST. False, for `_exchange`."""
    opened: socket.socket = writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def read_head(reader: asyncio.StreamReader) -> dict[str, str]:
    """The fields, by lower-case name; the start line as `:start`."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.rstrip("\r\n").split("\r\n")
    return {":start": start} | {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}


async def read_body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    if "chunked" not in fields.get("transfer-encoding", ""):
        return await reader.readexactly(int(fields.get("content-length", 0)))
    body = bytearray()
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return bytes(body)
