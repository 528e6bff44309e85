"""What happens to orders, story by story, in the order in which they are told and lived."""

from takeaway.compare.stories import (
    blast_radius,
    goes_well,
    mail_fails,
    no_answer,
    promotions_down,
    whereabouts,
    whole_flow,
)
from takeaway.compare.stories.scene import Story

CHANGES = "change-requests"
TRIES = "Between tries a second or less is waited here, not minutes; the tries are as many as deployed."

STORIES = (
    Story(
        "goes-well",
        "An order goes well",
        "Orders are placed, accepted and delivered one after the other, with nothing beside them and functions warm. Times "
        "are from a person's call until the change that it leads to is recorded; 150 ms of the first are the embedded "
        "engine's own, which waits so long before an execution's first state. A hop is a call, an event or a message by "
        "which one component hands the order to the next: an API call, a start or callback of the workflow, a call by it, "
        "and to the bus, to a queue and to a function are three. Parts are those of the template of orders; in the "
        "orchestrated system the rules and queues of the neighbours lie idle and are not counted against it. The bill is "
        "for what these orders used, a million times: transitions, calls of functions and their time on this machine, "
        "API calls, events, messages and e-mails, at the list prices of takeaway/costs/prices.toml; tables, logs and "
        "storage are not in it (`takeaway cost` has all of it for the hybrid system).",
        goes_well.goes_well,
        alone=True,
    ),
    Story(
        "restaurant-never-answers",
        "The restaurant never answers",
        "The restaurant is told of three orders, and nobody does anything. Looked at when all of them have ended, or else "
        "after twice the time that the restaurant has.",
        no_answer.look,
        begin=no_answer.place,
    ),
    Story(
        "where-is-order-x",
        "Where is order X, and what happens next?",
        "An operator who knows no more than the order's id asks AWS: where there is a workflow its history and its "
        "definition, elsewhere the item, the journal of events, the rules that would react to the last event, and "
        "schedules. Every call is counted as it is made; a fact counts if some answer has it.",
        whereabouts.ask,
    ),
    Story(
        "notify-user-fails",
        "Notify user fails for good",
        f"The function notify-user can't run while two orders are accepted and delivered. {TRIES} An alarm is named if "
        "it watches what was seen; that it rings is AWS's part.",
        mail_fails.fail,
    ),
    Story(
        "promotions-down",
        "Promotions is down",
        f"The function of promotions fails while two orders are delivered, for longer than anybody tries. {TRIES} Then it "
        "works again, and what lies in its dead-letter queue is redriven.",
        promotions_down.down,
    ),
    Story(
        "the-whole-flow",
        "Show me the whole flow",
        "What one has to read to know what comes next; below, the flow drawn from the one file that there may be, and "
        "put together from routes, permissions, rules and queues of the templates.",
        whole_flow.show,
    ),
    Story(
        "blast-radius",
        "Blast radius",
        "Each component is taken out in turn while an order is lived; then it is given back. Functions are throttled to "
        "nothing, or fail where they read a queue; readers of queues and rules are disabled; the workflow is given a "
        f"definition that fails; SES refuses the sender. {TRIES} When all is back: what comes later by itself, what by a "
        "redrive of dead letters, what by a replay of the archive, and what never (✗); – was not reached, since an "
        "earlier step had stopped. A customer knows if the last e-mail says how things stand. Table, bus and API are the "
        "same in each system and are left alone.",
        blast_radius.tell,
        absent="has none",
    ),
)  # fmt: skip
CHANGES_TOLD = (
    "What somebody asks for, as a patch of each system (examples/changes), applied to a copy: files and lines of the patch "
    "without lock files, stacks whose template or bundle comes out differently, contexts whose folders are touched."
)
TITLES = {each.anchor: each.title for each in STORIES} | {CHANGES: "Change requests"}
