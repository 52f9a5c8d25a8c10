"""CompressAI's bmshj2018-hyperprior, the peer of `deno task measure speed`.

Reads a request a line from standard input and answers a line of JSON:

    {"variant": "encode", "width": 768, "height": 512, "steps": 3}
    {"ms": [201.5, 199.8, 200.1]}

`variant` is "encode" or "decode", with the entropy coder, of quality 4 of 8:
the narrow network of qualities 1 to 5. Its weights are random, as the trained
ones have to be downloaded; the network's work is the same.
"""

import json
import os
import sys
import time

THREADS = int(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = str(THREADS)
QUALITY = 4
WARM_UPS = 2


def make():
    import compressai
    import torch
    from compressai.zoo import bmshj2018_hyperprior

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    network = bmshj2018_hyperprior(QUALITY, pretrained=False).eval()
    network.update(force=True)

    def build(variant, width, height):
        x = torch.rand(1, 3, height, width)
        with torch.inference_mode():
            coded = network.compress(x)

        def encode():
            with torch.inference_mode():
                return network.compress(x)

        def decode():
            with torch.inference_mode():
                return network.decompress(coded["strings"], coded["shape"])

        return encode if variant == "encode" else decode

    return build, {"compressai": compressai.__version__, "torch": torch.__version__}


def main():
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
        key = tuple(request[k] for k in ("variant", "width", "height"))
        try:
            if key not in built:
                built[key] = build(*key)
                for _ in range(WARM_UPS):
                    built[key]()
            times = []
            for _ in range(request["steps"]):
                start = time.perf_counter()
                built[key]()
                times.append((time.perf_counter() - start) * 1000)
            answer({"ms": times})
        except Exception as error:
            text = str(error).strip().splitlines()
            answer({"error": text[0] if text else type(error).__name__})


main()
