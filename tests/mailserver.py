"""A real SMTP server on loopback that keeps what it is given, and fails where it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Inbox:
    """What the server has accepted, and how it is to behave."""

    port: int = 0
    #: recipient and mail, in order of arrival
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    #: answers in place of the usual ones, by the command that they answer (`HELLO` for the greeting)
    answers: dict[str, str] = field(default_factory=dict)
    #: recipients that are refused
    refused: set[str] = field(default_factory=set)
    #: the credentials that were given, as they came
    logins: list[str] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    inbox: Inbox


class _Conversation(socketserver.StreamRequestHandler):
    timeout = 10
    server: _Server

    def say(self, usual: str, command: str) -> None:
        """Answer a command."""
        self.wfile.write(self.server.inbox.answers.get(command, usual).encode() + b"\r\n")

    def handle(self) -> None:
        """Serve one client (RFC 5321)."""
        inbox, recipient = self.server.inbox, ""
        self.say("220 quay.example ready", "HELLO")
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            if command == "EHLO":
                self.say("250-quay.example\r\n250 AUTH PLAIN", command)
            elif command == "AUTH":
                inbox.logins.append(line)
                self.say("235 welcome", command)
            elif command == "RCPT":
                recipient = line.partition("<")[2].rstrip(">")
                self.say("550 no such box" if recipient in inbox.refused else "250 fine", command)
            elif command == "DATA":
                self.say("354 go on", command)
                if command in inbox.answers:
                    continue
                lines = []
                while (raw := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(raw.removeprefix(b".") if raw.startswith(b"..") else raw)
                answer = inbox.answers.get("END", "250 kept")
                if answer.startswith("2"):
                    mail = message_from_bytes(b"".join(lines), policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    inbox.mails.append((recipient, mail))
                self.say("250 kept", "END")
            else:
                self.say("221 bye" if command == "QUIT" else "250 fine", command)
                if command == "QUIT":
                    return


@contextmanager
def receiving() -> Iterator[Inbox]:
    """Run the server until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.inbox = Inbox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.inbox
        finally:
            server.shutdown()
            thread.join()
