"""One lifelike moment for every step of the script: what the audit and pictures are made of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from kiosk.audit.people import with_people
from petition.machine import begin
from petition.model import (
    Attachment,
    AttachmentKind,
    Call,
    CallStanding,
    Catalogue,
    Condition,
    Desk,
    Draft,
    KeptReceipt,
    Language,
    Named,
    Part,
    Place,
    Progress,
    ProgressStep,
    SpokenLanguage,
    Stage,
    StageState,
    TextSource,
    Waiting,
    WaitingFor,
)
from petition.ports import PrinterState
from petition.receipt import Receipt, Role, query_code, receipt_number, receipt_tag, receipt_url
from petition.saying import Saying
from petition.script.book import STEPS
from petition.state import Loudness, Preferences, Recorder, Rules, State
from petition.steps import Journey, Layout

NOON = datetime(2026, 3, 6, 9, 41, tzinfo=timezone(timedelta(hours=8)))
KEY = bytes(range(32))
"""No kiosk's: the receipt of these moments is nobody's."""
NUMBER = receipt_number("10230", 123)
OWN_SLIP = frozenset(
    {
        *("progress_reply", "progress_result", "progress_cached", "progress_on_its_way", "progress_say", "supplement"),
        *("authority_end", "authority_ended", "own_slip_needed"),
    }
)
"""Steps on which it is known whose slip was shown."""
TEXTS = {
    Language.SIMPLIFIED: (
        "我住三号楼二单元，楼道里的灯坏了快两个星期了。"
        "晚上上楼看不见台阶，前天我邻居老李差点儿摔着。请你们派人来修一修。"
    ),
    Language.TRADITIONAL: (
        "我住三號樓二單元，樓道裡的燈壞了快兩個星期了。"
        "晚上上樓看不見臺階，前天我鄰居老李差點兒摔著。請你們派人來修一修。"
    ),
    Language.ENGLISH: (
        "I live in Building 3, Unit 2. The stair light has been broken for two weeks. At night I cannot see "
        "the steps, and my neighbour Mr Li nearly fell. Please send someone to mend it."
    ),
}
REPLIES = {
    Language.SIMPLIFIED: (
        "您反映的楼道灯，物业三月五号已经换好了。以后再坏，请直接打物业电话，当天就来修。谢谢您告诉我们。"
    ),
    Language.TRADITIONAL: (
        "您反映的樓道燈，物業三月五號已經換好了。以後再壞，請直接打物業電話，當天就來修。謝謝您告訴我們。"
    ),
    Language.ENGLISH: (
        "The stair light you told us about was replaced on March 5. Should it fail again, please phone the "
        "housing office; they come the same day. Thank you for telling us."
    ),
}
TOPICS = (
    ("小区物业", "社區物業", "Housing management"),
    ("道路和路灯", "道路和路燈", "Roads and street lamps"),
    ("水电气", "水電瓦斯", "Water, power and gas"),
    ("供暖", "供暖", "Heating"),
    ("噪音和灰尘", "噪音和灰塵", "Noise and dust"),
    ("卫生和垃圾", "衛生和垃圾", "Cleanliness and waste"),
    ("医保报销", "醫保報銷", "Medical insurance"),
)
PLACES = (
    ("和平里社区", "和平里社區", "Hepingli community"),
    ("和平里一号楼", "和平里一號樓", "Hepingli building 1"),
    ("和平里三号楼", "和平里三號樓", "Hepingli building 3"),
    ("和平里菜市场", "和平里菜市場", "Hepingli food market"),
)

LEVELS = (
    ("非常满意", "非常滿意", "Very satisfied"),
    ("满意", "滿意", "Satisfied"),
    ("基本满意", "基本滿意", "Fairly satisfied"),
    ("不满意", "不滿意", "Not satisfied"),
)


def _named(names: tuple[tuple[str, str, str], ...]) -> tuple[Named, ...]:
    languages = tuple(Language)
    return tuple(Named(id=f"id-{n}", names=tuple(zip(languages, words, strict=True))) for n, words in enumerate(names))


def catalogue(language: Language) -> Catalogue:
    """A small catalogue with names of every length."""
    home = dict(zip(Language, PLACES[0], strict=True))[language]
    return Catalogue(
        version=1,
        categories=_named(TOPICS),
        places=_named(PLACES),
        home_place=Place(text=home, code="id-0"),
        contact="12345",
        rating_levels=_named(LEVELS),
    )


def receipt() -> Receipt:
    """A receipt of this morning."""
    tag = receipt_tag(KEY, NUMBER, Role.OWN)
    return Receipt(
        number=NUMBER,
        role=Role.OWN,
        tag=tag,
        query_code=query_code(KEY, NUMBER, Role.OWN),
        url=receipt_url("petition.example.gov.cn", NUMBER, tag),
        made_at=NOON.astimezone(UTC),
    )


def sample(step: str, language: Language = Language.SIMPLIFIED, size: str = "larger", theme: str = "light") -> State:
    """A kiosk in the middle of that step."""
    spoken = SpokenLanguage.ENGLISH if language is Language.ENGLISH else SpokenLanguage.MANDARIN
    rules = Rules(preferences=Preferences(size=size, theme=theme, language=language, spoken=spoken))
    state = replace(
        begin(rules, "00000000-0000-0000-0000-000000000001"), step=step, catalogue=catalogue(language), speaking=True
    )
    sound = Attachment(id="1", kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=80)
    draft = Draft(
        petition_id=state.draft.petition_id,
        language=language,
        text="" if step == "review_recording" else TEXTS[language],
        text_source=TextSource.RECOGNISED if step in {"review_heard", "change"} else TextSource.TYPED,
        attachments=(sound,),
        category="id-0",
        place=state.catalogue.home_place,
        phone="+8613800135678",
        kind="help",
    )
    if STEPS[step].layout in {Layout.WELCOME, Layout.RECEIPT} or STEPS[step].leaves_after_seconds:
        draft = Draft(petition_id=state.draft.petition_id, language=language)
    if STEPS[step].overlay:
        state = replace(state, covered=("review",))
    if STEPS[step].journey is Journey.STAFF and step not in {"staff_pin", "staff_wrong", "staff_locked", "staff_unset"}:
        state = replace(state, desk=desk(), picked=(desk().receipts[1].number,), printer=PrinterState.READY)
    if step == "call_answered":
        by = "Wang Fang" if language is Language.ENGLISH else "王师傅"
        state = replace(state, call=Call(number=1, standing=CallStanding.ANSWERED, by=by))
    if step == "call_local_bell":
        state = replace(state, call=Call(number=1, standing=CallStanding.UNREACHABLE), bell=True)
    if step in {"receipt", "receipt_offline"} or step.startswith("printer_"):
        rules = replace(rules, residents_print=True)
        state = replace(state, rules=rules, printer=PrinterState.READY)
    if step == "progress_number":
        state = replace(state, rules=replace(rules, camera=True))
    if step == "did_you_mean":
        state = replace(state, meant="留个电话", hearing=True, begun=True)
    state = replace(
        state,
        draft=draft,
        receipt=receipt() if STEPS[step].journey == "report_voice" or step.startswith("printer_") else None,
        progress=_progress(step, language),
        number_digits=NUMBER[:9] if step == "progress_number" else NUMBER,
        code_digits="4079",
        pin_digits="4051",
        desk_digits=NUMBER[:7],
        locked_minutes=4,
        tag=receipt().tag if STEPS[step].journey == "rating" or step in OWN_SLIP else "",
        level="id-3",
        comment=TEXTS[language].partition("。" if language is not Language.ENGLISH else ". ")[0],
        phone_digits="13800135678" if step != "contact_check" else "138001356",
        place_text=PLACES[2][tuple(Language).index(language)],
        recorder=Recorder.ON if step == "recording" else Recorder.OFF,
        recording_seconds=83 if step == "recording" else 0,
        loudness=Loudness.GOOD,
        seconds_left=23,
        tries_left=3,
        pin_tries_left=3,
        saying=Saying(),
    )
    return with_people(state)


def desk() -> Desk:
    """A staff desk with something of everything."""
    at = NOON.astimezone(UTC)
    numbers = [receipt_number("10230", serial) for serial in range(123, 113, -1)]
    return Desk(
        receipts=tuple(
            KeptReceipt(number=number, made_at=at - timedelta(hours=7 * n), printed=n % 3)
            for n, number in enumerate(numbers)
        ),
        waiting=tuple(
            Waiting(number=number, since=at - timedelta(hours=n), why=why)
            for n, (number, why) in enumerate(zip(numbers, WaitingFor, strict=False))
        ),
        waits=3,
        parts=(
            (Part.LINE, Condition.DOWN),
            (Part.PRINTER, Condition.PAPER_OUT),
            (Part.MICROPHONE, Condition.WELL),
            (Part.DISK, Condition.POOR),
        ),
        interrupted=at - timedelta(minutes=20),
    )


def listening(state: State) -> State:
    """The same moment at a kiosk that makes words out of sound: it has said all it had to say, and listens."""
    text = state.draft.text if state.step == "recording" else ""
    draft = replace(state.draft, text="", text_source=TextSource.NONE) if text else state.draft
    return replace(
        state,
        draft=draft,
        live_text=text,
        live_settled=len(text) - 9 if text else 0,
        hearing=True,
        demonstration=True,
        begun=True,
        speaking=False,
    )


def _progress(step: str, language: Language) -> Progress:
    return Progress(
        number=NUMBER,
        steps=(
            ProgressStep(stage=Stage.ACCEPTED, state=StageState.DONE, on=date(2026, 3, 1)),
            ProgressStep(stage=Stage.HANDLING, state=StageState.DONE, on=date(2026, 3, 2)),
            ProgressStep(stage=Stage.REPLIED, state=StageState.NOW, on=date(2026, 3, 5)),
        ),
        responsible="Li Min, housing office" if language is Language.ENGLISH else "李敏，社区物业科",
        expected=date(2026, 3, 9),
        reply="" if step in {"progress_result", "progress_say"} else REPLIES[language],
        as_of=NOON - timedelta(hours=3),
        overdue=step == "progress_say",
        agent_slip=step in {"progress_say", "authority_end"},
    )
