"""A book's tables and parameters as a spreadsheet (.xlsx) that its keepers may change, and back into the book's text.

Every cell is text, written as in the book: a spreadsheet that helps itself to numbers and dates would change 1.10.
"""

from goodword.engine.sheets.reading import Change, SheetError, book_from_sheets
from goodword.engine.sheets.writing import write_sheets

__all__ = ["Change", "SheetError", "book_from_sheets", "write_sheets"]
