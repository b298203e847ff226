"""The demo company: the starter book's own shop, its people, its goods and some weeks of its history."""
