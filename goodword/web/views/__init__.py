"""The staff pages by room: each fetches through a query, calls one action, renders."""
