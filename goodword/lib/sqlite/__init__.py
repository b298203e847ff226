"""Django's SQLite backend with every write of the process under one first-come-first-served lock."""
