"""The table the screens are measured against: a row for each requirement, and what of it no program can see yet."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a row stands, in the words of the VPAT."""

    SUPPORTS = "supports"
    PARTIALLY = "partially supports"
    """All that was measured holds; the row says what of it was not measured."""
    DOES_NOT = "does not support"
    NOT_MEASURED = "not measured"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requirement."""

    number: int
    criterion: str
    source: str
    measured: str
    """What is measured, and how."""
    not_measured: str = ""
    """What of it is not, and why."""


ROWS = (
    Row(
        number=1,
        criterion="Body text at least 18 pt at every size, the largest at least 30 pt; four sizes with cap heights of "
        "4.7, 5.4, 6.8 and 8.8 mm at the declared screen size",
        source="MIIT 适老化 1.1; VVSG 2.0; EN 301 549 5.1.4",
        measured="Every text that is shown, by the metrics of the face it is set in and the declared screen. Type is "
        "set in whole pixels, so half a pixel is within the measure.",
    ),
    Row(
        number=2,
        criterion="Line spacing at least 1.3, at most 40 hanzi a line, nothing clipped at any size in any language",
        source="MIIT 适老化 1.2; WCAG 2.2 1.4.8",
        measured="Every line as it is set; every part against the glass, its own words and the parts around it. "
        "Letters a line are told beside WCAG's 80 for who wants AAA in English; the row does not ask for them.",
    ),
    Row(
        number=3,
        criterion="Contrast at least 7:1 for text (4.5:1 large), 3:1 for controls and focus; default at least 10:1; a "
        "21:1 theme and a low-glare theme; colour never the only cue",
        source="WCAG 2.2 1.4.6, 1.4.11, 1.4.1; EN 301 549 11.1.4; VVSG 2.0",
        measured="The pairs of every theme by their colours; on a sample of screens, the pixels of each text and of "
        "each control's edge against what is painted beneath; the same on the curtain. Any two states of answers, "
        "keys, footer, caption, ear, stages, level, words and digits are painted and compared without colour: at least "
        "30 pixels must differ by 3 : 1.",
    ),
    Row(
        number=4,
        criterion="Targets at least 60 × 60 dp and 16 × 12.7 mm, gaps at least 2.54 mm; no multi-finger gesture, no "
        "swipe needed",
        source="MIIT 适老化 2.1; VVSG 2.0; EN 301 549 5.5.1",
        measured="Every control that is shown, in millimetres of the declared screen; a dp is 1/160 inch. Each is "
        "pressed by one finger, and let go of beside it.",
        not_measured="That no gesture is needed: single taps finish every journey in the tests.",
    ),
    Row(
        number=5,
        criterion="Everything on the screen can be heard: instructions, input as typed, errors; masked input is never "
        "spoken over the loudspeaker",
        source="Section 508 402.2; EN 301 549 5.1.3",
        measured="Of every step, in every language: its words, its words with the answers, its help, where one is, "
        "every answer and every command that can be reached, and the language they are said in. On every screen, what "
        "is said of each control that can be reached, keys of the keyboard too; on a sample, what is said as the focus "
        "comes to each (but not into a recording).",
        not_measured="The sound itself, input as it is typed, and that masked input stays unsaid: the tests of the "
        "conversation look at these.",
    ),
    Row(
        number=6,
        criterion="Speech stops at once on any input, can be paused and repeated; 7 rates of 0.5 to 2.0, pitch kept; "
        "volume in steps of at most 10 dB; both reset after each visit",
        source="EN 301 549 5.1.3; VVSG 2.0 7.1-K",
        measured="The rates and volumes there are; a touch, a number key and “stop” on every step while it speaks; the "
        "preferences after a visit. On every step, pulling out headphones while it speaks, plugging them in where it "
        "was hushed, and asking for what was stopped; their volume, and what is left of it after the visit.",
        not_measured="How soon it falls silent, and the pitch at other rates: there is no ear in this program.",
    ),
    Row(
        number=7,
        criterion="No limit that costs the resident anything; idle: a warning in sight and sound at least 20 s before, "
        "extendable at least 10 times by one simple action; idle 2 to 5 minutes",
        source="WCAG 2.2 2.2.1; EN 301 549 9.2.2.1; VVSG 2.0",
        measured="The times as they are unless configured otherwise, within the configuration's bounds; on "
        "every step that may time out, the warning, put off by one touch again and again, all that was given kept.",
    ),
    Row(
        number=8,
        criterion="Keyboard, tactile pad, two switches, touch, voice and screen reader each finish every journey; no "
        "focus trap; a two-tone focus ring of at least 2 px",
        source="EN 301 549 5.1.6, 11.2.1; WCAG 2.2 2.1.2, 2.4.13, 4.1.2",
        measured="On every screen, names, roles and states as assistive technology is told them, and that every answer "
        "is there; on a sample, Tab until the focus comes round, where it goes back, and the ring's pixels.",
        not_measured="Whole journeys by each means: the tests make those (tests/means).",
    ),
    Row(
        number=9,
        criterion="A double strike within up to 0.5 s is ignored, a held key repeats nothing for up to 2 s, no "
        "simultaneous keys",
        source="EN 301 549 5.7, 5.8, 5.9",
        measured="A control that is pressed twice, with a clock that is set, where the configuration asks for as much "
        "as it can; a key that is held; every letter and digit, typed by one key after the other.",
    ),
    Row(
        number=10,
        criterion="Explore by touch on the keyboard; “Where am I” says where one is; “Help”, then a key, names it",
        source="what users of other kiosks ask for",
        measured="A finger that slides over every key of the keyboard and the number pad, in each language: what is "
        "said, and that only lifting types. “Where am I” on every step. Each key of a pad or keyboard where keys are "
        "tried: what is said, that nothing else happens, and that any one key leads back.",
    ),
    Row(
        number=11,
        criterion="Everything is wiped between visits; a call for help keeps the session",
        source="VVSG 2.0 7.1; privacy",
        measured="On every step, what the window still shows, names or holds on the clipboard after a wipe; what the "
        "state holds after a visit that ran out; the visit after a call. Every step with the curtain drawn: its pixels "
        "are those of any other step on which the kiosk does the same.",
        not_measured="Memory of the machine and the disk: the tests search those for a marked petition.",
    ),
    Row(
        number=12,
        criterion="Face or voice never the only identification; anonymous petitions are allowed",
        source="EN 301 549 5.3",
        measured="A typed petition is filed with no name, number, face or voice.",
    ),
    Row(
        number=13,
        criterion="Who asks for it has everything that can be pressed in the lower half of the glass, or towards the "
        "left",
        source="beyond the table of reach; docs/decisions/0015",
        measured="Where controls stand low, the top of the highest of them, as a share of the glass from above, on "
        "every step with its help hidden and shown. Where they stand at the left, the middle of all they cover.",
    ),
)
