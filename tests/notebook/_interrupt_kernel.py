"""Interrupt a Deno kernel twice and print what it still knows, as JSON.

Usage: python _interrupt_kernel.py FOLDER, with the cells on standard input:
a JSON list of {code, interrupt}, where an interrupted cell prints "ready" when
it may be interrupted.
"""

import json
import sys

from jupyter_client.manager import start_new_kernel


def run(client, manager, cell):
    """Run one cell; give its printed text and its last state."""
    message_id = client.execute(cell["code"])
    text, error = "", None
    while True:
        message = client.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            text += content["text"]
            if cell["interrupt"] and "ready" in content["text"]:
                manager.interrupt_kernel()
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
