"""What a template may load: assets held in memory and data URLs, nothing else."""

import mimetypes
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_SCHEME = "asset:"


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Serves `asset:<name>`; any other address stops the rendering."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._assets = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        name = url.removeprefix(_SCHEME)
        if not url.startswith(_SCHEME) or name not in self._assets:
            raise FatalURLFetchingError(f"address not allowed in a document: {url}")
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": media_type})
