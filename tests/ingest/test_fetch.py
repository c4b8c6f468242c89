"""Fetching, against a real server on loopback; only the name resolver is a stand-in."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpcore2
import httpx2
import pytest
from webserver import Answer, Web, answer

from monitor.errors import FetchError
from monitor.ingest.fetch import Fetcher, FetchSettings, kind_of
from monitor.ingest.wire import WireError, is_public, system_addresses
from monitor.model import FetchRequest, Response, Validators

KINDS = {
    "dns", "connect", "tls", "timeout", "too_large", "redirects", "private_address", "encoding", "protocol",
    "bad_url", "cancelled", "robots", "robots_unread", "turn",
}  # fmt: skip
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

Make = Callable[..., Fetcher]


def numeric(host: str, port: int) -> list[str]:
    """Resolve only names that are addresses already."""
    if not host.replace(".", "").replace(":", "").isalnum() or host.endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [host]


@pytest.fixture
def fetcher(web: Web) -> Iterator[Make]:
    """Make fetchers that reach the server as any `*.example` host."""
    made: list[Fetcher] = []

    def make(resolve: Callable[[str, int], list[str]] = numeric, **settings: object) -> Fetcher:
        """Make one fetcher with small limits."""
        given = {"user_agent": "monitor-test", "timeout_s": 2, "deadline_s": 4, "host_gap_s": 0.0, "max_bytes": 20_000}
        chosen = FetchSettings(**{**given, "connect_to": web.connect_to, **settings})  # type: ignore[arg-type]
        made.append(Fetcher(chosen, resolve=resolve, clock=lambda: NOW))
        return made[-1]

    yield make
    for one in made:
        one.close()


def got(result: Response | FetchError) -> Response:
    """Return the response, or fail with the error that came instead."""
    assert isinstance(result, Response), result
    return result


def kind(result: Response | FetchError) -> str:
    """Return the kind of the error that came, or fail on a response."""
    assert isinstance(result, FetchError), result
    return result.kind


def ask(path: str = "/", host: str = "news.example", **more: object) -> FetchRequest:
    """Return a request for a path of an invented host."""
    return FetchRequest(f"http://{host}{path}", **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- plain answers


def test_page_comes_with_headers_body_and_time(web: Web, fetcher: Make) -> None:
    """A page comes back whole, its header names in lower case, stamped by the clock."""
    web.pages["/feed"] = answer("200 OK", b"<rss/>", ETag='"7"', Content_Type="application/rss+xml")
    response = got(fetcher().get(ask("/feed", accept="application/rss+xml")))
    assert (response.status, response.body, response.fetched_at) == (200, b"<rss/>", NOW)
    assert (response.requested_url, response.url) == ("http://news.example/feed", "http://news.example/feed")
    assert response.headers["etag"] == '"7"'
    head = web.heads[0].lower()
    assert "host: news.example\r\n" in head
    assert "user-agent: monitor-test\r\n" in head
    assert "accept: application/rss+xml\r\n" in head


def test_validators_are_sent_and_not_modified_comes_back(web: Web, fetcher: Make) -> None:
    """A 304 is a response with an empty body."""
    web.pages["/"] = answer("304 Not Modified", ETag='"7"')
    response = got(fetcher().get(ask(validators=Validators('"7"', "Mon, 01 Jun 2026 10:00:00 GMT"))))
    assert (response.status, response.body) == (304, b"")
    assert 'if-none-match: "7"\r\n' in web.heads[0].lower()
    assert "if-modified-since: mon, 01 jun 2026 10:00:00 gmt\r\n" in web.heads[0].lower()


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "429 Too Many Requests", "500 Server Error"])
def test_error_statuses_are_responses(web: Web, fetcher: Make, status: str) -> None:
    """What a status means is for others to decide: it is handed on with its body."""
    web.pages["/"] = answer(status, b"sorry")
    response = got(fetcher().get(ask()))
    assert (response.status, response.body) == (int(status[:3]), b"sorry")


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"text " * 500, mtime=0)),
        ("x-gzip", gzip.compress(b"text " * 250, mtime=0) + gzip.compress(b"text " * 250, mtime=0)),
        ("gzip", gzip.compress(b"text " * 500, mtime=0) + b"\0" * 8),
        ("deflate", zlib.compress(b"text " * 500)),
        ("deflate", zlib.compress(b"text " * 500)[2:-4]),
        ("identity", b"text " * 500),
    ],
)
def test_compressed_bodies_are_unpacked(web: Web, fetcher: Make, encoding: str, packed: bytes) -> None:
    """Gzip with one or more members or padding, and both kinds of deflate, give the plain body."""
    web.pages["/"] = answer("200 OK", packed, Content_Encoding=encoding)
    assert got(fetcher().get(ask())).body == b"text " * 500


def test_tag_and_order_of_many(web: Web, fetcher: Make) -> None:
    """Every request of a batch is answered once, with the request it belongs to."""
    for number in range(9):
        web.pages[f"/{number}"] = answer("200 OK", str(number).encode())
    requests = [ask(f"/{n}", host=f"h{n % 3}.example", tag=f"t{n}") for n in range(9)]
    results = dict(fetcher(threads=4).get_many(requests))
    assert {request.tag: got(result).body.decode() for request, result in results.items()} == {
        f"t{n}": str(n) for n in range(9)
    }


# ---------------------------------------------------------------- redirects


def test_permanent_redirects_at_the_start_are_recorded(web: Web, fetcher: Make) -> None:
    """The leading run of 301 and 308 says where the page moved, a later 302 does not."""
    web.pages["/a"] = answer("301 Moved", Location="/b")
    web.pages["/b"] = answer("308 Moved", Location="http://other.example/c")
    web.pages["/c"] = answer("302 Found", Location="/d")
    web.pages["/d"] = answer("301 Moved", Location="/e")
    web.pages["/e"] = answer("200 OK", b"here")
    response = got(fetcher().get(ask("/a")))
    assert (response.url, response.moved_to) == ("http://other.example/e", "http://other.example/c")


def test_temporary_redirect_moves_nothing(web: Web, fetcher: Make) -> None:
    """A 302 leads on but is not remembered."""
    web.pages["/a"] = answer("302 Found", Location="/b")
    web.pages["/b"] = answer("200 OK", b"here")
    response = got(fetcher().get(ask("/a")))
    assert (response.url, response.moved_to) == ("http://news.example/b", None)


def test_cookie_is_carried_through_redirects_only(web: Web, fetcher: Make) -> None:
    """A site that redirects to itself until its cookie comes back is satisfied; the next request has no cookie."""

    def page(head: str, connection: socket.socket) -> None:
        """Ask for the cookie until it comes."""
        said = answer("200 OK", b"in") if "seen=1" in head else answer("302 Found", Location="/", Set_Cookie="seen=1")
        said(head, connection)

    web.pages["/"] = page
    web.pages["/next"] = answer("200 OK", b"next")
    one = fetcher()
    assert got(one.get(ask())).body == b"in"
    got(one.get(ask("/next")))
    assert "cookie" not in web.heads[-1].lower()


def test_redirect_loop_ends(web: Web, fetcher: Make) -> None:
    """A loop ends after the allowed number of redirects."""
    web.pages["/"] = answer("302 Found", Location="/")
    assert kind(fetcher(max_redirects=3).get(ask())) == "redirects"
    assert len(web.heads) == 4


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("file:///etc/passwd", "bad_url"),
        ("gopher://news.example/", "bad_url"),
        ("http://10.0.0.7/", "private_address"),
        ("http://169.254.169.254/latest", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://[::ffff:127.0.0.1]/", "private_address"),
        ("http://:::bad:::/", "redirects"),
        ("http://other.example:99999/", "bad_url"),
        ("http://127.0.0.1:99999/", "bad_url"),
        ("http://other.example:0/", "bad_url"),
        ("http://other.example:-1/", "bad_url"),
        ("http://other.example:x/", "redirects"),
    ],
)
def test_redirects_lead_nowhere_else(web: Web, fetcher: Make, location: str, expected: str) -> None:
    """A redirect to a file, another protocol or an inside address is refused."""
    web.pages["/"] = answer("302 Found", Location=location)
    assert kind(fetcher().get(ask())) == expected


# ---------------------------------------------------------------- hostile and broken servers


def test_body_over_the_cap_is_refused(web: Web, fetcher: Make) -> None:
    """A body larger than the cap is not read to its end."""
    web.pages["/"] = answer("200 OK", b"x" * 20_001)
    assert kind(fetcher().get(ask())) == "too_large"


def test_body_of_exactly_the_cap_passes(web: Web, fetcher: Make) -> None:
    """The cap itself is allowed."""
    web.pages["/"] = answer("200 OK", b"x" * 20_000)
    assert len(got(fetcher().get(ask())).body) == 20_000


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_bomb_is_refused(web: Web, fetcher: Make, pack: Callable[[bytes], bytes]) -> None:
    """A small body that unpacks to more than the cap is refused."""
    web.pages["/"] = answer(
        "200 OK", pack(b"\0" * 3_000_000), Content_Encoding="gzip" if pack is gzip.compress else "deflate"
    )
    assert kind(fetcher().get(ask())) == "too_large"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(bytes(range(256)) * 20, mtime=0)[:-20]),
        ("gzip", b"this is not gzip"),
        ("gzip", gzip.compress(b"a", mtime=0)[:-1] + b"\xff"),
        ("deflate", b"\xff\xff\xff"),
        ("br", b"brotli"),
    ],
)
def test_broken_compression_is_an_encoding_error(web: Web, fetcher: Make, encoding: str, body: bytes) -> None:
    """Data cut short, corrupt, or packed in a way we did not ask for are refused."""
    web.pages["/"] = answer("200 OK", body, Content_Encoding=encoding)
    assert kind(fetcher().get(ask())) == "encoding"


def test_endless_slow_body_is_cut_at_the_deadline(web: Web, fetcher: Make) -> None:
    """A body that drips for ever ends at the deadline, although no single read is late."""

    def drip(head: str, connection: socket.socket) -> None:
        """Send a byte now and then until the test is over."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not web.stop.wait(0.02):
            connection.sendall(b"x")

    web.pages["/"] = drip
    began = time.monotonic()
    assert kind(fetcher(deadline_s=0.3).get(ask())) == "timeout"
    assert time.monotonic() - began < 2


