"""How alike two phrases sound in Mandarin, as an old recogniser, or an old ear, may take one for the other.

Tones are left out: dialect speakers change them, and a small recogniser hardly hears them. Distances between initials
and finals were set by hand so that 一/七, 六/九 and 是/十/四 count as alike, 一/二 and 三/四 do not.
"""

import re
from functools import cache

from pypinyin import Style, lazy_pinyin

ALIKE = 0.75
"""Two phrases of the same length that differ by no more than this, all syllables together, sound alike."""

PARTICLES = "了的吧啊呀嘛呢"
INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
AFTER_Y = {"i": "i", "in": "in", "ing": "ing", "u": "v", "ue": "ue", "uan": "uan", "un": "un"}
SAME_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "y": "", "w": ""}
SAME_FINAL = {"ing": "in", "eng": "en", "v": "u"}
BUZZING = {"zh", "ch", "sh", "r", "z", "c", "s"}
"""After these, the letter i is the vowel of 四 and 十, not that of 一."""
CLOSE_INITIALS = {
    frozenset(pair) for pair in ("nl", "lr", "fh", "bp", "dt", "gk", "jq", "jz", "qc", "xs", "zc", "jx", "zs")
}
CLOSE_FINALS = {
    frozenset(pair.split("-"))
    for pair in (
        "an-ang",
        "ian-iang",
        "ian-in",
        "uan-uang",
        "ai-ei",
        "ao-ou",
        "uo-o",
        "uo-e",
        "uo-ou",
        "ie-ue",
        "i-ie",
        "i-v",
        "un-en",
        "ong-en",
        "ia-iao",
        "iu-iao",
        "iu-ou",
        "ui-ei",
        "ui-i",
        "a-ia",
        "an-ian",
        "uan-an",
        "u-ou",
        "i-ui",
    )
}


@cache
def syllables(phrase: str) -> tuple[str, ...]:
    """Return the toneless pinyin of the hanzi in a phrase, final particles dropped where two hanzi remain."""
    hanzi = re.sub(r"[^\u4e00-\u9fff]", "", phrase)
    shorter = hanzi.rstrip(PARTICLES)
    return tuple(lazy_pinyin(shorter if len(shorter) >= 2 else hanzi, style=Style.NORMAL, v_to_u=False))


@cache
def distance(one: str, other: str) -> float:
    """Return how far two syllables are apart: another initial adds 0.5, another final 0.8, a close one 0.25."""
    (initial, final), (other_initial, other_final) = _parts(one), _parts(other)
    apart = 0.0
    if initial != other_initial:
        apart += 0.25 if frozenset((initial, other_initial)) in CLOSE_INITIALS else 0.5
    if final != other_final:
        apart += 0.25 if frozenset((final, other_final)) in CLOSE_FINALS else 0.8
    return apart


@cache
def sound_alike(one: str, other: str) -> bool:
    """Tell whether two phrases may be taken for one another."""
    ours, theirs = syllables(one), syllables(other)
    return bool(ours) and len(ours) == len(theirs) and sum(map(distance, ours, theirs)) <= ALIKE


def turned_round(one: str, other: str) -> bool:
    """Tell whether one phrase is the other plus a single 不, 没 or 别: one lost syllable turns its meaning round."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return any(longer[:i] + longer[i + 1 :] == shorter for i, hanzi in enumerate(longer) if hanzi in "不没别")


@cache
def _parts(syllable: str) -> tuple[str, str]:
    initial = next((i for i in INITIALS if syllable.startswith(i)), "")
    final = syllable[len(initial) :]
    if initial == "y":
        final = AFTER_Y.get(final, "i" + final)
    elif initial == "w" and final != "u":
        final = "u" + final
    elif initial in BUZZING and final == "i":
        final = "ih"
    return SAME_INITIAL.get(initial, initial), SAME_FINAL.get(final, final)
