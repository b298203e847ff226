"""A real Postfix for a test: its own queue, port and rules; Dovecot checks its logins and holds what it delivers.

Postfix starts as root only; elsewhere the tests that need it are skipped, and say so.
"""

import os
import shutil
import smtplib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.channels.mailboxes.certificates import Certificate
from tests.channels.mailboxes.dovecot import GID, UID, USER, Dovecot, free_port

PROGRAM = shutil.which("postfix") or "/usr/sbin/postfix"
MAY_RUN = Path(PROGRAM).exists() and os.getuid() == 0
_SECONDS_TO_START = 20
_DOMAIN = USER.partition("@")[2]


@dataclass
class Postfix:
    """A running server: `submission` wants STARTTLS and a login, `tls` is encrypted from the first byte."""

    folder: Path
    submission: int
    tls: int


@contextmanager
def running_postfix(folder: Path, certificate: Certificate, dovecot: Dovecot) -> Iterator[Postfix]:
    """Start Postfix in `folder` and wait until it answers; stop it at the end."""
    server = Postfix(folder, free_port(), free_port())
    configuration, data = folder / "etc", folder / "data"
    for each in (folder, configuration, folder / "queue", data):
        each.mkdir(parents=True, exist_ok=True)
    shutil.chown(data, "postfix")
    (configuration / "main.cf").write_text(_main(server, certificate, dovecot), encoding="utf-8")
    (configuration / "master.cf").write_text(_services(server), encoding="utf-8")
    (configuration / "senders").write_text(f"/^hello(\\+.*)?@{_DOMAIN}$/ {USER}\n", encoding="utf-8")
    for name in ("postfix-files", "postfix-script", "post-install", "dynamicmaps.cf"):
        shutil.copy(Path("/etc/postfix") / name, configuration)
    log = (folder / "out.log").open("wb")
    subprocess.run([PROGRAM, "-c", str(configuration), "start"], stdout=log, stderr=log, check=True)
    try:
        _wait_for(server)
        yield server
    finally:
        subprocess.run([PROGRAM, "-c", str(configuration), "stop"], stdout=log, stderr=log, check=False)
        log.close()


def _main(server: Postfix, certificate: Certificate, dovecot: Dovecot) -> str:
    return f"""
compatibility_level = 3.6
queue_directory = {server.folder}/queue
data_directory = {server.folder}/data
meta_directory = {server.folder}/etc
maillog_file = {server.folder}/mail.log
maillog_file_prefixes = {server.folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
alias_maps =
alias_database =
mynetworks =
recipient_delimiter = +
message_size_limit = 60000000
virtual_mailbox_limit = 0
mailbox_size_limit = 0
virtual_mailbox_domains = {_DOMAIN}
virtual_mailbox_base = {dovecot.folder}/mail
virtual_mailbox_maps = static:{USER}/
virtual_uid_maps = static:{UID}
virtual_gid_maps = static:{GID}
virtual_minimum_uid = 1
virtual_transport = virtual
default_transport = discard
relay_transport = discard
smtpd_tls_cert_file = {certificate.certificate}
smtpd_tls_key_file = {certificate.key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot.auth_socket}
smtpd_sasl_security_options = noanonymous
smtpd_sender_login_maps = regexp:{server.folder}/etc/senders
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_delay_reject = no
"""


def _services(server: Postfix) -> str:
    options = (
        "  -o smtpd_sasl_auth_enable=yes\n"
        "  -o smtpd_sender_restrictions=reject_sender_login_mismatch\n"
        "  -o smtpd_client_restrictions=\n"
    )
    return f"""
127.0.0.1:{server.submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
{options}127.0.0.1:{server.tls} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
{options}pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def _wait_for(server: Postfix) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end:
        try:
            with smtplib.SMTP("127.0.0.1", server.submission, timeout=2) as connection:
                if connection.noop()[0] == 250:
                    return
        except OSError:
            time.sleep(0.05)
    logs = "".join(path.read_text(errors="replace") for path in server.folder.glob("*.log"))
    raise RuntimeError(f"Postfix did not start:\n{logs}")
