"""Mistakes in cases, facts, parameters and settings: (file, old, new), and how the finding begins."""

from tests.engine.mistakes_in_policies import ROW_1

IN_VOCABULARY: dict[str, tuple[tuple[str, str, str], str]] = {
    "a failing case": (
        ("cases/returns.yaml", "reason: hygiene-open,", "reason: late,"),
        "cases/returns.yaml:1: error: “Opened hygiene goods are refused, and a voucher is offered.”: `reason` should "
        "be late, but is hygiene-open (by returns#hygiene:1, returns#authority:1) (mend the case or the rule)",
    ),
    "a case about an unknown fact": (
        ("cases/returns.yaml", "facts: {category: hygiene, opened: yes,", "facts: {categori: hygiene, opened: yes,"),
        "cases/returns.yaml:3: error: case: unknown fact `categori`: did you mean `category`?",
    ),
    "a case that expects an unknown output": (
        ("cases/returns.yaml", "expect: {authority: agent}", "expect: {autority: agent}"),
        "cases/returns.yaml:14: error: `expect: autority` is no output: did you mean `authority`?",
    ),
    "an unknown department": (
        ("facts.yaml", "department: finance", "department: finanse"),
        "facts.yaml:60: error: action `refund`: unknown department `finanse` (did you mean `finance`?)",
    ),
    "a due time that is no parameter": (
        ("facts.yaml", "due: refund_within", "due: refunds_within"),
        "facts.yaml:58: error: action `refund`: `due` names the unknown parameter `refunds_within` "
        "(did you mean `refund_within`?)",
    ),
    "an unknown action": (
        ("returns.md", ROW_1, ROW_1.replace("refund\"]", "refunds\"]")),
        "returns.md:24: error: row 1, output `do`: \"refunds\" is not one of the values of `do` "
        "(did you mean `refund`?)",
    ),
    "an unknown role": (
        ("returns.md", "| 3   | approve  | -              |    | null      | \"manager\" |",
         "| 3   | approve  | -              |    | null      | \"owner\"   |"),
        "returns.md:54: error: row 3, output `authority`: \"owner\" is not one of the values of `authority` "
        "(known are: agent, manager)",
    ),
    "a protected fact that decides": (
        ("facts.yaml", "    source: ask\n", "    source: ask\n    protected: yes\n"),
        "returns.md:19: error: `returns/outcome` uses the protected fact `opened` "
        "(only with `may_use` and a reason in facts.yaml, and only for routing or wording)",
    ),
    "a parameter named like a fact": (
        ("parameters.yaml", "refund_within:", "opened:"),
        "facts.yaml:8: error: fact `opened`: there is already a parameter of this name",
    ),
    "a name no expression can use": (
        ("parameters.yaml", "agent_limit:", "agent-limit:"),
        "parameters.yaml:11: error: parameter `agent-limit`: not a name that expressions can use "
        "(letters, digits and _ only, and not a word of the expression language)",
    ),
    "a derived fact with an unknown name": (
        ("facts.yaml", "days_between(delivered_on,", "days_between(delivery_on,"),
        "facts.yaml:32: error: fact `days_since_delivery`: `delivery_on` is not a fact, parameter or output. "
        "did you mean `delivered_on`? (in `days_between(delivery_on, requested_on)`)",
    ),
    "a derived fact of the wrong kind": (
        ("facts.yaml", "from: price * refund_percent / 100", "from: price > refund_percent"),
        "facts.yaml:37: error: fact `refund_amount` is an amount of money, "
        "but `price > refund_percent` gives yes or no",
    ),
    "a derived fact that goes in a circle": (
        ("facts.yaml", "from: price * refund_percent / 100", "from: refund_amount * refund_percent / 100"),
        "facts.yaml:37: error: fact `refund_amount` is derived from itself",
    ),
    "a range the wrong way round": (
        ("facts.yaml", "range: [0, 3650]", "range: [3650, 0]"),
        "facts.yaml:34: error: fact `days_since_delivery`: `range` begins after it ends: 3650 to 0",
    ),
    "an unknown type": (
        ("facts.yaml", "    type: money\n    label: {en: Price", "    type: mony\n    label: {en: Price"),
        "facts.yaml:18: error: fact `price`: `type` should be",
    ),
    "a choice without values": (
        ("facts.yaml", "    values: {voucher: {en: A voucher, da: Et gavekort}}\n", ""),
        "facts.yaml:51: error: output `alternative`: a choice needs its `values`",
    ),
    "a parameter without values": (
        ("parameters.yaml", "  values: [{value: 5, source: \"Board, 2026-10-02\"}]\n", ""),
        "parameters.yaml:7: error: parameter `refund_within`: `values` should be a list of {from, value, source}",
    ),
    "a parameter's value of the wrong type": (
        ("parameters.yaml", "value: 14,", "value: 14.5,"),
        "parameters.yaml:5: error: parameter `return_window`: the value should be a whole number, not 14.5",
    ),
    "two values from one day": (
        ("parameters.yaml", "{value: 14,", "{from: 2026-12-01, value: 14,"),
        "parameters.yaml:4: error: parameter `return_window`: two values from the same day 2026-12-01",
    ),
    "a time zone that is none": (
        ("book.yaml", "Europe/Copenhagen", "Europe/Kopenhagen"),
        "book.yaml:4: error: the book: `Europe/Kopenhagen` is no time zone (like Europe/Copenhagen)",
    ),
    "a currency that is none": (
        ("book.yaml", "currency: DKK", "currency: kroner"),
        "book.yaml:3: error: the book: `kroner` is no currency code (three capital letters, like EUR or DKK)",
    ),
    "hours that end before they begin": (
        ("book.yaml", "mon: [\"10:00-15:00\"]", "mon: [\"15:00-10:00\"]"),
        "book.yaml:14: error: hours of `phone`: mon: \"15:00-10:00\" is no block of time, like \"09:00-12:00\"",
    ),
    "a key twice": (
        ("book.yaml", "country: DK\n", "country: DK\ncurrency: EUR\n"),
        "book.yaml:6: error: this is not YAML as a book uses it: `currency` stands here twice",
    ),
    "a source the desk does not have": (
        ("facts.yaml", "source: line.price", "source: line.prise"),
        "facts.yaml:17: warning: fact `price`: the desk has no source `line.prise` (did you mean `line.price` or",
    ),
    "an outcome of unknown strictness": (
        ("book.yaml", "precedence: [refuse, approve, allow]", "precedence: [refuse, allow]"),
        "book.yaml:8: warning: `precedence` does not say how strict the outcome `approve` is "
        "(list every outcome, the strictest first)",
    ),
    "a translation of an older text": (
        ("returns.da.md", "recognise: [retur", "translates: 0123456789ab\nrecognise: [retur"),
        "returns.da.md:1: warning: it translates `0123456789ab`; the original is `",
    ),
    "a translation older than the policy": (
        ("returns.da.md", "recognise: [retur", "translates: 2025-12-31\nrecognise: [retur"),
        "returns.da.md:1: warning: it translates `2025-12-31`; the original is `",
    ),
    "null in an input cell": (
        ("returns.md", "| 1 | yes    |    |", "| 1 | null   |    |"),
        "returns.md:44: error: row 1, column `faulty`: `null` cannot be tested: a fact is known or unknown, "
        "and unknown asks",
    ),
}  # fmt: skip
