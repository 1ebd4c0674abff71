"""``python -m forum``: the same as the ``forum`` command."""

import sys

from forum.cli import main

sys.exit(main())
