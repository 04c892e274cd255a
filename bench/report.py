# SPDX-License-Identifier: GPL-2.0
"""Lines of measurements on stdin, one for each time that one side was measured, to a table."""

import argparse
import json
import pathlib
import statistics
import sys

SIDES = ("reference", "ours", "tutorial")


def quantile(values, part):
    return sorted(values)[round(part * (len(values) - 1))]


def read(lines):
    rows = {}
    for line in lines:
        name, unit, goal, tutorial_goal, side, n, took = line.rstrip("\n").split("\t")
        row = rows.setdefault((name, unit), {side: [] for side in SIDES})
        row["goal"] = int(goal) / 1000
        row["tutorial_goal"] = int(tutorial_goal) / 1000
        if int(took) == 0 and unit != "bytes":
            sys.exit(f"{name}: {side} failed")
        row[side].append(int(took) / int(n))
    return rows


def summary(name, unit, row):
    median = {side: statistics.median(row[side]) for side in SIDES if row[side]}
    ratios = [ours / max(c, 1) for ours, c in zip(row["ours"], row["reference"])]
    result = {
        "name": name,
        "unit": unit,
        "reference": median["reference"],
        "ours": median["ours"],
        "ratio": median["ours"] / max(median["reference"], 1),
        "spread": quantile(ratios, 0.9) - quantile(ratios, 0.1),
    }
    if row["goal"]:
        result["goal"] = row["goal"]
        result["met"] = result["ratio"] <= row["goal"]
    if "tutorial" in median:
        result["tutorial"] = median["tutorial"]
        result["tutorial_ratio"] = median["ours"] / median["tutorial"]
    if row["tutorial_goal"]:
        result["tutorial_goal"] = row["tutorial_goal"]
        result["tutorial_met"] = result["tutorial_ratio"] <= row["tutorial_goal"]
    return result


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.4g}"


def verdict(goal, met):
    return f"{goal:.4g} {'met' if met else 'MISSED'}"


def table(results):
    heads = ("", "unit", "C", "C++", "ratio", "spread", "goal", "tutorials", "ratio", "goal")
    cells = [heads]
    for row in results:
        line = [row["name"], row["unit"], number(row["reference"]), number(row["ours"])]
        line += [f"{row['ratio']:.3f}", f"{row['spread']:.3f}"]
        line += [verdict(row["goal"], row["met"]) if "goal" in row else ""]
        if "tutorial" in row:
            line += [number(row["tutorial"]), f"{row['tutorial_ratio']:.2g}"]
        if "tutorial_goal" in row:
            line += [verdict(row["tutorial_goal"], row["tutorial_met"])]
        cells.append(line + [""] * (len(heads) - len(line)))
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        first = [cell.ljust(width) for cell, width in zip(line[:2], widths)]
        print("  ".join(first + [c.rjust(w) for c, w in zip(line[2:], widths[2:])]).rstrip())


def table_of(found, columns, numbers):
    """Lines of a file for gnuplot: a number, and what each column measured for it."""
    for n in numbers:
        values = (found.get((name.format(n=n), side)) for name, side in columns)
        yield " ".join([str(n), *(f"{value:.6g}" if value else "-" for value in values)])


def plots(results, growing, folder):
    """What bench/*.gnuplot draw: medians of each row and side."""
    found = {
        (name + ", " + unit, side): statistics.median(row[side])
        for (name, unit), row in growing.items()
        for side in SIDES
        if row[side]
    }
    for row in results:
        for side in ("reference", "ours", "tutorial"):
            if side in row:
                found[(row["name"].replace("threads", "thread") + ", " + row["unit"], side)] = row[side]
    files = {
        "threads": (
            [10**i for i in range(5)],
            [(f"{what} {{n}} thread, ns", side) for what in ("start", "stop") for side in ("reference", "ours")]
            + [("stop {n} thread, virtual ns", "tutorial")],
        ),
        "jobs": (
            [10**i for i in range(6)],
            [(f"{what} {{n}}, instructions", side) for what in ("create", "beat of", "stop") for side in ("reference", "ours")],
        ),
        **{
            f"items-{cpus}": (
                [2**i for i in range(5)],
                [(f"worker {{n}} on {cpus}, ns", "reference"), (f"worker {{n}} on {cpus}, ns", "ours")]
                + [(f"{peer} {{n}} on {cpus}, ns", "reference") for peer in ("llist", "ordered", "unbound")],
            )
            for cpus in (4, 8)
        },
    }
    for name, (numbers, columns) in files.items():
        (folder / name).write_text("\n".join(table_of(found, columns, numbers)) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=argparse.FileType("w"))
    parser.add_argument("--version", help="of what was measured, for the JSON")
    parser.add_argument("--growing", type=argparse.FileType("r"), help="more measurements, for the plots alone")
    parser.add_argument("--plots", type=pathlib.Path, help="a folder, for the data of the plots")
    options = parser.parse_args()
    results = [summary(*key, row) for key, row in read(sys.stdin).items()]
    table(results)
    if options.json:
        json.dump({"version": options.version, "rows": results}, options.json, indent="\t")
        options.json.write("\n")
    if options.plots:
        plots(results, read(options.growing), options.plots)


main()
