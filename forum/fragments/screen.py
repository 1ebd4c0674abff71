"""Placeholder until the screen's module lands."""
AFFECTS = {}
def keys(view): return iter(())
def slot(view, lang, key): return None
def my_keys(view, person): return iter(())
def my_slot(view, lang, person, key): return None
