"""Encodes files that hold two sizes of a photo, for `deno task measure storage`.

Requests and answers are lines of JSON; pixels and files are in base 64:

    {"format": "avif", "width": 256, "height": 256, "rgb": "…", "speed": 3,
     "tune": "ssim", "layers": [[40, 2], [50, 1]]}
    {"file": "…", "firstLayer": "…"}

    {"format": "jpeg2000", "width": 256, "height": 256, "rgb": "…",
     "bitsPerPixel": 0.5, "halvings": 5}
    {"file": "…"}

The first line of output holds versions. A request that fails is answered by
{"error": "…"}.
"""

import io
import json
import sys
from base64 import b64decode, b64encode

import PIL
from layered_avif import VERSION, encode_layers, first_layer
from PIL import Image, features


def encode_avif(width, height, rgb, speed, tune, layers):
    file = encode_layers(width, height, rgb, layers, speed, tune)
    return {"file": file, "firstLayer": first_layer(file)}


def encode_jpeg2000(width, height, rgb, bitsPerPixel, halvings):
    """One layer by resolution; PLT markers hold the lengths of its packets."""
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), rgb).save(
        file,
        "JPEG2000",
        no_jp2=True,
        irreversible=True,
        mct=1,
        num_resolutions=halvings + 1,
        progression="RLCP",
        quality_mode="rates",
        quality_layers=[24 / bitsPerPixel],
        plt=True,
    )
    return {"file": file.getvalue()}


ENCODERS = {"avif": encode_avif, "jpeg2000": encode_jpeg2000}


def answer(value):
    print(json.dumps(value), flush=True)


def respond(request):
    encode = ENCODERS[request.pop("format")]
    rgb = b64decode(request.pop("rgb"))
    files = encode(rgb=rgb, **request)
    return {name: b64encode(file).decode() for name, file in files.items()}


answer(
    {
        "pillow": PIL.__version__,
        "libavif": VERSION,
        "openjpeg": features.version_codec("jpg_2000"),
    }
)
for line in sys.stdin:
    try:
        answer(respond(json.loads(line)))
    except Exception as error:
        answer({"error": str(error) or type(error).__name__})
