"""Consents: what somebody agreed to beyond taking part, after reading which text, and until when.

``record`` what the state keeps · ``part`` rules, commands, facts. This file imports neither: the state stands on ``record``.
"""
