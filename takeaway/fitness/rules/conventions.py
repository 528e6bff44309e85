"""What imports can't tell of the code of a context."""

from takeaway.fitness.evidence import Evidence
from takeaway.fitness.rule import Check, Report
from takeaway.fitness.surroundings import read_at_import, surroundings_read

LONGEST_HANDLER = 30


def nothing_from_surroundings(evidence: Evidence, report: Report) -> None:
    code = evidence.code
    domains = {name: path for name, path in code.runtime.items() if ".domain" in name and name.startswith("contexts.")}
    for path in domains.values():
        for name in sorted(surroundings_read(code.parsed(path))):
            report.found(code.relative(path), f"takes {name} from its surroundings")
    if domains:
        report.saw(f"{len(domains)} modules of {len({name.split('.')[1] for name in domains})} domains")


def nothing_at_import(evidence: Evidence, report: Report) -> None:
    code = evidence.code
    for path in code.runtime.values():
        for name in sorted(read_at_import(code.parsed(path))):
            report.found(code.relative(path), f"reads {name} when it is imported")
    if code.runtime:
        report.saw(f"{len(code.runtime)} modules that are deployed")


def thin_handlers(evidence: Evidence, report: Report) -> None:
    code = evidence.code
    handlers = {name: path for name, path in code.runtime.items() if ".handlers" in name}
    lengths = {
        path: len([*filter(str.strip, path.read_text(encoding="utf-8").splitlines())]) for path in handlers.values()
    }
    for path, lines in lengths.items():
        if lines > LONGEST_HANDLER:
            report.found(code.relative(path), f"has {lines} lines, more than {LONGEST_HANDLER}")
    if lengths:
        report.saw(f"{len(lengths)} handlers, the longest of {max(lengths.values())} lines")


CHECKS: dict[str, Check] = {
    "nothing-from-surroundings": nothing_from_surroundings,
    "nothing-at-import": nothing_at_import,
    "thin-handlers": thin_handlers,
}
