"""The web server's doors: pages, forms, the live socket. Checks who asks and what they send; holds no rule.

Reading order: ``routes`` (every address), ``service`` (what endpoints hold), ``guard`` (before any of them),
``identity``, ``text`` and ``wire`` (what may come in), ``acting`` (one command, whichever door it came by),
then the doors: ``socket``, ``commands``, ``poll``, ``pages``, ``entering``, ``exports``.
"""
