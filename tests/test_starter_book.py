"""The starter book keeps what it says: its cases, its languages, its words, and the law's floors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from goodword import engine
from goodword.engine.book import read_files
from goodword.engine.cases import Case, check_case, read_cases
from goodword.engine.document import PLACEHOLDER
from goodword.engine.findings import Notes
from goodword.engine.vocabulary import Fact, Output
from goodword.ops.starter_book import starter_folder

TODAY = date(2026, 11, 23)
BOOK = engine.read_book(starter_folder())
CASES = read_cases(BOOK, Notes())
LAMP = {
    "category": "general", "made_to_measure": False, "sealed": False, "opened": False, "faulty": False,
    "delivered_on": date(2026, 11, 12), "requested_on": date(2026, 11, 20), "line_price": 49900,
    "purchases_last_year": 1,
}
TOPPER = {**LAMP, "category": "hygiene", "sealed": True, "opened": True, "line_price": 149900, "purchases_last_year": 4}
BED = {**LAMP, "category": "furniture", "faulty": True, "wish": "money-back", "line_price": 1899900}
DESK = {
    "customer_name": "Freja Holm", "agent_name": "Maja", "company": BOOK.name, "order_number": "10452",
    "line_name": "Fjord", "refund_amount": 49900, "reply_by": datetime(2026, 11, 24, 9, tzinfo=UTC),
    "refund_by": date(2026, 12, 7), "action_due": date(2026, 11, 25), "today": TODAY,
}


def test_the_check_finds_nothing_wrong() -> None:
    assert [str(finding) for finding in engine.check(starter_folder(), today=TODAY)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.policy}: {case.says}")
def test_each_case_holds(case: Case) -> None:
    assert check_case(BOOK, case) is None


def test_an_unopened_lamp_within_the_window_is_a_plain_yes_that_an_agent_may_say() -> None:
    decision = engine.decide(BOOK, "returns", LAMP, TODAY)

    assert decision.status == "decided"
    assert decision.outputs == {
        "outcome": "allow", "refund_percent": 100, "money_for": "goods-back", "reason": "in-time",
        "do": ("return-label", "goods-received", "refund"), "authority": "agent", "refund_days": 5,
        "counted_from": "goods-received",
    }
    assert [ref.clause for ref in decision.fired] == ["ordinary", "authority", "deadline"]


def test_an_opened_topper_is_a_refusal_with_a_good_alternative() -> None:
    decision = engine.decide(BOOK, "returns", TOPPER, TODAY)

    assert decision.outputs == {
        "outcome": "refuse", "refund_percent": 0, "money_for": "nothing", "reason": "hygiene-open-regular",
        "alternative": "discount-voucher", "voucher_percent": 20, "do": (), "authority": "agent", "refund_days": 0,
        "counted_from": "decision",
    }


def test_a_dear_faulty_bed_is_a_yes_that_a_manager_must_confirm() -> None:
    decision = engine.decide(BOOK, "returns", BED, TODAY)

    assert decision.outputs == {
        "outcome": "allow", "refund_percent": 100, "money_for": "fault", "reason": "fault-refund-collected",
        "do": ("collection", "goods-received", "refund"), "authority": "manager", "refund_days": 5,
        "counted_from": "goods-received",
    }


def test_a_fault_beats_the_broken_seal_and_nothing_else_changes() -> None:
    faulty = {**TOPPER, "faulty": True, "wish": "money-back"}
    decision = engine.decide(BOOK, "returns", faulty, TODAY)

    assert (decision.outcome, decision.outputs["reason"]) == ("allow", "fault-refund")
    assert {ref.clause for ref in decision.overridden} == {"hygiene"}


def test_a_purchase_from_before_june_2025_has_its_fourteen_days() -> None:
    late = {**LAMP, "delivered_on": date(2025, 5, 1), "requested_on": date(2025, 5, 20)}
    days = {"contact": date(2025, 5, 20), "today": TODAY}

    then = engine.decide(BOOK, "returns", late, {**days, "purchase": date(2025, 4, 28)})
    now = engine.decide(BOOK, "returns", late, {**days, "purchase": date(2025, 6, 1)})

    assert (then.outcome, now.outcome) == ("refuse", "allow")


def test_only_what_no_record_knows_is_asked_of_the_customer() -> None:
    from_records = {name: value for name, value in TOPPER.items() if name not in ("opened", "faulty")}

    first = engine.decide(BOOK, "returns", from_records, TODAY)
    then = engine.decide(BOOK, "returns", {**from_records, "faulty": False}, TODAY)

    assert set(first.open) == {"faulty", "wish", "opened"}
    assert (first.question, then.question) == ("faulty", "opened")


@pytest.mark.parametrize("language", BOOK.languages)
@pytest.mark.parametrize("facts", [LAMP, TOPPER, BED], ids=["lamp", "topper", "bed"])
def test_the_answer_begins_with_her_problem_and_has_no_holes(facts: dict[str, Any], language: str) -> None:
    decision = engine.decide(BOOK, "returns", facts, TODAY)
    values = {**decision.facts, **decision.outputs, **DESK}
    text = engine.say(BOOK, "returns", str(decision.outputs["reason"]), language, values, TODAY)

    assert "Fjord" in text.split(".")[0]
    assert "{{" not in text
    assert len(text.split("\n\n")) >= 2


@pytest.mark.parametrize("language", BOOK.languages)
def test_every_word_for_the_customer_can_be_said(language: str) -> None:
    things: list[Fact | Output] = [*BOOK.facts.values(), *BOOK.outputs.values()]
    sample = {thing.code: _sample(thing.kind, list(thing.values)) for thing in things}
    for policy in BOOK.policies.values():
        for name in policy.texts[language].says:
            text = engine.say(BOOK, policy.code, name, language, {**sample, **DESK}, TODAY)
            assert text, f"{policy.code}: {name}"
            assert "{{" not in text, f"{policy.code}: {name}"


def _sample(kind: str, values: list[str]) -> Any:
    if values:
        return values[0]
    return {"date": TODAY, "yes/no": True, "text": "x", "list": ()}.get(kind, 12)


def test_the_languages_are_those_of_the_files() -> None:
    written = {name.split(".")[1] for name in BOOK.files if re.fullmatch(r"[a-z-]+\.[a-z]{2}\.md", name)}
    assert {*written, BOOK.languages[0]} == set(BOOK.languages) == set(BOOK.facts["language"].values)


@pytest.mark.parametrize("language", BOOK.languages[1:])
def test_every_language_has_every_clause_and_every_word_for_the_customer(language: str) -> None:
    for policy in BOOK.policies.values():
        original, translated = policy.texts[BOOK.languages[0]], policy.texts[language]
        assert list(translated.sections) == list(original.sections), policy.code
        assert list(translated.says) == list(original.says), policy.code
        for name, block in original.says.items():
            own = translated.says[name].text
            assert set(PLACEHOLDER.findall(own)) == set(PLACEHOLDER.findall(block.text)), (policy.code, name)
            assert own != block.text or not re.search(r"\w", PLACEHOLDER.sub("", own)), (policy.code, name)
            assert own.count("\n\n") == block.text.count("\n\n"), (policy.code, name)
        assert bool(translated.recognise) == bool(original.recognise), policy.code


# Words that one of the two neighbours has and the other has not, or writes otherwise.
ONLY_INDONESIAN = (
    "uang karena bahwa bisa kantor nomor telepon email gratis kasur rusak kerusakan berbeda coba menit detik truk "
    "pengemudi pengiriman jawaban manajer mohon kapan situs kode diskon voucer furnitur bagian perbaikan beri"
)
ONLY_MALAY = (
    "wang kerana bahawa nombor telefon percuma tilam rosak kerosakan berbeza cuba minit lori pemandu penghantaran "
    "jawapan pengurus bila kod diskaun baucar perabot bahagian pembaikan beritahu baharu ialah akaun"
)


@pytest.mark.parametrize(("language", "foreign"), [("id", ONLY_MALAY), ("ms", ONLY_INDONESIAN)])
def test_indonesian_and_malay_are_kept_apart(language: str, foreign: str) -> None:
    strangers = re.compile(rf"\b(?:{'|'.join(foreign.split())})\b", re.IGNORECASE)
    texts = [policy.texts[language] for policy in BOOK.policies.values()]
    passages = [part.markdown for text in texts for part in (text.intro, *text.sections.values())]
    passages += [block.text for text in texts for block in text.says.values()]
    passages += [words[language] for _, words in _names()]
    assert [found.group() for passage in passages for found in strangers.finditer(passage)] == []


def test_everything_has_a_name_in_every_language() -> None:
    unnamed = [name for name, words in _names() if set(words) != set(BOOK.languages)]
    assert unnamed == []


def _names() -> Iterator[tuple[str, Any]]:
    yield from ((action.code, action.labels) for action in BOOK.actions.values())
    yield from ((parameter.code, parameter.labels) for parameter in BOOK.parameters.values())
    subjects: list[Fact | Output] = [*BOOK.facts.values(), *BOOK.outputs.values()]
    for subject in subjects:
        yield subject.code, subject.labels
        if subject.kind == "choice":
            yield from ((f"{subject.code}.{value}", words) for value, words in subject.values.items())
    yield from ((fact.code, fact.questions) for fact in BOOK.facts.values())
    yield from BOOK.departments.items()
    yield from BOOK.settings.roles.items()


def test_whatever_only_she_can_tell_has_a_question_in_words_for_her() -> None:
    for policy in BOOK.policies.values():
        table = policy.decisions.get("outcome")
        for name in table.columns if table else ():
            if name in BOOK.facts and BOOK.facts[name].source == "ask" and not BOOK.facts[name].formula:
                for language in BOOK.languages:
                    assert f"ask-{name.replace('_', '-')}" in policy.texts[language].says, (policy.code, name, language)


def test_every_action_tells_the_customer_in_every_language_when_it_is_done() -> None:
    for language in BOOK.languages:
        said = {name for policy in BOOK.policies.values() for name in policy.texts[language].says}
        assert {action.done_say for action in BOOK.actions.values()} <= said


def test_the_day_for_an_answer_runs_over_the_weekend() -> None:
    hours = engine.hours.WorkingHours.from_book(BOOK, "email")
    friday = datetime(2026, 11, 20, 14, tzinfo=UTC)
    promised = engine.decide(BOOK, "contact", {"channel": "email"}, TODAY).outputs["reply_within"]

    assert engine.hours.add_working_minutes(friday, promised * 60, hours) == datetime(2026, 11, 23, 14, tzinfo=UTC)


MAILS = [
    ("en", "returns", "Hi, the lamp is lovely but too big for my table. Can I send it back? It is unused."),
    ("en", "returns", "My bed frame cracked last night. I want my money back."),
    ("en", "returns", "I'd like to exchange the pillow for another size"),
    ("en", "refunds", "I sent the lamp a fortnight ago and have not been refunded. When do I get my money?"),
    ("en", "cancellations", "Please cancel order 10495, I ordered it by mistake."),
    ("en", "delivery", "We will not be home on Thursday, could it come on another day?"),
    ("en", "late-delivery", "My duvet should have arrived on Monday and nobody came. I took the day off."),
    ("en", "complaints", "I want to make a complaint. Your driver was rude."),
    ("en", "account", "We have moved, please note our new address."),
    ("en", "privacy", "Please delete my account and all personal data you hold under GDPR."),
    ("en", "", "Hello, where is my order 10490? I am looking forward to it."),
    ("en", "", "Do you sell curtains in green?"),
    ("da", "returns", "Hej, jeg vil gerne returnere lampen, den er for stor til mit bord."),
    ("da", "returns", "Sengen er gået i stykker, og jeg vil have pengene tilbage."),
    ("da", "returns", "Jeg har fortrudt mit køb. Kan jeg sende den tilbage?"),
    ("da", "refunds", "Hvornår får jeg mine penge? Jeg sendte lampen for to uger siden."),
    ("da", "cancellations", "Goddag, vil I annullere ordre 10495?"),
    ("da", "delivery", "Vi er ikke hjemme på torsdag. Kan I komme en anden dag?"),
    ("da", "late-delivery", "Dynen skulle være kommet i mandags, men der kom ingen. Jeg har ventet hele dagen."),
    ("da", "complaints", "Jeg vil klage. Jeres chauffør var uforskammet."),
    ("da", "account", "Vi er flyttet, så I må gerne notere vores nye adresse."),
    ("da", "privacy", "I må gerne slette mine personoplysninger."),
    ("da", "", "Hej. Hvor er min dyne, ordre 10490? Jeg glæder mig til den."),
    ("en", "returns", "Hello, I'd like to send the lamp back. It is still in its box."),
    ("en", "returns", "Could I give this topper back? We bought a new bed instead."),
    ("en", "returns", "I would love to get my money for the bed back."),
    ("en", "returns", "Can you take the headboard back? It clashes with our wallpaper."),
    ("en", "cancellations", "Could you please stop our order 10460? We are buying a house first."),
    ("en", "cancellations", "Hi, we ordered the duvet twice, one is enough. Can you drop the second?"),
    ("en", "late-delivery", "Nobody from your company came yesterday, although we waited at home all day."),
    ("en", "complaints", "I am very much disappointed with how your driver spoke to my mother."),
    ("en", "account", "I have a new surname since the wedding. Could you put it right?"),
    ("en", "privacy", "Please delete all my data, I do not want to be in your files."),
    ("en", "", "Good morning, where is my order now? Is it on the truck already?"),
    ("en", "", "The shop was shut when I went up there, so I write instead. Do you sell lamps?"),
    ("en", "", "Is my bed on its way? I go back to work late on Monday."),
    ("da", "returns", "Hej, jeg vil gerne sende lampen tilbage, den er aldrig brugt."),
    ("da", "returns", "Kan jeg få pengene tilbage for sengen?"),
    ("da", "returns", "Må jeg levere den nye topmadras tilbage i butikken?"),
    ("da", "cancellations", "Vi kom til at bestille to gange. Vil I slette den ene?"),
    ("da", "late-delivery", "Der kom desværre ingen i går, selv om vi ventede derhjemme."),
    ("da", "complaints", "Jeg vil gerne tale med en af jeres chefer."),
    ("da", "cancellations", "Jeg vil gerne afbestille sengen, ordre 10460."),
    ("da", "late-delivery", "Sengen skulle efter planen være kommet i fredags. Hvad sker der?"),
    ("da", "complaints", "Jeg er meget utilfreds med den måde, I talte til min mor på."),
    ("da", "account", "Jeg er lige flyttet, og min nye adresse er Havnegade 3."),
    ("da", "privacy", "Vil I slette alle mine data hos jer?"),
    ("da", "", "Hej, hvor er min ordre 10460 lige nu? Er den på bilen?"),
    ("da", "", "Hvor langt er I med min seng? Vi glæder os."),
    ("id", "returns", "Halo, lampunya bagus tapi kebesaran untuk meja saya. Bisa saya kembalikan? Belum dipakai kok."),
    ("id", "returns", "Rangka tempat tidurnya retak tadi malam. Saya mau uang saya kembali."),
    ("id", "returns", "Bantalnya mau saya tukar dengan ukuran lain, bisa?"),
    ("id", "refunds", "Lampu sudah saya kirim balik dua minggu lalu. Kapan uang saya masuk? Refund belum saya terima."),
    ("id", "cancellations", "Tolong batalkan pesanan 10495, saya salah pesan."),
    ("id", "delivery", "Hari Kamis kami tidak ada di rumah, bisa diantar hari lain?"),
    ("id", "late-delivery", "Selimutnya seharusnya sampai hari Senin, tapi tidak ada yang datang. Saya sampai cuti."),
    ("id", "complaints", "Saya mau mengajukan komplain. Sopir Anda kasar sekali."),
    ("id", "account", "Kami sudah pindah rumah, mohon catat alamat baru kami."),
    ("id", "privacy", "Tolong hapus akun saya beserta semua data pribadi saya."),
    ("id", "contact", "Email saya minggu lalu belum dibalas. Jam buka toko sampai pukul berapa?"),
    ("id", "abuse", "Dasar goblok, kerja begitu saja tidak becus."),
    ("id", "", "Halo, pesanan saya 10490 ada di mana ya? Saya sudah tidak sabar."),
    ("id", "", "Apakah Anda menjual gorden warna hijau?"),
    ("ms", "returns", "Salam, lampu ni cantik tapi besar sangat untuk meja saya. Boleh saya pulangkan? Belum guna."),
    ("ms", "returns", "Rangka katil saya retak malam tadi. Saya mahu wang saya dikembalikan."),
    ("ms", "returns", "Saya nak tukar bantal ni dengan saiz lain, boleh?"),
    ("ms", "refunds", "Saya dah hantar balik lampu itu dua minggu lepas. Bila bayaran balik saya masuk akaun?"),
    ("ms", "cancellations", "Tolong batalkan pesanan 10495, saya tersilap pesan."),
    ("ms", "delivery", "Hari Khamis kami tiada di rumah, boleh hantar pada hari lain?"),
    ("ms", "late-delivery", "Selimut itu sepatutnya sampai hari Isnin tetapi tiada siapa datang. Saya dah ambil cuti."),
    ("ms", "complaints", "Saya ingin membuat aduan. Pemandu lori anda biadab."),
    ("ms", "account", "Kami dah pindah rumah, sila kemas kini alamat baharu kami."),
    ("ms", "privacy", "Tolong padamkan akaun saya dan semua data peribadi saya."),
    ("ms", "contact", "E-mel saya minggu lepas masih tiada balasan. Waktu operasi kedai sampai pukul berapa?"),
    ("ms", "abuse", "Bodoh betul, kerja senang pun tak boleh buat."),
    ("ms", "", "Salam, di mana pesanan saya 10490? Saya tak sabar nak terima."),
    ("ms", "", "Adakah anda menjual langsir berwarna hijau?"),
    ("tr", "returns", "Merhaba, lamba çok güzel ama masama göre çok büyük. İade edebilir miyim? Hiç kullanmadım."),
    ("tr", "returns", "Karyolanın çerçevesi dün gece çatladı. Paramı geri istiyorum."),
    ("tr", "returns", "Yastığı başka bir boyla değiştirmek istiyorum, olur mu?"),
    ("tr", "returns", "İyi günler, yorgan beklediğim gibi değil. Geri göndermek istiyorum."),
    ("tr", "refunds", "Lambayı iki hafta önce geri gönderdim, param hâlâ yatmadı. Paramı ne zaman alacağım?"),
    ("tr", "refunds", "Para iadem ne zaman hesabıma geçer?"),
    ("tr", "cancellations", "Lütfen 10495 numaralı siparişi iptal edin, yanlışlıkla verdim."),
    ("tr", "cancellations", "Vazgeçtim, lütfen yorganı göndermeyin."),
    ("tr", "delivery", "Perşembe günü evde olmayacağız, başka bir gün getirebilir misiniz?"),
    ("tr", "late-delivery", "Yorgan pazartesi gelmeliydi ama kimse gelmedi. İşten izin almıştım."),
    ("tr", "complaints", "Şikâyette bulunmak istiyorum. Şoförünüz çok kabaydı."),
    ("tr", "account", "Taşındık, yeni adresimizi not eder misiniz?"),
    ("tr", "privacy", "Lütfen hesabımı ve bütün kişisel verilerimi silin."),
    ("tr", "contact", "Geçen hafta yazdığım e-postaya hâlâ yanıt gelmedi. Mağaza saat kaça kadar açık?"),
    ("tr", "abuse", "Salak herifler, iki satır okumayı beceremiyorsunuz."),
    ("tr", "", "Merhaba, 10490 numaralı siparişim nerede? Sabırsızlanıyorum."),
    ("tr", "", "Yeşil perde satıyor musunuz?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "policy", "text"), MAILS, ids=[mail[2][:40] for mail in MAILS])
def test_an_ordinary_mail_is_guessed_rightly(language: str, policy: str, text: str) -> None:
    ranked = [code for code, score in engine.guess_policy(BOOK, text, language) if score > 0]
    assert (ranked or [""])[0] == policy


def _floor(name: str) -> engine.Book:
    """The starter book with one law page read as if it were a policy, so that its table can be asked."""
    files = read_files(starter_folder())
    body = files[f"law/{name}.md"].split("---\n", 2)[2]
    return engine.parse_book({**files, f"{name}.md": f"---\ntitle: {name}\nvalid_from: 2020-01-01\n---\n{body}"})


def test_no_purchase_at_a_distance_falls_below_the_right_of_withdrawal() -> None:
    floor = _floor("eu-withdrawal")
    columns = (("web", "phone"), BOOK.facts["category"].values, (True, False), (True, False), (0, 13, 14, 15))
    entitled = 0
    for through, category, sealed, opened, days in product(*columns):
        facts = {
            **LAMP, "bought_through": through, "category": category, "sealed": sealed, "opened": opened,
            "days_since_delivery": days,
        }
        least = engine.decide(floor, "eu-withdrawal", facts, TODAY)
        entitled += least.status == "decided"
        if least.status == "decided":
            given = engine.decide(BOOK, "returns", facts, TODAY)
            assert (given.outcome, given.outputs["refund_percent"]) == (least.outcome, 100), facts
    assert entitled == 2 * 3 * (3 * 4 + 3)


@pytest.mark.parametrize("wish", BOOK.facts["wish"].values)
@pytest.mark.parametrize("days", [0, 31, 61, 729, 730])
def test_nobody_with_a_fault_falls_below_the_two_years_of_the_sale_of_goods_act(days: int, wish: str) -> None:
    floor = _floor("dk-sale-of-goods")
    for category, tailored in product(BOOK.facts["category"].values, (True, False)):
        facts = {
            **BED, "category": category, "made_to_measure": tailored, "sealed": True, "opened": True, "wish": wish,
            "order_country": "DK", "days_since_delivery": days,
        }
        assert engine.decide(floor, "dk-sale-of-goods", facts, TODAY).outcome == "allow"
        assert engine.decide(BOOK, "returns", facts, TODAY).outcome == "allow"


def test_the_law_pages_say_that_they_are_no_legal_advice_and_where_they_are_from() -> None:
    for name, text in BOOK.files.items():
        if name.startswith("law/"):
            assert "not legal advice" in text
            assert re.search(r"^source: .+\nsource_date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)


def test_the_telephone_clauses_are_drafts_until_the_channel_can_keep_them() -> None:
    phone = BOOK.policies["phone"]
    assert {phone.status, *(clause.status for clause in phone.clauses.values())} == {"draft"}


def test_where_is_my_order_is_left_to_a_person() -> None:
    assert BOOK.policies["delivery"].clauses["where"].kind == "statement"
