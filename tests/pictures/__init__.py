"""The README's pictures, taken from the demo: ``python -m tests.pictures``, or ``make pictures``."""
