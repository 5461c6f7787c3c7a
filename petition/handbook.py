"""The whole script as a page to read: every step, answer and phrase in every language, made from the script itself."""

from collections.abc import Iterator, Mapping

from petition.script.book import STEPS
from petition.script.phrases import (
    CLEAR,
    COMMANDS,
    ERASE,
    JOURNEYS,
    NUMBERS,
    PHRASES,
    SERVICE_NAME,
    STAGE_STATES,
    STAGES,
)
from petition.steps import (
    AGENT_NAME,
    AGREED,
    BEFORE,
    BEFORE_NAME,
    CALL,
    COMPOSE,
    CONSENT,
    IDENTITY,
    NAMED,
    PAPER,
    PICTURE,
    PROGRESS,
    PROXY,
    RATED,
    RECEIPT,
    RETURN,
    REVIEW,
    SIGN,
    STAY,
    Act,
    Choice,
    Command,
    Field,
    Input,
    Journey,
    Layout,
    Privacy,
    Source,
    Step,
    When,
)
from petition.utterance import Translate

Translations = Mapping[str, Translate]
"""What puts a text of the script into a language, by the language's name as it stands in a table's head."""

HOW_IT_SPEAKS = """\
- **您, warm, concrete.** One thought a sentence, at most 20 characters. No officialese, no foreign words, no words of the
  trade: 「线路断了」, not the network; 「存好了」, not saved to a queue.
- **It is never the person's fault.** A fault says what happened, what it means for the person, and what they can do now,
  in that order.
- **A person is always one touch away.** 「叫工作人员」 stands on every screen and keeps everything as it is.
- **对 is the safe answer.** Where one answer would lose something, 「对」 is the one that loses nothing. A bare 「对」
  never sends: sending takes the whole button, 「对，提交」.
- **One promise.** 「一天之内会有人看」, and while the line is down 「送到后，一天之内会有人看」. Nothing else is promised.
- **What is private stays off the loudspeaker.** Query codes are read aloud only when somebody asks and agrees; of a phone
  number that was keyed the last four digits are said, one that was spoken is read back; a petition's own words are read
  back when they were spoken, else only when asked. 轻声念 and 只看不念 stand before all of it.
- **Numbers are read digit by digit, in groups, slowly**, 1 as 幺 (一 where Traditional is read).
- **不知道, 不留, 先不交 are answers like the others.** Nobody is hurried.
"""

KEYS = """\
What can be said is what a recogniser listens for; touch and keys do the same without one. Nothing but these phrases,
exactly, is ever acted on; what comes near is asked back, but never what sends or ends. The one exception is an
agreement: whoever says it may say it as they like, and what leaves a doubt is pressed. The staff desk is
touched and keyed, not spoken to, but for what works everywhere. What sends can be said only once
the words on the screen have been read out, or their reading was stopped, and never by its number. While a petition is
dictated only 说完了 and a call for 工作人员 are heard, each said by itself. Ending the visit by voice is asked about first
where a receipt's number, or something not sent yet, would be gone. Answers are numbered in
reading order, and that number is their key. Where a number or a text is being keyed, # and * press the first two
answers instead. 0 is 叫工作人员 everywhere. An answer that is not always offered gives its number to the next one, so
some answers below show two numbers.
"""

JOURNEY_TITLES = {
    Journey.SHARED: "What every visit meets",
    Journey.REPORT_VOICE: "Saying a petition, sending it, the receipt",
    Journey.REPORT_TYPING: "Typing a petition, reading it over",
    Journey.PROGRESS: "How far a petition is",
    Journey.RATING: "How somebody finds what was done",
    Journey.PROXY: "Filing for somebody else",
    Journey.CALL_STAFF: "Calling a person",
    Journey.FAULT: "When a part fails",
    Journey.STAFF: "The staff desk",
}

