"""CompressAI's bmshj2018-hyperprior, the peer of `deno task measure speed`.

Requests have the fields `variant`, "encode" or "decode" with the entropy coder,
`width` and `height`; `serve_requests.py` describes the protocol. Quality 4 of 8
uses the narrow network of qualities 1 to 5. Its weights are random, since the
trained ones have to be downloaded; the network's work is the same.
"""

import os
import sys

from serve_requests import serve

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


serve(make, WARM_UPS)
