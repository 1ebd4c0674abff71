"""``python -m forum.exports``: see ``apart``."""

from forum.exports.apart import main

main()
