"""Views of an answer: a table of rows and what can be drawn of it.

Everything is worked out here and written as HTML and SVG by `templates/views/`, so that no view needs a script.
"""
