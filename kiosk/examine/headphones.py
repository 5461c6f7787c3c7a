"""Whether headphones would be noticed, so that what is said goes into them and nowhere else."""

from kiosk.examine.finding import Finding, care, ok
from kiosk.printable import printable
from voice.headphones import Survey, survey

PART = "headphones"


def headphones(named: str, *, told: bool) -> Finding:
    """Ask the sound server; `told` when a pad tells of its jack, so that the named device has to be there always."""
    return headphones_found(survey(named), named, told=told)


def headphones_found(found: Survey | None, named: str, *, told: bool) -> Finding:
    """Return what the sound server has as a finding; None when none answered."""
    if found is None:
        return care(
            PART,
            "没有声音服务（PulseAudio 或 PipeWire）：插上耳机，机器不知道，还是用喇叭念。",
            "no sound server (PulseAudio or PipeWire) answers: headphones are not noticed, all is read out aloud.",
        )
    server = printable(found.server, longest=60)
    if found.named:
        name = printable(found.named, longest=100)
        return ok(PART, f"耳机的声音去 {name}。", f"headphones are {name} ({server}).")
    if named and told:
        return care(
            PART,
            "找不到配置里 voice.headphones 说的耳机：请检查接线和名字。",
            "the device of voice.headphones, for the pad's jack, is not there: look at its cable and its name.",
        )
    if named:
        return ok(
            PART,
            "配置里 voice.headphones 说的耳机现在没插着。",
            f"what voice.headphones names is not plugged in now; {server} tells when it is.",
        )
    if found.socket:
        return ok(PART, "耳机孔看得见。", f"the loudspeaker's card has a socket for headphones; {server} watches it.")
    return ok(
        PART,
        "没有看得见的耳机孔，声音都从喇叭出来。USB 耳机请写进 voice.headphones。",
        "no socket for headphones can be watched: all is read out aloud. A USB headset is named in voice.headphones.",
    )
