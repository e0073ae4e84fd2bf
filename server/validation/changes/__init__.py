"""The check of a change: an index of what each file says, the surroundings of a change, and what is checked there."""
