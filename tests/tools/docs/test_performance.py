"""The page of `make bench`: each benchmark writes its own rows, and leaves those of the others."""

from tools.benchmarks.__main__ import BEGIN, END, Row, written
from tools.benchmarks.registry import BENCHES

FIRST, SECOND = (bench.name for bench in BENCHES[:2])


def row(bench: str, now: str) -> Row:
    return (bench, "a step", "2×", now, "", "today")


def test_rows_are_replaced_by_their_own_bench_alone_and_stand_in_the_order_of_the_registry() -> None:
    empty = f"# Told by hand\n\n{BEGIN}{END}\n"
    both = written(written(empty, SECOND, [row(SECOND, "2")]), FIRST, [row(FIRST, "1")])
    again = written(both, FIRST, [row(FIRST, "3")])
    lines = [line for line in again.splitlines() if "a step" in line]
    assert lines == [f"| {FIRST} | a step | 2× | 3 |  | today |", f"| {SECOND} | a step | 2× | 2 |  | today |"]
    assert again.startswith("# Told by hand\n")
    assert again.endswith(f"{END}\n")
    assert written(again, FIRST, [row(FIRST, "3")]) == again
