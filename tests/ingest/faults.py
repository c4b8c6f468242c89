"""What servers do in place of sending their feed as it is: each fault has a name, an answer, and what the poll must say.

The tests let one source meet every fault; the soak (`benchmarks/soak_ingest.py`) switches them on and off at random.
"""
# ruff: noqa: D401 - a sentence says what a server does, it tells nobody to do it

from __future__ import annotations

import gzip
import re
import socket
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webserver import Answer, answer

#: takes the honest body and gives the answer to send for it
Make = Callable[[bytes], Answer]
#: a client that is still there after so long is let go, so that a server never waits for it
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that servers do."""

    name: str
    #: one sentence for people
    says: str
    make: Make
    #: what the poll comes to, as `monitor.model.PollResult` writes it
    result: str
    #: words that the reason must hold
    words: str
    #: holds a connection for as long as the client lets it
    slow: bool = False

    @property
    def harmless(self) -> bool:
        """Tell whether the pieces of the feed come through."""
        return self.result == "ok" or self.words == "the same bytes"


FAULTS: dict[str, Fault] = {}


def fault(result: str, words: str = "", *, slow: bool = False) -> Callable[[Make], Make]:
    """Enter a fault into the table under the name of its function."""

    def enter(make: Make) -> Make:
        """Take the sentence from the docstring."""
        FAULTS[make.__name__] = Fault(make.__name__, make.__doc__ or "", make, result, words, slow)
        return make

    return enter


def ok(body: bytes, kind: str = "application/rss+xml", **headers: str) -> Answer:
    """Return an honest answer."""
    return answer("200 OK", body, Content_Type=kind, **headers)


def page(title: str, body: str = "", status: str = "200 OK", **headers: str) -> Answer:
    """Return a web page."""
    html = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return answer(status, html.encode(), Content_Type="text/html; charset=utf-8", **headers)


def raw(*parts: bytes) -> Answer:
    """Return an answer of bytes that need not be HTTP."""
    return lambda head, connection: connection.sendall(b"".join(parts))


def lasting(first: bytes, more: Iterable[bytes] = (), pause_s: float = 0.02) -> Answer:
    """Return an answer that begins, may go on, and never ends before the client does."""

    def send(head: str, connection: socket.socket) -> None:
        """Send until the client has gone or patience ends."""
        connection.sendall(first)
        ends_at, rest = time.monotonic() + PATIENCE_S, iter(more)
        while time.monotonic() < ends_at:
            connection.settimeout(PATIENCE_S)
            connection.sendall(next(rest, b""))
            connection.settimeout(pause_s)
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    return send


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Return an answer that leads elsewhere."""
    return answer(status, Location=location)


# ---------------------------------------------------------------- statuses


@fault("failed", "HTTP 500")
def internal_error(_feed: bytes) -> Answer:
    """The server has an error of its own."""
    return page("Error", status="500 Internal Server Error")


@fault("failed", "HTTP 502")
def bad_gateway(_feed: bytes) -> Answer:
    """A proxy does not reach the server behind it."""
    return page("Bad gateway", status="502 Bad Gateway")


@fault("failed", "HTTP 503")
def maintenance(_feed: bytes) -> Answer:
    """The site is being worked on and says when to come back."""
    return page("Back soon", status="503 Service Unavailable", Retry_After="1800")


@fault("failed", "HTTP 429")
def too_many_requests(_feed: bytes) -> Answer:
    """The server finds that we ask too often."""
    return page("Slow down", status="429 Too Many Requests", Retry_After="900")


@fault("failed", "HTTP 404")
def not_found(_feed: bytes) -> Answer:
    """The feed is not there, for now."""
    return page("Not found", status="404 Not Found")


@fault("gone", "HTTP 410")
def gone(_feed: bytes) -> Answer:
    """The feed is said to be gone for good."""
    return page("Gone", status="410 Gone")


@fault("failed", "HTTP 204")
def no_content(_feed: bytes) -> Answer:
    """The server has nothing to say."""
    return answer("204 No Content")


@fault("not_modified", "304")
def not_modified_in_spite(_feed: bytes) -> Answer:
    """The server says that nothing changed, asked or not."""
    return answer("304 Not Modified", ETag='"stale"')


# ---------------------------------------------------------------- walls


@fault("blocked", "HTTP 403")
def forbidden(_feed: bytes) -> Answer:
    """The server refuses without a word."""
    return answer("403 Forbidden")


@fault("blocked", "HTTP 451")
def legal_reasons(_feed: bytes) -> Answer:
    """A court or law keeps us out."""
    return answer("451 Unavailable For Legal Reasons")


