"""Reading the desk, by noun. Import the module you need: `from goodword.desk.queries import facts`."""
