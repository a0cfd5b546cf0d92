import pytest
from weasyprint.urls import FatalURLFetchingError

from services.documents.adapters.pdf.fetcher import AssetFetcher


@pytest.fixture
def fetcher(tmp_path):
    (tmp_path / "print.css").write_text("p { color: red }")
    return AssetFetcher(tmp_path)


def test_an_asset_is_served_from_memory(fetcher, tmp_path):
    (tmp_path / "print.css").unlink()
    response = fetcher("asset:print.css")
    assert (response.read(), response.content_type) == (b"p { color: red }", "text/css")


def test_a_data_address_is_served(fetcher):
    assert fetcher("data:text/plain,hello").read() == b"hello"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/v1/clients",
        "https://example.com/logo.png",
        "ftp://example.com/x",
        "asset:../engine.py",
        "asset:no-such.css",
        "DATA:text/plain,x",
        "relative.png",
    ],
)
def test_any_other_address_stops_the_document(fetcher, url):
    with pytest.raises(FatalURLFetchingError, match="not allowed"):
        fetcher(url)
