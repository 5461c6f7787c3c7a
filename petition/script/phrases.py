"""Words that are no step's own: commands, states, lines that are filled into steps, names of stages and journeys."""

from petition.model import Stage, StageState
from petition.steps import Command, CommandWords, Journey

SERVICE_NAME = "社区诉求服务台"

COMMANDS = (
    CommandWords(command=Command.BACK, label="返回", say="退回去 | 回上一步", icon="arrow-left"),
    CommandWords(command=Command.HOME, label="首页", say="回首页 | 回到开头", icon="house-line"),
    CommandWords(
        command=Command.REPEAT, label="再听一遍", say="重听 | 再念一遍 | 再说一遍 | 我没听清楚", icon="speaker-high"
    ),
    CommandWords(command=Command.HELP, label="怎么用", say="帮助 | 怎么弄 | 我不会用 | 教教我", icon="question"),
    CommandWords(command=Command.WHERE_AM_I, label="我在哪", say="我在哪儿 | 这是哪一步"),
    CommandWords(command=Command.STOP_SPEECH, label="停一停", say="别念了 | 不用念了"),
    CommandWords(command=Command.LOUDER, label="大声点", say="声音大点 | 响一点"),
    CommandWords(command=Command.QUIETER, label="小声点", say="声音小点 | 轻一点"),
    CommandWords(command=Command.FASTER, label="说快点", say="快点 | 快一点"),
    CommandWords(command=Command.SLOWER, label="说慢点", say="慢点 | 慢慢说"),
    CommandWords(command=Command.TEXT_LARGER, label="字大点", say="把字放大 | 我看不清"),
    CommandWords(command=Command.TEXT_SMALLER, label="字小点", say="把字缩小"),
    CommandWords(command=Command.SHOW_SCREEN, label="打开屏幕", say="让我看看 | 不用遮了", icon="eye"),
    CommandWords(command=Command.SETTINGS, label="声音和字", say="调一调 | 设置一下 | 换个样子", icon="text-aa"),
    CommandWords(command=Command.LANGUAGE, label="语言", say="换语言", icon="globe-simple"),
    CommandWords(command=Command.FINISH, label="结束", say="不办了 | 我走了", icon="door-open"),
    CommandWords(
        command=Command.CALL_STAFF,
        label="叫工作人员",
        say="叫人来 | 找工作人员 | 找个人来 | 来人帮忙",
        icon="bell-ringing",
    ),
)

NUMBERS = (
    ("一号", "第一个"),
    ("二号", "第二个"),
    ("三号", "第三个"),
    ("四号", "第四个"),
    ("五号", "第五个"),
    ("六号", "第六个"),
)
"""Spoken numbers stop at six: seven sounds like one, nine like six."""

ERASE = ("退一格", "退一位")
CLEAR = ("清空", "全部清掉", "从头再来")
"""What the keys of the number pad are called when they are said."""

JOURNEYS = {
    Journey.SHARED: "",
    Journey.REPORT_VOICE: "反映问题",
    Journey.REPORT_TYPING: "打字反映",
    Journey.PROGRESS: "查进度",
    Journey.RATING: "打分评价",
    Journey.CALL_STAFF: "叫工作人员",
    Journey.FAULT: "出了小毛病",
}

STAGES = {
    Stage.ACCEPTED: ("受理", "收下了，有人看过了"),
    Stage.HANDLING: ("办理", "正在办"),
    Stage.REPLIED: ("反馈", "有答复了"),
    Stage.RATED: ("评价", "评价过了"),
    Stage.IMPROVED: ("改进", "照您的意见再改"),
}
"""(official name, what it means) of each stage."""

STAGE_STATES = {StageState.DONE: "好了", StageState.NOW: "现在这步", StageState.NEXT: "还没到"}

