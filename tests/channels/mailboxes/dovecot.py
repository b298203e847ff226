"""A real Dovecot for a test: its own folder, ports, users and Maildirs, ended with the test."""

import getpass
import grp
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.channels.mailboxes.certificates import Certificate

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, PASSWORD = "hello@nordhvile.example", "a pass word æ"
_SECONDS_TO_START = 15
# Dovecot serves no mail as root.
UID, GID = (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())


@dataclass
class Dovecot:
    """A running server. `plain` speaks IMAP and STARTTLS, `tls` is encrypted from the first byte."""

    folder: Path
    plain: int
    tls: int
    auth_socket: Path
    extra: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def maildir(self) -> Path:
        """Where the user's mail lies."""
        return self.folder / "mail" / USER

    def put(self, content: bytes, name: str, *, folder: str = "INBOX", unread: bool = True) -> Path:
        """Lay a mail into a folder, as a delivering server does."""
        place = self.maildir if folder == "INBOX" else self.maildir / f".{folder}"
        for each in (place, place / "tmp", place / "new", place / "cur"):
            if not each.exists():
                each.mkdir(parents=True)
                os.chown(each, UID, GID)
        file = place / "tmp" / name
        file.write_bytes(content)
        os.chown(file, UID, GID)
        # As a delivering server does it: a folder never shows half a mail.
        return file.rename(place / ("new" if unread else "cur") / (name if unread else f"{name}:2,S"))


@contextmanager
def running_dovecot(folder: Path, certificate: Certificate, *, extra: str = "") -> Iterator[Dovecot]:
    """Start Dovecot in `folder` and wait until it answers; stop it at the end."""
    server = Dovecot(folder, free_port(), free_port(), folder / "auth", extra)
    folder.mkdir(parents=True, exist_ok=True)
    for each in (server.maildir.parent, server.maildir, *(server.maildir / name for name in ("tmp", "new", "cur"))):
        each.mkdir(parents=True, exist_ok=True)
        os.chown(each, UID, GID)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", encoding="utf-8")
    configuration = folder / "dovecot.conf"
    configuration.write_text(_configuration(server, certificate), encoding="utf-8")
    log = (folder / "out.log").open("wb")
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(configuration)], stdout=log, stderr=log)
    try:
        _wait_for(server.plain, folder, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _configuration(server: Dovecot, certificate: Certificate) -> str:
    # As root, Dovecot wants the two users its package made; else everything is done by whoever runs the tests.
    me = getpass.getuser()
    internal, login = ("dovecot", "dovenull") if os.getuid() == 0 else (me, me)
    group = "dovecot" if os.getuid() == 0 else grp.getgrgid(os.getgid()).gr_name
    return f"""
base_dir = {server.folder}/run
state_dir = {server.folder}/state
log_path = {server.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate.certificate}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %u
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{server.folder}/mail/%u
mail_uid = {UID}
mail_gid = {GID}
passdb {{
  driver = passwd-file
  args = {server.folder}/users
}}
userdb {{
  driver = static
  args = uid={UID} gid={GID} home={server.folder}/mail/%u
}}
{_services(server)}
"""


def _services(server: Dovecot) -> str:
    return f"""
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.plain}
  }}
  inet_listener imaps {{
    port = {server.tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  unix_listener {server.auth_socket} {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
{server.extra}
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if connection.recv(4) == b"* OK":
                    return
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.05)
    logs = "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))
    raise RuntimeError(f"Dovecot did not start:\n{logs}")
