"""The orchestration inside this context: order.asl.json is the whole process, task.py what its functions share."""
