"""Unicode, once for everything that compares texts: their forms, their words, whether names are equal, their order."""
