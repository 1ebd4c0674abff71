"""Imports: what a table made elsewhere would do in a forum, shown before it is done.

    bytes → reading (in a process apart) → Book → columns (the guess) → cards, plan → wishes → tried → preview

A file of a stranger is opened in a process of its own, with bounds (``apart``). What it says is text from there on. Each line
becomes commands of the desk's; the rules judge each, first on trial for the preview, then once more when somebody confirms.
Nothing is changed before. What could not be read is named by line, column and what stood there.
"""

from forum.imports.book import Book, Page, letter
from forum.imports.reading import Unreadable

__all__ = ["Book", "Page", "Unreadable", "letter"]
