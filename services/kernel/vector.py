"""Places in the stream of all sources: how far each was read, and in which of its epochs."""

from collections.abc import Mapping
from typing import Annotated

import marshmallow as ma
import msgspec

from services.kernel.lists import decode_cursor, encode_cursor
from services.kernel.received import LAST_POSITION, SourcePosition
from services.kernel.validation import Wrong

Vector = Mapping[str, SourcePosition]
_Position = Annotated[int, msgspec.Meta(ge=0, le=LAST_POSITION)]
_Written = dict[str, tuple[str, _Position]]


def read_vector(text: str) -> dict[str, SourcePosition]:
    """The places that a cursor stands for, none for an empty one; refuses what is no cursor."""
    if not text:
        return {}
    try:
        written = msgspec.convert(decode_cursor(text), _Written)
    except (msgspec.ValidationError, ma.ValidationError) as error:
        raise Wrong("wrong-cursor", "Неизвестный курсор", "Unknown cursor") from error
    return {source: SourcePosition(epoch, position) for source, (epoch, position) in written.items()}


def write_vector(vector: Vector) -> str:
    return encode_cursor({source: [at.epoch, at.position] for source, at in sorted(vector.items())})