PHRASES = {
    "speaking": "正在说",
    "waiting": "请您选",
    "waiting_text": "请您写",
    "waiting_digits": "请您按",
    "recording": "正在录",
    "playing": "正在放",
    "working": "正在办",
    "no_sound": "没有声音",
    "listening": "请点或说",
    "listening_digits": "请按或说",
    "ear_open": "话筒开着，我在听",
    "ear_closed": "话筒关着",
    "choose": "点",
    "say": "说",
    "key": "按",
    "storing": "正在收好您的事，请稍等。",
    "storing_rating": "正在记下打分，请稍等。",
    "asking": "正在帮您问，请稍等。",
    "finished_speaking": "说完了吗？",
    "still_speaking": "录了好一会儿了。还要说，就点一下屏幕。",
    "level_low": "请大声一点",
    "level_good": "声音正好",
    "level_loud": "离远一点更好",
    "demonstration_line": "现在是演示语音，我听懂的话不多。",
    "sound_line": "还有录音 {duration}。",
    "play_line": "想听录音，就{choose}：放一遍。",
    "misheard_line": "字听错了不要紧，录音会一起交。",
    "misheard_no_sound": "这次只有字，听错了就改改。",
    "category_line": "像是「{category}」的事。",
    "place_line": "地方是{place}。",
    "contact_line": "电话尾号 {tail}。",
    "contact_note": "电话尾号 {tail}",
    "clock_line": "时间以平台登记为准。",
    "no_category": "还没说",
    "no_kind": "还没说",
    "responsible_line": "管这事的是{responsible}。",
    "expected_line": "说好 {expected}前给您答复。",
    "overdue_line": "说好 {expected}前答复，晚了{days}天。事情还在办。",
    "received_plain": "送到了，一天之内会有人看",
    "age_minutes": "{count}分钟",
    "age_minute": "一分钟",
    "age_hours": "{count}小时",
    "age_hour": "一小时",
    "age_days": "{count}天",
    "age_day": "一天",
    "age_now": "一小会儿",
    "this_kiosk": "这台机器里",
    "number_said": "号码是：{receipt_number}。",
    "code_said": "查询码是：{query_code}。",
    "your_number": "您的号码",
    "your_code": "查询码",
    "scan_me": "用手机扫一扫",
    "seal": "收到",
    "about": "哪类事",
    "made_at": "时间",
    "whom_to_ask": "找人问",
    "paper": "要纸的回执",
    "paper_how": "请工作人员打一张",
    "responsible": "谁在办",
    "expected": "说好哪天",
    "newest": "哪天的消息",
    "choice_said": "{number}号，{label}。",
    "choice_plain": "{label}。",
    "choice_hash": "井号键，{label}。",
    "choice_star": "星号键，{label}。",
    "chosen": "现在就是这个。",
    "where_said": "您在「{journey}」，这一步是：{title}",
    "where_step": "这一步是：{title}",
    "where_home": "您在首页。",
    "phone": "电话",
    "place": "地方",
    "category": "类别",
    "privacy_long": (
        "录什么：您说的话、写的字。\n谁能看：收这件事的人，和办这件事的人。\n不给谁：不公开，不卖给别人，不拿去做广告。\n"
        "留多久：事情办完再留{keep_time}，到期就删。\n可以不留名：不说姓名、不留电话，一样有人看。\n"
        "可以不录音：改用打字，或者请工作人员代写。\n想看、想改、想删：找工作人员，或者打 {hotline}。"
    ),
    "keep_time": "两年",
    "slip_title": "回执",
    "slip_again": "补打（第{count}次）",
    "slip_time": "交的时间",
    "slip_promise": "一天之内会有人看。",
    "slip_promise_offline": "线路通了就送，送到后一天之内会有人看。",
    "slip_check": "想知道办到哪儿了，拿这张纸来查。也能用手机扫上面的码。",
    "slip_keep": "这张纸上没写您说的事。请收好，别把查询码给别人。",
    "miss_once": "没听清，请再说一遍。",
    "miss_send": "没听清。要交，请说：对，提交。",
    "miss_twice": "说几号就行，比如：二号。也可以说：叫工作人员。",
    "miss_twice_digits": "一位一位，说数字就行。也可以说：叫工作人员。",
    "miss_twice_text": "写字的时候，请用手点。也可以说：叫工作人员。",
    "not_meant": "那请您再说一遍。",
    "digits_back": "{digits_so_far}，{count}位。",
    "digits_counted": "有{count}位了。",
    "digits_none": "现在一位也没有。",
    "number_back": "您的号码是：{receipt_number}。查询码在号码下面，一共六位，请说。",
    "phone_back": "您的电话是：{phone_said}。号码对，就{choose}：对，提交。",
    "louder_said": "声音这样，合适吗？",
    "curtain_drawn": "屏幕遮住了，我念给您听。",
    "curtain_open": "屏幕打开了。",
    "headphones_in": "耳机插好了，只有您听得见。",
    "headphones_out": "耳机拔了，我先不出声。想听，就点「再听一遍」。",
    "taken_back": "去掉了。",
    "key_next": "这个键：去下一个。",
    "key_previous": "这个键：回前一个。",
    "key_press": "这个键：就选它。",
    "key_digit": "数字键：答案前面是几，就按几。",
    "key_other": "这个键是写字用的。",
    "key_command": "这个键：{label}。",
    "faster_said": "快慢这样，合适吗？",
}
