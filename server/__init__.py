"""The engine of the knowledge base: reads Turtle, checks it, infers from it, and publishes it on the web.

The folders run from the ground up, and imports run downward only: `namespaces`, `records`, `settings` and
`errors` are the ground; `store` knows the SPARQL engine; `turtle` and `vocabulary` read the files;
`inference` and `validation` reason about them; `knowledge` answers what pages ask; `build` makes
releases; `web` speaks HTTP; `cli` is the command line.
"""
