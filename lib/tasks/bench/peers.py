"""The peers of `deno task bench:step`: Keras or PyTorch, one per process.

Requests look like this; `serve_requests.py` describes the protocol:

    {"variant": "keras", "kind": "train", "size": 172, "batch": 16,
     "precision": "float32", "steps": 3}

`kind` is "train" (a step: forward, gradients, Adam, the loss read back),
"encode", "decode", "codec" (a step of `codec_peer.py`, which needs a "file"), or
in Keras "dates" (a step of the network of `date_conversion.ts`). In "bfloat16"
convolutions are computed in it, and weights stay float32.
"""

import os
import sys

from codec_peer import keras_codec, torch_codec
from serve_requests import serve

THREADS = int(sys.argv[2])
os.environ["OMP_NUM_THREADS"] = str(THREADS)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
WARM_UPS = 3


def widths(size):
    """Channels after each halving: the code is 43x43 at 172 and at 344."""
    return [32, 64] if size == 172 else [32, 64, 64]


def make_keras():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    layers = keras.layers

    def networks(size):
        same = {"padding": "same"}
        encoder = keras.Sequential(
            [keras.Input((size, size, 3))]
            + [
                layers.Conv2D(f, 3, 2, activation="relu", **same)
                for f in widths(size)
            ]
            + [layers.Conv2D(16, 3, **same)]
        )
        decoder = keras.Sequential(
            [keras.Input((43, 43, 16))]
            + [
                layers.Conv2DTranspose(f, 3, 2, activation="relu", **same)
                for f in reversed(widths(size))
            ]
            + [layers.Conv2D(3, 3, activation="sigmoid", **same)]
        )
        return encoder, decoder

    def dates(length, batch, digits=10):
        written, so_far = keras.Input((length,)), keras.Input((digits,))

        def embed(x, letters):
            return layers.Embedding(letters, 64, mask_zero=True)(x)

        read = layers.LSTM(64, return_sequences=True)(embed(written, 35))
        last = read[:, -1]
        decoded = layers.LSTM(64, return_sequences=True)(
            embed(so_far, 13), initial_state=[last, last]
        )
        weights = layers.Dot((2, 2))([decoded, read])
        weights = layers.Activation("softmax")(weights)
        seen = layers.Dot((2, 1))([weights, read])
        x = layers.Concatenate()([seen, decoded])
        x = layers.TimeDistributed(layers.Dense(64, "tanh"))(x)
        x = layers.TimeDistributed(layers.Dense(13, "softmax"))(x)
        model = keras.Model([written, so_far], x)
        model.compile("adam", "categorical_crossentropy", jit_compile=False)
        integers = {"dtype": tf.int32, "minval": 1}
        y = tf.random.uniform((batch, digits), maxval=13, **integers)
        x = tf.random.uniform((batch, length), maxval=35, **integers)
        one_hot = tf.one_hot(y, 13)
        return lambda: float(model.train_on_batch([x, y], one_hot))

    def build(variant, kind, size, batch, precision, file=None):
        if kind == "codec":
            return keras_codec(keras, tf, file, precision)
        mixed = precision == "bfloat16"
        keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
        if kind == "dates":
            return dates(size, batch)
        encoder, decoder = networks(size)
        if kind == "train":
            model = keras.Sequential([encoder, decoder])
            # Without XLA, whose convolutions are slower on processors.
            model.compile(
                keras.optimizers.Adam(1e-3), "mse", jit_compile=False
            )
            x = tf.random.uniform((batch, size, size, 3))
            return lambda: float(model.train_on_batch(x, x))
        network = encoder if kind == "encode" else decoder
        x = tf.random.uniform((batch, *network.input_shape[1:]))
        run = tf.function(lambda x: network(x, training=False))
        return lambda: run(x).numpy()

    return build, {"keras": keras.__version__, "kerasTensorflow": tf.__version__}


def make_torch():
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)

    def networks(size):
        channels = [3, *widths(size)]
        encoder, decoder = [], []
        for i, o in zip(channels, channels[1:]):
            encoder += [nn.Conv2d(i, o, 3, 2, 1), nn.ReLU()]
        encoder += [nn.Conv2d(channels[-1], 16, 3, 1, 1)]
        inputs = 16
        for o in reversed(channels[1:]):
            decoder += [nn.ConvTranspose2d(inputs, o, 3, 2, 1, 1), nn.ReLU()]
            inputs = o
        decoder += [nn.Conv2d(inputs, 3, 3, 1, 1), nn.Sigmoid()]
        return nn.Sequential(*encoder), nn.Sequential(*decoder)

    def build(variant, kind, size, batch, precision, file=None):
        # torchEager and torchEagerLast, torchCompile and torchCompileLast
        last = variant.endswith("Last")
        layout = torch.channels_last if last else torch.contiguous_format
        compiled = variant.startswith("torchCompile")
        if kind == "codec":
            return torch_codec(torch, file, precision, compiled)
        encoder, decoder = networks(size)
        if kind == "train":
            model = nn.Sequential(encoder, decoder).to(memory_format=layout)
            x = torch.rand(batch, 3, size, size).to(memory_format=layout)
            optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

            mixed = precision == "bfloat16"

            def loss_of(x):
                with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
                    y = model(x)
                return nn.functional.mse_loss(y.float(), x)

            loss_of = torch.compile(loss_of, dynamic=False) if compiled else loss_of

            def step():
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(x)
                loss.backward()
                optimizer.step()
                return loss.item()

            return step
        network = encoder if kind == "encode" else decoder
        network = network.eval().to(memory_format=layout)
        shape = (3, size, size) if kind == "encode" else (16, 43, 43)
        x = torch.rand(batch, *shape).to(memory_format=layout)
        run = torch.compile(network, dynamic=False) if compiled else network

        def infer():
            with torch.inference_mode():
                return run(x).numpy()

        return infer

    return build, {"torch": torch.__version__}


serve(make_keras if sys.argv[1] == "keras" else make_torch, WARM_UPS)
