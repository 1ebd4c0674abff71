"""Read by a Python before anything else: it knows the toys before it knows the forum."""

import tests.toys.registered  # noqa: F401
