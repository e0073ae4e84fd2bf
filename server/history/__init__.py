"""What a base held at another time: the one room that knows git."""