def test_endless_slow_head_is_cut_at_the_deadline(web: Web, fetcher: Make) -> None:
    """The same holds for headers that never end."""

    def drip(head: str, connection: socket.socket) -> None:
        """Send header lines until the test is over."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not web.stop.wait(0.02):
            connection.sendall(b"X-More: 1\r\n")

    web.pages["/"] = drip
    assert kind(fetcher(deadline_s=0.3).get(ask())) in {"timeout", "protocol"}


def test_silent_server_is_late(web: Web, fetcher: Make) -> None:
    """A server that says nothing is given up after the time of one phase."""
    web.pages["/"] = lambda head, connection: web.stop.wait() and None
    timer = threading.Timer(1.5, web.stop.set)
    timer.start()
    assert kind(fetcher(timeout_s=0.2).get(ask())) == "timeout"
    timer.cancel()
    web.stop.set()


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_nonsense_is_a_protocol_error(web: Web, fetcher: Make, said: bytes) -> None:
    """Another protocol, silence or a body shorter than promised is a protocol error."""
    web.pages["/"] = lambda head, connection: connection.sendall(said)
    assert kind(fetcher().get(ask())) == "protocol"


def test_refused_connection(fetcher: Make) -> None:
    """A port where nobody listens is a connect error that names the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = fetcher(connect_to={"*.example": ("127.0.0.1", port)}).get(ask())
    assert kind(error) == "connect"
    assert "127.0.0.1" in str(error)


