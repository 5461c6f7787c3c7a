"""The words of the keyboard, in every language: what stands on keys that are no character, and what marks are called.

A screen reader says many marks not at all or all alike, so each has a name (`petition.marks`); a character without one
is its own.
"""

from petition.marks import mark_name

KEYS: dict[str, dict[str, tuple[str, str]]] = {
    "space": {"zh_Hans": ("空格", "空格"), "zh_Hant": ("空格", "空格"), "en": ("Space", "Space")},
    "delete": {"zh_Hans": ("", "退格"), "zh_Hant": ("", "退格"), "en": ("", "Delete")},
    "first_tone": {
        "zh_Hans": ("空格", "空格，一声"),
        "zh_Hant": ("空格", "空格，一聲"),
        "en": ("Space", "Space"),
    },
    "newline": {"zh_Hans": ("换行", "换行"), "zh_Hant": ("換行", "換行"), "en": ("Enter", "New line")},
    "shift": {"zh_Hans": ("大写", "大写"), "zh_Hant": ("大寫", "大寫"), "en": ("Shift", "Capital letter")},
    "symbols": {"zh_Hans": ("符号", "符号"), "zh_Hant": ("符號", "符號"), "en": ("!?#", "More signs")},
    "letters": {"zh_Hans": ("字母", "字母"), "zh_Hant": ("字母", "字母"), "en": ("ABC", "Letters")},
    "pinyin": {"zh_Hans": ("拼音", "拼音"), "zh_Hant": ("拼音", "拼音"), "en": ("拼音", "Chinese, by pinyin")},
    "strokes": {"zh_Hans": ("笔画", "笔画"), "zh_Hant": ("筆畫", "筆畫"), "en": ("笔画", "Chinese, by strokes")},
    "zhuyin": {"zh_Hans": ("注音", "注音"), "zh_Hant": ("注音", "注音"), "en": ("注音", "Chinese, by Zhuyin")},
    "cangjie": {"zh_Hans": ("仓颉", "仓颉"), "zh_Hant": ("倉頡", "倉頡"), "en": ("倉頡", "Chinese, by Cangjie")},
    "ways": {"zh_Hans": ("写法", "换写法"), "zh_Hant": ("寫法", "換寫法"), "en": ("Ways", "Ways of writing")},
    "no_other_way": {"zh_Hans": ("不换", "不换写法"), "zh_Hant": ("不換", "不換寫法"), "en": ("Keep", "Keep this way")},
    "english": {"zh_Hans": ("英文", "英文"), "zh_Hant": ("英文", "英文"), "en": ("ABC", "English letters")},
    "more": {"zh_Hans": ("更多", "更多词"), "zh_Hant": ("更多", "更多詞"), "en": ("More", "More words")},
    "earlier": {"zh_Hans": ("前面", "前面的词"), "zh_Hant": ("前面", "前面的詞"), "en": ("Back", "The words before")},
}
"""What stands on a key that writes no character, and what a screen reader calls it."""

STROKES: dict[str, dict[str, tuple[str, str]]] = {
    "一": {"zh_Hans": ("横 提", "横"), "zh_Hant": ("橫 提", "橫"), "en": ("across", "Horizontal stroke")},
    "丨": {"zh_Hans": ("竖", "竖"), "zh_Hant": ("豎", "豎"), "en": ("down", "Vertical stroke")},
    "丿": {"zh_Hans": ("撇", "撇"), "zh_Hant": ("撇", "撇"), "en": ("left", "Stroke that falls to the left")},
    "丶": {
        "zh_Hans": ("点 捺", "点"),
        "zh_Hant": ("點 捺", "點"),
        "en": ("dot", "Dot, or stroke that falls to the right"),
    },
    "乛": {"zh_Hans": ("折 弯", "折"), "zh_Hant": ("折 彎", "折"), "en": ("turn", "Stroke that turns")},
}
"""What stands below each stroke on its key, and what a screen reader calls it."""

SHAPES_OF_WAYS: dict[str, str] = {
    "zhuyin": "ㄅ ㄆ ㄇ",
    "strokes": "一 丨 丿",
    "cangjie": "日 月 金",
    "pinyin": "ni hao",
}
"""What stands below the name of a way of writing, to know it by."""

WHICH_WAY: dict[str, str] = {
    "zh_Hans": "您想怎么写？按一个就好。",
    "zh_Hant": "您想怎麼寫？按一個就好。",
    "en": "Which way do you write?",
}
"""Said where the ways of writing are shown."""

HOW_TO_WRITE: dict[str, str] = {
    "zh_Hans": "怎么写就怎么按，一笔按一下。",
    "zh_Hant": "怎麼寫就怎麼按，一筆按一下。",
    "en": "One key for each stroke.",
}
NOT_WRITTEN: dict[str, str] = {
    "zh_Hans": "没有字是这样写的，这一笔没算。",
    "zh_Hant": "沒有字是這樣寫的，這一筆沒算。",
    "en": "No character goes so.",
}
"""Said where a stroke is not taken."""

CANDIDATE: dict[str, str] = {
    "zh_Hans": "第 {number} 个，{text}",
    "zh_Hant": "第 {number} 個，{text}",
    "en": "{number}, {text}",
}

SOUNDS: dict[str, str] = {
    "ㄅ": "玻",
    "ㄆ": "坡",
    "ㄇ": "摸",
    "ㄈ": "佛",
    "ㄉ": "德",
    "ㄊ": "特",
    "ㄋ": "訥",
    "ㄌ": "樂",
    "ㄍ": "哥",
    "ㄎ": "科",
    "ㄏ": "喝",
    "ㄐ": "基",
    "ㄑ": "欺負的欺",
    "ㄒ": "希",
    "ㄓ": "知",
    "ㄔ": "吃",
    "ㄕ": "詩",
    "ㄖ": "日",
    "ㄗ": "資",
    "ㄘ": "雌",
    "ㄙ": "思",
    "ㄧ": "衣服的衣",
    "ㄨ": "屋",
    "ㄩ": "迂",
    "ㄚ": "阿",
    "ㄛ": "喔",
    "ㄜ": "鵝",
    "ㄝ": "耶",
    "ㄞ": "哀",
    "ㄟ": "欸",
    "ㄠ": "凹",
    "ㄡ": "歐",
    "ㄢ": "安",
    "ㄣ": "恩",
    "ㄤ": "昂",
    "ㄥ": "鞥",
    "ㄦ": "兒",
}
"""What the signs of Zhuyin are called as they are recited; they stand on Traditional screens. Alone, 衣 and 欺 would
sound like 一 and 七, which have keys above them."""

SHAPES: dict[str, str] = {"一": "一橫"}
"""What shapes of Cangjie are called that are not called what they are: alone, 一 is the digit's name."""


def key_words(language: str, name: str) -> tuple[str, str]:
    """Return what stands on a key and what it is called."""
    return KEYS[name][language]


def name_of(language: str, character: str) -> str:
    """Return what a character is called in a language."""
    return mark_name(character, language) or SOUNDS.get(character, character)


def shape_name(shape: str) -> str:
    """Return what a shape of Cangjie is called."""
    return SHAPES.get(shape, shape)


def candidate_name(language: str, number: int, text: str) -> str:
    """Return what a candidate is called: the number that chooses it, and its words."""
    return CANDIDATE[language].format(number=number, text=text)
