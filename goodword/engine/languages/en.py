"""English."""

from goodword.engine.languages.shape import Phrases

PHRASES = Phrases(
    language="en",
    yes="yes",
    no="no",
    customer={
        "allow": "Yes, we will gladly do this.",
        "approve": "We would like to do this; a colleague has to confirm it first.",
        "refuse": "We are sorry, this is not possible.",
        "other": "Our answer: {outcome}.",
    },
    because="The reason: {reason}.",
    instead="What we can do instead: {alternative}.",
    needs_question="To be able to answer, we need to know one thing: {question}",
    no_rule="We have to look at this more closely and will come back to you.",
    agent="{outcome}.",
    agent_because="{outcome}: {reason}.",
    may_decide="Who may grant it: {role}.",
    follows="What follows: {actions}.",
    ask="One thing is to be asked: {question}",
    still_open="Still open: {facts}.",
    gap="The policy “{policy}” has no rule for this situation. Decide as well as you can, and tell its owner.",
    rule="“{heading}”, rule {row}. {conditions}.",
    always="“{heading}”, rule {row}. It holds whatever the facts are.",
    overrides="As an exception it overrides {rules}.",
    condition="{label}: {value}",
    limited="{label}: {value} ({limit})",
    limits={
        "<=": "at most {limit}",
        "<": "below {limit}",
        ">=": "at least {limit}",
        ">": "above {limit}",
        "=": "exactly {limit}",
        "!=": "other than {limit}",
    },
    between="between {low} and {high}",
    otherwise="not {limit}",
    drill="What does the book say: {label}?",
    named="{value}, {name}",
    boundaries={
        "at_most": "{label}: up to {limit} the answer would have been “{outcome}”; here it is {value}.",
        "at_least": "{label}: from {limit} on the answer would be “{outcome}”; here it is {value}.",
        "below": "{label}: below {limit} the answer would have been “{outcome}”; here it is {value}.",
        "above": "{label}: above {limit} the answer would be “{outcome}”; here it is {value}.",
    },
)
