"""Photographs of walls and paper: their words and numbers. The pictures themselves lie beside the journal, never in it.

``record`` what the state keeps · ``part`` rules, commands, facts. This file imports neither, since the state needs ``record``.
"""
