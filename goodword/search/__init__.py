"""Finding conversations, customers and orders by whatever one remembers of them."""
