"""Act 1: one order that goes well, slowly enough to read.

The orders that end by a timeout are placed meanwhile, so that their waiting time is mostly over when their act comes.
"""

from takeaway.run.demo.acts.staged import Staged, not_seen, ordering

TITLE = "One order goes well"


def play(on: Staged) -> list[str]:
    example = on.cast.goes_well
    on.scene.title(1, TITLE)
    on.scene.say(f"{ordering(example)} What orders tells everybody has an arrow (→).\n")
    on.play.place(example)
    columns = on.columns(example)
    missing = columns.tell(
        "Notify restaurant", seconds=on.patience, what="waiting for the workflow to begin", wholly=False
    )
    on.play.place(on.cast.unanswered, *on.cast.late)
    if not missing:
        missing = columns.tell("ends", "issues voucher", seconds=on.patience, what="waiting for the order's end")
    if missing:
        return not_seen(TITLE, missing, on.patience)
    on.scene.say(
        "\nLeft, one workflow decided every step: that is orchestration. Right, others heard what had happened and "
        "did what is theirs to do; nobody had told them to: that is choreography."
    )
    return []
