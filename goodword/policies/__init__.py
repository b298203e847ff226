"""The policy book as the desk keeps it: versions, publishing, what was in force on a day."""
