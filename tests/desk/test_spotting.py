"""Spotting amounts, dates, percentages, periods and outcomes in letters of every language."""

from typing import Any

import pytest

from goodword.desk.spotting import spots_in


def found(text: str) -> list[tuple[str, Any]]:
    return [(spot.kind, spot.value) for spot in spots_in(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Paling lambat 24 Desember 2026.", "date", (2026, 12, 24)),
        ("Truk datang Selasa, 17 Agustus.", "date", (None, 8, 17)),
        ("Sebelum 3 Mei ya.", "date", (None, 5, 3)),
        ("Selewat-lewatnya pada 24 Disember 2026.", "date", (2026, 12, 24)),
        ("Lori datang pada 5 Ogos.", "date", (None, 8, 5)),
        ("Sebelum 1 Mac 2027.", "date", (2027, 3, 1)),
        ("Sebesar Rp1.499.000 tepatnya.", "amount", 149900000),
        ("Sebesar Rp 250.000,00 tepatnya.", "amount", 25000000),
        ("Sejumlah 1.500 rupiah.", "amount", 150000),
        ("Sebanyak RM1,499.50 semuanya.", "amount", 149950),
        ("Sebanyak 80 ringgit.", "amount", 8000),
        ("Voucer 20 persen.", "percent", 20.0),
        ("Baucar 20 peratus.", "percent", 20.0),
        ("Dalam tiga hari kerja.", "period", (3, "working day")),
        ("Dalam 3 hari bekerja.", "period", (3, "working day")),
        ("Dalam 14 hari.", "period", (14, "day")),
        ("Tunggu dua minggu.", "period", (2, "week")),
        ("Dalam masa lapan jam.", "period", (8, "hour")),
        ("Dalam seminggu.", "period", (1, "week")),
        ("Selama dua tahun.", "period", (2, "year")),
    ],
)
def test_an_indonesian_or_malay_letter_shows_what_can_be_checked(text: str, kind: str, value: Any) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Uang Anda kami kembalikan penuh.",
        "Uangnya akan dikembalikan.",
        "Kami mengembalikan uang Anda.",
        "Kami menerimanya kembali dengan senang hati.",
        "Anda tidak perlu mengirim apa pun, uang Anda kembali seluruhnya.",
        "Besok kami kirim label pengembalian.",
        "Pesanan Anda sudah dibatalkan.",
        "Wang anda akan kami kembalikan.",
        "Anda mendapat balik kesemuanya.",
        "Anda mendapat bayaran balik.",
        "Kami menerimanya semula.",
        "Anda akan mendapat barang baharu.",
        "Penghantarannya percuma.",
    ],
)
def test_words_that_grant_are_found_in_indonesian_and_malay(text: str) -> None:
    assert found(text) == [("outcome", "grants")]


@pytest.mark.parametrize(
    "text",
    [
        "Uangnya tidak dapat kami kembalikan.",
        "Kami tidak bisa mengembalikan uang Anda.",
        "Saya tidak dapat menerimanya kembali.",
        "Permintaan Anda terpaksa kami tolak.",
        "Hal ini tidak dapat kami penuhi.",
        "Kami tidak dapat menerimanya semula.",
        "Kami tak boleh mengembalikan wang anda.",
        "Permohonan anda tidak diluluskan.",
        "Kami terpaksa menolak permintaan ini.",
    ],
)
def test_words_that_refuse_are_found_in_indonesian_and_malay(text: str) -> None:
    assert found(text) == [("outcome", "refuses")]


@pytest.mark.parametrize(
    "text",
    [
        "Jika barangnya rusak, uang Anda kami kembalikan.",
        "Apakah Anda ingin barang baru?",
        "Sekiranya rosak, anda mendapat bayaran balik.",
        "Anda ingin mengembalikan lampu Anda.",
        "Terima kasih kerana menulis kepada kami.",
        "Telepon kami dari jam 9, lihat rak 12.",
        "Dipakai sehari-hari pun kuat.",
    ],
)
def test_a_condition_a_thanks_or_a_wish_promises_nothing(text: str) -> None:
    assert found(text) == []


def test_a_danish_thanks_denies_nothing() -> None:
    assert found("Tak for din mail, vi refunderer det hele.") == [("outcome", "grants")]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("En geç 24 Aralık 2026 tarihinde.", "date", (2026, 12, 24)),
        ("Kamyon 5 Ağustos'ta gelir.", "date", (None, 8, 5)),
        ("En gec 24 ARALIK 2026.", "date", (2026, 12, 24)),
        ("Toplam 1.499,00 TL tutar.", "amount", 149900),
        ("Toplam ₺1.499,50 tutar.", "amount", 149950),
        ("Toplam 80 liralık.", "amount", 8000),
        ("Tutar 499,00 DKK kadar.", "amount", 49900),
        ("Kupon yüzde 20 kadar.", "percent", 20.0),
        ("Kupon %12,5 kadar.", "percent", 12.5),
        ("Üç iş günü içinde.", "period", (3, "working day")),
        ("14 gün içinde.", "period", (14, "day")),
        ("30 gününüz var.", "period", (30, "day")),
        ("İki hafta bekleyin.", "period", (2, "week")),
        ("4 saatlik bir aralık.", "period", (4, "hour")),
        ("Altı ay boyunca.", "period", (6, "month")),
        ("3 yıl boyunca.", "period", (3, "year")),
    ],
)
def test_a_turkish_letter_shows_what_can_be_checked(text: str, kind: str, value: Any) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Paranızı geri alırsınız.",
        "Paranızın tamamını iade ediyoruz.",
        "Tutarın tamamını alacaksınız.",
        "Yarın iade etiketini gönderiyoruz.",
        "Yenisini size gönderiyoruz.",
        "Siparişinizi iptal ediyoruz.",
        "Onarım ücretsiz.",
        "Bir şey göndermeniz gerekmez, paranızı geri ödüyoruz.",
        "Onu memnuniyetle geri alırız.",
    ],
)
def test_words_that_grant_are_found_in_turkish(text: str) -> None:
    assert found(text) == [("outcome", "grants")]


@pytest.mark.parametrize(
    "text",
    [
        "Onu geri alamıyorum.",
        "Paranızı iade edemeyiz.",
        "Maalesef paranızı geri veremiyoruz.",
        "Bu mümkün değil.",
        "İsteğinizi reddetmek zorundayım.",
        "Ürün geri alınamaz, iade edilemez.",
    ],
)
def test_words_that_refuse_are_found_in_turkish(text: str) -> None:
    assert found(text) == [("outcome", "refuses")]


@pytest.mark.parametrize(
    "text",
    [
        "Ürün kusurlu geldiyse paranızı geri alırsınız.",
        "Paranızın iadesini mi, yenisini mi isterseniz yazın.",
        "Size uyan bir gün yazın.",
        "Yorganınız yolda, sürücü gelmeden önce arar.",
        "Bize yazdığınız için teşekkür ederim.",
    ],
)
def test_a_turkish_condition_or_thanks_promises_nothing(text: str) -> None:
    assert found(text) == []