TARGETS = {
    RETURN: "where one was",
    STAY: "this step again",
    COMPOSE: "speaking or typing",
    REVIEW: "the review that fits: text typed, text made out of sound, or sound alone",
    RECEIPT: "the receipt that fits: sent, or kept until the line is back",
    CALL: "how far the call is: nobody has answered, somebody has, or it rings here only",
    RATED: "an offer of review for who is not content, else a few words more",
    PROGRESS: "how far it is, as it was told",
    PICTURE: "whether pictures may go along, where they come from, or the camera",
    PROXY: "for whom, or the next one where somebody is signed in",
    CONSENT: "where the person is asked",
    PAPER: "whether the paper may be photographed, then the camera",
    SIGN: "whether a signature may be kept, then the promise",
    AGREED: "the petition",
    NAMED: "whose name or number is wanted next, else the names, or the petition",
    BEFORE_NAME: "the names, or how somebody who is not there agrees",
    IDENTITY: "whether the number may be kept, then the number",
    AGENT_NAME: "whether a name may be kept, then the name",
    BEFORE: "the last petition's receipt while nothing else is given yet, else the welcome screen",
}

ACTS = {
    Act.BEGIN_RECORDING: "begins recording",
    Act.FINISH_RECORDING: "ends the recording",
    Act.PLAY_BACK: "plays the recording",
    Act.READ_ALOUD: "reads the words aloud",
    Act.READ_NUMBER: "reads the receipt number",
    Act.READ_CODE: "reads the query code",
    Act.BEGIN_AGAIN: "records anew; the old one goes once the new one is there",
    Act.RING: "calls a person, or rings once more",
    Act.SUBMIT: "**sends**",
    Act.FINISH: "ends the visit, **wipes**",
    Act.SET_HUSH: "sets how softly is spoken",
    Act.SET_SIZE: "sets the text size",
    Act.SET_THEME: "sets the colours",
    Act.SET_REACH: "sets where the buttons stand",
    Act.DRAW_CURTAIN: "covers the screen, or opens it",
    Act.SET_LANGUAGE: "sets the language",
    Act.SET_KIND: "notes the kind",
    Act.SET_CATEGORY: "notes the category",
    Act.SET_PLACE: "notes the place",
    Act.CONFIRM_TEXT: "takes the text",
    Act.CONFIRM_DIGITS: "takes the digits",
    Act.CLEAR_DIGITS: "clears the digits",
    Act.DROP_PHONE: "drops the phone number",
    Act.COME_TO_RATE: "asks for the receipt, to rate",
    Act.SET_LEVEL: "notes the level",
    Act.RATE: "**sends** the rating",
    Act.REVIEW: "**sends** the rating, to be looked into again",
    Act.NEXT_PAGE: "turns the page",
    Act.NEXT_SENTENCE: "next sentence",
    Act.PREVIOUS_SENTENCE: "sentence before",
    Act.LOOK_UP: "asks again",
    Act.LOUDER: "louder",
    Act.QUIETER: "softer",
    Act.FASTER: "faster",
    Act.SLOWER: "slower",
    Act.MEND_LAST: "records anew; its words take the place of the last sentence",
    Act.MEANT: "does what was asked back",
    Act.NOT_MEANT: "forgets it",
    Act.ALARM: "calls a person at once, and says whom to phone",
    Act.NO_DANGER: "takes back a call that was for danger",
    Act.END_CALL: "nobody need come any more",
    Act.CALL_AGAIN: "calls anew",
    Act.RING_HERE: "rings the bell here",
    Act.PRINT: "prints the slip",
    Act.SUPPLEMENT: "begins to add to the petition",
    Act.SPEAK_COMMENT: "says the few words instead of writing them",
    Act.URGE: "**sends** that it is late",
    Act.WITHDRAW: "**sends** that it is not wanted any more",
    Act.REVOKE: "**sends** that whoever filed it for them may do nothing with it any more",
    Act.KEEP_AGAIN: "**sends** it once more",
    Act.PICK_RECEIPT: "chooses the receipt, or not",
    Act.PRINT_PICKED: "prints the slips that were chosen",
    Act.LOOK_AGAIN: "looks at every part again",
    Act.SEND_AGAIN: "tries everything that waits once more",
    Act.RESUME_DRAFT: "brings back what was broken off",
    Act.DISCARD_DRAFT: "wipes what was broken off",
    Act.CLOSE_DESK: "closes the desk",
    Act.SHUTTER: "counts to three and takes the picture",
    Act.USE_PICTURE: "adds the picture",
    Act.DROP_PICTURE: "throws it away",
    Act.DROP_PICTURES: "takes the pictures out again",
    Act.PICK_PICTURE: "looks at that one",
    Act.SKIP_CAMERA: "goes on without",
    Act.CONSENT: "says yes to this one thing",
    Act.DECLINE: "says no to this one thing",
    Act.SET_RELATION: "notes who it is for",
    Act.BEGIN_CONSENT: "records what the person says",
    Act.PLAY_CONSENT: "plays it",
    Act.AGREE: "**agrees**, as the person it is for",
    Act.REFUSE: "wipes what was said and written",
    Act.ASK_CONSENT_AGAIN: "asks once more",
    Act.STEP_ASIDE: "wipes what was said for them: the person speaks for themselves",
    Act.KEEP_SIGNATURE: "keeps the signature",
    Act.ERASE_SIGNATURE: "wipes the frame",
    Act.DROP_NAME: "goes on without the name",
    Act.ADD_X: "puts the X at the end",
    Act.DROP_ID: "drops the number",
    Act.BEGIN_FOR: "begins for the next person",
    Act.DROP_DRAFT: "wipes the second one",
    Act.SUBMIT_ANYWAY: "**sends**",
}

