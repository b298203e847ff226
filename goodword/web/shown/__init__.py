"""What pages show: rows of the rooms put into an agent's words, once, for every template."""
