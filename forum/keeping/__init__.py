"""The life of data beside the forums' own doing: archives, erasure, the end of a forum.

Works on the journal alone, beside a running server as well as without one. Never decides who may ask for it.

Reading order: archive (the file), moving (in and out of a store), erasure, ledger, keeper (who looks after it all).
"""

from forum.keeping.archive import BadArchive, Kept, read, write
from forum.keeping.keeper import Due, Keeper
from forum.keeping.ledger import Ledger
from forum.keeping.moving import gather, open_again

__all__ = ["BadArchive", "Due", "Keeper", "Kept", "Ledger", "gather", "open_again", "read", "write"]
