"""Answers timing requests, one JSON line each, for a peer of a benchmark.

    {"variant": "encode", "width": 768, "height": 512, "steps": 3}
    {"ms": [201.5, 199.8, 200.1]}

The first line of output holds the versions of what is timed. `steps` says how
often to run; all other fields choose what to run, which is built and warmed up
when it is first asked for.
"""

import json
import os
import sys
import time


def serve(make, warm_ups):
    """Serves until standard input ends.

    `make` returns a function that builds what is timed from a request's fields,
    as a function without arguments, and a dictionary of versions.
    """
    # Whatever a library prints goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value):
        print(json.dumps(value), file=answers, flush=True)

    build, versions = make()
    answer({"versions": versions})
    built = {}
    for line in sys.stdin:
        request = json.loads(line)
        steps = request.pop("steps")
        key = tuple(sorted(request.items()))
        try:
            if key not in built:
                built[key] = build(**request)
                for _ in range(warm_ups):
                    built[key]()
            times = []
            for _ in range(steps):
                start = time.perf_counter()
                built[key]()
                times.append((time.perf_counter() - start) * 1000)
            answer({"ms": times})
        except Exception as error:  # such as torch.compile without a compiler
            text = str(error).strip().splitlines()
            answer({"error": text[0] if text else type(error).__name__})
