"""The page that shows a tour: every picture, what was done, what was said, and what it proves."""

from html import escape
from pathlib import Path

from kiosk.tour.guide import Moment
from kiosk.tour.proof import Facts

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #F6F0E4; color: #231C15; font: 20px/1.6 "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 48px 24px 96px; }
h1 { font-size: 44px; line-height: 1.25; margin: 0 0 8px; }
h1 b { color: #FFF; background: #9C2A1E; border-radius: 8px; padding: 2px 12px; margin-right: 16px; }
p.lead { font-size: 24px; color: #3A3127; margin: 0 0 40px; }
figure { margin: 0 0 56px; }
figure img { width: 100%; border: 1px solid #DACDB7; border-radius: 12px; display: block; }
figure iframe { width: 100%; height: 760px; border: 1px solid #DACDB7; border-radius: 12px; background: #FFF; }
figcaption { padding: 16px 8px 0; }
figcaption .done { font-weight: 700; }
figcaption .said::before { content: "▸ "; color: #10463F; }
figcaption .said { color: #3A3127; }
table { border-collapse: collapse; width: 100%; background: #FFFCF6; border-radius: 12px; }
td { padding: 12px 16px; border-bottom: 1px solid #DACDB7; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; font-weight: 700; }
h2 { font-size: 32px; margin: 56px 0 16px; }
a { color: #10463F; }
"""

NAMES = {
    "number": "回执号码（说的那件）",
    "petition_id_at_kiosk": "编号，机器上",
    "petition_id_at_platform": "编号，平台上",
    "spoken_sha256": "说进话筒的声音，SHA-256",
    "unsealed_sha256": "平台拆封的录音，SHA-256",
    "correlation": "两段声音的相似度（1 是一样）",
    "platform_stopped_at": "平台停了",
    "filed_at": "交上来了",
    "platform_started_at": "平台又开了",
    "delivered_at": "送到了",
    "typed_text_sha256": "打字的那件，平台拆封的文字，SHA-256",
    "typed_number": "回执号码（打字的那件）",
    "progress_stage": "查到的进度",
}


def write_page(
    out: Path,
    moments: list[Moment],
    facts: Facts,
    staff_pages: list[tuple[str, str]],
    extras: list[tuple[str, str]],
) -> None:
    """Write `index.html`; `staff_pages` are shown in frames, `extras` linked, both as (file, what it is)."""
    figures = "\n".join(
        f'<figure><img src="{escape(m.picture)}" alt="{escape(m.title)}" loading="lazy">'
        f'<figcaption><div class="done">{escape(m.done)}</div><div class="said">{escape(m.said)}</div></figcaption>'
        "</figure>"
        for m in moments
    )
    frames = "\n".join(
        f'<figure><iframe src="{escape(file)}" title="{escape(what)}" loading="lazy"></iframe>'
        f'<figcaption><div class="done">{escape(what)}</div></figcaption></figure>'
        for file, what in staff_pages
    )
    rows = "\n".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(getattr(facts, key)))}</td></tr>" for key, name in NAMES.items()
    )
    links = "\n".join(f'<li><a href="{escape(file)}">{escape(what)}</a></li>' for file, what in extras)
    (out / "index.html").write_text(
        f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>社区诉求服务台：走一遍</title><style>{STYLE}</style></head>
<body><main>
<h1><b>诉</b>走一遍</h1>
<p class="lead">真的程序，真的声音，真的平台；只有屏幕和话筒是机器里模拟的。
下面每张图都是当时的屏幕，图下是做了什么、机器说了什么。</p>
{figures}
<h2>平台上，办事的人看到的</h2>
{frames}
<h2>留下的文件</h2><ul>{links}</ul>
<h2>证据</h2><table>{rows}</table>
<p><code>kiosk tour --verify {escape(out.name)}</code> 会照这些文件再算一遍。</p>
</main></body></html>
""",
        "utf-8",
    )
    transcript = "\n\n".join(f"{n}. {m.done}\n   {m.title}\n   「{m.said}」" for n, m in enumerate(moments, 1))
    (out / "transcript.txt").write_text(transcript + "\n", "utf-8")
