"""What each audience sees, as fragments of HTML with keys. They are drawn once and sent to everybody who may see them.

Secrecy is decided here and in the domain: secrets are not in what is sent.
"""