WHENS = {
    When.DRAFT_BEGUN: "once something was said or written",
    When.REPLY_THERE: "when there is a reply",
    When.MORE_PAGES: "when there are more than fit",
    When.MORE_SENTENCES: "when there is another sentence",
    When.EARLIER_SENTENCES: "when there is a sentence before",
    When.HEARS_WORDS: "where words are made out of sound",
    When.SOUND_THERE: "when there is a recording",
    When.RATEABLE: "when there is a reply, and the slip is the resident's own",
    When.SAYABLE: "when a slip was shown, and it is not over",
    When.OWN_SLIP: "when the slip is the resident's own, and it is not over",
    When.LOOKED_UP: "when a petition was looked up",
    When.AGENT_SLIP: "when somebody filed it for them and may still follow it up",
    When.OVERDUE: "when it is later than was said",
    When.A_PETITION: "where it is a petition of its own",
    When.PRINTS: "where residents may print, until it is printed",
    When.PICKED: "once one was chosen",
    When.INTERRUPTED: "when something was broken off",
    When.MICROPHONE_THERE: "where there is a microphone",
    When.TAKES_PICTURES: "where there is a camera, or a stick may be used",
    When.PICTURES_THERE: "when there are pictures",
    When.ROOM_FOR_SOUND: "until there are 50 recordings",
    When.ROOM_FOR_PICTURES: "while there is room for more",
    When.CAN_SHOOT: "where there is a camera",
    When.CAN_BRING: "where a stick may be used",
    When.SIGNED: "once something is drawn",
    When.FOR_ONESELF: "for one's own petition",
    When.FOR_ANOTHER: "for somebody else's",
    When.BY_FAMILY: "for somebody else's, where nobody is signed in",
    When.MAY_STEP_ASIDE: "for somebody else's, before anything was said",
    When.FILED_FOR_ONESELF: "after one's own petition",
}

INPUTS = {
    Input.NOTHING: "takes nothing but its button",
    Input.SPEECH: "takes speech",
    Input.TEXT: "takes text",
    Input.DIGITS: "takes digits",
    Input.SIGNATURE: "takes what a finger draws",
    Input.KEYS: "takes any key, and says what it is for",
}

FIELDS = {
    Field.TEXT: "the petition's words",
    Field.PLACE: "the place",
    Field.PHONE: "the phone number",
    Field.NUMBER: "the receipt number",
    Field.CODE: "the query code",
    Field.COMMENT: "a few words to a rating",
    Field.PIN: "the staff PIN, which is never said and shown as dots",
    Field.NAME: "one's own name",
    Field.PRINCIPAL_NAME: "the name of who it is for",
    Field.PRINCIPAL_PHONE: "their phone number",
    Field.AGENT_NAME: "the name of who files",
    Field.AGENT_PHONE: "their phone number",
    Field.ID_NUMBER: "the identity card's number, which is never said",
    Field.AGENT_CODE: "number and PIN of who signs in, which are never said and shown as dots",
    Field.DESK_NUMBER: "the number of the receipt that is to be printed",
}