@fault("blocked", "Cloudflare")
def cloudflare_challenge(_feed: bytes) -> Answer:
    """Cloudflare asks for a proof that we are a browser."""
    return page("Wait", status="403 Forbidden", cf_mitigated="challenge")


@fault("blocked", "Just a moment")
def challenge_with_ok(_feed: bytes) -> Answer:
    """A challenge comes with status 200, as a success would."""
    return page("Just a moment...")


@fault("blocked", "DataDome")
def datadome(_feed: bytes) -> Answer:
    """DataDome takes us for a robot."""
    return page("news.example", status="403 Forbidden", X_DataDome="protected")


@fault("blocked", "Imperva")
def imperva(_feed: bytes) -> Answer:
    """Imperva refuses with a number of the incident."""
    return page("Error", "<p>Incapsula incident ID: 1-2</p>", status="403 Forbidden")


@fault("blocked", "Access denied")
def access_denied_with_ok(_feed: bytes) -> Answer:
    """A refusal comes with status 200."""
    return page("Access denied")


@fault("blocked", "login page")
def login_page(_feed: bytes) -> Answer:
    """The site wants a password before it shows anything."""
    return page("Sign in - Quay", "<form><input name='u'><input type='password' name='p'></form>")


# ---------------------------------------------------------------- something else than a feed


@fault("failed", "not a single byte")
def empty_body(_feed: bytes) -> Answer:
    """The answer is a success without a body."""
    return ok(b"")


@fault("failed", "an HTML page titled 'Our new region pages'")
def web_page(_feed: bytes) -> Answer:
    """A web page stands where the feed was, after a relaunch."""
    return page("Our new region pages")


@fault("failed", "an HTML page titled 'Page not found'")
def soft_not_found(_feed: bytes) -> Answer:
    """A page that says that there is none comes with status 200."""
    return page("Page not found")


@fault("failed", "no JSON Feed")
def json_error(_feed: bytes) -> Answer:
    """An interface answers with an error in JSON."""
    return ok(b'{"error": "quota exceeded"}', "application/json")


