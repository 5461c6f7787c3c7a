"""What marks are called, for they make no sound themselves: on keys, and where one alone was written."""

from itertools import groupby

MARKS: dict[str, dict[str, str]] = {
    "，": {"zh_Hans": "逗号", "zh_Hant": "逗號", "en": "Chinese comma"},
    "。": {"zh_Hans": "句号", "zh_Hant": "句號", "en": "Chinese full stop"},
    "？": {"zh_Hans": "问号", "zh_Hant": "問號", "en": "Chinese question mark"},
    "！": {"zh_Hans": "感叹号", "zh_Hant": "驚嘆號", "en": "Chinese exclamation mark"},
    "、": {"zh_Hans": "顿号", "zh_Hant": "頓號", "en": "Chinese list comma"},
    "；": {"zh_Hans": "分号", "zh_Hant": "分號", "en": "Chinese semicolon"},
    "：": {"zh_Hans": "冒号", "zh_Hant": "冒號", "en": "Chinese colon"},
    "“": {"zh_Hans": "左引号", "zh_Hant": "左引號", "en": "opening quotation mark"},
    "”": {"zh_Hans": "右引号", "zh_Hant": "右引號", "en": "closing quotation mark"},
    "‘": {"zh_Hans": "左单引号", "zh_Hant": "左單引號", "en": "opening single quotation mark"},
    "’": {"zh_Hans": "右单引号", "zh_Hant": "右單引號", "en": "closing single quotation mark"},
    "「": {"zh_Hans": "左直角引号", "zh_Hant": "左引號", "en": "opening corner bracket"},
    "」": {"zh_Hans": "右直角引号", "zh_Hant": "右引號", "en": "closing corner bracket"},
    "『": {"zh_Hans": "左双直角引号", "zh_Hant": "左雙引號", "en": "opening double corner bracket"},
    "』": {"zh_Hans": "右双直角引号", "zh_Hant": "右雙引號", "en": "closing double corner bracket"},
    "（": {"zh_Hans": "左括号", "zh_Hant": "左括號", "en": "opening Chinese bracket"},
    "）": {"zh_Hans": "右括号", "zh_Hant": "右括號", "en": "closing Chinese bracket"},
    "《": {"zh_Hans": "左书名号", "zh_Hant": "左書名號", "en": "opening title mark"},
    "》": {"zh_Hans": "右书名号", "zh_Hant": "右書名號", "en": "closing title mark"},
    "…": {"zh_Hans": "省略号", "zh_Hant": "刪節號", "en": "ellipsis"},
    "—": {"zh_Hans": "破折号", "zh_Hant": "破折號", "en": "dash"},
    "～": {"zh_Hans": "波浪号", "zh_Hant": "波浪號", "en": "wave dash"},
    "·": {"zh_Hans": "间隔号", "zh_Hant": "間隔號", "en": "middle dot"},
    "￥": {"zh_Hans": "元", "zh_Hant": "元", "en": "yuan"},
    "℃": {"zh_Hans": "摄氏度", "zh_Hant": "攝氏度", "en": "degrees Celsius"},
    "㎡": {"zh_Hans": "平方米", "zh_Hant": "平方公尺", "en": "square metres"},
    "ˊ": {"zh_Hans": "第二声", "zh_Hant": "第二聲", "en": "second tone"},
    "ˇ": {"zh_Hans": "第三声", "zh_Hant": "第三聲", "en": "third tone"},
    "ˋ": {"zh_Hans": "第四声", "zh_Hant": "第四聲", "en": "fourth tone"},
    "˙": {"zh_Hans": "轻声", "zh_Hant": "輕聲", "en": "light tone"},
    ",": {"zh_Hans": "英文逗号", "zh_Hant": "英文逗號", "en": "comma"},
    ".": {"zh_Hans": "点", "zh_Hant": "點", "en": "full stop"},
    "?": {"zh_Hans": "英文问号", "zh_Hant": "英文問號", "en": "question mark"},
    "!": {"zh_Hans": "英文感叹号", "zh_Hant": "英文驚嘆號", "en": "exclamation mark"},
    "'": {"zh_Hans": "撇号", "zh_Hant": "撇號", "en": "apostrophe"},
    '"': {"zh_Hans": "英文引号", "zh_Hant": "英文引號", "en": "quotation mark"},
    ":": {"zh_Hans": "英文冒号", "zh_Hant": "英文冒號", "en": "colon"},
    ";": {"zh_Hans": "英文分号", "zh_Hant": "英文分號", "en": "semicolon"},
    "(": {"zh_Hans": "英文左括号", "zh_Hant": "英文左括號", "en": "opening bracket"},
    ")": {"zh_Hans": "英文右括号", "zh_Hant": "英文右括號", "en": "closing bracket"},
    "-": {"zh_Hans": "横线", "zh_Hant": "橫線", "en": "hyphen"},
    "_": {"zh_Hans": "下划线", "zh_Hant": "底線", "en": "underscore"},
    "/": {"zh_Hans": "斜线", "zh_Hant": "斜線", "en": "slash"},
    "&": {"zh_Hans": "和", "zh_Hant": "和", "en": "and"},
    "@": {"zh_Hans": "圈 A", "zh_Hant": "小老鼠", "en": "at"},
    "#": {"zh_Hans": "井号", "zh_Hant": "井號", "en": "hash"},
    "*": {"zh_Hans": "星号", "zh_Hant": "星號", "en": "star"},
    "%": {"zh_Hans": "百分号", "zh_Hant": "百分號", "en": "per cent"},
    "+": {"zh_Hans": "加", "zh_Hant": "加", "en": "plus"},
    "=": {"zh_Hans": "等于", "zh_Hant": "等於", "en": "equals"},
    "~": {"zh_Hans": "英文波浪号", "zh_Hant": "英文波浪號", "en": "tilde"},
    "$": {"zh_Hans": "美元", "zh_Hant": "美元", "en": "dollar"},
    "£": {"zh_Hans": "英镑", "zh_Hant": "英鎊", "en": "pound"},
    "€": {"zh_Hans": "欧元", "zh_Hant": "歐元", "en": "euro"},
    "¥": {"zh_Hans": "元", "zh_Hant": "元", "en": "yuan"},
    "°": {"zh_Hans": "度", "zh_Hant": "度", "en": "degrees"},
    "²": {"zh_Hans": "平方", "zh_Hant": "平方", "en": "squared"},
    "[": {"zh_Hans": "左方括号", "zh_Hant": "左方括號", "en": "opening square bracket"},
    "]": {"zh_Hans": "右方括号", "zh_Hant": "右方括號", "en": "closing square bracket"},
    "<": {"zh_Hans": "小于", "zh_Hant": "小於", "en": "less than"},
    ">": {"zh_Hans": "大于", "zh_Hant": "大於", "en": "greater than"},
}

BLANKS: dict[str, dict[str, str]] = {
    " ": {"zh_Hans": "空格", "zh_Hant": "空格", "en": "space"},
    "\n": {"zh_Hans": "换行", "zh_Hant": "換行", "en": "new line"},
}


def mark_name(character: str, language: str) -> str:
    """Return what a mark is called in a written language; "" for what is none."""
    return MARKS.get(character, {}).get(language, "")


def marks_said(text: str, language: str) -> str:
    """Return the names of a text's marks where it is nothing but marks and blanks, else ""; of like ones in a row, one."""
    names = [
        BLANKS.get(character, {}).get(language) or mark_name(character, language) for character, _ in groupby(text)
    ]
    return (", " if language == "en" else "，").join(names) if all(names) else ""
