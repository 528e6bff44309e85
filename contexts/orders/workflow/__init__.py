"""The orchestration inside this context: order.asl.json is the whole process, task.py the part that its tasks share."""
