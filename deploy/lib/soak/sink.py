"""The soak's v4 sink: takes most, refuses some, loses its answer to others, and is away for a while now and then."""

import asyncio
import contextlib
import json
import random

from upstream import read_body, read_head, reset


class Sink:
    def __init__(self, seed: int) -> None:
        self.ids: set[str] = set()
        self.again = 0
        self.is_well = False
        self.is_away = False
        self._dice = random.Random(f"{seed}:sink")

    async def start(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024, limit=1 << 24)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._take(reader, writer):
                pass
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if self.is_away:
            return reset(writer)
        fields = await read_head(reader)
        body = await read_body(reader, fields)
        fate = 1.0 if self.is_well else self._dice.random()
        if fate < 0.02:
            return reset(writer)
        if fate < 0.05:
            return await self._answer(writer, "500 Internal Server Error")
        if fate < 0.08:
            return await self._answer(writer, "429 Too Many Requests", "retry-after: 1\r\n")
        id = json.loads(body)["operation_metadata"]["steno.interaction_id"]
        self.again += id in self.ids
        self.ids.add(id)
        if fate < 0.10:
            return reset(writer)
        if fate < 0.12:
            await asyncio.sleep(0.5)
        return await self._answer(writer, "200 OK")

    async def _answer(self, writer: asyncio.StreamWriter, status: str, more: str = "") -> bool:
        writer.write(f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{more}content-length: 2\r\n\r\n{{}}".encode())
        await writer.drain()
        return True
