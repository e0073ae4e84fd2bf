"""What every document in several formats has in common: its formats, profiles, headers and links.

Here RDF and Markdown are written; the plain formats are in `server/formats/`.
"""
