"""A Python client made of the OpenAPI document, as an integrator would make it."""

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

NAME = "reestr_client"


@contextmanager
def generated(document: Any, folder: Path) -> Iterator[ModuleType]:
    """The package; the generator must have nothing to complain of."""
    source = folder / "openapi.json"
    source.write_text(json.dumps(document))
    file = ConfigFile(post_hooks=[], content_type_overrides={"application/pdf": "application/octet-stream"})
    config = Config.from_sources(
        file,
        meta_type=MetaType.NONE,
        document_source=source,
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / NAME,
    )
    assert [f"{error.header} {error.detail}" for error in generate(config=config)] == []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(NAME)
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


class Client:
    """The generated functions by tag and operation."""

    def __init__(self, package: ModuleType, address: str, key: str, **httpx_args: Any) -> None:
        self._client = package.AuthenticatedClient(address, key, httpx_args=httpx_args)
        self._package = package.__name__

    def model(self, kind: str, /, **fields: Any) -> Any:
        return getattr(importlib.import_module(f"{self._package}.models"), kind).from_dict(fields)

    def __call__(self, tag: str, operation: str, *args: Any, **kwargs: Any) -> Any:
        function = importlib.import_module(f"{self._package}.api.{tag}.{operation}")
        return function.sync_detailed(*args, client=self._client, **kwargs)
