"""A cache of libCacheSim that answers requests for objects.

Arguments: the class of the cache and its bytes. Each line of input holds ids
and bytes of objects, `{"ids": base64 of u64, "bytes": base64 of u32}`, each line
of output base64 of a byte an object: 1 if it was there, else 0.
"""

import base64
import json
import sys

import libcachesim
import numpy

name, capacity = sys.argv[1:]
cache = getattr(libcachesim, name)(cache_size=int(capacity), hashpower=20)
get = cache._cache.get  # without a call of Python in between
request = libcachesim.Request()
for line in sys.stdin:
    block = json.loads(line)
    ids = numpy.frombuffer(base64.b64decode(block["ids"]), "<u8").tolist()
    sizes = numpy.frombuffer(base64.b64decode(block["bytes"]), "<u4").tolist()
    hits = bytearray(len(ids))
    for place, (request.obj_id, request.obj_size) in enumerate(zip(ids, sizes)):
        hits[place] = get(request)
    print(json.dumps(base64.b64encode(hits).decode()), flush=True)
