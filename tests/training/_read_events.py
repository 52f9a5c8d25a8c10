"""Print what TensorBoard reads of a folder of logs, as JSON.

Usage: python _read_events.py FOLDER. For each run its numbers by tag, as
[step, value], and its pictures by tag, as [step, width, height].
"""

import json
import sys
import types

# TensorBoard reads without TensorFlow, whose import takes many seconds.
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")

from tensorboard.backend.event_processing import event_accumulator, io_wrapper

folder = sys.argv[1]
runs = {}
for path in sorted(io_wrapper.GetLogdirSubdirectories(folder)):
    # 0: keeps all events, instead of a sample of them.
    log = event_accumulator.EventAccumulator(
        path, size_guidance={"scalars": 0, "images": 0, "tensors": 0}
    )
    log.Reload()
    tags = log.Tags()
    runs[path[len(folder) + 1 :]] = {
        **{
            tag: [[event.step, event.value] for event in log.Scalars(tag)]
            for tag in tags["scalars"]
        },
        **{
            tag: [[e.step, e.width, e.height] for e in log.Images(tag)]
            for tag in tags["images"]
        },
    }
print(json.dumps(runs))
