"""The only writers of the desk, by noun. Import the module you need: `from goodword.desk.actions import decisions`."""
