"""The kinds of step: each is one module with its commands, facts, rules and folds, and says what it is by one value.

``kinds`` lists them · ``ideas``, ``themes``, ``rounds``, ``commitments`` what the state keeps of what is made in them.
This file imports none of them, since the state needs these four.
"""
