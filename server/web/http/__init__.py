"""HTTP for every address: negotiation, caching, conditions, codings, problems, proxies, paging, languages, logs.

Nothing here knows what a document is about.
"""
