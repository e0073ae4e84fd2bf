"""What the template of each page is given: a dataclass for each, whose fields are names in the template.

A theme may put a template of its own in the place of one of these, so that a field, once it is there, stays.
docs/theming.md lists them all, and a test holds it to them.
"""
