import pytest

from services.notifications.domain.webhook_url import Target, WebhookAddressRefused, checked_url, target_of


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://hooks.romashka.example", "https://hooks.romashka.example/"),
        ("https://hooks.romashka.example:443/a?b=c", "https://hooks.romashka.example:443/a?b=c"),
        ("https://hooks.romashka.example:8443/a", "https://hooks.romashka.example:8443/a"),
        ("HTTPS://Hooks.Romashka.EXAMPLE/A", "https://hooks.romashka.example/A"),
        ("https://ромашка.рф/hook", "https://xn--80aa3agjl3d.xn--p1ai/hook"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
        ("https://[2a00:1450:4001::1]/", "https://[2a00:1450:4001::1]/"),
    ],
)
def test_a_public_address_is_kept_in_ascii(url, kept):
    assert checked_url(url, loopback=False) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.romashka.example/",
        "ftp://hooks.romashka.example/",
        "file:///etc/passwd",
        "gopher://hooks.romashka.example/",
        "https://",
        "https:///path",
        "hooks.romashka.example",
        "https://user@hooks.romashka.example/",
        "https://user:secret@hooks.romashka.example/",
        "https://hooks.romashka.example/#part",
        "https://hooks.romashka.example:22/",
        "https://hooks.romashka.example:0/",
        "https://hooks.romashka.example:99999/",
        "https://hooks.romashka.example:80/",
        "https://hooks.romashka.example/a b",
        "https://hooks.romashka.example/приём",
        "https://hooks romashka.example/",
        "https://localhost:22/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://[fe80::1%25eth0]/",
        "https://a\\@10.0.0.1/",
        "https://" + "a" * 300 + ".example/",
        "https://[broken/",
    ],
)
def test_what_leads_inside_or_is_no_address_is_refused(url):
    with pytest.raises(WebhookAddressRefused):
        checked_url(url, loopback=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000/", "http://localhost:5000/", "https://[::1]:5000/"])
def test_the_switch_for_development_opens_this_machine(url):
    assert checked_url(url, loopback=True) == url
    with pytest.raises(WebhookAddressRefused):
        checked_url(url, loopback=False)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://hooks.romashka.example/", "ftp://127.0.0.1/"])
def test_the_switch_opens_nothing_else(url):
    with pytest.raises(WebhookAddressRefused):
        checked_url(url, loopback=True)


def test_the_parts_of_an_address():
    assert target_of("https://a.example/b?c=d") == Target(tls=True, host="a.example", port=443, path="/b?c=d")
    assert target_of("http://127.0.0.1:5000/") == Target(tls=False, host="127.0.0.1", port=5000, path="/")
