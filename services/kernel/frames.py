"""How a service and the processes that do its heavy work talk: length-prefixed frames over a socket."""

import socket
import struct

_LENGTH = struct.Struct(">I")
LARGEST_FRAME = 64 * 1024 * 1024
_CHUNK = 256 * 1024


def send(peer: socket.socket, payload: bytes) -> None:
    peer.sendall(_LENGTH.pack(len(payload)))
    peer.sendall(payload)


def receive(peer: socket.socket) -> bytes:
    """One frame; EOFError when the peer is gone."""
    (length,) = _LENGTH.unpack(_exactly(peer, _LENGTH.size))
    if length > LARGEST_FRAME:
        raise EOFError(f"a frame of {length} bytes is none of ours")
    return _exactly(peer, length)


def _exactly(peer: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        chunk = peer.recv(min(count - len(received), _CHUNK))
        if not chunk:
            raise EOFError("the peer is gone")
        received += chunk
    return bytes(received)
