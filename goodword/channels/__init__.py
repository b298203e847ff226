"""How words come in and go out: mail, the web form, what is queued and what was delivered."""
