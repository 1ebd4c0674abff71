"""What each audience sees, as keyed fragments of HTML; drawn once, sent to all who may see the same.

Secrecy is decided here and in the domain: what must not be seen is not in what is sent.
"""
