"""Mailboxes: fetching by IMAP, servers to send through, sign-in, rehearsal, and saying what is wrong with them."""
