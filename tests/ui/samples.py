"""Screens as the script would make them, in three languages: one of every layout, and the hard cases."""

from dataclasses import replace

from petition.model import StageState
from petition.screen import Button, Caption, CaptionState, Fact, Footer, Screen, Slip, Stop
from petition.steps import Command, Input, Layout, Privacy

SERVICE = {"zh_Hans": "社区诉求服务台", "zh_Hant": "社區訴求服務台", "en": "Community petition desk"}
STATES = {
    CaptionState.SPEAKING: {"zh_Hans": "正在说", "zh_Hant": "正在說", "en": "Speaking"},
    CaptionState.WAITING: {"zh_Hans": "请您选", "zh_Hant": "請您選", "en": "Your turn"},
    CaptionState.RECORDING: {"zh_Hans": "正在录", "zh_Hant": "正在錄", "en": "Recording"},
    CaptionState.PLAYING: {"zh_Hans": "正在放", "zh_Hant": "正在放", "en": "Playing"},
    CaptionState.WORKING: {"zh_Hans": "正在办", "zh_Hant": "正在辦", "en": "Working"},
}
FOOT = {
    Command.BACK: ("arrow-left", {"zh_Hans": "返回", "zh_Hant": "返回", "en": "Back"}),
    Command.LANGUAGE: ("globe-simple", {"zh_Hans": "语言", "zh_Hant": "語言", "en": "中文"}),
    Command.REPEAT: ("speaker-high", {"zh_Hans": "再听一遍", "zh_Hant": "再聽一遍", "en": "Say again"}),
    Command.SETTINGS: ("text-aa", {"zh_Hans": "声音和字", "zh_Hant": "聲音和字", "en": "Sound and text"}),
    Command.FINISH: ("door-open", {"zh_Hans": "结束", "zh_Hant": "結束", "en": "Finish"}),
    Command.HELP: ("question", {"zh_Hans": "怎么用", "zh_Hant": "怎麼用", "en": "How to use"}),
    Command.CALL_STAFF: ("bell-ringing", {"zh_Hans": "叫工作人员", "zh_Hant": "叫工作人員", "en": "Call staff"}),
}


def _in(language: str, texts: tuple[str, str, str] | str) -> str:
    if isinstance(texts, str):
        return texts
    return dict(zip(("zh_Hans", "zh_Hant", "en"), texts, strict=True))[language]


def _b(id: str, label: tuple[str, str, str] | str, **more: object) -> tuple[str, object, dict[str, object]]:
    return id, label, more


PETITION = (
    "我住三号楼二单元，楼道里的灯坏了快两个星期了。晚上上楼看不见台阶，前天我邻居老李差点儿摔着。请你们派人来修一修。",
    "我住三號樓二單元，樓道裡的燈壞了快兩個星期了。晚上上樓看不見台階，前天我鄰居老李差點兒摔著。請你們派人來修一修。",
    "I live in Building 3, Unit 2. The stair light has been broken for two weeks. At night I cannot see the steps, and my "
    "neighbour Mr Li nearly fell the day before yesterday. Please send someone to mend it.",
)
NOTICE = (
    "谁听：只有办这件事的人。\n留什么：您的声音、您写的字、办事的经过。\n留多久：办完再留两年，到期就删，谁也听不到。\n不留姓名也行：一样有人看，一样答复。\n"
    "想拿回去：凭回执随时能撤回，说一声就行，不问为什么。\n不想录音：可以打字写，也可以请工作人员代写。\n拍照和证件：要用的时候另外问您，不愿意可以不给。\n有不明白的：点「叫工作人员」，当面问。",
    "誰聽：只有辦這件事的人。\n留什麼：您的聲音、您寫的字、辦事的經過。\n留多久：辦完再留兩年，到期就刪，誰也聽不到。\n不留姓名也行：一樣有人看，一樣答覆。\n"
    "想拿回去：憑回執隨時能撤回，說一聲就行，不問為什麼。\n不想錄音：可以打字寫，也可以請工作人員代寫。\n拍照和證件：要用的時候另外問您，不願意可以不給。\n有不明白的：點「叫工作人員」，當面問。",
    "Who listens: only the people who handle this matter.\nWhat is kept: your voice, what you wrote, and how it was handled.\n"
    "How long: two years after it is done, then it is deleted and nobody can hear it.\nNo name needed: somebody reads it all the same, "
    "and answers.\nTo take it back: with your receipt, at any time, without giving a reason.\nIf you would rather not be recorded: "
    "type instead, or ask staff to write for you.\nPictures and papers: you are asked separately, and may say no.\n"
    "If anything is unclear: press “Call staff” and ask in person.",
)