def test_plain_server_behind_https_is_a_tls_error(web: Web, fetcher: Make) -> None:
    """A server that does not speak TLS is told apart from one that is down."""
    web.pages["/"] = answer("200 OK")
    assert kind(fetcher().get(FetchRequest("https://news.example/"))) == "tls"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for this run."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl program to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=news.example"]
    made += ["-addext", "subjectAltName=DNS:news.example", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(made, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def over_tls(certificate: Path) -> Answer:
    """Return an answer that speaks TLS from the first byte on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def speak(head: str, connection: socket.socket) -> None:
        """Finish the handshake that the client began, read its request and answer."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        incoming.write(head.encode("latin-1"))
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        steps: list[Callable[[], object]] = [tls.do_handshake, lambda: tls.read(4096)]
        while steps:
            try:
                steps[0]()
                steps.pop(0)
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                incoming.write(connection.recv(4096))
            except ssl.SSLError:
                return
        tls.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        connection.sendall(outgoing.read())

    return speak


def test_certificate_nobody_vouches_for_is_a_tls_error(web: Web, fetcher: Make, certificate: Path) -> None:
    """A self-signed certificate is refused."""
    web.pages[""] = over_tls(certificate)
    error = fetcher().get(FetchRequest("https://news.example/"))
    assert kind(error) == "tls"
    assert "CERTIFICATE_VERIFY_FAILED" in str(error)


def test_page_over_tls(web: Web, fetcher: Make, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that is trusted the page comes through the guarded connection."""
    web.pages[""] = over_tls(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda **_: trusting)
    assert got(fetcher().get(FetchRequest("https://news.example/"))).body == b"secret"


# ---------------------------------------------------------------- names and addresses


def test_unknown_name(fetcher: Make) -> None:
    """A name that does not exist is a dns error."""
    assert kind(fetcher().get(FetchRequest("http://no-such-host.invalid/"))) == "dns"


def test_name_without_address(fetcher: Make) -> None:
    """A name that resolves to nothing is a dns error as well."""
    assert kind(fetcher(resolve=lambda host, port: []).get(FetchRequest("http://void.invalid/"))) == "dns"


def test_resolver_that_hangs_is_given_up(web: Web, fetcher: Make) -> None:
    """A name server that never answers costs no more than the time of one phase."""

    def hang(host: str, port: int) -> list[str]:
        """Wait until the test is over."""
        web.stop.wait()
        return []

    assert kind(fetcher(resolve=hang, timeout_s=0.2).get(FetchRequest("http://slow.invalid/"))) == "timeout"
    web.stop.set()


def test_checked_address_is_the_one_connected_to(web: Web, fetcher: Make) -> None:
    """A name is resolved once for a connection, so an answer that changes cannot lead inside."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        """Answer with the loopback address, whoever asks."""
        asked.append(host)
        return ["127.0.0.1"]

    web.pages["/"] = answer("200 OK", b"inside")
    url = f"http://rebind.invalid:{web.port}/"
    assert kind(fetcher(resolve=rebinding).get(FetchRequest(url))) == "private_address"
    assert web.heads == []
    assert got(fetcher(resolve=rebinding, allow_private=True).get(FetchRequest(url))).body == b"inside"
    assert asked == ["rebind.invalid"] * 2


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost.invalid/", "http://[fe80::1%25eth0]/", "http://0.1.2.3/"]
)
def test_private_addresses_are_refused(fetcher: Make, url: str) -> None:
    """An address of this machine or network is refused, however it is written."""
    inside = {"localhost.invalid": ["127.0.0.1", "::1"]}
    error = fetcher(resolve=lambda host, port: inside.get(host, [host])).get(FetchRequest(url))
    assert kind(error) == "private_address"


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"]
)
def test_no_spelling_of_an_inside_address_gets_through(fetcher: Make, host: str) -> None:
    """What the system's resolver makes of decimal, octal, short and translated spellings is what is checked."""
    error = fetcher(resolve=system_addresses).get(FetchRequest(f"http://{host}:9/"))
    assert kind(error) in ("private_address", "bad_url", "dns")


def test_proxies_of_the_environment_are_not_used(web: Web, fetcher: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve names for us, past all checks."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.pages["/"] = answer("200 OK", b"direct")
    assert got(fetcher().get(FetchRequest("http://port.example/"))).body == b"direct"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_encodings_we_did_not_ask_for_are_refused(web: Web, fetcher: Make, encoding: str) -> None:
    """Brotli and zstd bombs, and bombs within bombs, are never unpacked."""
    web.pages["/"] = answer("200 OK", b"\x28\xb5\x2f\xfd" + bytes(100), Content_Encoding=encoding)
    assert kind(fetcher().get(FetchRequest("http://port.example/"))) == "encoding"
    assert "Accept-Encoding: gzip, deflate\r\n" in web.heads[-1]


def test_endless_headers_are_refused(web: Web, fetcher: Make) -> None:
    """A head of megabytes ends in an error long before it is read."""
    web.pages["/"] = answer("200 OK", b"body", **{f"X_{n}": "x" * 1000 for n in range(2000)})
    assert kind(fetcher().get(FetchRequest("http://port.example/"))) in ("protocol", "connect")


def test_cookies_are_not_kept(web: Web, fetcher: Make) -> None:
    """What one answer sets is not sent with the next request."""
    web.pages["/"] = answer("200 OK", b"body", Set_Cookie="id=7; Path=/")
    one = fetcher()
    for _ in range(2):
        one.get(FetchRequest("http://port.example/"))
    assert not any("cookie" in head.lower() for head in web.heads)


def test_enough_of_a_body_is_enough(web: Web, fetcher: Make) -> None:
    """A request that needs the beginning only gets that, packed or not, however much there is."""
    web.pages |= {"/": answer("200 OK", b"abc" * 5_000)}
    web.pages["/z"] = answer("200 OK", gzip.compress(b"abc" * 5_000), Content_Encoding="gzip")
    for path in ("/", "/z"):
        assert got(fetcher().get(FetchRequest(f"http://port.example{path}", enough_bytes=4))).body == b"abca"


def test_permission_is_asked_for_every_hop(web: Web, fetcher: Make) -> None:
    """What may not be asked is not asked, neither at once nor by a redirect, and errors say why."""
    web.pages |= {"/": answer("302 Found", Location="/inside"), "/inside": answer("200 OK", b"secret")}
    asked: list[str] = []

    def permit(url: str, _ask: object) -> FetchError | None:
        asked.append(url)
        return FetchError(url, "robots", "forbidden") if url.endswith("/inside") else None

    one = fetcher()
    one._permit = permit
    assert kind(one.get(FetchRequest("http://port.example/"))) == "robots"
    assert got(one.get(FetchRequest("http://port.example/", obeys_robots=False))).body == b"secret"
    assert asked == ["http://port.example/", "http://port.example/inside"]
    assert len(web.heads) == 3


def test_a_host_that_answers_429_gets_a_rest(web: Web, fetcher: Make) -> None:
    """The other addresses of the host come back unasked, those of other hosts do not."""
    web.pages["/a"] = answer("429 Too Many Requests", Retry_After="300")
    urls = [f"http://busy.example/{path}" for path in "aaaa"] + ["http://port.example/b"]
    requests = [FetchRequest(url, tag=str(n)) for n, url in enumerate(urls)]
    results = {r.tag: a for r, a in fetcher(per_host=1).get_many(requests, patience_s=60)}
    late = [tag for tag, result in results.items() if isinstance(result, FetchError) and result.kind == "turn"]
    assert sorted(late) == ["1", "2", "3"]
    assert len(results) == 5
    assert sum("busy.example" in head for head in web.heads) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.1.2.3", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "fec0::1", "feff:ffff::1", "192.88.99.1", "::ffff:192.88.99.1",
        "64:ff9b::c058:6301", "nonsense", "", "::127.0.0.1", "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "169.254.169.254",
        "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "::ffff:168.63.129.16", "3fff::1",
        "198.18.0.1", "2001::1", "0.0.0.0",  # noqa: S104 - an address that is refused
    ],
)  # fmt: skip
def test_inside_addresses_are_not_public(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved and translated addresses are told from public ones."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["192.88.98.255", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_outside_addresses_are_public(address: str) -> None:
    """Addresses of the open internet may be connected to."""
    assert is_public(address)


def test_second_address_is_tried(web: Web, fetcher: Make) -> None:
    """When the first address refuses, the next one is asked."""
    web.pages["/"] = answer("200 OK", b"second")
    both = fetcher(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"], allow_private=True)
    assert got(both.get(FetchRequest(f"http://two.invalid:{web.port}/"))).body == b"second"


def test_system_resolver_knows_addresses() -> None:
    """The system's resolver gives an address back, each once."""
    assert system_addresses("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/feed",
        "ftp://news.example/",
        "http://",
        "http://[::1",
        "x" * 9000,
        "http://\x00/",
        "http://127.0.0.1:99999/",
        "http://news.example:65536/",
        "http://news.example:0/",
        "http://news.example:-1/",
        "http://news.example:http/",
        "http://news.example:" + "9" * 3000,
    ],
)
def test_bad_addresses(fetcher: Make, url: str) -> None:
    """What is not an http address is a bad_url error, in a batch as well."""
    assert kind(fetcher().get(FetchRequest(url))) == "bad_url"
    assert [kind(result) for _, result in fetcher().get_many([FetchRequest(url)])] == ["bad_url"]


def test_impossible_port_is_named(web: Web, fetcher: Make) -> None:
    """The message says what is wrong with a port; the highest port and an empty one are none of its business."""
    private = fetcher(allow_private=True)
    assert "the port 99999 is not one of 1 to 65535" in str(private.get(FetchRequest("http://127.0.0.1:99999/")))
    web.pages["/"] = answer("200 OK")
    for port in ("65535", ""):
        assert got(private.get(ask(host=f"news.example:{port}"))).status == 200


# ---------------------------------------------------------------- turns and stopping


def test_no_more_than_the_allowed_connections_to_one_host(web: Web, fetcher: Make) -> None:
    """The limit for a host holds, whatever the number of threads."""
    running, most, lock = [0], [0], threading.Lock()

    def count(head: str, connection: socket.socket) -> None:
        """Measure how many requests are here at one time."""
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        web.stop.wait(0.03)
        with lock:
            running[0] -= 1
        answer("200 OK")(head, connection)

    for number in range(6):
        web.pages[f"/{number}"] = count
    results = list(fetcher(threads=6, per_host=2).get_many(ask(f"/{n}") for n in range(6)))
    assert len(results) == 6
    assert most[0] == 2


def test_pause_between_requests_to_one_host(web: Web, fetcher: Make) -> None:
    """Two requests to one host start at least the pause apart, another host does not wait."""
    web.pages["/"] = answer("200 OK")
    one = fetcher(host_gap_s=0.15)
    began = time.monotonic()
    hosts = []
    for request, result in one.get_many([ask(), ask(), ask(host="other.example")]):
        got(result)
        hosts.append((request.url, time.monotonic() - began))
    assert hosts[-1][0] == "http://news.example/"
    assert hosts[-1][1] >= 0.15
    assert hosts[0][1] < 0.15


def test_cancel_ends_a_batch_at_once(web: Web, fetcher: Make) -> None:
    """A cancel from another thread ends requests under way and those that wait, all as `cancelled`."""
    arrived = threading.Event()

    def hang(head: str, connection: socket.socket) -> None:
        """Never answer."""
        arrived.set()
        web.stop.wait()

    web.pages["/"] = hang
    one = fetcher(timeout_s=30, deadline_s=60, per_host=1)
    threading.Thread(target=lambda: (arrived.wait(), one.cancel())).start()
    began = time.monotonic()
    results = list(one.get_many([ask(tag="1"), ask(tag="2"), ask(host="b.example", tag="3")]))
    assert time.monotonic() - began < 3
    assert {request.tag: kind(result) for request, result in results} == dict.fromkeys("123", "cancelled")
    assert kind(one.get(ask())) == "cancelled"
    web.stop.set()


def test_batch_may_be_left_early(web: Web, fetcher: Make) -> None:
    """Taking only the first answer of a batch leaves a fetcher that can be closed."""
    web.pages["/"] = answer("200 OK", b"one")
    one = fetcher(threads=1)
    assert got(next(one.get_many([ask(), ask(), ask()]))[1]).body == b"one"
    one.close()
    assert kind(one.get(ask())) == "cancelled"


def test_context_closes(web: Web) -> None:
    """At the end of the block the fetcher is closed."""
    with Fetcher(FetchSettings(user_agent="x"), resolve=numeric) as one:
        pass
    assert kind(one.get(ask())) == "cancelled"


def test_bug_in_a_thread_is_raised(fetcher: Make) -> None:
    """An error of our own is not hidden in a result: it reaches whoever reads the batch."""
    one = fetcher()
    one._clock = None  # type: ignore[assignment]
    with pytest.raises(TypeError):
        list(one.get_many([FetchRequest("http://news.example/")]))


# ---------------------------------------------------------------- mapping of errors


def subclasses(base: type[BaseException]) -> set[type[BaseException]]:
    """Return a class and everything below it."""
    return {base}.union(*(subclasses(sub) for sub in base.__subclasses__()))


OUTSIDE = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProxyError, httpcore2.ProtocolError)


@pytest.mark.parametrize(
    "error", sorted(set().union(*map(subclasses, OUTSIDE)) - {WireError}, key=lambda c: c.__name__)
)
def test_mapping_of_httpcore2_errors_is_total(error: type[Exception]) -> None:
    """Every error that httpcore2 raises for what happens outside has a kind."""
    assert kind_of(error.__new__(error)) in KINDS


def test_all_errors_of_httpcore2_are_thought_of() -> None:
    """A new family of errors in httpcore2 must be looked at: all but one of ours are mapped."""
    public = {value for value in vars(httpcore2).values() if isinstance(value, type) and issubclass(value, Exception)}
    families = set().union(*map(subclasses, OUTSIDE), subclasses(httpcore2.UnsupportedProtocol))
    assert public - families == {httpcore2.ConnectionNotAvailable}


def test_refusals_tell_their_kind() -> None:
    """A refusal of ours tells its kind; other errors are not ours to explain."""
    refused = WireError("private_address", "inside")
    assert (kind_of(refused), kind_of(RuntimeError())) == ("private_address", None)
