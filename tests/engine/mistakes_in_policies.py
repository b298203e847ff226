"""Mistakes in a policy document: (file, old, new), and how the finding begins."""

ROW_1 = (
    '| 1 | "general" | -      | <= return_window    |    | "allow"  | 100            | in-time |'
    '             | ["refund"] |'
)
IN_POLICIES: dict[str, tuple[tuple[str, str, str], str]] = {
    "a tab where YAML wants spaces": (
        ("facts.yaml", "  opened:\n", "\topened:\n"),
        "facts.yaml:8: error: this is not YAML as a book uses it: found a tab character that violates indentation",
    ),
    "front matter that is no YAML": (
        ("returns.md", "title: Returns", "title: [Returns"),
        "returns.md:4: error: this is not YAML as a book uses it",
    ),
    "front matter that never ends": (
        ("returns.md", "---\n# Returns", "# Returns"),
        "returns.md:1: error: the front matter does not end: a second line of --- is missing",
    ),
    "a misspelt key": (
        ("returns.md", "owner:", "owners:"),
        "returns.md:10: error: the front matter: nothing is known by the name `owners` (did you mean `owner`?)",
    ),
    "a word outside a short list": (
        ("returns.md", "audience: public ", "audience: everyone "),
        "returns.md:7: error: the front matter: `audience` should be public or staff, not `everyone`",
    ),
    "a policy named unlike its file": (
        ("returns.md", "policy: returns", "policy: return"),
        "returns.md:2: error: the front matter: the policy is called `return`, its file `returns` "
        "(give both the same name)",
    ),
    "a day that does not exist": (
        ("returns.md", "valid_from: 2026-01-01", "valid_from: 2026-02-30"),
        "returns.md:5: error: this is not YAML as a book uses it: 2026-02-30 is not a day of the calendar",
    ),
    "a clause without an id": (
        ("returns.md", "<!-- #faults overrides: [window, hygiene] -->\n", ""),
        "returns.md:37: error: the clause `Faults` has no id (write <!-- #its-id --> directly under the heading)",
    ),
    "two clauses of one id": (
        ("returns.md", "<!-- #steps kind: procedure -->", "<!-- #window kind: procedure -->"),
        "returns.md:56: error: there is already a clause `window` in this policy",
    ),
    "a row with too few cells": (
        ("returns.md", "| 1 | \"hygiene\" | yes    |    | \"refuse\"", "| 1 | \"hygiene\" |    | \"refuse\""),
        "returns.md:35: error: this row has 7 cells, its heading has 8 "
        "(write `-` where anything goes, and `\\|` for a bar inside a cell)",
    ),
    "an empty input cell": (
        ("returns.md", "| 2 | \"hygiene\" | no     |", "| 2 | \"hygiene\" |        |"),
        "returns.md:25: error: the cell under `opened` is empty (write `-` where anything goes)",
    ),
    "a line under the heading with too few cells": (
        ("returns.md", "|:--|:-------|:--:|:--------|:---------------|:-------|:-----------|", "|:--|:-------|:--:|"),
        "returns.md:42: error: this looks like a table, but the line under its heading has 3 cells, the heading 7 "
        "(the second line is |---|---| with one cell per column)",
    ),
    "something under the arrow": (
        ("returns.md", "| 1 | yes    |    |", "| 1 | yes    | => |"),
        "returns.md:44: error: the cell under `=>` should be empty, not `=>`",
    ),
    "a row without a number": (
        ("returns.md", "| 3   | approve  |", "| x   | approve  |"),
        "returns.md:54: error: a row begins with its number, not `x` (like 1, 2 or 2.1)",
    ),
    "an exception to nothing": (
        ("returns.md", "| 2.1 |", "| 9.1 |"),
        "returns.md:53: error: row 9.1 would be an exception to row 9, which is not in this table",
    ),
    "a row number twice": (
        ("returns.md", "| 3   | approve", "| 2   | approve"),
        "returns.md:54: error: there is already a row 2 in this table",
    ),
    "an unknown hit policy": (
        ("returns.md", "| U | faulty |", "| X | faulty |"),
        "returns.md:42: error: the table's first cell is `X`, no hit policy (U, A, P or C)",
    ),
    "two hit policies in one decision": (
        ("returns.md", "| U | faulty |", "| A | faulty |"),
        "returns.md:42: error: this table says A, the first one for `outcome` (returns.md:22) says U "
        "(all tables of one decision share their hit policy)",
    ),
    "an unknown fact": (
        ("returns.md", "| U | faulty |", "| U | fautly |"),
        "returns.md:42: error: unknown fact `fautly` (did you mean `faulty`?)",
    ),
    "an unknown output": (
        ("returns.md", "| outcome   | authority |", "| outcome   | autority |"),
        "returns.md:49: error: unknown output `autority` (did you mean `authority`?)",
    ),
    "an unknown parameter": (
        ("returns.md", "> agent_limit  |", "> agents_limit |"),
        "returns.md:53: error: row 2.1, column `refund_amount`: unknown parameter `agents_limit` "
        "(did you mean `agent_limit`?)",
    ),
    "a fact inside a cell": (
        ("returns.md", "> agent_limit  |", "> price  |"),
        "returns.md:53: error: row 2.1, column `refund_amount`: `price` is a fact: a cell compares with values and "
        "parameters (derive a fact that compares the two)",
    ),
    "text where a number is wanted": (
        ("returns.md", "| > return_window     |", "| \"thirty\"            |"),
        "returns.md:26: error: row 3, column `days_since_delivery`: text where a number is wanted",
    ),
    "yes or no compared by size": (
        ("returns.md", "| 1 | yes    |    |", "| 1 | > yes  |    |"),
        "returns.md:44: error: row 1, column `faulty`: yes or no has no greater or less",
    ),
    "a choice that is not in the list": (
        ("returns.md", "| 1 | \"hygiene\" |", "| 1 | \"hygeine\" |"),
        "returns.md:35: error: row 1, column `category`: \"hygeine\" is not one of the values of `category` "
        "(did you mean `hygiene`?)",
    ),
    "an output that is not in the list": (
        ("returns.md", "| fault  |", "| broken |"),
        "returns.md:44: error: row 1, output `reason`: \"broken\" is not one of the values of `reason` "
        "(known are: fault, hygiene-open, in-time, late)",
    ),
    "single quotes": (
        ("returns.md", "| 1 | \"hygiene\" | yes", "| 1 | 'hygiene' | yes"),
        "returns.md:35: error: row 1, column `category`: in `'hygiene'`: text stands in double quotes, "
        "like \"hygiene\"",
    ),
    "an override of a clause that is not there": (
        ("returns.md", "overrides: [window, hygiene]", "overrides: [window, hygien]"),
        "returns.md:37: error: `overrides` names the clause `hygien`, which this policy does not have "
        "(did you mean `hygiene`?)",
    ),
    "an override of a row that is not there": (
        ("returns.md", "overrides: [window:3]", "overrides: [window:7]"),
        "returns.md:28: error: `overrides: window:7` names no rule of `outcome`",
    ),
    "two clauses that override each other": (
        ("returns.md", "overrides: [window:3]", "overrides: [window:3, faults]"),
        "returns.md:35: error: rules returns#hygiene:1 and returns#faults:1 override each other "
        "(only one can be the exception)",
    ),
    "a chain to nowhere": (
        ("returns.md", "then: [authority]", "then: [autority]"),
        "returns.md:13: error: `then: autority`: `returns` decides no `autority` (did you mean `authority`?)",
    ),
    "a gap": (
        ("returns.md", "| > return_window     |", "| > return_window + 1 |"),
        "returns.md:22: error: `returns/outcome` has no rule where category is \"general\", days_since_delivery is 15, "
        "faulty is no (add a row for it: 3 of 29,208 situations have none)",
    ),
    "a gap that opens when a parameter changes": (
        ("returns.md", "| > return_window     |", "| > 14                |"),
        "returns.md:26: error: rules returns#window:1 and returns#window:3 both hold where category is \"general\", "
        "days_since_delivery from 15 to 30, faulty is no (from 2026-12-01) "
        "(part them, or number one as the exception (1.1))",
    ),
    "an overlap between clauses": (
        ("returns.md", "overrides: [window, hygiene]", "overrides: [window]"),
        "returns.md:44: error: two exceptions: rules returns#hygiene:1 and returns#faults:1 both hold where "
        "category is \"hygiene\", opened is yes, days_since_delivery from 0 to 14, faulty is yes "
        "(say which one overrides the other)",
    ),
    "a rule that never decides": (
        ("returns.md", "| 3   | approve  | -              |    | null      | \"manager\" |",
         "| 3   | approve  | -              |    | null      | \"manager\" |\n"
         "| 1.1 | \"allow\" | -             |    | null      | \"agent\" |"),
        "returns.md:55: error: rules returns#authority:2 and returns#authority:1.1 both hold where outcome is "
        "\"allow\", refund_amount from 0 to 500000 (part them, or number one as the exception (2.1))",
    ),
    "a missing translation": (
        ("returns.da.md", "## Faults\n<!-- #faults overrides: [window, hygiene] -->", ""),
        "returns.da.md:1: error: clause `faults` (returns.md:37) is missing in `da` "
        "(give it the comment <!-- #faults -->)",
    ),
    "a translation of a clause that is not there": (
        ("returns.da.md", "<!-- #faults overrides: [window, hygiene] -->", "<!-- #fault -->"),
        "returns.da.md:21: error: clause `fault` is not in returns.md (did you mean `faults`?)",
    ),
    "a missing say block": (
        ("returns.da.md", "<!-- say: refund-done -->\n> The money is on its way.", ""),
        "returns.da.md:1: error: say block `refund-done` (returns.md:77) is missing in `da`",
    ),
    "different placeholders": (
        ("returns.da.md", "{{refund_amount}} back.\n\n<!-- say: late", "{{price}} back.\n\n<!-- say: late"),
        "returns.da.md:40: error: say block `in-time` lacks {{refund_amount}} and has {{price}} more than returns.md",
    ),
    "a table in a translation": (
        ("returns.da.md", "What arrives faulty", "| U | faulty | => | outcome |\n|---|---|---|---|\n\nWhat"),
        "returns.da.md:24: error: a translation has no decision tables (they stand in returns.md)",
    ),
    "a language the book does not have": (
        ("book.yaml", "languages: [en, da]", "languages: [en]"),
        "returns.da.md:1: error: `da` is no further language of the book (the book's languages are en)",
    ),
    "a label without translation": (
        ("facts.yaml", "label: {en: Opened, da: Åbnet}", "label: {en: Opened}"),
        "facts.yaml:8: error: fact `opened`: label is missing in `da`",
    ),
    "an unknown placeholder": (
        ("returns.md", "within {{return_window}} days", "within {{return_windows}} days"),
        "returns.md:17: error: `{{return_windows}}` is no parameter of this book (did you mean `return_window`?)",
    ),
    "a link to nowhere": (
        ("returns.md", "[faulty](#faults)", "[faulty](#fault)"),
        "returns.md:31: error: the link `#fault` leads to no clause (did you mean `faults`?)",
    ),
    "a number that repeats a parameter": (
        ("returns.md", "within {{return_window}} days", "within {{return_window}} days, that is 30,"),
        "returns.md:17: warning: the number 30 repeats the parameter `return_window` "
        "(write {{return_window}}, so that text and rule cannot disagree)",
    ),
    "a refusal that offers nothing": (
        ("returns.md", "hygiene-open | \"voucher\"   |", "hygiene-open |             |"),
        "returns.md:35: error: rule returns#hygiene:1 refuses and offers nothing instead "
        "(fill the `alternative` column)",
    ),
    "a reason without words": (
        ("returns.md", "<!-- say: fault -->", "<!-- say: faulty -->"),
        "returns.md:44: error: the reason `fault` has no words in `en` "
        "(write <!-- say: fault --> and a quotation in returns.md)",
    ),
    "a say block without words": (
        ("returns.md", "> The money is on its way.", "The money is on its way."),
        "returns.md:77: error: after `say: refund-done` its words should follow, each line beginning with >",
    ),
    "HTML in a policy": (
        ("returns.md", "What arrives faulty is", "<div>What</div>\n\nWhat arrives faulty is"),
        "returns.md:40: error: HTML is not used in a policy (use Markdown; comments are fine)",
    ),
    "a review that is overdue": (
        ("returns.md", "review_by: 2099-12-31", "review_by: 2026-11-30"),
        "returns.md:6: warning: its review was due on 2026-11-30 (review it and set a new day)",
    ),
}  # fmt: skip
