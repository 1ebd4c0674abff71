"""The life of data apart from what forums do themselves: archives, backups, erasure, the end of a forum.

Works on the journal alone, with or without a running server. Never decides who may ask for it.

Reading order: archive (the file), moving (in and out of a store), unlinking (an archive without authors),
erasure, ending (what had its time), ledger, pictures (of photographs), passes, patience, life (what of a forum concerns its keeper), keeper (who looks after it all),
backup (everything in one file).
"""

from forum.keeping.archive import BadArchive, Kept, read, write
from forum.keeping.backup import SUFFIX, Restored, back_up, restore, rotate
from forum.keeping.keeper import LEFT_DAYS, Keeper
from forum.keeping.ledger import Ledger
from forum.keeping.life import Due
from forum.keeping.moving import OWN_SEED, SECRETS, gather, move, move_back, open_again
from forum.keeping.unlinking import unlinked

__all__ = [
    "LEFT_DAYS",
    "OWN_SEED",
    "SECRETS",
    "SUFFIX",
    "BadArchive",
    "Due",
    "Keeper",
    "Kept",
    "Ledger",
    "Restored",
    "back_up",
    "gather",
    "move",
    "move_back",
    "open_again",
    "read",
    "restore",
    "rotate",
    "unlinked",
    "write",
]