PRIVACIES = {
    Privacy.OPEN: "",
    Privacy.PRIVATE: "the resident's own words: aloud only when asked",
    Privacy.MASKED: "numbers and names: not over the loudspeaker",
}

SOURCES = {
    Source.CATEGORIES: "before these stand the catalogue's categories, six on a page",
    Source.PLACES: "before these stand the catalogue's places, six on a page",
    Source.LEVELS: "before these stand the catalogue's levels, the best first",
    Source.PICTURES: "before these stand the pictures of the stick, the newest first, six on a page",
    Source.RECEIPTS: "before these stand the receipts of this kiosk, the newest first, four on a page",
}


def handbook(translations: Translations) -> str:
    """Return the handbook in Markdown; `translations` has what each column of its tables is made with."""
    parts = [_opening(translations), _everywhere(translations)]
    parts += [_journey(journey, translations) for journey in Journey]
    parts.append(_other_words(translations))
    return "\n".join(parts)


def _opening(translations: Translations) -> str:
    named = " · ".join(dict.fromkeys(put("service.name", SERVICE_NAME) for put in translations.values()))
    choices = sum(len(step.choices) for step in STEPS.values())
    phrases = sum(len(choice.phrases) for step in STEPS.values() for choice in step.choices)
    counted = (
        f"What the kiosk shows, says and understands: {len(STEPS)} steps, {choices} answers, {phrases} phrases. Made by "
        "`kiosk script --markdown` from the same script that draws the screens, so the two cannot differ."
    )
    contents = [f"- [{title}](#{_anchor(title)}): {_listed(journey)}" for journey, title in JOURNEY_TITLES.items()]
    return "\n".join((f"# {named}", "", counted, "", *contents, "", "## How it speaks", "", HOW_IT_SPEAKS))


def _listed(journey: Journey) -> str:
    return ", ".join(_link(step.id) for step in _steps(journey))


def _everywhere(translations: Translations) -> str:
    rows = [
        (
            "0" if words.command is Command.CALL_STAFF else "",
            *_in_all(f"command.{words.command}", words.label, translations),
            "、".join(words.phrases),
        )
        for words in COMMANDS
    ]
    numbers = "；".join("、".join(said) for said in NUMBERS)
    return "\n".join(
        (
            "## What can be asked for everywhere",
            "",
            *_table(("key", *translations, "can be said"), rows),
            "",
            KEYS,
            f"An answer can be said by its number up to six, because seven sounds like one and nine like six: {numbers}.",
            f"Where digits are written they can be said, too, and so can the pad's keys: {'、'.join((*ERASE, *CLEAR))}.",
            "",
        )
    )


def _journey(journey: Journey, translations: Translations) -> str:
    named = " · ".join(_in_all(f"journey.{journey}", JOURNEYS[journey], translations)) if JOURNEYS[journey] else ""
    parts = [f"## {JOURNEY_TITLES[journey]}", ""]
    if named:
        parts += [f"On the screen: {named}", ""]
    parts += [*_flow(journey), ""]
    for step in _steps(journey):
        parts += [*_step(step, translations), ""]
    return "\n".join(parts)


def _flow(journey: Journey) -> Iterator[str]:
    """Yield a Mermaid flowchart of a journey: its steps, and where their answers lead."""
    yield "```mermaid"
    yield "flowchart LR"
    named, edges = {}, []
    for step in _steps(journey):
        named[step.id] = f'  {step.id}["{step.id}<br>{_plain(step.title)}"]'
        for choice in step.choices:
            if choice.to in {STAY, RETURN}:
                continue
            to = choice.to.replace("@", "to_")
            if choice.to in TARGETS:
                named.setdefault(to, f'  {to}(["{TARGETS[choice.to]}"])')
            elif STEPS[choice.to].journey is not journey:
                named.setdefault(to, f'  {to}(["{choice.to}"])')
            edges.append(f'  {step.id} -->|"{_plain(choice.label)}"| {to}')
    yield from named.values()
    yield from edges
    yield "```"


