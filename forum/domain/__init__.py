"""The rules of a forum: pure values and functions, no input or output, no clock, no chance, no reader's language.

Read ``kernel`` (the words), ``state``, ``room`` (decide and fold), then the parts: ``people``, ``flow``,
``steps/*``, ``plan``, ``undo``. Persistent maps come from ``immutables``, the one library beside msgspec.
"""