SAMPLES: dict[str, dict[str, object]] = {
    "welcome": {
        "layout": Layout.WELCOME,
        "title": ("您好，要办什么事？", "您好，要辦什麼事？", "Hello, what can we do for you?"),
        "body": ("点一下要办的事。", "點一下要辦的事。", "Touch what you would like to do."),
        "caption": (CaptionState.SPEAKING, ("您好。要办什么事，点一下就行。", "您好。要辦什麼事，點一下就行。", "Hello. Whatever you need, just touch it.")),
        "buttons": (
            _b("report", ("反映问题", "反映問題", "Report a problem"), note=("您说，我帮您交上去", "您說，我幫您交上去", "Say it, I pass it on"), icon="microphone", primary=True),
            _b("type", ("打字写", "打字寫", "Type it"), note=("用拼音写下来", "用拼音寫下來", "With the keyboard"), icon="keyboard"),
            _b("progress", ("查进度", "查進度", "Check progress"), note=("看看办到哪一步了", "看看辦到哪一步了", "See how far it is"), icon="magnifying-glass"),
            _b("proxy", ("替家人办", "替家人辦", "For someone else"), note=("帮家里人或邻居", "幫家裡人或鄰居", "For family or a neighbour"), icon="users"),
            _b("rate", ("打分评价", "打分評價", "Rate the result"), note=("办得好不好，您来说", "辦得好不好，您來說", "Tell us how it went"), icon="star"),
        ),
    },
    "welcome_resume": {
        "layout": Layout.WELCOME,
        "title": ("您好，要办什么事？", "您好，要辦什麼事？", "Hello, what can we do for you?"),
        "body": ("点一下要办的事。", "點一下要辦的事。", "Touch what you would like to do."),
        "caption": (CaptionState.WAITING, ("您好。要办什么事，点一下就行。", "您好。要辦什麼事，點一下就行。", "Hello. Whatever you need, just touch it.")),
        "buttons": (
            _b("report", ("反映问题", "反映問題", "Report a problem"), note=("您说，我帮您交上去", "您說，我幫您交上去", "Say it, I pass it on"), icon="microphone", primary=True),
            _b("resume", ("接着刚才的", "接著剛才的", "Go on with mine"), note=("还没交上去", "還沒交上去", "Not sent yet"), icon="arrow-right"),
            _b("type", ("打字写", "打字寫", "Type it"), note=("用拼音写下来", "用拼音寫下來", "With the keyboard"), icon="keyboard"),
            _b("progress", ("查进度", "查進度", "Check progress"), note=("看看办到哪一步了", "看看辦到哪一步了", "See how far it is"), icon="magnifying-glass"),
            _b("proxy", ("替家人办", "替家人辦", "For someone else"), note=("帮家里人或邻居", "幫家裡人或鄰居", "For family or a neighbour"), icon="users"),
            _b("rate", ("打分评价", "打分評價", "Rate the result"), note=("办得好不好，您来说", "辦得好不好，您來說", "Tell us how it went"), icon="star"),
        ),
    },
    "describe": {
        "layout": Layout.SHEET,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("请说说是什么事", "請說說是什麼事", "Please tell me what it is about"),
        "body": (
            "您的话会录下来，只给办事的人听。\n办完再留两年，到期就删。\n不说姓名也行，一样有人看。",
            "您的話會錄下來，只給辦事的人聽。\n辦完再留兩年，到期就刪。\n不說姓名也行，一樣有人看。",
            "Your words are recorded, only for the people who handle this.\nThey are kept two years after it is done, then deleted.\nYou need not give your name.",
        ),
        "caption": (
            CaptionState.SPEAKING,
            (
                "您的话会录下来，只给办事的人听。办完再留两年，到期就删。旁边有人，可以选小声念。点「开始说」，滴一声就请说。",
                "您的話會錄下來，只給辦事的人聽。辦完再留兩年，到期就刪。旁邊有人，可以選小聲唸。點「開始說」，滴一聲就請說。",
                "Your words are recorded, only for the people who handle this. They are kept two years after it is done, then deleted. "
                "If someone is near, choose a low voice. Touch “Start”, and speak after the tone.",
            ),
        ),
        "buttons": (
            _b("start", ("我知道了，开始说", "我知道了，開始說", "I understand, start"), icon="microphone", primary=True),
            _b("quiet", ("小声念", "小聲唸", "Low voice"), note=("旁边有人的时候", "旁邊有人的時候", "When someone is near"), chosen=False),
            _b("silent", ("只看不念", "只看不唸", "Screen only"), note=("一点声音也没有", "一點聲音也沒有", "No sound at all"), chosen=True),
            _b("type", ("改用打字", "改用打字", "Type instead"), icon="keyboard"),
            _b("notice", ("先看说明", "先看說明", "Read the notice"), icon="question"),
        ),
    },
    "privacy": {
        "layout": Layout.SHEET,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("话录了给谁听？", "話錄了給誰聽？", "Who hears my recording?"),
        "body": NOTICE,
        "caption": (CaptionState.SPEAKING, ("我念给您听。", "我唸給您聽。", "I will read it to you.")),
        "buttons": (
            _b("ok", ("知道了", "知道了", "I see"), icon="check", primary=True),
            _b("type", ("不录音，打字", "不錄音，打字", "No recording, type"), icon="keyboard"),
        ),
    },
    "recording": {
        "layout": Layout.RECORD,
        "takes": Input.SPEECH,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("请说，我在听", "請說，我在聽", "Please speak, I am listening"),
        "body": ("慢慢说。说完了，点一下「说完了」。", "慢慢說。說完了，點一下「說完了」。", "Take your time. When you have finished, touch “I am done”."),
        "caption": (CaptionState.RECORDING, ("慢慢说。说完了，点一下「说完了」。", "慢慢說。說完了，點一下「說完了」。", "Take your time. When you have finished, touch “I am done”.")),
        "recording_seconds": 23.4,
        "hint": ("声音正好", "聲音正好", "Good volume"),
        "buttons": (_b("done", ("说完了", "說完了", "I am done"), icon="check", primary=True),),
    },
    "recording_words": {
        "layout": Layout.RECORD,
        "takes": Input.SPEECH,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("请说，我在听", "請說，我在聽", "Please speak, I am listening"),
        "text": PETITION,
        "caption": (CaptionState.RECORDING, ("我在听，慢慢说。", "我在聽，慢慢說。", "I am listening, take your time.")),
        "recording_seconds": 83,
        "hint": ("请大声一点", "請大聲一點", "A little louder"),
        "buttons": (
            _b("done", ("说完了", "說完了", "I am done"), icon="check", primary=True),
            _b("again", ("重新说", "重新說", "Start over"), icon="arrow-counter-clockwise"),
            _b("type", ("改用打字", "改用打字", "Type instead"), icon="keyboard"),
        ),
    },
    "review": {
        "layout": Layout.SHEET,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("这样写，对吗？", "這樣寫，對嗎？", "Is this right?"),
        "text": PETITION,
        "body": ("有一段 40 秒的录音。\n地方：幸福社区。没有留电话。", "有一段 40 秒的錄音。\n地方：幸福社區。沒有留電話。", "With a recording of 40 s.\nPlace: Xingfu Community. No phone number."),
        "spoken_on_sheet": True,
        "caption": (CaptionState.SPEAKING, ("我念给您听。对就点：对，提交。", "我唸給您聽。對就點：對，提交。", "I read it to you. If it is right, touch: Yes, send it.")),
        "buttons": (
            _b("send", ("对，提交", "對，提交", "Yes, send it"), icon="check", primary=True),
            _b("change", ("不对，改改", "不對，改改", "No, change it"), icon="pencil-simple"),
            _b("phone", ("留个电话", "留個電話", "Leave a number"), note=("没有留", "沒有留", "None so far"), icon="phone"),
            _b("details", ("地方和类别", "地方和類別", "Place and kind"), icon="map-pin"),
            _b("more", ("接着说", "接著說", "Say more"), icon="microphone"),
            _b("aloud", ("念给我听", "唸給我聽", "Read it aloud"), icon="speaker-high"),
        ),
    },
    "silent": {
        "layout": Layout.LIST,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("我还没听到声音", "我還沒聽到聲音", "I have not heard anything yet"),
        "body": ("不着急，换个法子也行。", "不著急，換個法子也行。", "No hurry, there are other ways too."),
        "caption": (CaptionState.WAITING, ("不着急，换个法子也行。", "不著急，換個法子也行。", "No hurry, there are other ways too.")),
        "buttons": (
            _b("again", ("我再说说", "我再說說", "Speak again"), icon="microphone", primary=True),
            _b("type", ("打字写", "打字寫", "Type it"), icon="keyboard"),
            _b("person", ("请人代写", "請人代寫", "Ask someone to write"), icon="bell-ringing"),
        ),
    },
    "details": {
        "layout": Layout.LIST,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("还想说清哪一样？", "還想說清哪一樣？", "Anything to make clearer?"),
        "body": ("不说也能交。", "不說也能交。", "You can send it without."),
        "caption": (CaptionState.WAITING, ("不说也能交。", "不說也能交。", "You can send it without.")),
        "buttons": (
            _b("place", ("在什么地方", "在什麼地方", "Where it is"), note=("幸福社区服务中心", "幸福社區服務中心", "Xingfu Community Service Centre"), icon="map-pin"),
            _b("category", ("是哪类事", "是哪類事", "What it is about"), note=("小区物业", "社區物業", "Housing management"), icon="question"),
            _b("kind", ("想做什么", "想做什麼", "What you want"), note=("求助", "求助", "Ask for help"), icon="heart"),
            _b("done", ("就这样", "就這樣", "Leave it so"), icon="check", primary=True),
        ),
    },
    "kind": {
        "layout": Layout.LIST,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("您是想做什么？", "您是想做什麼？", "What would you like to do?"),
        "body": ("说不准就选「其他」。", "說不準就選「其他」。", "If you are not sure, choose “Other”."),
        "caption": (CaptionState.SPEAKING, ("您是想做什么？说不准就选「其他」。", "您是想做什麼？說不準就選「其他」。", "What would you like to do? If you are not sure, choose “Other”.")),
        "buttons": (
            _b("ask", ("咨询", "諮詢", "Ask"), note=("问个事，打听政策", "問個事，打聽政策", "About rules or services"), chosen=False),
            _b("help", ("求助", "求助", "Get help"), note=("请人帮忙", "請人幫忙", "Someone should help"), chosen=True),
            _b("complain", ("投诉", "投訴", "Complain"), note=("对办的事不满", "對辦的事不滿", "Unhappy with how it was handled"), chosen=False),
            _b("report", ("举报", "舉報", "Report wrongdoing"), note=("有人干坏事", "有人做壞事", "Someone does wrong"), chosen=False),
            _b("suggest", ("建议", "建議", "Suggest"), note=("出个主意", "出個主意", "An idea"), chosen=False),
            _b("praise", ("表扬", "表揚", "Praise"), note=("说声谢谢", "說聲謝謝", "Say thank you"), chosen=False),
            _b("other", ("其他", "其他", "Other"), note=("说不准的都算", "說不準的都算", "Anything else"), chosen=False),
        ),
    },
    "size": {
        "layout": Layout.LIST,
        "title": ("字要多大？", "字要多大？", "How large should the text be?"),
        "body": ("选了马上就变。", "選了馬上就變。", "It changes as soon as you choose."),
        "caption": (CaptionState.WAITING, ("选了马上就变。", "選了馬上就變。", "It changes as soon as you choose.")),
        "buttons": (
            _b("normal", ("平常字", "平常字", "Normal"), chosen=False),
            _b("large", ("大字", "大字", "Large"), chosen=False),
            _b("larger", ("特大字", "特大字", "Larger"), chosen=True),
            _b("largest", ("最大的字", "最大的字", "Largest"), chosen=False),
            _b("done", ("就这样", "就這樣", "Leave it so"), icon="check", primary=True),
        ),
    },
    "settings": {
        "layout": Layout.LIST,
        "title": ("想调哪一样？", "想調哪一樣？", "What would you like to change?"),
        "body": ("调好了，接着办您的事。", "調好了，接著辦您的事。", "Then you go on where you were."),
        "caption": (CaptionState.WAITING, ("调好了，接着办您的事。", "調好了，接著辦您的事。", "Then you go on where you were.")),
        "buttons": (
            _b("text", ("字的大小", "字的大小", "Text size"), icon="text-aa"),
            _b("voice", ("声音快慢", "聲音快慢", "Voice"), icon="speaker-high"),
            _b("colour", ("屏幕颜色", "螢幕顏色", "Colours"), icon="sun"),
            _b("language", ("换语言", "換語言", "Language"), icon="globe-simple"),
            _b("done", ("调完了", "調完了", "Done"), icon="check", primary=True),
        ),
    },
    "rating": {
        "layout": Layout.LIST,
        "where": ("打分评价", "打分評價", "Rate the result"),
        "title": ("这件事办得怎么样？", "這件事辦得怎麼樣？", "How was this handled?"),
        "caption": (CaptionState.WAITING, ("点一个就行。", "點一個就行。", "Touch one.")),
        "buttons": (
            _b("5", ("非常满意", "非常滿意", "Very satisfied"), face=1.0),
            _b("4", ("满意", "滿意", "Satisfied"), face=0.7),
            _b("3", ("基本满意", "基本滿意", "Fairly satisfied"), face=0.0),
            _b("2", ("不满意", "不滿意", "Not satisfied"), face=-0.75),
            _b("more", ("还想说几句", "還想說幾句", "Say a few words"), icon="microphone"),
        ),
    },
    "typing": {
        "layout": Layout.TYPE,
        "takes": Input.TEXT,
        "where": ("打字反映", "打字反映", "Report by typing"),
        "title": ("请写下是什么事", "請寫下是什麼事", "Please write what it is about"),
        "body": ("写的字只给办事的人看。办完再留两年，到期就删。", "寫的字只給辦事的人看。辦完再留兩年，到期就刪。", "Only the people who handle this read it. Kept two years, then deleted."),
        "text": ("楼道里的灯坏了快两个星期了，晚上", "樓道裡的燈壞了快兩個星期了，晚上", "The stair light has been broken for two weeks"),
        "caption": (CaptionState.WAITING, ("一句两句都行，写错不要紧。写好了，点「写好了」。", "一句兩句都行，寫錯不要緊。寫好了，點「寫好了」。", "A sentence or two is enough. When you are done, touch “Finished”.")),
        "buttons": (
            _b("done", ("写好了", "寫好了", "Finished"), icon="check", primary=True, number="#"),
            _b("speak", ("改用说的", "改用說的", "Speak instead"), icon="microphone", number="*"),
        ),
    },
    "phone": {
        "layout": Layout.DIGITS,
        "takes": Input.DIGITS,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("请按电话号码", "請按電話號碼", "Please key your phone number"),
        "body": ("只给办事的人看，办好了打给您。", "只給辦事的人看，辦好了打給您。", "Only for the people who handle this; they ring when it is done."),
        "digits": "13800138",
        "groups": (3, 4, 4),
        "caption": (CaptionState.WAITING, ("按错了，点退格。", "按錯了，點退格。", "If you slip, touch Delete.")),
        "buttons": (
            _b("done", ("按好了", "按好了", "That is it"), icon="check", primary=True, number="#"),
            _b("skip", ("不留了", "不留了", "No number"), icon="x", number="*"),
        ),
    },
    "number": {
        "layout": Layout.DIGITS,
        "takes": Input.DIGITS,
        "where": ("查进度", "查進度", "Progress"),
        "title": ("请按回执号码", "請按回執號碼", "Please key the receipt number"),
        "body": ("印在回执上，一共十二位。", "印在回執上，一共十二位。", "It stands on the receipt, twelve digits."),
        "digits": "1023000123",
        "groups": (4, 4, 4),
        "caption": (CaptionState.WAITING, ("一组四位，慢慢按。", "一組四位，慢慢按。", "Four digits at a time, no hurry.")),
        "buttons": (
            _b("done", ("按好了", "按好了", "That is it"), icon="check", primary=True, number="#"),
            _b("lost", ("没带回执", "沒帶回執", "I have no receipt"), icon="question", number="*"),
        ),
    },
    "code": {
        "layout": Layout.DIGITS,
        "takes": Input.DIGITS,
        "where": ("查进度", "查進度", "Progress"),
        "title": ("请按查询码", "請按查詢碼", "Please key the query code"),
        "body": ("印在号码下面，一共六位。", "印在號碼下面，一共六位。", "It stands under the number, six digits."),
        "digits": "4079",
        "groups": (3, 3),
        "masked": True,
        "caption": (CaptionState.WAITING, ("三位一组，慢慢按。", "三位一組，慢慢按。", "Three digits at a time.")),
        "buttons": (
            _b("done", ("按好了", "按好了", "That is it"), icon="check", primary=True, number="#"),
            _b("lost", ("没有查询码", "沒有查詢碼", "I have no code"), icon="question", number="*"),
        ),
    },
    "receipt": {
        "layout": Layout.RECEIPT,
        "where": ("反映问题", "反映問題", "Report a problem"),
        "title": ("交好了，谢谢您！", "交好了，謝謝您！", "Sent, thank you!"),
        "body": ("一天之内会有人看。", "一天之內會有人看。", "Somebody will look at it within a day."),
        "caption": (CaptionState.SPEAKING, ("交好了，一天之内会有人看。号码请您收好。", "交好了，一天之內會有人看。號碼請您收好。", "It is sent; somebody will look at it within a day. Please keep the number.")),
        "slip": {
            "number": "1023 0001 2392",
            "code": "604 918",
            "url": "https://sq.example.cn/r/10230001239218446744073709551615",
            "labels": (
                ("number", ("您的号码", "您的號碼", "Your number")),
                ("code", ("查询码", "查詢碼", "Query code")),
                ("scan", ("用手机扫一扫", "用手機掃一掃", "Scan with a phone")),
                ("seal", ("收到", "收到", "收到")),
            ),
            "facts": ((("时间", "時間", "Time"), ("11 月 22 日 上午 9:41", "11 月 22 日 上午 9:41", "November 22, 9:41 am")),),
        },
        "buttons": (
            _b("finish", ("办完了", "辦完了", "All done"), icon="door-open", primary=True),
            _b("aloud", ("念号码", "唸號碼", "Read the number"), icon="ear"),
            _b("another", ("再办一件", "再辦一件", "Another matter"), icon="arrow-counter-clockwise"),
        ),
    },
    "progress": {
        "layout": Layout.PROGRESS,
        "where": ("查进度", "查進度", "Progress"),
        "title": ("正在办，预计 11 月 12 日前答复", "正在辦，預計 11 月 12 日前答覆", "In progress, answer expected by November 12"),
        "body": ("这是今天上午 9:20 的消息。", "這是今天上午 9:20 的消息。", "As of 9:20 am today."),
        "caption": (
            CaptionState.SPEAKING,
            ("您的事正在办理，由李敏负责，预计 11 月 12 日前答复。", "您的事正在辦理，由李敏負責，預計 11 月 12 日前答覆。", "It is being handled by Li Min; an answer is expected by November 12."),
        ),
        "stops": (
            (("受理", "受理", "Received"), ("办好了", "辦好了", "Done"), ("11 月 3 日", "11 月 3 日", "Nov 3"), StageState.DONE),
            (("办理", "辦理", "Handling"), ("正在办", "正在辦", "Now"), ("11 月 5 日起", "11 月 5 日起", "since Nov 5"), StageState.NOW),
            (("反馈", "回覆", "Reply"), ("还没到", "還沒到", "Later"), ("", "", ""), StageState.NEXT),
            (("评价", "評價", "Rating"), ("还没到", "還沒到", "Later"), ("", "", ""), StageState.NEXT),
            (("改进", "改進", "Review"), ("还没到", "還沒到", "Later"), ("", "", ""), StageState.NEXT),
        ),
        "facts": (
            (("负责人", "負責人", "In charge"), ("李敏，社区物业科", "李敏，社區物業科", "Li Min, Housing Management Section")),
            (("最新", "最新", "Latest"), ("已请电工上门查看线路，等换灯具", "已請電工上門查看線路，等換燈具", "An electrician has looked at the wiring; new lamps are on order")),
        ),
        "buttons": (
            _b("finish", ("看完了", "看完了", "Finished"), icon="door-open", primary=True),
            _b("reply", ("念答复", "唸答覆", "Read the reply"), icon="ear"),
            _b("another", ("查另一件", "查另一件", "Another one"), icon="magnifying-glass"),
        ),
    },
    "call": {
        "layout": Layout.MESSAGE,
        "where": ("叫工作人员", "叫工作人員", "Call staff"),
        "title": ("正在响铃叫人", "正在響鈴叫人", "The bell is ringing"),
        "body": ("还没有人答应。也可以打 12345。您办的事都留着。", "還沒有人答應。也可以打 12345。您辦的事都留著。", "Nobody has answered yet. You can also ring 12345. Everything you did is kept."),
        "icon": "bell-ringing",
        "caption": (CaptionState.SPEAKING, ("我在响铃叫人。还没有人答应。", "我在響鈴叫人。還沒有人答應。", "I am ringing for staff. Nobody has answered yet.")),
        "buttons": (
            _b("resume", ("边等边办", "邊等邊辦", "Go on meanwhile"), icon="arrow-right", primary=True),
            _b("ring", ("再响一次", "再響一次", "Ring again"), icon="bell-ringing"),
        ),
    },
    "fault": {
        "layout": Layout.MESSAGE,
        "where": ("出了小毛病", "出了小毛病", "Something does not work"),
        "title": ("线路断了，照样能办", "線路斷了，照樣能辦", "The line is down, you can still file"),
        "body": ("您的事先存在这里，线路好了自己送去。", "您的事先存在這裡，線路好了自己送去。", "Your petition is kept here and goes out by itself when the line is back."),
        "icon": "wifi-slash",
        "help": ("存在这里的，断了电也丢不了。", "存在這裡的，斷了電也丟不了。", "What is kept here survives a power cut."),
        "caption": (CaptionState.WAITING, ("线路断了，照样能办。", "線路斷了，照樣能辦。", "The line is down, you can still file.")),
        "buttons": (
            _b("on", ("接着办", "接著辦", "Go on"), icon="arrow-right", primary=True),
            _b("person", ("请人来看看", "請人來看看", "Ask a person"), icon="bell-ringing"),
            _b("home", ("办别的", "辦別的", "Something else"), icon="house-line"),
        ),
    },
    "ended": {
        "layout": Layout.MESSAGE,
        "takes": Input.NOTHING,
        "title": ("这次办完了", "這次辦完了", "All done"),
        "body": ("您说的、写的，屏幕上都清干净了。慢走。", "您說的、寫的，螢幕上都清乾淨了。慢走。", "What you said and wrote is cleared from the screen. Goodbye, and take care."),
        "icon": "hand-waving",
        "caption": (CaptionState.SPEAKING, ("这次办完了。慢走。", "這次辦完了。慢走。", "All done. Goodbye.")),
        "buttons": (_b("again", ("再办一件", "再辦一件", "One more matter"), icon="arrow-counter-clockwise", primary=True),),
    },
    "idle": {
        "layout": Layout.COUNTDOWN,
        "title": ("您还在吗？", "您還在嗎？", "Are you still there?"),
        "body": ("没有动静，就回到首页。没交的会清掉，不让别人看到。", "沒有動靜，就回到首頁。沒交的會清掉，不讓別人看到。", "If nothing happens, this goes back to the start. What is not sent is cleared, so that nobody else sees it."),
        "seconds_left": 20,
        "seconds_total": 30,
        "caption": (CaptionState.SPEAKING, ("您还在吗？在就点一下屏幕。点多少次都行。", "您還在嗎？在就點一下螢幕。點多少次都行。", "Are you still there? Touch the screen if you are, as often as you like.")),
        "buttons": (
            _b("here", ("我还在", "我還在", "I am here"), icon="hand-waving", primary=True),
            _b("finished", ("用完了", "用完了", "I am done"), icon="door-open"),
        ),
    },
}