def _step(step: Step, translations: Translations) -> Iterator[str]:
    yield f"### {_heading(step)}"
    yield ""
    words = [
        (name, *_in_all(f"{step.id}.{name}", text, translations))
        for name, text in (("title", step.title), ("body", step.body), ("spoken", step.spoken), ("help", step.help))
        if text
    ]
    yield from _table(("", *translations), words)
    yield ""
    rows = [_choice(step, place, choice, translations) for place, choice in enumerate(step.choices)]
    yield from _table(("key", *translations, "can be said", "does", "leads to"), rows)
    yield ""
    facts = "; ".join(_facts(step))
    yield f"{facts[:1].upper()}{facts[1:]}."


def _choice(step: Step, place: int, choice: Choice, translations: Translations) -> tuple[str, ...]:
    labels = list(_in_all(f"{step.id}.{choice.id}", choice.label, translations))
    if choice.note:
        notes = _in_all(f"{step.id}.{choice.id}.note", choice.note, translations)
        labels = [f"{label}\n*{note}*" for label, note in zip(labels, notes, strict=True)]
    if choice.primary:
        labels = [
            f"**{head}**" + (f"\n{note}" if note else "") for head, _, note in (x.partition("\n") for x in labels)
        ]
    does = ", ".join(
        part for part in (ACTS[choice.act] if choice.act else "", WHENS[choice.when] if choice.when else "") if part
    )
    return (_key(step, place), *labels, "、".join(choice.phrases), does, _target(choice.to))


def _key(step: Step, place: int) -> str:
    """Return the number of an answer, or the two it may have when an earlier one is not offered."""
    if step.takes in {Input.DIGITS, Input.TEXT}:
        return ("#", "*", "")[min(place, 2)]
    if step.source:
        return ""
    most = place + 1
    least = most - sum(choice.when is not None for choice in step.choices[:place])
    return str(most) if least == most else f"{least}–{most}"


def _facts(step: Step) -> Iterator[str]:
    if step.takes in INPUTS:
        yield INPUTS[step.takes] + (f" for {FIELDS[step.writes]}" if step.writes else "")
    if step.source:
        yield SOURCES[step.source]
    if PRIVACIES[step.privacy]:
        yield PRIVACIES[step.privacy]
    if step.overlay:
        yield "lies over another step, which is kept as it is"
    yield f"返回 leads to {_target(step.back)}" if step.back else "there is nothing to go back to"
    if step.leaving:
        yield f"{_link(step.leaving)} is asked before it is left"
    if step.leaves_after_seconds:
        yield f"gives way to the welcome screen after {step.leaves_after_seconds} s"
    elif not step.may_idle:
        yield "never asks whether anybody is there"
    if step.layout is Layout.COUNTDOWN:
        yield "counts down in sight"


def _other_words(translations: Translations) -> str:
    rows = [(f"stage {stage}", *_in_all(f"stage.{stage}", name, translations)) for stage, (name, _) in STAGES.items()]
    rows += [
        (f"stage {stage}, in plain words", *_in_all(f"stage.{stage}.plain", plain, translations))
        for stage, (_, plain) in STAGES.items()
    ]
    rows += [
        (f"a stage that is {state}", *_in_all(f"stage-state.{state}", word, translations))
        for state, word in STAGE_STATES.items()
    ]
    rows += [(f"`{name}`", *_in_all(f"phrase.{name}", text, translations)) for name, text in PHRASES.items()]
    return "\n".join(("## Words that belong to no one step", "", *_table(("", *translations), rows), ""))


# -- small parts -------------------------------------------------------------------------------------------------------


def _heading(step: Step) -> str:
    return f"`{step.id}` {step.title}"


def _link(id_: str) -> str:
    return f"[`{id_}`](#{_anchor(_heading(STEPS[id_]))})"


def _target(to: str) -> str:
    return TARGETS.get(to) or _link(to)


def _steps(journey: Journey) -> list[Step]:
    return [step for step in STEPS.values() if step.journey is journey]


def _in_all(context: str, source: str, translations: Translations) -> Iterator[str]:
    return (translate(context, source) for translate in translations.values())


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in row) + " |"


def _plain(text: str) -> str:
    """Return a text that Mermaid takes as it is."""
    return text.replace('"', "'").replace("{", "").replace("}", "")


def _anchor(heading: str) -> str:
    """Return what GitHub and GitLab make of a heading in a link."""
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c in "-_")
