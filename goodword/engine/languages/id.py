"""Indonesian."""

from goodword.engine.languages.shape import Phrases

PHRASES = Phrases(
    language="id",
    yes="ya",
    no="tidak",
    customer={
        "allow": "Ya, dengan senang hati kami lakukan.",
        "approve": "Kami ingin memenuhinya; seorang rekan kami perlu menyetujuinya terlebih dahulu.",
        "refuse": "Mohon maaf, hal ini tidak dapat kami penuhi.",
        "other": "Jawaban kami: {outcome}.",
    },
    because="Alasannya: {reason}.",
    because_all="Alasannya: {reason}.",
    instead="Sebagai gantinya, yang dapat kami lakukan: {alternative}.",
    needs_question="Agar dapat menjawab, kami perlu mengetahui satu hal: {question}",
    no_rule="Hal ini perlu kami pelajari lebih lanjut, dan kami akan menghubungi Anda kembali.",
    agent="{outcome}.",
    agent_because="{outcome}: {reason}.",
    may_decide="Yang berwenang menyetujuinya: {role}.",
    follows="Langkah selanjutnya: {actions}.",
    ask="Ada satu hal yang perlu ditanyakan: {question}",
    still_open="Belum diketahui: {facts}.",
    gap="Kebijakan “{policy}” tidak memiliki aturan untuk situasi ini. "
    "Putuskan sebaik mungkin, lalu beri tahu penanggung jawabnya.",
    rule="“{heading}”, aturan {row}. {conditions}.",
    always="“{heading}”, aturan {row}. Aturan ini berlaku dalam keadaan apa pun.",
    overrides="Sebagai pengecualian, aturan ini mengesampingkan {rules}.",
    condition="{label}: {value}",
    limited="{told} ({limit})",
    limits={
        "<=": "maksimal {limit}",
        "<": "kurang dari {limit}",
        ">=": "minimal {limit}",
        ">": "lebih dari {limit}",
        "=": "tepat {limit}",
        "!=": "selain {limit}",
    },
    between="antara {low} dan {high}",
    otherwise="bukan {limit}",
    would_be="Jawabannya akan menjadi “{outcome}” apabila: {changes}.",
    drill="Apa kata buku kebijakan: {label}?",
    named="{value}, “{name}”",
    boundaries={
        "at_most": "{label}: sampai dengan {limit}, jawabannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "at_least": "{label}: mulai dari {limit}, jawabannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "below": "{label}: di bawah {limit}, jawabannya akan menjadi “{outcome}”; di sini nilainya {value}.",
        "above": "{label}: di atas {limit}, jawabannya akan menjadi “{outcome}”; di sini nilainya {value}.",
    },
)
