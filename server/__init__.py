"""The engine of the knowledge base: reads Turtle, checks it, infers from it, and publishes it on the web.

Imports run downward only, from `cli` to the records and IRIs at the ground: `namespaces`, `records`, `settings` and
`errors`; `sparql` is the text of queries, and `store` runs them; `turtle` and `schema` read the files; `inference`
and `validation` reason about them; `knowledge` answers what pages ask; `build` makes releases; `formats` writes
records; `web` speaks HTTP; `cli` is the command line. See docs/architecture.md.
"""
