"""The few words that belong to the view itself, in every language: turning pages, keys, the clock's neighbours.

Everything else that can be read on a screen comes with the Screen.
"""

WORDS: dict[str, dict[str, str]] = {
    "previous_page": {"zh_Hans": "上一页", "zh_Hant": "上一頁", "en": "Previous"},
    "next_page": {"zh_Hans": "下一页", "zh_Hant": "下一頁", "en": "Next"},
    "page_of": {
        "zh_Hans": "第 {page} 页，共 {pages} 页",
        "zh_Hant": "第 {page} 頁，共 {pages} 頁",
        "en": "Page {page} of {pages}",
    },
    "seconds": {"zh_Hans": "秒", "zh_Hant": "秒", "en": "seconds"},
    "seconds_left": {"zh_Hans": "还有 {count} 秒", "zh_Hant": "還有 {count} 秒", "en": "{count} seconds left"},
    "loudness": {"zh_Hans": "音量", "zh_Hant": "音量", "en": "Loudness"},
    "recorded": {"zh_Hans": "已录 {time}", "zh_Hant": "已錄 {time}", "en": "Recorded {time}"},
    "delete": {"zh_Hans": "退格", "zh_Hant": "退格", "en": "Delete"},
    "clear": {"zh_Hans": "清空", "zh_Hant": "清空", "en": "Clear"},
    "nothing_keyed": {"zh_Hans": "还没有按数字", "zh_Hant": "還沒有按數字", "en": "No digits yet"},
    "digits_keyed": {"zh_Hans": "已按 {count} 位", "zh_Hant": "已按 {count} 位", "en": "{count} digits so far"},
    "code": {"zh_Hans": "二维码", "zh_Hant": "二維碼", "en": "QR code"},
    "camera_sees": {"zh_Hans": "摄像头看到的画面", "zh_Hant": "攝影機看到的畫面", "en": "What the camera sees"},
    "picture": {"zh_Hans": "照片", "zh_Hant": "照片", "en": "Picture"},
    "sign_here": {"zh_Hans": "签名的地方", "zh_Hant": "簽名的地方", "en": "Where to sign"},
    "nothing_drawn": {"zh_Hans": "还没有写", "zh_Hant": "還沒有寫", "en": "Nothing written yet"},
    "strokes_drawn": {"zh_Hans": "写了 {count} 笔", "zh_Hant": "寫了 {count} 筆", "en": "{count} strokes so far"},
    "seal": {"zh_Hans": "诉", "zh_Hant": "訴", "en": "诉"},
    "received": {"zh_Hans": "收到", "zh_Hant": "收到", "en": "收到"},
}


def word(language: str, name: str, **values: object) -> str:
    """Return a word of the view in a language, its holes filled."""
    return WORDS[name][language].format(**values)