@fault("failed", "a PDF file, not a feed")
def pdf_file(_feed: bytes) -> Answer:
    """A PDF stands where the feed was."""
    return ok(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf")


@fault("failed", "root element 'opml'")
def other_xml(_feed: bytes) -> Answer:
    """XML of another kind stands where the feed was."""
    return ok(b"<opml version='2.0'><body/></opml>", "text/xml")


@fault("failed", "not a feed")
def zero_bytes(_feed: bytes) -> Answer:
    """A crash of the disk left nothing but zeros."""
    return ok(b"\0" * 4096)


@fault("failed", "the XML is broken")
def cut_before_the_first_entry(feed: bytes) -> Answer:
    """The feed ends within its head."""
    return ok(feed[: feed.index(b"<item>")])


@fault("empty", "without entries")
def empty_feed(feed: bytes) -> Answer:
    """The feed is valid and has no entries."""
    return ok(re.sub(rb"<item>.*</item>", b"", feed, flags=re.DOTALL))


@fault("undated", "has a date")
def undated_feed(feed: bytes) -> Answer:
    """The entries have lost their dates."""
    return ok(re.sub(rb"<pubDate>.*?</pubDate>", b"", feed))


# ---------------------------------------------------------------- time


@fault("failed", "timeout", slow=True)
def silence(_feed: bytes) -> Answer:
    """The server takes the request and says nothing."""
    return lasting(b"")


@fault("failed", "timeout", slow=True)
def silence_within_the_body(feed: bytes) -> Answer:
    """The server stops in the middle of the body."""
    return lasting(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(feed) + feed[: len(feed) // 2])


@fault("failed", "timeout", slow=True)
def slow_drip(_feed: bytes) -> Answer:
    """The body comes byte by byte, no single one late, for ever."""
    return lasting(b"HTTP/1.1 200 OK\r\n\r\n", iter(lambda: b"x", b""))


@fault("failed", "", slow=True)
def endless_head(_feed: bytes) -> Answer:
    """The headers never end."""
    return lasting(b"HTTP/1.1 200 OK\r\n", iter(lambda: b"X-More: 1\r\n", b""))


# ---------------------------------------------------------------- size


@fault("failed", "too_large")
def endless_body(_feed: bytes) -> Answer:
    """The body comes fast and never ends."""
    return lasting(b"HTTP/1.1 200 OK\r\n\r\n", iter(lambda: b"<item>" * 20_000, b""), pause_s=0.0005)


@fault("failed", "too_large")
def ten_megabytes_on_one_line(feed: bytes) -> Answer:
    """The feed is one line of ten megabytes."""
    return ok(feed.replace(b"</channel>", b"<description>" + b"x" * 10_000_000 + b"</description></channel>"))


@fault("failed", "larger than 5000000 bytes")
def six_megabytes(feed: bytes) -> Answer:
    """The feed may be fetched but is too large to be parsed in good time."""
    return ok(feed.replace(b"</channel>", b"<description>" + b"x" * 6_000_000 + b"</description></channel>"))


@fault("failed", "too_large")
def gzip_bomb(_feed: bytes) -> Answer:
    """Twenty kilobytes unpack to twenty megabytes."""
    return ok(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")


@fault("failed", "too_large")
def bomb_in_a_bomb(_feed: bytes) -> Answer:
    """Many small gzip members unpack to more than all may."""
    return ok(gzip.compress(b"\0" * 1_000_000) * 12, Content_Encoding="gzip")


# ---------------------------------------------------------------- broken transport


@fault("failed", "encoding: the compressed body is cut short")
def truncated_gzip(feed: bytes) -> Answer:
    """The packed body is cut short, though its length is as declared."""
    return ok(gzip.compress(feed)[:-12], Content_Encoding="gzip")


@fault("failed", "encoding: the compressed body is broken")
def gzip_that_is_none(feed: bytes) -> Answer:
    """The header says gzip, and the body is plain text."""
    return ok(feed, Content_Encoding="gzip")


@fault("failed", "which we did not ask for")
def unasked_brotli(_feed: bytes) -> Answer:
    """The body is packed in a way that we did not offer to read."""
    return ok(b"\x0b\x02\x80", Content_Encoding="br")


@fault("failed", "protocol")
def shorter_than_declared(feed: bytes) -> Answer:
    """The connection ends before the declared length."""
    return raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(feed) + 500), feed)


@fault("failed", "protocol")
def broken_chunks(feed: bytes) -> Answer:
    """The lengths of the chunks are no numbers."""
    return raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", feed)


@fault("failed", "protocol")
def another_protocol(_feed: bytes) -> Answer:
    """Something else than a web server listens there."""
    return raw(b"SSH-2.0-OpenSSH_9.6\r\n")


@fault("failed", "protocol")
def hang_up(_feed: bytes) -> Answer:
    """The server hangs up without an answer."""
    return raw(b"")


# ---------------------------------------------------------------- redirects


@fault("failed", "redirects: more than")
def redirect_loop(_feed: bytes) -> Answer:
    """The address leads to itself."""
    return redirect("/feed")


@fault("failed", "private_address")
def redirect_inside(_feed: bytes) -> Answer:
    """The address leads to the meta data of a cloud machine."""
    return redirect("http://169.254.169.254/latest/meta-data/")


@fault("failed", "private_address")
def redirect_to_loopback(_feed: bytes) -> Answer:
    """The address leads to our own machine."""
    return redirect("http://[::ffff:127.0.0.1]:8001/")


@fault("failed", "only http and https")
def redirect_to_a_file(_feed: bytes) -> Answer:
    """The address leads to a file of ours."""
    return redirect("file:///etc/passwd")


@fault("failed", "broken address")
def redirect_to_nonsense(_feed: bytes) -> Answer:
    """The address leads to what is no address."""
    return redirect("http://:::bad:::/")


@fault("failed", "tls")
def redirect_to_broken_tls(_feed: bytes) -> Answer:
    """The address leads to https, where nobody speaks TLS."""
    return redirect("https://quay.example/feed")


@fault("failed", "HTTP 302")
def redirect_without_target(_feed: bytes) -> Answer:
    """The answer is a redirect that does not say where to."""
    return answer("302 Found")


# ---------------------------------------------------------------- the same pieces in another dress


@fault("ok")
def utf16(feed: bytes) -> Answer:
    """The feed is in UTF-16, with the mark and nothing that says so."""
    return ok(feed.decode().encode("utf-16"), "application/rss+xml")


@fault("ok")
def byte_order_mark(feed: bytes) -> Answer:
    """A byte order mark stands before the declaration."""
    return ok(b"\xef\xbb\xbf" + feed)


@fault("ok")
def false_encoding(feed: bytes) -> Answer:
    """Server and declaration each name an encoding that it does not have."""
    declared = feed.replace(b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="utf-16"?>')
    return ok(declared, "text/xml; charset=iso-8859-1")


@fault("not_modified", "the same bytes")
def called_html(feed: bytes) -> Answer:
    """The server calls the feed a web page."""
    return ok(feed, "text/html")


@fault("ok")
def nul_bytes(feed: bytes) -> Answer:
    """Zeros stand between the entries."""
    return ok(feed.replace(b"<item>", b"\0\0<item>"))


@fault("ok")
def warning_in_front(feed: bytes) -> Answer:
    """The software of the server complains before the feed begins."""
    return ok(b"<br />\n<b>Warning</b>: mysqli_connect() in <b>db.php</b><br />\n" + feed)


@fault("ok")
def comment_behind(feed: bytes) -> Answer:
    """A cache signs the feed, each time with another time."""
    return ok(feed + b"<!-- served in %d ms -->" % time.monotonic_ns())


@fault("not_modified", "the same bytes")
def deflated(feed: bytes) -> Answer:
    """The body is packed with deflate, without the header that belongs to it."""
    return ok(zlib.compress(feed)[2:-4], Content_Encoding="deflate")


@fault("not_modified", "the same bytes")
def two_gzip_members(feed: bytes) -> Answer:
    """The packed body has two parts and padding behind them."""
    half = len(feed) // 2
    return ok(gzip.compress(feed[:half]) + gzip.compress(feed[half:]) + b"\0" * 9, Content_Encoding="gzip")


@fault("ok")
def packed_without_a_word(feed: bytes) -> Answer:
    """The feed is packed twice, or packed without saying so."""
    packed = gzip.compress(gzip.compress(feed, mtime=0), mtime=0)
    return ok(packed, "application/gzip", Content_Encoding="gzip")


@fault("failed", "compressed data")
def another_archive(feed: bytes) -> Answer:
    """The feed is packed in a way that nobody reads."""
    return ok(b"PK\x03\x04" + zlib.compress(feed), "application/zip")


@fault("not_modified", "the same bytes")
def chunked(feed: bytes) -> Answer:
    """The body comes in chunks, and nobody says how long it is."""
    parts = b"".join(b"%x\r\n%s\r\n" % (len(feed[n : n + 99]), feed[n : n + 99]) for n in range(0, len(feed), 99))
    return raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", parts, b"0\r\n\r\n")


@fault("not_modified", "the same bytes")
def until_the_end(feed: bytes) -> Answer:
    """The body ends with the connection, as in the first days of the web."""
    return raw(b"HTTP/1.0 200 OK\r\n\r\n", feed)


@fault("ok")
def tracking_parameters(feed: bytes) -> Answer:
    """The addresses carry new tracking parameters each time, and the GUIDs are these addresses."""
    mark = b"?utm_source=rss&amp;utm_campaign=%d" % (time.monotonic_ns() % 997)
    return ok(feed.replace(b"</link>", mark + b"</link>").replace(b"</guid>", mark + b"</guid>"))


@fault("ok")
def secure_links(feed: bytes) -> Answer:
    """The addresses are those of https and www."""
    return ok(feed.replace(b"<link>http://", b"<link>https://www."))


@fault("ok")
def changing_guids(feed: bytes) -> Answer:
    """Each answer has GUIDs that nobody has seen before."""
    numbers = iter(range(time.monotonic_ns(), time.monotonic_ns() + 10**9))
    return ok(re.sub(rb"<guid>.*?</guid>", lambda _: b"<guid>urn:%d</guid>" % next(numbers), feed))


@fault("ok")
def repeated_guids(feed: bytes) -> Answer:
    """All entries have one and the same GUID."""
    return ok(re.sub(rb"<guid>.*?</guid>", b"<guid>urn:same</guid>", feed))


@fault("ok")
def no_guids(feed: bytes) -> Answer:
    """The entries have no GUIDs any more."""
    return ok(re.sub(rb"<guid>.*?</guid>", b"", feed))


@fault("ok")
def entries_twice(feed: bytes) -> Answer:
    """Every entry stands in the feed twice."""
    return ok(re.sub(rb"(<item>.*</item>)", rb"\1\1", feed, flags=re.DOTALL))


@fault("ok")
def backwards(feed: bytes) -> Answer:
    """The entries come in the other order."""
    items = re.findall(rb"<item>.*?</item>", feed, flags=re.DOTALL)
    return ok(re.sub(rb"<item>.*</item>", lambda _: b"".join(reversed(items)), feed, flags=re.DOTALL))


@fault("ok")
def cdata(feed: bytes) -> Answer:
    """Titles and teasers stand in CDATA, with blanks around them."""
    return ok(re.sub(rb"<(title|description)>(.*?)</\1>", rb"<\1> <![CDATA[ \2 ]]>\n</\1>", feed, flags=re.DOTALL))


@fault("ok")
def cut_after_the_last_entry(feed: bytes) -> Answer:
    """The feed ends before its closing tags, with all entries in it."""
    return ok(feed[: feed.rindex(b"</channel>")])
