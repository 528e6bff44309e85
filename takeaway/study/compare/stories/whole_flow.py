"""Answer “Show me the whole flow”: count what has to be read, and draw the flow from the file and from templates."""

from collections.abc import Mapping

from shared.asl.graph import StateMachine
from takeaway.check.templates.stack import EVENT_RULE, Stack
from takeaway.check.templates.workflow import workflows
from takeaway.drawing import workflow
from takeaway.drawing.in_code import InCode
from takeaway.drawing.mermaid import flowchart, mermaid
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Found, Picture, Told, counted, number, total, yes
from takeaway.study.compare.flow import called_neighbours, contexts_among, from_templates, places, publishers
from takeaway.wiring import Wiring


def show(contender: Contender, _: object) -> Told:
    return Told(
        cells(contender.stacks, contender.in_code),
        pictures=pictures(contender.wiring, contender.stacks, contender.in_code),
    )


def cells(stacks: Mapping[str, Stack], in_code: InCode | None = None) -> Found:
    boxes, arrows = from_templates(stacks)
    files = [StateMachine.of(machine.definition) for machine in workflows(stacks["orders"])]
    others = [name for name in contexts_among(stacks) if name != "orders"]
    neighbours = {f"rule of {name}": len(stacks[name].of(EVENT_RULE)) for name in others}
    if not publishers(stacks["orders"]):
        neighbours = {"functions of others, called in the same file": len(called_neighbours(stacks))}
    said = sum(arrow.target == "bus" for arrow in arrows)
    machine = {
        "states": sum(len(file.states) for file in files),
        "ways": sum(len(file.transitions(name)) for file in files for name in file.states),
    }
    code = {"steps": len(in_code.steps), "ways": len(in_code.ways)} if in_code else {}
    return {
        "to read for what happens next within orders": total({"file": 1} if in_code else places(stacks), "nothing"),
        "to read for what neighbours do about it": counted(neighbours),
        "one file says what comes after what": yes(bool(files or in_code)),
        "… and AWS has it as a definition": yes(bool(files)),
        "states in that file, and ways between them": counted(code or machine, "there is none"),
        "graph of the templates: nodes, arrows": counted({"nodes": len(boxes), "arrows": len(arrows)}),
        "… arrows of which the templates don't say what they carry": number(said),
    }


def pictures(wiring: Wiring, stacks: Mapping[str, Stack], in_code: InCode | None = None) -> list[Picture]:
    read = [StateMachine.of(machine.definition) for machine in workflows(stacks["orders"])]
    drawn = [("as its one file says it", workflow.graph(file), flowchart(file)) for file in read]
    if in_code:
        drawn = [("as its code says it", in_code.graph(), mermaid(in_code.graph()))]
    together = from_templates(stacks)
    return [
        Picture(wiring=wiring, title=title, boxes=boxes, arrows=arrows, mermaid=source)
        for title, (boxes, arrows), source in [*drawn, ("put together from the templates", together, mermaid(together))]
    ]
