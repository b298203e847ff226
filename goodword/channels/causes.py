"""Why a mail came back, in one word: by what the servers wrote, else by the status (RFC 3463 and its registry).

The words are the servers' own sentences, as they have been written for decades; the first that fits counts, so the
particular ones stand above the general.
"""

import re

# What is wrong with the address itself: there is no use in writing there again.
OF_THE_ADDRESS = frozenset({"userunknown", "hostunknown", "hasmoved", "suspend", "filtered", "notaccept"})
# What may be over tomorrow, whatever the server's number says.
PASSING = frozenset({"mailboxfull", "expired", "networkerror", "systemerror", "toomanyconn", "speeding", "onhold"})

_TOLD = tuple(
    (cause, re.compile(words, re.I))
    for cause, words in (
        ("virusdetected", r"\bvirus|infected|malware|MCSpamSignature"),
        (
            "contenterror",
            r"duplicate header|headers? too large|improper use of 8-bit|malformed.{0,20}mime|5\.6\.[01]\b",
        ),
        ("notcompliantrfc", r"not RFC ?5322|RFC ?5322 compliant|multiple\s+(?:\S+\s+){0,3}addresses in From"),
        (
            "authfailure",
            r"DMARC|DKIM.{0,30}fail|SPF.{0,40}(?:fail|record|check)|Bad SPF|unauthenticated (?:email|sender)|"
            r"sender is unauthenticated|5\.7\.(?:26|509|2[0-4])\b",
        ),
        (
            "requireptr",
            r"\bPTR\b|reverse DNS|rDNS|unverifyable sending IP|cannot find your (?:hostname|reverse)|"
            r"unable to verify.{0,20}hostname|fix reverse",
        ),
        ("badreputation", r"reputation|user complaints"),
        ("speeding", r"too many recipients this hour|sending too (?:fast|many)|rate.?limited by"),
        (
            "toomanyconn",
            r"connection (?:rate|frequency) limit|too many (?:concurrent|connections|recipients|"
            r"sessions)",
        ),
        (
            "norelaying",
            r"relay(?:ing)?(?: access)? (?:denied|not permitted|prohibited)|not configured to relay|unable to relay",
        ),
        (
            "blocked",
            r"blocked (?:using|by|-)|blacklist|black list|blocklist|dnsbl|banned sending ip|"
            r"client host.{0,60}(?:rejected|blocked)|"
            r"access denied\.\.\.|smtp server of your isp|spamhaus|refused to talk to me|not accepting connections|"
            r"connection refused by|ip.{0,20}(?:listed|blocked)",
        ),
        ("spamdetected", r"\bspam\b|\bUBE\b|junk mail|content rejected|mail rejete|bulk mail"),
        (
            "securityerror",
            r"authentication required|SMTP auth|AuthRequired|must authenticate|encryption needed|"
            r"sender not authorized",
        ),
        (
            "policyviolation",
            r"polic(?:y|ies)|header error|security (?:reasons|issue)|not allowed|potential\s+security|DM Email",
        ),
        (
            "mailboxfull",
            r"(?:mailbox|inbox|account|user).{0,25}(?:is |was )?(?:full|exceed)|over\s?quota|quota exceeded|"
            r"exceed.{0,20}quota|"
            r"quota limit|out of storage|insufficient (?:system )?storage|storage (?:quota|space)|"
            r"not enough (?:storage|space)|"
            r"disk (?:space|quota)|5\.2\.2\b|4\.2\.2\b|\bover the (?:maximum )?allowed quota|mailbox size limit",
        ),
        (
            "exceedlimit",
            r"message (?:length|size) exceeds (?:administrative |fixed )?(?:limit|maximum)|"
            r"exceeds the (?:maximum )?(?:size|limit)|"
            r"length exceeds",
        ),
        ("mesgtoobig", r"message (?:is )?too (?:big|large)|too large.{0,20}message|size.{0,20}too (?:big|large)"),
        (
            "hasmoved",
            r"has moved|no longer (?:on|at|here|valid|employed)|not our user|changed (?:his|her|their) address",
        ),
        (
            "suspend",
            r"(?:account|mailbox|user|recipient).{0,40}(?:disabled|suspended|inactive|deactivated|discontinued|"
            r"locked|bloque|blocked)|"
            r"inactive (?:user|account|mailbox)",
        ),
        (
            "notaccept",
            r"not accepting (?:network )?messages|does(?:n't| not) (?:receive|accept) (?:e-?)?mail|null MX|"
            r"does not accept mail|nullMX|couldn't find a mail exchanger",
        ),
        (
            "hostunknown",
            r"host(?:name)? (?:unknown|not found|name lookup failure)|unknown (?:host|domain)|no such (?:domain|"
            r"host)|domain.{0,60}"
            r"(?:does not exist|not found|isn't found|couldn't be found|is not reachable)|couldn't find any host|"
            r"unrouteable (?:mail domain|address)|invalid domain|name or service not known|NXDOMAIN|"
            r"(?:recipient|mail|the) domain name|mail server.{0,20}(?:could not be|not) found|bad destination system",
        ),
        (
            "networkerror",
            r"hop count|too many hops|routing loop|mail loop|loop(?:ing)? detected|DNS (?:error|query failed|lookup)|"
            r"lost connection|connection (?:reset|refused|dropped|timed out|was)|network (?:is )?unreachable|"
            r"name service error|"
            r"no route to host|conversation with.{0,60}timed out|could not connect|wasn't able to establish",
        ),
        (
            "expired",
            r"expired|timed? ?out|been in the queue|retry time|too old|delivery time|not delivered within|"
            r"could not be delivered for|"
            r"(?:within|for) \d+ (?:days?|hours?)|unable to deliver.{0,30}(?:days|hours|minutes)|\d+ attempts|"
            r"will keep trying|"
            r"delayed|have been trying",
        ),
        (
            "userunknown",
            r"(?:user|recipient|mailbox|account|address|alias|person|name)s?(?: \S{0,60})? (?:is |was |are |"
            r"were |isn't |has been )?"
            r"(?:unknown|not (?:found|known|listed|exist|valid|recognized|a valid)|invalid|rejected|does(?:n't|"
            r" not) exist|"
            r"unavailable|unrecognized|non-?existent)|"
            r"(?:unknown|no such|invalid|not a valid|bad|undeliverable|non-?existent) (?:user|recipient|mailbox|"
            r"account|address|"
            r"local part|person|destination mailbox|name)|does(?:n't| not) (?:have an? .{0,30}(?:account|"
            r"mailbox)|exist)|"
            r"not (?:found|listed) in|couldn't be found|isn't in my|no mailbox here|user not local|address rejected|"
            r"unbekannt|inconnu|destinataire|existiert nicht|findes ikke|5\.1\.[013]\b",
        ),
        (
            "systemerror",
            r"system error|temporary (?:system|local|failure)|internal error|service (?:currently )?unavailable|"
            r"could not load",
        ),
        ("mailererror", r"procmail|mailer (?:error|returned)|\bpipe\b|command (?:died|failed)|x-unix"),
        (
            "rejected",
            r"sender.{0,40}(?:reject|denied|refused)|from:|purported responsible|not a member|permission|group",
        ),
        ("syntaxerror", r"sequence of commands|syntax error|command not"),
        ("filtered", r"refused due to recipient preferences|filter|recipient.{0,20}(?:refused|preferences)"),
    )
)
_OF_STATUS = {
    "1.1": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.4": "userunknown", "1.6": "hasmoved",
    "1.8": "rejected", "1.10": "notaccept", "2.1": "suspend", "2.2": "mailboxfull", "2.3": "exceedlimit",
    "3.1": "systemerror", "3.2": "notaccept", "3.4": "mesgtoobig", "3.5": "systemerror", "4.1": "networkerror",
    "4.2": "networkerror", "4.3": "systemerror", "4.4": "hostunknown", "4.6": "networkerror", "4.7": "expired",
    "5.0": "syntaxerror", "5.3": "toomanyconn", "6.0": "contenterror", "6.1": "contenterror", "7.0": "policyviolation",
    "7.1": "rejected", "7.9": "policyviolation", "7.25": "requireptr", "7.26": "authfailure", "0.0": "undefined",
}  # fmt: skip


def cause_of(status: str, words: str) -> str:
    """One word for what the servers said: "userunknown", "mailboxfull" …; "undefined" where nothing can be told."""
    one_line = " ".join(words.split())[:2000]
    told = next((cause for cause, pattern in _TOLD if pattern.search(one_line)), "")
    return told or _OF_STATUS.get(status[2:], "undefined")
