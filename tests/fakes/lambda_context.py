"""The context that AWS Lambda passes to a function, with the fields that our functions read."""

from dataclasses import dataclass


@dataclass
class FakeLambdaContext:
    function_name: str = "function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000
