"""The documents that people read, each composed of blocks (``exports.book``) from what the archive tells. Pure."""
