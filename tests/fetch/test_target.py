"""A URL is read in one way, or refused."""

from __future__ import annotations

import pytest

from monitor.errors import Refused
from monitor.fetch.target import join_target, parse_target

PORTS = (80, 443, 8443)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://Example.COM:443/Privacy?a=b&c=#part", "https://example.com/Privacy?a=b&c="),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("https://example.com./", "https://example.com/"),
        ("https://bücher.example/datenschutz", "https://xn--bcher-kva.example/datenschutz"),
        ("https://example.com/política?q=ñ", "https://example.com/pol%C3%ADtica?q=%C3%B1"),
        ("https://example.com/a%20b;c=1/(x)", "https://example.com/a%20b;c=1/(x)"),
        ("https://under_score.example.com/", "https://under_score.example.com/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:4700:0::1111]/", "https://[2606:4700:4700::1111]/"),
    ],
)
def test_usual_addresses_are_read(url: str, read: str) -> None:
    assert str(parse_target(url, allow_ports=PORTS)) == read


SCHEMES = [
    "file:/etc/passwd",
    "file:///etc/passwd",
    "file:../x",
    "FILE:///x",
    "javascript:alert(1)",
    "JavaScript://example.com/%0aalert(1)",
    "data:text/html,x",
    "source:file:///x",
    "view-source:https://example.com",
    "unix:/run/x.sock",
    "http+unix://%2frun%2fx.sock/",
    "ftp://example.com/",
    "gopher://example.com/",
    "dict://example.com:2628/",
    "ldap://example.com/",
    "jar:https://example.com!/x",
    "ws://example.com/",
    "blob:https://example.com/x",
    "about:blank",
    "mailto:a@example.com",
    "tel:1",
    "chrome://settings",
    "smb://example.com/x",
    "ssh://example.com",
    "",
    "/",
    "example.com/privacy",
    "//example.com/",
    "://example.com",
    "1http://example.com",
    "h ttp://example.com",
]
ODD = {
    " https://example.com": "scheme",
    "https://example.com/ ": "url",
    "https://exa mple.com/": "url",
    "https://example.com/\n": "url",
    "https://exam\tple.com/": "url",
    "https://example.com\\@other.example/": "url",
    "https://example.com/<x>": "url",
    "https://": "url",
    "https:///path": "url",
    "https:example.com": "url",
    "https:/example.com": "url",
    "https://user@example.com/": "credentials",
    "https://user:word@example.com/": "credentials",
    "https://:@example.com/": "credentials",
    "https://example.com:notaport/": "url",
    "https://example.com:99999/": "url",
    "https://example.com:22/": "port",
    "https://[::1/": "url",
    "https://[not-an-address]/": "url",
    "https://[fe80::1%25eth0]/": "address",
    "https://[127.0.0.1]/": "url",
    "https://1.2.3.4.5/": "address",
    "https://256.1.1.1/": "address",
    "https://example.0x7f/": "address",
    "https://-example.com/": "url",
    "https://exa..mple.com/": "url",
    "https://example.com%2f@x/": "credentials",
    "https://exam%70le.com/": "url",
    "https://" + "a" * 64 + ".com/": "url",
    "https://" + "a." * 130 + "com/": "url",
    "https://example.com/" + "a" * 9000: "url",
    "https://\u2100.example/": "url",
    "https://ex\u0000ample.com/": "url",
}


@pytest.mark.parametrize("url", SCHEMES)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_target(url, allow_ports=PORTS)
    assert caught.value.kind == "scheme"


@pytest.mark.parametrize(("url", "kind"), ODD.items())
def test_addresses_that_programs_read_differently_are_refused(url: str, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_target(url, allow_ports=PORTS)
    assert caught.value.kind == kind


def test_a_password_never_shows_in_the_error() -> None:
    with pytest.raises(Refused) as caught:
        parse_target("https://user:hunter2@example.com/", allow_ports=PORTS)
    assert "hunter2" not in str(caught.value) + repr(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize(
    ("location", "read"),
    [
        ("/new", "https://example.com/new"),
        ("new", "https://example.com/legal/new"),
        ("?page=2", "https://example.com/legal/privacy?page=2"),
        ("//www.example.com/x", "https://www.example.com/x"),
        ("https://other.example/x#part", "https://other.example/x"),
        (" /spaced name ", "https://example.com/spaced%20name"),
        ("/pol\u00c3\u00adtica", "https://example.com/pol%C3%ADtica"),  # UTF-8 bytes read as Latin-1
        ("/pol\u00edtica", "https://example.com/pol%C3%ADtica"),  # Latin-1 itself
    ],
)
def test_redirects_are_read_from_where_they_stand(location: str, read: str) -> None:
    base = parse_target("https://example.com/legal/privacy", allow_ports=PORTS)
    assert str(join_target(base, location, allow_ports=PORTS)) == read
