"""What is asked comes as JSON on standard input, what was counted goes as JSON to standard output."""

import sys

from takeaway.study.costs.counting.count import Asked, count

if __name__ == "__main__":
    answers = sys.stdout
    answers.write(count(Asked.model_validate_json(sys.stdin.read())).model_dump_json())
