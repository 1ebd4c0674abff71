"""Kinds of step that live only here. They prove that a kind needs no line of the product besides its registrations.

``site/sitecustomize.py`` registers them as ``registered`` says, in a Python that has it on its path: the tests inside are
run by one of their own (``test_toys``), and so are the server and whatever that starts. No other test ever sees them.
"""
