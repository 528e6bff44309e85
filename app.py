r"""One CDK app with everything: every context that has a folder, and the bus, each in a stack of its own.

npx cdk deploy --all                                  all of them, in order
npx cdk deploy --all -c stage=prod                    for another stage
cd contexts/promotions && npx cdk deploy              one of them, by its own app, which reads no other context
"""

from pathlib import Path

from examples.systems import orders_of
from shared import how_far
from shared.infrastructure.context_app import discovered, new_app, refuse_examples
from shared.infrastructure.deployment import flag
from shared.refusals import told_alone
from shared.stage_names import PRODUCTION


def main() -> None:
    app = new_app()
    get = app.node.try_get_context
    contexts = discovered(Path(__file__).parent) | {"orders": orders_of(get)}
    if not flag(get, "console", get("stage") != PRODUCTION):
        del contexts["console"]
    refuse_examples(app, contexts.values())
    stacks = {}
    for number, (name, context) in enumerate(contexts.items(), start=1):
        how_far.tell(f"synthesizing {number} of {len(contexts)}: {name}")
        stacks[name] = context.add_to(app)
    # Stacks refer to each other by name only, so the CDK has to be told that bus and topics are deployed first.
    for name, context in contexts.items():
        for needed in context.needs:
            stacks[name].add_stack_dependency(stacks[needed])
    how_far.tell(f"writing {len(contexts)} templates, held against AWS's checklist")
    app.synth()


with told_alone():
    main()
