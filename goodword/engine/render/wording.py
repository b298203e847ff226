"""The handbook's own words in each language: what stands around the book's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Headings and captions. Fields in braces are filled; no sentence puts an ending on a filled value."""

    for_public: str
    for_staff: str
    contents: str
    as_of: str  # {day}
    version: str  # {version}
    page: str  # {page} {pages}
    chapter_facts: str  # {since}
    review_by: str  # {day}
    owner: str  # {owner}
    rule: str
    when: str
    then: str
    always: str
    exception_to: str  # {rules}
    done: str  # {action}
    say: str  # the caption over words to the customer; {name}
    staff_only: str
    numbers: str
    number: str
    value: str
    from_then_on: str  # {day} {value}
    law: str
    source: str  # {source}
    contact: str
    memberships: str
    desk: Mapping[str, str]  # what the desk itself knows, where a letter will say it


WORDING = {
    "en": Wording(
        for_public="Our word to our customers",
        for_staff="Handbook for everyone who serves our customers",
        contents="Contents",
        as_of="As of {day}",
        version="Version {version}",
        page="{page} of {pages}",
        chapter_facts="In force since {since}",
        review_by="to be reviewed by {day}",
        owner="kept by: {owner}",
        rule="Rule",
        when="When",
        then="Then",
        always="In every case",
        exception_to="Exception to {rules}",
        done="{action}: done",
        say="In words to the customer: {name}",
        staff_only="For staff only",
        numbers="The numbers in this book",
        number="Number",
        value="Value",
        from_then_on="from {day}: {value}",
        law="What the law demands at least",
        source="Source: {source}",
        contact="How to reach us",
        memberships="Codes of conduct that we keep",
        desk={
            "line_name": "item",
            "customer_name": "customer’s name",
            "agent_name": "your name",
            "company": "company",
            "order_number": "order number",
            "reply_by": "answer by",
            "refund_by": "money by",
            "action_due": "done by",
            "today": "today",
        },
    ),
    "da": Wording(
        for_public="Vores ord til vores kunder",
        for_staff="Håndbog for alle, der betjener vores kunder",
        contents="Indhold",
        as_of="Pr. {day}",
        version="Version {version}",
        page="{page} af {pages}",
        chapter_facts="Gælder fra {since}",
        review_by="gennemgås senest {day}",
        owner="ansvarlig: {owner}",
        rule="Regel",
        when="Når",
        then="Så",
        always="I alle tilfælde",
        exception_to="Undtagelse fra {rules}",
        done="{action}: klaret",
        say="Med ord til kunden: {name}",
        staff_only="Kun for medarbejdere",
        numbers="Tallene i denne bog",
        number="Tal",
        value="Værdi",
        from_then_on="fra {day}: {value}",
        law="Hvad loven mindst kræver",
        source="Kilde: {source}",
        contact="Sådan får du fat i os",
        memberships="Kodekser, som vi følger",
        desk={
            "line_name": "vare",
            "customer_name": "kundens navn",
            "agent_name": "dit navn",
            "company": "firma",
            "order_number": "ordrenummer",
            "reply_by": "svar senest",
            "refund_by": "penge senest",
            "action_due": "klar senest",
            "today": "i dag",
        },
    ),
    "id": Wording(
        for_public="Janji kami kepada pelanggan",
        for_staff="Buku pegangan bagi semua yang melayani pelanggan kami",
        contents="Daftar isi",
        as_of="Per {day}",
        version="Versi {version}",
        page="{page} dari {pages}",
        chapter_facts="Berlaku sejak {since}",
        review_by="ditinjau paling lambat {day}",
        owner="penanggung jawab: {owner}",
        rule="Aturan",
        when="Apabila",
        then="Maka",
        always="Dalam segala hal",
        exception_to="Pengecualian dari {rules}",
        done="{action}: selesai",
        say="Kata-kata untuk pelanggan: {name}",
        staff_only="Hanya untuk staf",
        numbers="Angka-angka dalam buku ini",
        number="Angka",
        value="Nilai",
        from_then_on="mulai {day}: {value}",
        law="Batas minimum menurut hukum",
        source="Sumber: {source}",
        contact="Cara menghubungi kami",
        memberships="Kode etik yang kami patuhi",
        desk={
            "line_name": "barang",
            "customer_name": "nama pelanggan",
            "agent_name": "nama Anda",
            "company": "perusahaan",
            "order_number": "nomor pesanan",
            "reply_by": "dijawab paling lambat",
            "refund_by": "dana paling lambat",
            "action_due": "selesai paling lambat",
            "today": "hari ini",
        },
    ),
    "ms": Wording(
        for_public="Janji kami kepada pelanggan",
        for_staff="Buku panduan bagi semua yang melayani pelanggan kami",
        contents="Kandungan",
        as_of="Setakat {day}",
        version="Versi {version}",
        page="{page} daripada {pages}",
        chapter_facts="Berkuat kuasa sejak {since}",
        review_by="disemak selewat-lewatnya pada {day}",
        owner="penanggungjawab: {owner}",
        rule="Peraturan",
        when="Apabila",
        then="Maka",
        always="Dalam semua keadaan",
        exception_to="Pengecualian daripada {rules}",
        done="{action}: selesai",
        say="Kata-kata kepada pelanggan: {name}",
        staff_only="Untuk kakitangan sahaja",
        numbers="Angka-angka dalam buku ini",
        number="Angka",
        value="Nilai",
        from_then_on="mulai {day}: {value}",
        law="Had minimum yang ditetapkan undang-undang",
        source="Sumber: {source}",
        contact="Cara menghubungi kami",
        memberships="Kod etika yang kami patuhi",
        desk={
            "line_name": "barang",
            "customer_name": "nama pelanggan",
            "agent_name": "nama anda",
            "company": "syarikat",
            "order_number": "nombor pesanan",
            "reply_by": "dijawab selewat-lewatnya",
            "refund_by": "wang selewat-lewatnya",
            "action_due": "siap selewat-lewatnya",
            "today": "hari ini",
        },
    ),
    "tr": Wording(
        for_public="Müşterilerimize sözümüz",
        for_staff="Müşterilerimize hizmet eden herkes için el kitabı",
        contents="İçindekiler",
        as_of="Durum tarihi: {day}",
        version="Sürüm {version}",
        page="{page} / {pages}",
        chapter_facts="Yürürlük tarihi: {since}",
        review_by="en geç gözden geçirme tarihi: {day}",
        owner="sorumlu: {owner}",
        rule="Kural",
        when="Koşul",
        then="Sonuç",
        always="Her durumda",
        exception_to="Şu kuralların istisnası: {rules}",
        done="{action}: tamamlandı",
        say="Müşteriye söylenecek sözler: {name}",
        staff_only="Yalnızca çalışanlar için",
        numbers="Bu kitaptaki sayılar",
        number="Sayı",
        value="Değer",
        from_then_on="{day} tarihinden itibaren: {value}",
        law="Yasanın öngördüğü asgari haklar",
        source="Kaynak: {source}",
        contact="Bize nasıl ulaşırsınız",
        memberships="Uyduğumuz davranış kuralları",
        desk={
            "line_name": "ürün",
            "customer_name": "müşterinin adı",
            "agent_name": "adınız",
            "company": "şirket",
            "order_number": "sipariş numarası",
            "reply_by": "yanıt için son gün",
            "refund_by": "ödeme için son gün",
            "action_due": "tamamlanacağı son gün",
            "today": "bugün",
        },
    ),
}


def wording(language: str) -> Wording:
    """The words of a language, English where the handbook has none of it."""
    return WORDING.get(language, WORDING["en"])
