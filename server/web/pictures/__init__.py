"""Pictures drawn on the server, as SVG (version 2).

The positions are computed here; the templates of `templates/pictures/` write them.
"""
