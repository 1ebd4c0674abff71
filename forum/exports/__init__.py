"""Exports: documents made of a forum's state up to journal number N, and of nothing else.

Two exports at the same N are the same bytes; N and the chain are printed in each, or in its name.
"""

from forum.exports.apart import Made, ordered, read_made
from forum.exports.archive import NotAnArchive, read
from forum.exports.books.decks import Entry
from forum.exports.documents import FLAVOURS, NO_ENTRY, Export, HowFar, kinds, pictured, render
from forum.exports.naming import FileName, named
from forum.exports.tables import Flavour
from forum.exports.told import Archive

__all__ = [
    "FLAVOURS",
    "NO_ENTRY",
    "Archive",
    "Entry",
    "Export",
    "FileName",
    "Flavour",
    "HowFar",
    "Made",
    "NotAnArchive",
    "kinds",
    "named",
    "ordered",
    "pictured",
    "read",
    "read_made",
    "render",
]
