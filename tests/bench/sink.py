"""A receiver of posts that does as little as will do: `python -m tests.bench.sink <port>`."""

import asyncio
import json
import sys

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        writer.write(_answer(await reader.readexactly(length)))


def _answer(body: bytes) -> bytes:
    if b"WebhookChallenged" not in body:
        return EMPTY
    challenge = json.loads(body)["data"]["challenge"].encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(challenge), challenge)


async def main() -> None:
    async with await asyncio.start_server(take, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
