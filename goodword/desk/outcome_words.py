"""The words that grant, refuse, deny and make a condition, in every language letters are written in.

All are looked for in every letter, whatever its language is, so none may be an everyday word of another: Malay "tak"
(not) is Danish for thanks, and counts only before a word that follows it in Malay alone.
"""

import re

_GRANTS = {
    "en": r"\brefund|\bmoney back|\b(?:full|whole) (?:amount|price)|\btake (?:it|them|this) back|\breplace|\bnew one\b"
    r"|\bfree of charge|\breturn label|\bstore credit|\bwe (?:will )?cancel|\bis cancelled",
    "da": r"\brefunder|\b(?:pengene|beløbet?) (?:tilbage|retur|igen)|\btager? (?:den|det|dem|varen) (?:retur|tilbage)"
    r"|\breturlabel|\bombytt|\bny vare|\btilgodebevis|\bgratis\b|\bannullere[rt]",
    "id": r"\b(?:uang|dana)(?:nya)?(?: \w+){0,3}? (?:kembali|dikembalikan)\b|\bkembalikan (?:uang|dana)"
    r"|\bmengembalikan (?:uang|dana|seluruh)|\bkami(?: akan)? kembalikan|\bpengembalian (?:dana|uang)"
    r"|\b(?:kembali|dikembalikan) penuh|\bharga penuh|\bterima kembali|\bmenerima(?:nya| barang(?:nya)?)? kembali"
    r"|\bkami(?: akan)? (?:ganti|mengganti)|\bbarang (?:baru|pengganti)|\btanpa biaya|\blabel pengembalian"
    r"|\bsaldo belanja|\bkami(?: akan)? (?:batalkan|membatalkan)|\bdibatalkan",
    "ms": r"\b(?:wang|bayaran|duit)(?:nya)?(?: \w+){0,3}? (?:balik|semula|dikembalikan|kembalikan)\b|\bmendapat balik"
    r"|\b(?:kembalikan|mengembalikan|pulangkan|memulangkan) (?:wang|bayaran|duit)|\bkami(?: akan)? gantikan"
    r"|\bterima (?:semula|balik)|\bmenerima(?:nya| barang(?: itu)?)? (?:semula|balik)|\bmenggantikan(?:nya)?"
    r"|\bbarang (?:baharu|ganti)|\bpercuma\b|\btanpa (?:bayaran|caj)|\blabel pemulangan|\bkredit belian",
    "tr": r"\b(?:paranız|ücretiniz|tutar)\w*(?: \w+){0,3}? (?:iade|geri)\b|\btutarın(?:ın)? tamamı|\bücretsiz\b"
    r"|\bgeri (?:al[ıa]r|al[ıa]cak|alıyor|alab|alam|al[ıi]na|öd[eü]|ver[ie])\w*|\biade ed[ei]\w+|\biade etiket\w*"
    r"|\byenisini (?:\w+ ){0,2}?(?:gönder|al[ıa]r)\w*|\balışveriş çeki\b|\biptal ed(?:iyor|eceğ|ild)\w+",
}
_DENIES = {
    "en": r"\b(?:not|cannot|never|no longer|unable|neither)\b|n['’]t\b",
    "da": r"\b(?:ikke|aldrig|hverken|ingen)\b",
    # "You need not send anything back, we refund it" denies nothing.
    "id": r"\btidak(?! perlu| usah| harus| hanya| wajib)\b|\bbukan\b|\btak (?:dapat|bisa|akan|mungkin)\b",
    "ms": r"\btidak(?! perlu| usah| hanya| wajib)\b|\btiada\b|\btak (?:dapat|boleh|akan|mungkin)\b",
    # Turkish denies within the verb; "gerekmez", it is not needed, denies nothing.
    "tr": r"\b\w+(?:[ae]m[ıi]yor|[ae]m[ae]y[ıi]z|[ae]m[ae]y[ae]ca[ğk]|[ae]meyece[ğk]|[ıiuü]l[ae]m[ae]z)\w*|\bdeğil\w*",
}
_REFUSES = {
    "en": r"\b(?:refuse|reject|decline|turn down|not possible|impossible|have to say no)\b",
    "da": r"\b(?:afslå|afslår|afvise|afviser|ikke muligt|umuligt|sige nej|siger nej)\b",
    "id": r"(?<!boleh )\b(?:menolak|ditolak|kami tolak|saya tolak)|\b(?:tidak mungkin|mustahil)\b"
    r"|\b(?:tidak|tak) (?:dapat|bisa)(?: \w+){0,2}? (?:penuhi|memenuhi|dipenuhi|kabulkan|mengabulkan|dikabulkan)",
    "ms": r"\b(?:terpaksa menolak|tidak diluluskan|tidak dibenarkan)\b"
    r"|\b(?:tidak|tak) (?:dapat|boleh)(?: \w+){0,2}? (?:luluskan|meluluskan|diluluskan|tunaikan|menunaikan|dipenuhi)",
    "tr": r"\breddet(?:mek|ti|iyor)\w*|\bredded(?:iyor|il)\w*|\bmümkün değil|\bgeri çevir(?:mek|iyor|di)\w*"
    r"|\bkabul ed(?:emiyor|emey|ilemez)\w*",
}
_IS_CONDITIONAL = {
    "en": r"\b(?:if|unless|should (?:it|there|you)|whether|would you|shall I)\b",
    "da": r"\b(?:hvis|medmindre|skulle|om du|vil du)\b",
    "id": r"\b(?:jika|kalau|apabila|apakah|seandainya|asalkan|kecuali|maukah|bersediakah)\b",
    "ms": r"\b(?:jika|kalau|apabila|adakah|sekiranya|asalkan|kecuali|mahukah|sudikah)\b",
    "tr": r"\b(?:eğer|yoksa|olursa|değilse|isterseniz|dilerseniz|mı|mü|mısınız|misiniz|musunuz|müsünüz)\b"
    r"|\b\w+(?:[aeıiuü]rs[ae]n[ıi]z|yorsan[ıi]z|m[ae]zsan[ıi]z|[dt][ıiuü]ys[ae]|m[ıiuü]şs[ae]|yorsa)\w{0,5}\b",
}


def _any_of(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(words.values()), re.IGNORECASE)


GRANTING = _any_of(_GRANTS)
DENYING = _any_of(_DENIES)
REFUSING = _any_of(_REFUSES)
CONDITIONAL = _any_of(_IS_CONDITIONAL)
