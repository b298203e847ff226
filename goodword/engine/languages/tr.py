"""Turkish. A number or a date never takes an ending: a word that can bear it stands behind ("30 sınırını")."""

from goodword.engine.languages.shape import Phrases

PHRASES = Phrases(
    language="tr",
    yes="evet",
    no="hayır",
    customer={
        "allow": "Evet, bunu memnuniyetle yaparız.",
        "approve": "Bunu yapmak isteriz; önce bir çalışma arkadaşımızın onaylaması gerekiyor.",
        "refuse": "Üzgünüz, bu mümkün değil.",
        "other": "Yanıtımız: {outcome}.",
    },
    because="Gerekçe: {reason}.",
    because_all="Gerekçeler: {reason}.",
    instead="Bunun yerine yapabileceğimiz: {alternative}.",
    needs_question="Yanıt verebilmemiz için bir şeyi bilmemiz gerekiyor: {question}",
    no_rule="Bunu daha yakından incelememiz gerekiyor; size en kısa zamanda döneceğiz.",
    agent="{outcome}.",
    agent_because="{outcome}: {reason}.",
    may_decide="Onaylayabilecek kişi: {role}.",
    follows="Bundan sonra yapılacaklar: {actions}.",
    ask="Sorulması gereken bir şey var: {question}",
    still_open="Henüz bilinmeyenler: {facts}.",
    gap="“{policy}” politikasında bu duruma uyan bir kural yok. "
    "Elinizden gelen en iyi kararı verin ve politikanın sorumlusuna bildirin.",
    rule="“{heading}”, kural {row}. {conditions}.",
    always="“{heading}”, kural {row}. Bu kural her durumda geçerlidir.",
    overrides="İstisna olarak şunların önüne geçer: {rules}.",
    condition="{label}: {value}",
    limited="{told} ({limit})",
    limits={
        "<=": "en çok {limit}",
        "<": "{limit} sınırının altında",
        ">=": "en az {limit}",
        ">": "{limit} sınırının üzerinde",
        "=": "tam olarak {limit}",
        "!=": "{limit} dışında",
    },
    between="{low} ile {high} arasında",
    otherwise="şu değil: {limit}",
    would_be="Şu durumda yanıt “{outcome}” olurdu: {changes}.",
    drill="Kitap ne diyor: {label}?",
    named="{value}, “{name}”",
    boundaries={
        "at_most": "{label}: {limit} sınırı aşılmasaydı yanıt “{outcome}” olurdu; burada değer {value}.",
        "at_least": "{label}: {limit} sınırına ulaşılsaydı yanıt “{outcome}” olurdu; burada değer {value}.",
        "below": "{label}: {limit} sınırının altında kalınsaydı yanıt “{outcome}” olurdu; burada değer {value}.",
        "above": "{label}: {limit} sınırı aşılsaydı yanıt “{outcome}” olurdu; burada değer {value}.",
    },
)
