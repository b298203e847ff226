"""Whether a text can be Turkish: it has a letter, a word or an ending that none of the book's other languages has.

The model's letters alone take short English and Danish texts ("a lamp", "Ja tak") for Turkish, and a Turkish one typed
without its dots and tails for anything. Even a short Turkish sentence shows one of these signs.
"""

import re
from collections.abc import Collection

_LETTERS = re.compile("[çğışöü]|i\u0307")
# Typed with and without the Turkish letters; words that English, Danish, Indonesian or Malay have too are left out.
_WRITTEN = (
    "merhaba selam iyi gunler sayin tesekkur tesekkurler ederim rica lutfen degil icin evet hayir tamam cok nerede "
    "nasil neden hangi siparis siparisim siparisimi siparisi siparisin iade iadem iadesi fatura teslimat adresim "
    "adresi lamba lambam yatak yatagim karyola yastik yorgan perde kusurlu bozuk kirik geldi gelmedi gonder henuz "
    "istiyorum istiyoruz olur olmaz numara numarali numaram telefonum paramin parami hesabim hesabimi urun urunu "
    "teslim edildi edin eder misiniz miyim bekliyorum haber"
)
_WORDS = frozenset(_WRITTEN.split())
_ENDINGS = re.compile(r"\w{2,}(?:yor|yorum|yoruz|yorsunuz|acak|ecek|acagim|ecegim|misti|mistim|lerimi|larimi|yiniz)")


def can_be_turkish(words: Collection[str]) -> bool:
    """Whether one of `words` (in small letters) is a sign of Turkish."""
    return any(word in _WORDS or _LETTERS.search(word) or _ENDINGS.fullmatch(word) for word in words)
