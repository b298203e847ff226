"""The book on paper and on a page: the handbook, a single policy, receipt lines and product notices.

`contents` says what stands in it and in which order; `web` and `paper` only say how it looks.
"""

from goodword.engine.render.contents import Chapter, Handbook, handbook, single_policy
from goodword.engine.render.data import book_from_json, book_json, schema
from goodword.engine.render.notices import Disclosure, disclosures, product_notices, receipt_lines
from goodword.engine.render.paper import handbook_pdf
from goodword.engine.render.web import handbook_html

__all__ = [
    "Chapter",
    "Disclosure",
    "Handbook",
    "book_from_json",
    "book_json",
    "disclosures",
    "handbook",
    "handbook_html",
    "handbook_pdf",
    "product_notices",
    "receipt_lines",
    "schema",
    "single_policy",
]
