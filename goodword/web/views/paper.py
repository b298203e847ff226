"""The policy book to take away: as handbook, spreadsheet, DMN, JSON or receipt lines."""

from django.http import HttpRequest, HttpResponse

from goodword.lib import clock
from goodword.policies.printing import file_of_the_book
from goodword.policies.queries import current_book
from goodword.web.answers import staff_page
from goodword.web.shown.words import reading_language


@staff_page
def book_file(request: HttpRequest, name: str) -> HttpResponse:
    """One file of the book in force, in the language she reads, or the book's first where it is not written in that."""
    book = current_book()
    language = reading_language() if reading_language() in book.languages else book.languages[0]
    printed = file_of_the_book(name, language, clock.today(book.time_zone))
    response = HttpResponse(printed.content, content_type=printed.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{printed.name}"'
    return response
