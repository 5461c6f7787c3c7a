"""The whole script: every step by its id, and the words that belong to none."""

from petition.script import calls, desk, faults, identity, later, pictures, progress, proxy, rating, report, shared
from petition.steps import Step

STEPS: dict[str, Step] = {
    step.id: step
    for steps in (
        shared.STEPS,
        report.STEPS,
        pictures.STEPS,
        identity.STEPS,
        proxy.STEPS,
        progress.STEPS,
        later.STEPS,
        rating.STEPS,
        calls.STEPS,
        faults.STEPS,
        desk.STEPS,
    )
    for step in steps
}


def messages() -> dict[tuple[str, str], None]:
    """Return every (context, source text) that is shown or said, in the script's order; the translators' template."""
    from petition.script import phrases  # noqa: PLC0415 (only the template needs it)

    found: dict[tuple[str, str], None] = {}
    for step in STEPS.values():
        for name in ("title", "body", "spoken", "help"):
            if text := getattr(step, name):
                found[f"{step.id}.{name}", text] = None
        for choice in step.choices:
            found[f"{step.id}.{choice.id}", choice.label] = None
            if choice.note:
                found[f"{step.id}.{choice.id}.note", choice.note] = None
    for words in phrases.COMMANDS:
        found[f"command.{words.command}", words.label] = None
    for journey, name in phrases.JOURNEYS.items():
        if name:
            found[f"journey.{journey}", name] = None
    for stage, (name, plain) in phrases.STAGES.items():
        found[f"stage.{stage}", name] = None
        found[f"stage.{stage}.plain", plain] = None
    for state, word in phrases.STAGE_STATES.items():
        found[f"stage-state.{state}", word] = None
    for name, text in phrases.PHRASES.items():
        found[f"phrase.{name}", text] = None
    found["service.name", phrases.SERVICE_NAME] = None
    return found
