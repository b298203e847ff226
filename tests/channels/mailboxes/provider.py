"""A provider of mail for a test: its OAuth 2 sign-in (RFC 6749, 7636) and token server, and IMAP and SMTP servers that
take the tokens by XOAUTH2, all on this machine. It answers as Google and Microsoft document it, and is neither of them.
"""

import base64
import hashlib
import json
import secrets
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "goodword-client", "the client's secret"


@dataclass
class Provider:
    """What the provider knows. `tokens` are the access tokens that are good now."""

    user: str
    url: str = ""
    imap: int = 0
    smtp: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    lasts: int = 3600
    renews_refresh_token: bool = False
    broken: bool = False
    mails: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def allow(self, url: str) -> str:
        """The manager signs in at `url` and allows it: where the browser is sent."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token server (RFC 6749, 4.1.3 and 6)."""
        self.asked.append(form)
        if self.broken:
            return 503, {"error": "temporarily_unavailable"}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            return self._exchange(form)
        return self._give() if form.get("refresh_token") in self.refresh else (400, {"error": "invalid_grant"})

    def _exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or proof != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return self._give(first=True)

    def _give(self, *, first: bool = False) -> tuple[int, dict[str, Any]]:
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        given: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}
        if first or self.renews_refresh_token:
            given["refresh_token"] = secrets.token_urlsafe(16)
            self.refresh = {given["refresh_token"]}
        return 200, given

    def takes(self, encoded: str) -> bool:
        """Whether this XOAUTH2 is the user with a good token."""
        told = base64.b64decode(encoded).decode()
        return any(told == f"user={self.user}\1auth=Bearer {token}\1\1" for token in self.tokens)


@contextmanager
def running_provider(user: str) -> Iterator[Provider]:
    """All three servers, on free ports."""
    provider = Provider(user)
    web = ThreadingHTTPServer(("127.0.0.1", 0), _web_of(provider))
    imap = _Server(("127.0.0.1", 0), _talk_of(provider, _imap))
    smtp = _Server(("127.0.0.1", 0), _talk_of(provider, _smtp))
    provider.url = f"http://127.0.0.1:{web.server_port}"
    provider.imap, provider.smtp = imap.server_address[1], smtp.server_address[1]
    servers = [web, imap, smtp]
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield provider
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def _web_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Web(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = provider.answer({key: value[0] for key, value in parse_qs(body).items()})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Web


def _talk_of(provider: Provider, talk: Any) -> type[socketserver.StreamRequestHandler]:
    class Talk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def hear(self) -> str:
            return self.rfile.readline().decode().strip()

        def handle(self) -> None:
            talk(provider, self)

    return Talk


def _imap(provider: Provider, talk: Any) -> None:
    """As much of IMAP as reading one folder takes."""
    talk.say("* OK ready")
    while line := talk.hear():
        tag, command, *rest = line.split()
        command = command.upper()
        if command == "CAPABILITY":
            talk.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR")
        elif command == "AUTHENTICATE":
            talk.say("+ ")
            if not provider.takes(talk.hear()):
                talk.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
                talk.hear()
                talk.say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)")
                continue
        elif command == "EXAMINE":
            talk.say(f"* {len(provider.mails)} EXISTS")
            talk.say("* OK [UIDVALIDITY 5] ok")
            talk.say(f"* OK [UIDNEXT {len(provider.mails) + 1}] ok")
        elif command == "UID":
            _imap_uid(provider, talk, rest)
        elif command == "LOGOUT":
            talk.say("* BYE")
        talk.say(f"{tag} OK done")


def _imap_uid(provider: Provider, talk: Any, rest: list[str]) -> None:
    first = int(rest[-1].split(":")[0]) if rest[0].upper() == "SEARCH" else int(rest[1].split(":")[0])
    numbers = range(first, len(provider.mails) + 1)
    if rest[0].upper() == "SEARCH":
        talk.say("* SEARCH " + " ".join(map(str, numbers)))
        return
    for number in numbers:
        content = provider.mails[number - 1]
        if "SIZE" in " ".join(rest):
            talk.say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(content)})")
            continue
        date = '"21-Nov-2026 10:00:00 +0000"'
        talk.say(f"* {number} FETCH (UID {number} INTERNALDATE {date} BODY[] {{{len(content)}}}")
        talk.wfile.write(content + b")\r\n")


def _smtp(provider: Provider, talk: Any) -> None:
    """As much of SMTP as sending a mail takes."""
    talk.say("220 ready")
    signed_in = False
    while line := talk.hear():
        command = line.upper()
        if command.startswith("EHLO"):
            talk.say("250-hello")
            talk.say("250 AUTH XOAUTH2")
        elif command.startswith("AUTH XOAUTH2"):
            signed_in = provider.takes(line.split()[2])
            if signed_in:
                talk.say("235 2.7.0 Accepted")
                continue
            talk.say("334 " + base64.b64encode(b'{"status":"400"}').decode())
            talk.hear()
            talk.say("535 5.7.8 Username and Password not accepted")
        elif command.startswith("MAIL") and not signed_in:
            talk.say("530 5.7.0 Authentication Required")
        elif command == "DATA":
            talk.say("354 go on")
            lines = []
            while (got := talk.rfile.readline()) != b".\r\n":
                lines.append(got)
            provider.sent.append(b"".join(lines))
            talk.say("250 taken")
        elif command == "QUIT":
            talk.say("221 bye")
            return
        else:
            talk.say("250 ok")
