"""Indonesian and Malay: so near each other that letters do not tell them apart, but a few everyday words do.

The two are one family here. Whether a text is in it at all is asked first: a text without a single word of the family
is not, however much the letters of a short English one look like it.
"""

import re
from collections.abc import Collection

FAMILY = ("id", "ms")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What everybody writes, whatever her language.
INTERNATIONAL = _words("ok oke okay hi hai halo")

# Words that one of the two has and the other has not, or writes otherwise.
_TELLING = {
    "id": _words(
        "bisa mau uang uangnya karena bahwa kapan mohon email gratis kasur kirim dikirim mengirim pengiriman nomor "
        "telepon kantor coba mencoba rusak kerusakan beda sopir kurir truk halo nggak enggak gak banget kok dong sih "
        "kak kalian akun akunnya hapus gimana apakah toko tokonya kebesaran kekecilan dipakai pakai silakan saja "
        "kemarin besok butuh ongkos ongkir komplain keluhan jawaban diantar antar situs lemari tagihan pribadi senin "
        "kamis jumat maret agustus desember furnitur perbaikan gorden seprai voucer diskon menit detik pengembalian "
        "pengemudi manajer pikiran cocok jemput kembalikan retur garansi tadi bapak mas mbak becus goblok"
    ),
    "ms": _words(
        "nak mahu wang wangnya kerana bahawa dah tak ni tu lepas hantar dihantar menghantar penghantaran katil tilam "
        "rosak kerosakan berbeza aduan kedai akaun baharu sila nombor telefon emel e-mel percuma cuba mencuba minit "
        "lori pemandu baucar diskaun perabot kod ialah sahaja esok semalam isnin khamis jumaat ahad mac ogos "
        "disember julai tersilap saiz langsir cadar tiada macam awak encik puan cik tuan invois resit pulangkan "
        "dipulangkan memulangkan pemulangan peribadi padam padamkan sepatutnya jawapan pengurus khabar adakah salam "
        "daripada pejabat waranti beritahu bahagian pembaikan bila guna rosaknya operasi biadab"
    ),
}
# Words of both.
_COMMON = _words(
    "saya anda kami kita yang tidak dengan untuk dari pada itu ini sudah belum akan juga tolong terima kasih pesanan "
    "minta barang barangnya apa bagaimana berapa kenapa sampai rumah lampu selimut bantal meja minggu alamat kembali "
    "tetapi tapi lagi sekali salah bagus cantik selamat pagi siang malam petang maaf boleh batalkan dibatalkan pesan "
    "beli membeli diterima menerima sebab kalau jika supaya agar tentang balas dibalas dalam atau dan seperti mana "
    "bukan setelah cukup begitu setiap sehingga tahun sebelum oleh paling lambat selama datang lalu apabila namun "
    "sering lebih semua besar masih tanpa mereka sebagai sedikit waktu bulan satu dua tiga tempat tidur urusan jawab"
)
# Words, names and signs of other languages, too: none of these shows by itself that a text is in the family.
_ALSO_ELSEWHERE = _words(
    "tak ni tu min mac jun kod sila salam cik email kirim kok dong sih kak mas mau komplain dan mana pada apa bila "
    "akan dah lori retur saja tuan macam khabar lepas beda guna gratis dua"
)
_SIGNS = (_COMMON | _TELLING["id"] | _TELLING["ms"]) - _ALSO_ELSEWHERE - INTERNATIONAL
# What these languages put before and after a word: "dikembalikan", "harganya".
_AFFIXED = re.compile(r"(?:di|me|ber|ter|ke)\w{3,}kan|(?:ke|per|pe[mn]g?|ber)\w{4,}an|\w{3,}nya")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EACH_WORD, _MOST_WORDS = 4.0, 6
_MOSTLY = 0.4
_IN_A_SHORT_TEXT = 8


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; numbers and signs are none."""
    return _WORD.findall(text.lower())


def is_in_family(words: Collection[str]) -> bool | None:
    """Whether a text of these words is Indonesian or Malay; None where the letters have to say.

    False without a single word of the family, True for a short text that is made of its words.
    """
    signs = sum(word in _SIGNS for word in words)
    if not signs and not any(_AFFIXED.fullmatch(word) for word in words):
        return False
    return True if signs >= _MOSTLY * len(words) and len(words) <= _IN_A_SHORT_TEXT else None


def leaning(words: Collection[str]) -> dict[str, float]:
    """How much likelier each of the two is by its telling words, as a factor of at least 1."""
    found = {code: min(sum(word in telling for word in words), _MOST_WORDS) for code, telling in _TELLING.items()}
    return {code: _EACH_WORD**count for code, count in found.items()}
