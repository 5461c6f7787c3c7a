"""The rest of the house as the machine sees it: effects go in, events come out, nothing else happens."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from petition import effects as do
from petition import events as ev
from petition.errors import FaultCode
from petition.machine import advance, begin
from petition.model import (
    Agent,
    Attachment,
    AttachmentKind,
    Authority,
    CallStanding,
    Catalogue,
    Condition,
    Desk,
    Draft,
    KeptReceipt,
    Later,
    Named,
    Part,
    PictureFile,
    Place,
    Progress,
    ProgressStep,
    Stage,
    StageState,
    Waiting,
    WaitingFor,
)
from petition.ports import PrinterState, PrintOutcome
from petition.receipt import Receipt, Role, query_code, receipt_number, receipt_tag, receipt_url
from petition.saying import Saying
from petition.state import Rules, State

KEY = bytes(range(32))
PIN = "405172"
AGENT = Agent(id="1007", name="王芳", petitions=3)
NOON = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)
CATALOGUE = Catalogue(
    version=1,
    categories=tuple(Named(id=f"topic-{n}", names=(("zh_Hans", f"类别{n}"), ("en", f"Topic {n}"))) for n in range(17)),
    places=tuple(Named(id=f"place-{n}", names=(("zh_Hans", f"{n}号楼"), ("en", f"Building {n}"))) for n in range(9)),
    home_place=Place(text="和平里社区", code="hepingli"),
    rating_levels=tuple(
        Named(id=id_, names=(("zh_Hans", name), ("en", id_)))
        for id_, name in (("very_good", "非常满意"), ("good", "满意"), ("fair", "基本满意"), ("bad", "不满意"))
    ),
    contact="12345",
)
SPOKEN = "楼道的灯坏了。晚上看不见台阶。"
REPLY = "灯已经换好了。谢谢您告诉我们。以后坏了，请再来说一声。"


def progress(number: str, *, reply: str = REPLY, overdue: bool = False, withdrawn: date | None = None) -> Progress:
    """A petition that has been answered."""
    return Progress(
        number=number,
        withdrawn=withdrawn,
        steps=(
            ProgressStep(stage=Stage.ACCEPTED, state=StageState.DONE, on=date(2026, 3, 1)),
            ProgressStep(stage=Stage.HANDLING, state=StageState.DONE, on=date(2026, 3, 2)),
            ProgressStep(stage=Stage.REPLIED, state=StageState.NOW, on=date(2026, 3, 5)),
        ),
        responsible="李敏，物业科",
        expected=date(2026, 3, 9),
        reply=reply,
        as_of=NOON,
        overdue=overdue,
    )


@dataclass(slots=True)
class World:
    """Answers effects as the rooms would; `fates` decides what goes wrong, oldest first."""

    state: State = field(
        default_factory=lambda: replace(begin(Rules(), str(uuid.UUID(int=7))), catalogue=CATALOGUE, line_up=True)
    )
    timers: dict[str, float] = field(default_factory=dict)
    filed: list[Draft] = field(default_factory=list)
    kept: Draft | None = None
    done: list[do.Effect] = field(default_factory=list)
    voiced: bool = True
    """Whether somebody speaks into the recordings."""
    spoken: str = SPOKEN
    """What the recogniser makes of a recording, where there is one."""
    answering: bool = True
    """Whether effects are answered; else the answers wait in `pending`."""
    pending: list[ev.Event] = field(default_factory=list)
    filing_fault: FaultCode | None = None
    asking_fault: FaultCode | None = None
    from_cache: bool = False
    elsewhere: bool = False
    """Whether the receipt that is asked for is another kiosk's."""
    later: list[Later] = field(default_factory=list)
    later_fault: FaultCode | None = None
    call_standing: CallStanding = CallStanding.RINGING
    call_by: str = ""
    printer: PrinterState = PrinterState.READY
    print_outcome: PrintOutcome = PrintOutcome.PRINTED
    slips: list[str] = field(default_factory=list)
    """The numbers whose slips came out, or may have."""
    picture_fault: FaultCode | None = None
    stick: bool = True
    sign_in: ev.SignInRefused | None = None
    """What is the matter with a badge or code; None where it is somebody's."""
    signed_out: list[tuple[str, int]] = field(default_factory=list)
    sealed: set[str] = field(default_factory=set)
    """The ids of what lies on disk of the visit: recorded or taken, and neither deleted nor filed."""
    told: list[tuple[State, Saying]] = field(default_factory=list)
    """Everything that was said, and the visit at that moment."""
    agents: bool = False
    """Whether the slip that is shown is the agent's."""
    filed_by_another: bool = False
    taken_back: bool = False
    """Whether nobody may follow it up for them any more."""
    interrupted: Draft | None = None
    """What a power cut broke off before this visit."""
    on_its_way: bool = False
    overdue: bool = False
    withdrawn: date | None = None
    reply: str = REPLY
    _ids: int = 100
    _resumed: int = 0

    def happen(self, *events: ev.Event) -> State:
        """Let events happen one after the other, each with everything it brings about."""
        queue = list(events)
        while queue:
            self.state, effects = advance(self.state, queue.pop(0))
            for effect in effects:
                self.done.append(effect)
                if isinstance(effect, do.Say):
                    self.told.append((self.state, effect.saying))
                answers = self._answer(effect)
                self._seal(answers)
                if self.answering or isinstance(effect, do.Wipe):  # a new visit begins at once, always
                    queue = [*answers, *queue]
                else:
                    self.pending += answers
        return self.state

    def _seal(self, answers: list[ev.Event]) -> None:
        for answer in answers:
            match answer:
                case ev.RecordingEnded(attachments=attachments):
                    self.sealed |= {attachment.id for attachment in attachments}
                case ev.PictureTaken(attachment=attachment):
                    self.sealed.add(attachment.id)
                case _:
                    pass

    def catch_up(self) -> State:
        """Let everything that was pending happen."""
        pending, self.pending = self.pending, []
        return self.happen(*pending)

    def elapse(self, name: str) -> State:
        """Let a timer run out, if it is set."""
        if self.timers.pop(name, None) is not None:
            self.happen(ev.TimerElapsed(name=name))
        return self.state

    def press(self, *choice_ids: str) -> State:
        """Press answers one after the other."""
        return self.happen(*(ev.ChoicePressed(choice_id=c) for c in choice_ids))

    def _answer(self, effect: do.Effect) -> list[ev.Event]:  # noqa: C901, PLR0911, PLR0912 (one flat table of all effects)
        match effect:
            case do.SetTimer(name=name, seconds=seconds):
                self.timers[name] = seconds
            case do.CancelTimer(name=name):
                self.timers.pop(name, None)
            case do.StartRecording(recording_id=recording_id):
                heard: list[ev.Event] = [ev.SpeechHeard(), ev.LevelHeard(level=0.4)] if self.voiced else []
                return [ev.RecordingStarted(recording_id=recording_id), *heard]
            case do.StopRecording():
                return [*self._words(), self._recorded()]
            case do.KeepDraft(draft=draft):
                self.kept = draft
                if self.interrupted is not None and draft.petition_id == self.interrupted.petition_id:
                    self.interrupted = None
            case do.FilePetition(draft=draft):
                return [self._file(draft)]
            case do.KeepLater(later=later, petition_id=petition_id):
                if self.later_fault:
                    return [ev.LaterFailed(later=later, code=self.later_fault, petition_id=petition_id)]
                self.later.append(later)
                return [ev.LaterKept(later=later, petition_id=petition_id, next_petition_id=str(uuid.uuid4()))]
            case do.CallStaff(call=call):
                return [ev.CallChanged(call=call, standing=self.call_standing, by=self.call_by)]
            case do.PrintReceipts(numbers=numbers):
                self.slips += numbers
                return [
                    ev.ReceiptPrinted(number=number, outcome=self.print_outcome, state=self.printer)
                    for number in numbers
                ]
            case do.TakePicture(picture_id=id_, kind=kind) | do.TakeFile(picture_id=id_, kind=kind):
                return [self._picture(id_, kind)]
            case do.KeepSignature(picture_id=id_):
                return [self._picture(id_, AttachmentKind.SIGNATURE)]
            case do.DropAttachments(attachment_ids=ids):
                self.sealed -= set(ids)
            case do.LookForPictures():
                files = tuple(PictureFile(id=str(n)) for n in range(8)) if self.stick else ()
                return [ev.PicturesFound(stick=self.stick, files=files)]
            case do.SignIn():
                return [self.sign_in or ev.AgentSignedIn(agent=AGENT)]
            case do.SignOut(agent=agent, filed=filed):
                self.signed_out.append((agent.id, filed))
            case do.OpenDesk(pin=pin):
                return [self.desk() if pin == PIN else ev.DeskRefused(tries_left=4)]
            case do.AskDesk() | do.SendAgain():
                return [self.desk()]
            case do.ResumeDraft():
                self._resumed += 1000
                return [ev.DraftResumed(draft=self.interrupted, counted_from=self._resumed)]
            case do.DiscardDraft():
                self.interrupted = None
                return [self.desk()]
            case do.LookUp():
                return [self._look_up(effect)]
            case do.Wipe():
                self.kept = None
                self.sealed.clear()
                return [ev.VisitBegan(petition_id=self._new_id())]
            case _:
                pass
        return []

    def _picture(self, id_: str, kind: AttachmentKind) -> ev.Event:
        if self.picture_fault:
            return ev.PictureFailed(picture_id=id_, code=self.picture_fault)
        return ev.PictureTaken(picture_id=id_, attachment=Attachment(id=id_, kind=kind, media_type="image/jpeg"))

    def desk(self) -> ev.DeskTold:
        """What the staff desk tells of what was filed here."""
        kept = tuple(
            KeptReceipt(number=number, made_at=NOON, printed=self.slips.count(number))
            for number in (receipt_number("10230", n) for n in range(9, 0, -1))
        )
        waiting = Waiting(number=kept[0].number, since=NOON, why=WaitingFor.LINE)
        parts = ((Part.LINE, Condition.DOWN), (Part.PRINTER, Condition.PAPER_OUT), (Part.SPEECH, Condition.WELL))
        at = NOON if self.interrupted else None
        return ev.DeskTold(desk=Desk(receipts=kept, waiting=(waiting,), waits=1, parts=parts, interrupted=at))

    def _new_id(self) -> str:
        self._ids += 1
        return str(uuid.UUID(int=self._ids))

    def _recorded(self) -> ev.Event:
        recording_id = self.recording_id()
        sound = Attachment(id=recording_id, kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=12.0)
        return ev.RecordingEnded(recording_id=recording_id, attachments=(sound,) if self.voiced else ())

    def _words(self) -> list[ev.Event]:
        if not (self.voiced and self.state.hearing and self.spoken):
            return []
        heard = ev.WordsHeard(recording_id=self.recording_id(), text=self.spoken, settled=len(self.spoken))
        return [replace(heard, text=self.spoken[:5], settled=0), heard]

    def recording_id(self) -> str:
        """Return the id of the last recording."""
        started = [e for e in self.done if isinstance(e, do.StartRecording)]
        return started[-1].recording_id

    def _file(self, draft: Draft) -> ev.Event:
        if self.filing_fault:
            return ev.FilingFailed(petition_id=draft.petition_id, code=self.filing_fault)
        self.filed.append(draft)
        self.sealed -= {attachment.id for attachment in draft.attachments}
        self.kept = None
        number = receipt_number("10230", len(self.filed))
        behalf = draft.on_behalf
        absent = behalf is not None and behalf.authority in {Authority.PAPER, Authority.DECLARED}
        role = Role.AGENT if absent else Role.OWN
        tag = receipt_tag(KEY, number, role)
        receipt = Receipt(
            number=number,
            role=role,
            tag=tag,
            query_code=query_code(KEY, number, role),
            url=receipt_url("platform.example", number, tag),
            made_at=NOON,
            for_another=behalf is not None,
        )
        return ev.PetitionFiled(petition_id=draft.petition_id, receipt=receipt, next_petition_id=self._new_id())

    def _look_up(self, asked: do.LookUp) -> ev.Event:
        if self.asking_fault:
            return ev.LookUpFailed(asked=asked, code=self.asking_fault, tries_left=4)
        if self.agents and self.taken_back:
            return ev.LookUpFailed(asked=asked, code=FaultCode.AUTHORITY_ENDED)
        told = (
            Progress(number=asked.number, on_its_way=True, from_kiosk="和平里一号机", withdrawn=self.withdrawn)
            if self.on_its_way
            else progress(asked.number, reply=self.reply, overdue=self.overdue, withdrawn=self.withdrawn)
        )
        return ev.ProgressFound(
            asked=asked,
            progress=replace(told, agent_slip=self.filed_by_another),
            role=Role.AGENT if self.agents else Role.OWN,
            from_cache=self.from_cache,
            tag=asked.tag or ("" if self.elsewhere else receipt_tag(KEY, asked.number, Role.OWN)),
        )
