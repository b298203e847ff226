"""Danish."""

from goodword.engine.languages.shape import Phrases

PHRASES = Phrases(
    language="da",
    yes="ja",
    no="nej",
    customer={
        "allow": "Ja, det gør vi gerne.",
        "approve": "Det vil vi gerne; en kollega skal først bekræfte det.",
        "refuse": "Det kan vi desværre ikke.",
        "other": "Vores svar: {outcome}.",
    },
    because="Begrundelse: {reason}.",
    instead="Det kan vi gøre i stedet: {alternative}.",
    needs_question="For at kunne svare mangler vi at vide én ting: {question}",
    no_rule="Det må vi se nærmere på, og så vender vi tilbage.",
    agent="{outcome}.",
    agent_because="{outcome}: {reason}.",
    may_decide="Kan bevilges af: {role}.",
    follows="Det sker der nu: {actions}.",
    ask="Der mangler svar på ét spørgsmål: {question}",
    still_open="Endnu ikke oplyst: {facts}.",
    gap="Politikken “{policy}” har ingen regel for denne situation. Afgør den, så godt du kan, og sig det til ejeren.",
    rule="“{heading}”, regel {row}. {conditions}.",
    always="“{heading}”, regel {row}. Den gælder i alle tilfælde.",
    overrides="Som undtagelse går den forud for {rules}.",
    condition="{label}: {value}",
    limited="{label}: {value} ({limit})",
    limits={
        "<=": "højst {limit}",
        "<": "under {limit}",
        ">=": "mindst {limit}",
        ">": "over {limit}",
        "=": "netop {limit}",
        "!=": "andet end {limit}",
    },
    between="mellem {low} og {high}",
    otherwise="ikke {limit}",
    drill="Hvad siger bogen: {label}?",
    named="{value}, {name}",
    boundaries={
        "at_most": "{label}: til og med {limit} ville svaret have været “{outcome}”; her er det {value}.",
        "at_least": "{label}: fra og med {limit} ville svaret være “{outcome}”; her er det {value}.",
        "below": "{label}: under {limit} ville svaret have været “{outcome}”; her er det {value}.",
        "above": "{label}: over {limit} ville svaret være “{outcome}”; her er det {value}.",
    },
)
