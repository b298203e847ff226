"""Malay, as it is written in Malaysia."""

from goodword.engine.languages.shape import Phrases

PHRASES = Phrases(
    language="ms",
    yes="ya",
    no="tidak",
    customer={
        "allow": "Ya, kami berbesar hati melakukannya.",
        "approve": "Kami ingin melakukannya; seorang rakan sekerja perlu mengesahkannya terlebih dahulu.",
        "refuse": "Maaf, perkara ini tidak dapat kami lakukan.",
        "other": "Jawapan kami: {outcome}.",
    },
    because="Sebabnya: {reason}.",
    because_all="Sebab-sebabnya: {reason}.",
    instead="Sebagai ganti, yang boleh kami lakukan: {alternative}.",
    needs_question="Untuk memberikan jawapan, kami perlu tahu satu perkara: {question}",
    no_rule="Perkara ini perlu kami teliti dahulu, dan kami akan menghubungi anda semula.",
    agent="{outcome}.",
    agent_because="{outcome}: {reason}.",
    may_decide="Yang boleh meluluskannya: {role}.",
    follows="Langkah seterusnya: {actions}.",
    ask="Ada satu perkara yang perlu ditanyakan: {question}",
    still_open="Belum diketahui: {facts}.",
    gap="Dasar “{policy}” tidak mempunyai peraturan untuk keadaan ini. "
    "Buat keputusan yang terbaik, kemudian maklumkan kepada pemiliknya.",
    rule="“{heading}”, peraturan {row}. {conditions}.",
    always="“{heading}”, peraturan {row}. Peraturan ini terpakai dalam apa jua keadaan.",
    overrides="Sebagai pengecualian, peraturan ini mengatasi {rules}.",
    condition="{label}: {value}",
    limited="{told} ({limit})",
    limits={
        "<=": "selebih-lebihnya {limit}",
        "<": "kurang daripada {limit}",
        ">=": "sekurang-kurangnya {limit}",
        ">": "lebih daripada {limit}",
        "=": "tepat {limit}",
        "!=": "selain {limit}",
    },
    between="antara {low} dengan {high}",
    otherwise="bukan {limit}",
    would_be="Jawapannya akan menjadi “{outcome}” jika: {changes}.",
    drill="Apakah kata buku dasar: {label}?",
    named="{value}, “{name}”",
    boundaries={
        "at_most": "{label}: sehingga {limit}, jawapannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "at_least": "{label}: mulai {limit}, jawapannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "below": "{label}: di bawah {limit}, jawapannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "above": "{label}: melebihi {limit}, jawapannya akan menjadi “{outcome}”; di sini nilainya {value}.",
    },
)
