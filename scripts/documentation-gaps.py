#!/usr/bin/env python3
"""Prints, as `file:line: error: ...`, every public symbol in the symbol graphs that has no doc comment.

Left out are what needs none: what the compiler makes, overloads that only exist to refuse code with a sentence, the
pieces of result builders, and what a protocol of another module asks for and documents.
"""
import json
import sys
from urllib.parse import unquote

BUILDER_PARTS = "build"
STANDARD = {"hash(into:)", "encode(to:)", "init(from:)", "makeIterator()", "description", "startIndex", "endIndex",
            "allCases", "hashValue"}


def needs_comment(symbol, documented_elsewhere):
    if symbol["accessLevel"] not in ("public", "open") or "location" not in symbol:
        return False
    if any(item.get("isUnconditionallyUnavailable") for item in symbol.get("availability", [])):
        return False
    title = symbol["names"]["title"].split(".")[-1]
    name = symbol["pathComponents"][-1]
    return not (name.startswith(BUILDER_PARTS) or name in STANDARD or title in STANDARD
                or symbol["identifier"]["precise"] in documented_elsewhere)


def main(paths):
    gaps, count = [], 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            graph = json.load(file)
        # What a protocol asks for is documented there.
        satisfied = {edge["source"] for edge in graph["relationships"]
                     if edge["kind"] in ("defaultImplementationOf", "overrides") or "sourceOrigin" in edge}
        for symbol in graph["symbols"]:
            if not needs_comment(symbol, satisfied):
                continue
            count += 1
            if "docComment" not in symbol:
                location = symbol["location"]
                place = unquote(location["uri"].removeprefix("file://"))
                line = location["position"]["line"] + 1
                gaps.append(f"{place}:{line}: error: {'.'.join(symbol['pathComponents'])} has no doc comment")
    for gap in sorted(set(gaps)):
        print(gap)
    print(f"{count} public symbols, {len(gaps)} without a doc comment", file=sys.stderr)
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
