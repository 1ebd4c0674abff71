"""At which fact of the journal a table left the room, as our own documents say: in their sheet of notes, or in their name."""

import re
from typing import Final

from forum.imports.book import Book
from forum.imports.columns import bare, names
from forum.language import LANGUAGES, Reader

IN_NAME: Final = re.compile(r"-(\d{1,9})(?: ?\(\d+\))?\.\w+$")
FIRST_NUMBER: Final = re.compile(r"\d{1,9}")


def since(book: Book, code: str, last: int) -> int:
    """The fact's number; 0 where the file does not say, says it of another forum, or of what this one has not come to.

    last   the last fact there is
    """
    said = [Reader(lang) for lang in LANGUAGES]
    of_code, of_journal = (names(*(reader.say(word) for reader in said)) for word in ("Code", "Journal"))
    found = 0
    for page in book.pages:
        notes = {bare(row.at(0)): row.at(1) for row in page.rows if len(row.cells) == 2}
        codes = [value for name, value in notes.items() if name in of_code]
        entries = [value for name, value in notes.items() if name in of_journal]
        if codes and entries:
            number = FIRST_NUMBER.search(entries[0].replace("\u202f", "").replace(",", ""))
            if codes[0] != code:
                return 0
            found = int(number[0]) if number else 0
    if not found and (by_name := IN_NAME.search(book.name)):
        found = int(by_name[1])
    return found if found <= last else 0
