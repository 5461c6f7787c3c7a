"""The script as a map: every road leads somewhere, every step can be met, and home and a person are always near."""

from petition.derive import SPOKEN_CHOICES
from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, NUMBERS
from petition.steps import (
    AGENT_NAME,
    AGREED,
    BEFORE,
    BEFORE_NAME,
    CALL,
    COMPOSE,
    CONSENT,
    ENDED,
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
    WELCOME,
    Act,
    Command,
    Input,
    Step,
)

MEANT = {
    COMPOSE: {"describe", "type_text"},
    REVIEW: {"review", "review_heard", "review_recording", "describe", "proxy_consent"},
    RECEIPT: {"receipt", "receipt_offline"},
    BEFORE: {"receipt", "receipt_offline", WELCOME},
    RATED: {"rating_comment", "review_offer"},
    CALL: {"call_staff", "call_answered", "call_no_answer", "call_local_bell"},
    PROGRESS: {"progress_result", "progress_cached"},
    PICTURE: {"picture_consent", "picture_source", "picture_camera", "picture_usb", "paper_consent", "proxy_paper"},
    PROXY: {"proxy_relation", "agent_ready"},
    CONSENT: {"proxy_consent"},
    PAPER: {"paper_consent", "proxy_paper"},
    SIGN: {"signature_consent", "proxy_declare", "declare_recording"},
    AGREED: {"describe"},
    NAMED: {"proxy_name", "proxy_phone", "proxy_agent", "proxy_agent_phone", "agent_consent", "describe", "who"},
    BEFORE_NAME: {"proxy_absent", "who"},
    IDENTITY: {"id_consent", "id_number"},
    AGENT_NAME: {"agent_consent", "proxy_agent"},
}
"""What a target that depends on the visit can stand for."""
HAPPENS = {
    "recording": {"silent", "no_microphone", "disk_full", "review", "review_heard", "review_recording"},
    "type_text": {"type_empty"},
    "contact_phone": {"contact_check"},
    "progress_number": {"wrong_number", "foreign_qr"},
    "progress_code": {
        "wrong_number",
        "code_wrong",
        "code_locked",
        "progress_result",
        "progress_cached",
        "progress_on_its_way",
        "progress_unreachable",
        "other_kiosk",
        "rating_not_yet",
        "rating_elsewhere",
        "own_slip_needed",
        "agent_slip_over",
    },
    "rating": {"rating_confirm"},
    "rating_confirm": {"later_not_kept"},
    "review": {"disk_full", "not_stored", "supplement_done", "said_before"},
    "picture_camera": {"picture_check", "picture_bad", "camera_missing"},
    "proxy_paper": {"proxy_paper_check"},
    "proxy_declare": {"proxy_name"},
    "declare_recording": {"proxy_absent", "proxy_name"},
    "consent_recording": {"consent_check", "proxy_refused", "proxy_sign", "describe"},
    "agent_sign_in": {"agent_ready", "agent_wrong"},
    "welcome": {"draft_first", "ask_person"},
    "progress_say": {"urge_done", "later_not_kept"},
    "supplement": {"draft_first"},
    "withdraw_sure": {"withdraw_done"},
    "authority_end": {"authority_ended"},
    "receipt": {"printer_no_paper", "printer_cover_open", "printer_silent", "printer_unknown"},
    "danger_any": {"danger_fire", "danger_medical", "danger_crime", "danger_self"},
    "staff_pin": {"staff_wrong", "staff_locked", "staff_unset", "staff_fault"},
    "staff_number": {"staff_no_receipt"},
    "idle_warning": {"session_timed_out"},
    "describe": {"no_speech", "idle_warning", "confirm_leave", "did_you_mean"},
}
"""Steps that events lead to, which no choice names."""
BY_COMMAND = {
    Command.HOME: WELCOME,
    Command.SETTINGS: "settings",
    Command.LANGUAGE: "settings_language",
    Command.CALL_STAFF: "call_staff",
}


def leads_to(step: Step) -> set[str]:
    """Steps that a step's own choices, its way back, and what happens on it lead to; RETURN and STAY add none."""
    named = {choice.to for choice in step.choices} | {step.back, step.leaving} | HAPPENS.get(step.id, set())
    return set().union(*(MEANT.get(to, {to}) for to in named if to)) - {RETURN, STAY}


def reached(start: str, *, by_command: bool) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        here = STEPS[waiting.pop()]
        ahead = leads_to(here) | (set(BY_COMMAND.values()) if by_command else set())
        waiting += ahead - seen
        seen |= ahead
    return seen


def test_every_road_leads_to_a_step() -> None:
    assert {(step.id, to) for step in STEPS.values() for to in leads_to(step) if to not in STEPS} == set()


def test_every_step_can_be_met_from_the_welcome_screen() -> None:
    assert set(STEPS) - reached(WELCOME, by_command=True) == set()


def test_home_is_in_reach_of_every_step_by_its_own_answers() -> None:
    stuck = set()
    for step in STEPS.values():
        near = reached(step.id, by_command=False)
        returns = any(choice.to == RETURN for id_ in near for choice in STEPS[id_].choices)
        if WELCOME not in near and not returns:
            stuck.add(step.id)
    assert stuck == set()


def test_whatever_is_pressed_back_leads_home() -> None:
    for step in STEPS.values():
        trails = [[step.id]]
        while trails:
            trail = trails.pop()
            back = STEPS[trail[-1]].back
            if back == RETURN or trail[-1] == WELCOME:
                continue  # a step under an overlay has a way back of its own, and is checked itself
            for to in MEANT.get(back, {back}):
                assert to in STEPS, trail
                assert to not in trail, trail
                trails.append([*trail, to])


def test_an_overlay_gives_back_what_it_lies_over() -> None:
    for step in STEPS.values():
        ways = {choice.to for choice in step.choices} | {step.back}
        if step.overlay:
            assert ways & {RETURN, "settings", "settings_reach", "staff_home", "staff_receipts"}, step.id
        else:
            assert RETURN not in ways, step.id


def test_a_person_and_home_can_be_asked_for_everywhere() -> None:
    assert {Command.CALL_STAFF, Command.HOME, Command.BACK, Command.REPEAT, Command.HELP} <= {
        c.command for c in COMMANDS
    }
    assert {c.command for c in COMMANDS} == set(Command)


def test_leaving_an_unsent_petition_asks_once_more_and_the_first_answer_stays() -> None:
    for id_ in ("confirm_leave", "receipt_leave"):
        stay, leave = STEPS[id_].choices
        assert (stay.to, stay.primary, stay.act) == (RETURN, True, None)
        assert (leave.to, leave.primary, leave.act) == (ENDED, False, Act.FINISH)


def test_a_step_has_at_most_one_primary_answer_and_one_key_for_each() -> None:
    for step in STEPS.values():
        assert sum(choice.primary for choice in step.choices) <= 1, step.id
        ids = [choice.id for choice in step.choices]
        assert len(ids) == len(set(ids)) <= 9, step.id


def test_a_review_offers_no_more_answers_than_are_read_out_and_said_by_number() -> None:
    reviews = [step for id_, step in STEPS.items() if id_ in MEANT[REVIEW] - {"describe", "proxy_consent"}]
    assert [step.id for step in reviews if len(step.choices) > min(SPOKEN_CHOICES, len(NUMBERS))] == []


def test_text_and_digits_are_written_into_a_field() -> None:
    for step in STEPS.values():
        assert (step.writes is not None) == (step.takes in {Input.TEXT, Input.DIGITS}), step.id
