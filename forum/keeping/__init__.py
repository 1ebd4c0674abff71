"""The life of data beside the forums' own doing: archives of one forum, and how one is opened somewhere else.

Works on the journal alone, beside a running server as well as without one. Never decides who may ask for it.

Reading order: archive (the file), moving (in and out of a store).
"""

from forum.keeping.archive import BadArchive, Kept, read, write
from forum.keeping.moving import gather, open_again

__all__ = ["BadArchive", "Kept", "gather", "open_again", "read", "write"]
