"""What each address is for, what it takes and in which formats it answers."""
