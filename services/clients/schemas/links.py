"""Addresses of pages."""

import re
from typing import Any

from services.kernel.schemas import Text
from services.kernel.validation import Wrong

_LINK = re.compile(r"https?://[^\s<>\"/?#@\\]+([/?#][^\s<>\"]*)?")


class WebLink(Text):
    """An address that a browser may be sent to; empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not _LINK.fullmatch(text):
            raise Wrong("wrong-link", "Нужен адрес http:// или https://", "Must be an http:// or https:// address")
        return text
