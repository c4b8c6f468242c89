"""Hands a notice to its target: mail by SMTP, everything else through Apprise, which reads the addresses of both.

Mail goes past Apprise's own sender, which makes its text part from the HTML and a new Message-ID at each try, and tells
whether it worked but not why. This module is imported when the first notice is sent.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

import apprise
from apprise.plugins.email.base import NotifyEmail

from monitor.errors import DeliveryError
from monitor.notify.targets import Address, Target, address_of

if TYPE_CHECKING:
    from monitor.model import Notice

#: servers that look into a mail take their time before they answer; giving up then would send it twice
TIMEOUT_S = 30.0
#: longer answers of servers are cut
_MAX_PROBLEM = 300


@dataclass(frozen=True, slots=True)
class Part:
    """One recipient of a target; `name` is a hash that can be stored, `send` raises DeliveryError."""

    name: str
    send: Callable[[Notice, str, datetime], None]


def parts_of(target: Target, environment: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the recipients of a target: each address of a mail, each other address as a whole.

    Raises:
        DeliveryError: the variable is not set, or what it holds is no address.

    """
    _silence()
    address = address_of(target, environment)
    parts: list[Part] = []
    for url in address.urls:
        service = _service(url, target, address)
        parts += _mail_parts(service, address) if _is_mail(service) else [_other_part(service, url, address)]
    return tuple({part.name: part for part in parts}.values())


def _service(url: str, target: Target, address: Address) -> Any:  # noqa: ANN401 - see above
    """Return what Apprise makes of an address; raise DeliveryError when that is nothing."""
    with _log() as log:
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        said = address.hide(" ".join(log.getvalue().split()))
    if service is None:
        raise DeliveryError(
            f"{target.variable} holds no address that Apprise knows, such as mailtos://USER:PASSWORD@HOST?to=A@B or "
            f"jsons://HOST/PATH ({_one_line(said) or 'unknown'})"
        )
    return service


def _log() -> Any:  # noqa: ANN401 - the same
    """Return what catches the log of Apprise in a block."""
    return apprise.LogCapture(level=logging.INFO, fmt="%(message)s")  # type: ignore[no-untyped-call]


def _silence() -> None:
    """Keep Apprise from logging, which would show addresses; what it says is caught for the error."""
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [logging.NullHandler()]


def _is_mail(service: Any) -> bool:  # noqa: ANN401 - Apprise's plugins share no useful type
    """Tell whether a service is mail through an SMTP server, and needs nothing of Apprise but its address."""
    return type(service) is NotifyEmail


def _hash(*parts: str) -> str:
    """Return a name for a recipient from which its address cannot be read off."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


# ---------------------------------------------------------------- mail


def _mail_parts(service: Any, address: Address) -> list[Part]:  # noqa: ANN401 - see above
    """Return a part for each recipient of a mail address, those of copies too: each is sent a mail of its own."""

    def part(name: str, recipient: str) -> Part:
        def send(notice: Notice, message_id: str, now: datetime) -> None:
            to = formataddr((name, recipient))
            message = mail(notice, message_id, sender=_sender(service), recipient=to, now=now)
            if service.reply_to:
                message["Reply-To"] = ", ".join(sorted(service.reply_to))
            _submit(service, message, recipient, address)

        return Part(_hash("mail", str(service.smtp_host), recipient), send)

    copies = ((service.names.get(recipient), recipient) for recipient in sorted(service.cc | service.bcc))
    return [part(name or "", recipient) for name, recipient in (*service.targets, *copies)]


def _sender(service: Any) -> str:  # noqa: ANN401 - see above
    """Return who the mail is from."""
    name, address = service.from_addr
    return formataddr((name if name and name != service.app_id else "Customs news monitor", address))


def mail(notice: Notice, message_id: str, *, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return a notice as a mail with a text and an HTML part (RFC 2046, 5.1.4); `message_id` begins its Message-ID.

    The same notice for the same recipient has the same Message-ID, by which mail programs fold what arrives twice.
    """
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = format_datetime(now)
    domain = message["From"].addresses[0].domain or "monitor.invalid"
    message["Message-ID"] = f"<{message_id}.{_hash(recipient)}@{domain}>"
    # RFC 3834: nobody's absence note answers it
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text, cte="quoted-printable")
    message.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    return message


def _submit(service: Any, message: EmailMessage, recipient: str, address: Address) -> None:  # noqa: ANN401 - see above
    """Hand one mail to the server of an address; raise DeliveryError, without secrets, with what it said."""
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        server = _connect(service, context)
        try:
            if service.secure_mode == "starttls":
                server.starttls(context=context)
            if service.user and service.password:
                server.login(service.user, service.password)
            # `send_message` would put a `>` before each line that begins with "From "
            server.sendmail(service.from_addr[1], [recipient], message.as_bytes(policy=SMTP_POLICY))
        finally:
            _leave(server)
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        raise DeliveryError(_problem(error, address)) from None


def _connect(service: Any, context: ssl.SSLContext) -> smtplib.SMTP:  # noqa: ANN401 - see above
    """Return a conversation with the server of a mail address, encrypted from the start if the address says so."""
    if service.secure_mode == "ssl":
        return smtplib.SMTP_SSL(service.smtp_host, service.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(service.smtp_host, service.port, timeout=TIMEOUT_S)


def _leave(server: smtplib.SMTP) -> None:
    """End the conversation; once the mail is accepted, a server that is gone by now is no failure."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _problem(error: Exception, address: Address) -> str:
    """Return what went wrong in one line without secrets."""
    said = str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        reason = error.smtp_error
        said = f"{error.smtp_code} {reason.decode(errors='replace') if isinstance(reason, bytes) else reason}"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    return _one_line(address.hide(f"{type(error).__name__}: {said}"))


def _one_line(text: str) -> str:
    """Return a text on one printable line of sane length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MAX_PROBLEM else line[:_MAX_PROBLEM] + "…"


# ---------------------------------------------------------------- everything else


def _other_part(service: Any, url: str, address: Address) -> Part:  # noqa: ANN401 - see above
    """Return the only part of an address that Apprise serves."""

    def send(notice: Notice, message_id: str, _now: datetime) -> None:
        _notify(service, notice, message_id, address)

    return Part(_hash("apprise", url), send)


def _notify(service: Any, notice: Notice, message_id: str, address: Address) -> None:  # noqa: ANN401 - see above
    """Hand a notice to Apprise; raise DeliveryError with what it logged about its failure."""
    # Apprise's own four seconds give up on a service that is slow to say that it took the notice
    service.socket_read_timeout = max(service.socket_read_timeout, TIMEOUT_S)
    headers = getattr(service, "headers", None)
    if isinstance(headers, dict):
        # what a webhook can tell a repeated message by; draft-ietf-httpapi-idempotency-key-header
        headers["Idempotency-Key"] = message_id
    kind = apprise.NotifyType.WARNING if notice.about == "unwell" else apprise.NotifyType.INFO
    bundle = apprise.Apprise()
    bundle.add(service)
    with _log() as log:
        done = bundle.notify(
            title=notice.subject, body=notice.brief, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
        )
        said = log.getvalue()
    if not done:
        raise DeliveryError(_one_line(address.hide(said or "the service did not take it and gave no reason")))
