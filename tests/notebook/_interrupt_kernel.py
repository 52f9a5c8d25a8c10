"""Interrupt a Deno kernel twice and print what it still knows, as JSON.

Usage: python _interrupt_kernel.py FOLDER, with the cells on standard input:
a JSON list of {code, interrupt}, where an interrupted cell prints "ready" when
it may be interrupted. With "twice" the button is pressed again a second later,
and the cell is expected to end with its kernel.
"""

import json
import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel


def run(client, manager, cell):
    """Run one cell; give its printed text and its last state."""
    message_id = client.execute(cell["code"])
    text, error = "", None
    end = time.time() + 60
    while True:
        try:
            message = client.get_iopub_msg(timeout=1)
        except Empty:
            if not manager.is_alive():
                return {"text": text, "error": "the kernel died"}
            if time.time() > end:
                raise
            continue
        end = time.time() + 60
        if message["parent_header"].get("msg_id") != message_id:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            text += content["text"]
            if cell["interrupt"] and "ready" in content["text"]:
                manager.interrupt_kernel()
                if cell["interrupt"] == "twice":
                    time.sleep(1)
                    manager.interrupt_kernel()
        elif message["msg_type"] == "display_data" and cell["interrupt"]:
            text += content["data"]["text/plain"]
        elif message["msg_type"] == "error":
            error = content["evalue"]
        elif content.get("execution_state") == "idle":
            return {"text": text, "error": error}


manager, client = start_new_kernel(kernel_name="deno", cwd=sys.argv[1])
try:
    print(json.dumps([run(client, manager, c) for c in json.load(sys.stdin)]))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
