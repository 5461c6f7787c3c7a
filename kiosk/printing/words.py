"""What staff are told of the printer: what is the matter and how to mend it, in Chinese and English."""

from petition.ports import PrinterState, PrintOutcome

STATES = {
    PrinterState.READY: ("打印机好着。", "the printer is ready."),
    PrinterState.PAPER_LOW: ("纸快没了：请备好一卷。", "the paper will end soon: have some at hand."),
    PrinterState.PAPER_OUT: ("打印机没纸了：请装纸。", "the printer is out of paper: put some in."),
    PrinterState.COVER_OPEN: ("打印机的盖子开着：请关好。", "the printer's cover is open: close it."),
    PrinterState.OFFLINE: (
        "打印机没有回应：请看看电源和接线，看看配置里的 [printer] 和 CUPS 的队列。",
        "the printer does not answer: look at its power and cable, [printer] in the configuration, the CUPS queue.",
    ),
    PrinterState.UNKNOWN: (
        "打印机有点不对，它没说是什么：请去看一眼它的灯和出纸口。",
        "the printer wants to be looked at, and doesn't say why: look at its lights and where the paper comes out.",
    ),
}
OUTCOMES = {
    PrintOutcome.PRINTED: ("打好了。", "It is printed."),
    PrintOutcome.NOT_PRINTED: (
        "没有打，以后也不会自己打出来。",
        "It was not printed, and won't come out later by itself.",
    ),
    PrintOutcome.UNKNOWN: (
        "可能打了一半，也可能没打：请看看出纸口，缺了再打一次。",
        "It may have come out, in part or whole: look, and print it again if it is missing.",
    ),
}
NOT_CONFIGURED = (
    "没有设打印机：请在配置里写上 [printer]，看 docs/printing.md。",
    "no printer is configured: write [printer] into the configuration, see docs/printing.md.",
)


def again(before: int) -> tuple[str, str]:
    """Return the mark of a slip that was printed so many times before, nothing for a first one."""
    return (f"这是补打第{before}次。", f" It is marked 补打, number {before}.") if before else ("", "")


def sentence(outcome: PrintOutcome, state: PrinterState) -> tuple[str, str]:
    """Return what happened to a slip and what to do, in Chinese and English."""
    chinese, english = OUTCOMES[outcome]
    if outcome is PrintOutcome.PRINTED and state is PrinterState.READY:
        return chinese, english
    if state is PrinterState.READY:  # it has been well again since
        state = PrinterState.UNKNOWN
    more_chinese, more_english = STATES[state]
    return f"{chinese}{more_chinese}", f"{english} {more_english[0].upper()}{more_english[1:]}"