def sample(name: str, *, language: str = "zh_Hans", size: str = "larger", theme: str = "light") -> Screen:
    """Return a sample screen."""
    given = SAMPLES[name]
    state, told = given["caption"]
    buttons = []
    for place, (id_, label, more) in enumerate(given["buttons"], 1):
        more = dict(more)
        note = _in(language, more.pop("note", ""))
        number = more.pop("number", str(place))
        buttons.append(Button(id=id_, label=_in(language, label), note=note, number=number, **more))
    first = name.startswith("welcome")
    commands = (Command.LANGUAGE if first else Command.BACK, Command.REPEAT, Command.SETTINGS, Command.HELP if first else Command.FINISH, Command.CALL_STAFF)
    footer = tuple(
        Footer(command=c, label=FOOT[c][1][language], icon=FOOT[c][0], number="0" if c is Command.CALL_STAFF else "") for c in commands
    )
    slip = None
    if "slip" in given:
        made = given["slip"]
        slip = Slip(
            number=made["number"],
            code=made["code"],
            url=made["url"],
            labels=tuple((role, _in(language, text)) for role, text in made["labels"]),
            facts=tuple(Fact(name=_in(language, n), value=_in(language, v)) for n, v in made["facts"]),
        )
    return Screen(
        step=name,
        language=language,
        size=size,
        theme=theme,
        layout=given["layout"],
        takes=given.get("takes", Input.CHOICE),
        privacy=Privacy.OPEN,
        where=_in(language, given.get("where", "")),
        title=_in(language, given["title"]),
        body=_in(language, given.get("body", "")),
        help=_in(language, given.get("help", "")),
        caption=Caption(state=state, word=STATES[state][language], text=_in(language, told)),
        buttons=tuple(buttons),
        footer=footer,
        icon=given.get("icon", ""),
        text=_in(language, given.get("text", "")),
        digits=given.get("digits", ""),
        groups=given.get("groups", ()),
        masked=given.get("masked", False),
        recording_seconds=given.get("recording_seconds", 0.0),
        hint=_in(language, given.get("hint", "")),
        facts=tuple(Fact(name=_in(language, n), value=_in(language, v)) for n, v in given.get("facts", ())),
        stops=tuple(Stop(name=_in(language, n), word=_in(language, w), on=_in(language, o), state=s) for n, w, o, s in given.get("stops", ())),
        slip=slip,
        seconds_left=given.get("seconds_left", 0),
        seconds_total=given.get("seconds_total", 0),
        service_name=SERVICE[language],
        spoken_on_sheet=given.get("spoken_on_sheet", False),
    )


def with_help(screen: Screen, help_: str) -> Screen:
    """Return the screen after help was asked for."""
    return replace(screen, help=help_)
