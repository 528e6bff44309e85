"""Starts the embedded engine so that everything in it acts under its own role and by its resource policies, as on AWS.

MiniStack's AUTH=true checks what functions call against the policies of their roles. This adds what that leaves out,
by MiniStack's own evaluation of policies: tasks of a workflow (tasks.py), what services do for each other
(services.py), and what conditions ask for (conditions.py). The templates are those of any deployment to this engine and
know nothing of it.

Run by path with the engine's own interpreter, as takeaway/run/engine/ministack_launcher.py, which it builds on: the
same exact version, and nothing is changed on disk.
"""

import os
import sys
from pathlib import Path

os.environ["AUTH"] = "true"
sys.path.append(str(Path(__file__).parents[4]))  # by path, Python has only this folder there

import conditions  # type: ignore[import-not-found]
import services  # type: ignore[import-not-found]
import tasks  # type: ignore[import-not-found]

from takeaway.run.engine.ministack_launcher import main

if __name__ == "__main__":
    main(conditions.are_told, tasks.act_under_the_role_of_their_machine, services.are_let_in)
