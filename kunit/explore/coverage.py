# SPDX-License-Identifier: GPL-2.0
#
# coverage.py PROJECT OUT: which lines and branches of module/kthread the scenarios have run, in the build in
# OUT. Each line that none has run needs a reason in uncovered.txt: the file, the text of the line and the reason, with tabs
# between them. Several lines have one reason by the text of the first, " … ", and the text of the last. A line that has
# been run fails where there is a reason for it.
import collections, glob, json, os, subprocess, sys

project, out = sys.argv[1:]
library = os.path.realpath(f'{project}/module/kthread')
lines, branches = collections.Counter(), collections.Counter()

for data in glob.glob(f'{out}/*.gcda'):
    text = subprocess.run(['gcov', '-b', '--json-format', '--stdout', data], capture_output=True, text=True, cwd=out).stdout
    for part in text.splitlines():
        for file in json.loads(part)['files']:
            path = os.path.realpath(os.path.join(out, file['file']))
            if not path.startswith(library):
                continue
            for line in file['lines']:
                at = os.path.basename(path), line['line_number']
                lines[at] += line['count']
                for i, branch in enumerate(line['branches']):
                    branches[(*at, i)] += branch['count']

# A make in the tree leaves objects there.
texts = {file: [line.strip() for line in open(f'{library}/{file}')] for file in os.listdir(library) if file.endswith(('.cc', '.hpp'))}


def lines_of(file, text):
    """The numbers of the lines that have a reason."""
    first, _, last = text.partition(' … ')
    at = [number for number, line in enumerate(texts.get(file, ()), 1) if line == first]
    if not last:
        return at
    ends = [number for number, line in enumerate(texts[file], 1) if line == last and at and number > at[0]]
    return range(at[0], ends[0] + 1) if len(at) == 1 and ends else []


bad = False
reasons = {}
for entry in open(f'{project}/kunit/explore/uncovered.txt'):
    file, text, reason = entry.rstrip('\n').split('\t')
    numbers = [number for number in lines_of(file, text) if (file, number) in lines]
    # A text may stand in several places, of which one is not run; all of a range are not.
    ran = [number for number in numbers if lines[file, number]]
    if not numbers or (ran if ' … ' in text else len(ran) == len(numbers)):
        bad = True
        print(f'not ok explore: this has been run, or is not there, and needs no reason: {file}:{(ran or [""])[0]}: {text}')
    reasons |= {(file, number): reason for number in numbers}
for (file, number), count in sorted(lines.items()):
    if count:
        continue
    reason = reasons.get((file, number))
    bad |= not reason
    print(f'{"#" if reason else "not ok explore: no scenario runs"} {file}:{number}: {texts[file][number - 1]}{": " + reason if reason else ""}')


def share(of):
    return f'{sum(count > 0 for count in of.values())} of {len(of)}'


print(f'{"not ok" if bad or not lines else "ok"} explore: coverage of module/kthread: {share(lines)} lines, {share(branches)} branches')
sys.exit(bad or not lines)
