"""What the knowledge base says, written for people and programs: JSON, CSV, lines of text, references.

Nothing here knows HTTP: the web and the command line both write with it.
"""
