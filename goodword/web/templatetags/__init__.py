"""Template tags of the staff pages, shared by the other doors."""
