"""All requests that this program sends to other machines, by one HTTP client with one set of rules.

Which addresses may be reached, how long an exchange and how large an answer may be, whether redirects are followed, how
an answer is unpacked, and how long a host wants to be left alone: peers, reconciliation services, remote stores and
the releases of another machine all go through it.
"""
