"""Consents: what people agreed to beyond taking part, after reading which text, and until when.

``record`` what the state keeps · ``texts`` what is agreed to · ``part`` rules, commands, facts. This file imports neither, since the state
needs ``record``.
"""
