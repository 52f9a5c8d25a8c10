"""The codec's training step for the peers of `deno task bench:step`.

It is the network of `lib/codec/training/objective.ts`, written once for the
operations of both libraries. `codec_step.ts` writes the file with weights, a
batch, and its loss if values are rounded; a library that comes to another loss
is not timed. Tensors are [n, rows, columns, channels], which is PyTorch's layout
"channels last".
"""

import json
import math

import numpy as np

LOG2 = math.log(2)
SQUARES = (1, 2, 4, 8)  # sides in cells
# Rows and columns of blocks in cells; halves of squares of 2 and 4, wide and tall.
BLOCKS = (*((side, side) for side in SQUARES), (1, 2), (2, 1), (2, 4), (4, 2))
# How much of each square a size of blocks is.
SHARES = [[(rows == s) / 2 + (columns == s) / 2 for s in SQUARES] for rows, columns in BLOCKS]
RATE = 1e-3


def read_file(path):
    """Tensors by name, and the settings."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    settings = json.loads(header.pop("__metadata__")["codec"])

    def tensor(entry):
        start, end = entry["data_offsets"]
        return np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])

    return {name: tensor(entry) for name, entry in header.items()}, settings


def cosines(block, side):
    """The rows of a DCT in the order of cells."""
    cells = block // side
    row, sample = np.arange(block)[:, None], np.arange(block)[None]
    frequency = row % side * cells + row // side
    scale = np.sqrt(np.where(frequency == 0, 1, 2) / block)
    angle = np.pi * (2 * sample + 1) * frequency / (2 * block)
    return (scale * np.cos(angle)).astype(np.float32)


def kind_planes():
    """What each kind of cell is to networks, [15, 8]."""
    turns = [np.sign(columns - rows) for rows, columns in BLOCKS]
    first = [[*share, 0, 0, 0, turn] for share, turn in zip(SHARES, turns)]
    other = [
        [0, 0, 0, 0, share[0] + share[1], *share[2:], turn]
        for share, turn in zip(SHARES, turns)
    ]
    return first + other[1:]


def make_step(ops, path, noisy=True):
    """The loss of the file's batch as a function, and its loss if rounded."""
    tensors, settings = read_file(path)
    weights = {
        name: ops.variable(values)
        if name in settings["trainable"]
        else ops.constant(values)
        for name, values in tensors.items()
    }
    high, medium_image = weights["batch/high"], weights["batch/medium"]
    level, coarseness = weights["batch/level"], weights["batch/coarseness"]
    lambdas, coarse_cells = weights["batch/lambda"], weights["batch/coarse"]
    n, height, width, _ = high.shape
    h, w = height // 8, width // 8
    groups, orders = settings["groups"], settings["orders"]
    channels, low = len(orders["8"]), len(orders["4"])
    constants = {}

    def constant(key, make):
        if key not in constants:
            constants[key] = ops.constant(np.asarray(make(), np.float32))
        return constants[key]

    def dct(block, side):
        return constant(("dct", block, side), lambda: cosines(block, side))

    def transposed(matrix):
        return ops.transpose(matrix, (1, 0))

    def plane(rows, columns, values):
        x = ops.reshape(ops.concat(values), (n, 1, 1, len(values)))
        return ops.tile(x, (1, rows, columns, 1))

    def places(name, place):
        """[1, h, w, 8]: a number for each cell and size of block."""
        return constant(
            name,
            lambda: [
                [[place(y, x, *size) for size in BLOCKS] for x in range(w)]
                for y in range(h)
            ],
        )

    def even_cells(rows, columns):
        return constant(
            ("even", rows, columns),
            lambda: [
                [[(y + x + 1) % 2] for x in range(columns)] for y in range(rows)
            ],
        )

    def times(x, name, make):
        """The last axis times a constant matrix."""
        matrix = constant(name, make)
        y = ops.matmul(ops.reshape(x, (-1, x.shape[3])), matrix)
        return ops.reshape(y, (*x.shape[:3], matrix.shape[1]))

    def mix(first, second, even):
        """Of two passes, the cells that each has coded."""
        return first * even + second * (1 - even)

    def layer(x, name, relu=True, stride=1):
        filters, bias = weights[f"{name}/filters"], weights[f"{name}/bias"]
        y = ops.conv(x, filters, stride) + bias
        return ops.relu(y) if relu else y

    def linear(x, name):
        return layer(x, name, relu=False)

    # The transform.

    def planes_to_cells(planes, size, side=8):
        tall, wide = (cells * side for cells in size)
        rows = ops.matmul(ops.reshape(planes, (-1, wide)), transposed(dct(wide, side)))
        rows = ops.reshape(rows, (-1, tall, w * side))
        y = ops.matmul(dct(tall, side), rows)
        y = ops.reshape(y, (n, 3, h, side, w, side))
        y = ops.transpose(y, (0, 2, 4, 1, 3, 5))
        return ops.reshape(y, (n, h, w, 3 * side * side))

    def cells_to_planes(x, size, side):
        tall, wide = (cells * side for cells in size)
        x = ops.reshape(x, (n, h, w, 3, side, side))
        x = ops.transpose(x, (0, 3, 1, 4, 2, 5))
        x = ops.reshape(x, (-1, tall, w * side))
        x = ops.matmul(transposed(dct(tall, side)), x)
        x = ops.matmul(ops.reshape(x, (-1, wide)), dct(wide, side))
        return ops.reshape(x, (n, 3, h * side, w * side))

    def mixed_to_cells(x, sizes, side):
        of_size = [x * sizes[..., i : i + 1] for i in range(len(BLOCKS))]
        planes = sum(
            cells_to_planes(x, size, side)
            for x, size in list(zip(of_size, BLOCKS))[1:]
        )
        return planes_to_cells(planes, BLOCKS[0], side) + of_size[0]

    def to_channels(x, side=8):
        return ops.take(x, orders[str(side)])

    def to_cells(x, side):
        return ops.take(x, np.argsort(orders[str(side)]).tolist())

    def sum_over(x, cells):
        return x if cells == 1 else ops.pool(x, cells) * cells**2

    def choose_sizes(planes, steps):
        worth = 3 * LOG2 / 18
        inverse = ops.reshape(1 / steps, (n, 1, 1, 1))
        every = [planes_to_cells(planes, size) for size in BLOCKS]
        costs = []
        for x in every:
            x = ops.abs(x) * inverse
            bits = ops.log(x * 2 + 1) * (2 / LOG2)
            cost = ops.minimum(x * x, 0.6) + bits * worth
            costs.append(ops.sum(cost, (3,), True))
        best, choices = costs[0], []
        for square in range(1, len(SQUARES)):
            cells = SQUARES[square]
            parts = sum_over(best, 2) + worth * 0.5
            if square < 3:
                wide, tall = 2 + 2 * square, 3 + 2 * square
                of_wide, of_tall = (sum_over(costs[i], cells) for i in (wide, tall))
                halved = ops.smaller(of_wide, of_tall) + worth * 1.5
                is_halved = ops.cast(halved < parts)
                choices.insert(0, (wide, is_halved))
                choices.insert(0, (tall, is_halved * ops.cast(of_tall < of_wide)))
                parts = ops.smaller(parts, halved)
            one = sum_over(costs[square], cells)
            choices.insert(0, (square, ops.cast(one < parts)))
            best = ops.smaller(one, parts)
        sizes, left = {}, 1.0
        for size, where in choices:
            sizes[size] = ops.enlarge(where, h // where.shape[1]) * left
            left = left - sizes[size]
        sizes[0] = left
        sizes = [sizes[i] for i in range(len(BLOCKS))]
        chosen = sum(x * size for x, size in zip(every, sizes))
        return ops.concat(sizes), chosen

    # Rates.

    def through(x, value):
        """A value whose gradient is that of x."""
        return x + ops.stop(value - x)

    def given(x, value):
        """A value whose gradient is that of x where it is not 0."""
        return through(x * ops.cast(value != 0), value)

    def scale_of(scale):
        power = ops.exp(ops.minimum(scale, 8.0) * LOG2)
        return (power + 0.05) * (math.sqrt(3) / math.pi)

    def bits_between(lower, upper):
        share = ops.sigmoid(upper) - ops.sigmoid(lower)
        return ops.log(ops.maximum(share, 1e-9)) * (-1 / LOG2)

    def jitter(x, noise):
        if not noise:
            return through(x, ops.round(x))
        return x + (ops.random(x.shape) - 0.5)

    def logistic_bits(error, scale, noise):
        value, width = ops.abs(jitter(error, noise)), scale_of(scale)
        return bits_between((-0.5 - value) / width, (0.5 - value) / width)

    def lean_to_zero(error, scale):
        lean = ops.minimum(0.03 / scale_of(scale), 0.45)
        leaned = ops.relu(ops.abs(error) - lean) * ops.sign(error)
        return through(error, leaned)

    def coarse_index(error, cells):
        index = ops.floor(ops.floor(ops.abs(error) + 0.5) / cells + 1e-4)
        return index, index * cells

    def coarse_value(error, cells):
        index, size = coarse_index(error, cells)
        centre = size + (cells - 1) * (settings["coarseOffset"] / 16)
        value = ops.sign(error) * centre * ops.minimum(index, 1.0)
        return given(error, value)

    def coarse_bits(error, scale, cells):
        width, size = scale_of(scale), ops.abs(error)
        index, start = coarse_index(size, cells)
        zero = 1 - ops.minimum(index, 1.0)
        low = through(size, start - 0.5 - zero * (cells - 1))
        high = through(size, start + cells - 0.5)
        return bits_between(-high / width, -low / width)

    # The networks.

    def trunk(x, name):
        x = layer(x, f"{name}/0")
        x = x + linear(layer(x, f"{name}/1"), f"{name}/2")
        return x + linear(layer(x, f"{name}/3"), f"{name}/4")

    def correct_medium(x):
        known = plane(h, w, [level, coarseness])
        hidden = trunk(ops.concat([x, known]), "medium")
        x = (x + linear(hidden, "medium/5")) * weights["norms"][:low]
        pixels = ops.conv(x, weights["medium_pixels"], 1)
        return ops.to_space(pixels, 4) * (1 / 255) + 0.5

    def correct_high(x):
        known = plane(h, w, [level])
        hidden = trunk(ops.concat([x, known]), "high")
        x = (x + linear(hidden, "high/5")) * (weights["norms"] * (1 / 255))
        pixels = ops.to_space(ops.conv(x, weights["high_pixels"], 1), 2)
        features = ops.to_space(layer(hidden, "high/6"), 2)
        first = layer(ops.concat([pixels, features]), "detail/0")
        detail = first + linear(layer(first, "detail/1"), "detail/2")
        return ops.to_space(pixels + linear(detail, "detail/3"), 4) + 0.5

    def as_context(x):
        limit = settings["latentLimit"]
        return ops.clip(x, limit)

    def code_group(group, first, latents, gain, known, noise):
        size = group["size"]
        own = latents[..., first : first + size]
        log_steps = gain[..., first : first + size]
        step = ops.exp(log_steps * LOG2)
        index = group["index"]
        cells = group["layer"] == 1 and ops.reshape(
            coarse_cells[:, index : index + 1], (n, 1, 1, 1)
        )
        if cells is not False:
            # Cells of more than one value have those of the trellis.
            unit = ops.minimum(cells - 1, 1.0) * (settings["fineStep"] - 1) + 1

        def error_of(mean, scale):
            return lean_to_zero((own - mean) * step, scale + log_steps)

        def round_given(error):
            return given(error, ops.round(error))

        def quantise(error):
            if cells is False:
                return round_given(error)
            return coarse_value(error / unit, cells) * unit

        def predict(inputs):
            x = ops.concat([*known, *inputs])
            name = f"group/{index}"
            x = linear(layer(layer(x, f"{name}/0"), f"{name}/1"), f"{name}/2")
            return x[..., :size], x[..., size:]

        if group["passes"] == 1:
            mean, scale = predict([])
        else:
            even = even_cells(h, w)
            mean, scale = predict([own * 0])
            error = error_of(mean, scale)
            seen = as_context(quantise(error) / step + mean) * even
            mean2, scale2 = predict([seen])
            mean, scale = mix(mean, mean2, even), mix(scale, scale2, even)
        error, spread = error_of(mean, scale), scale + log_steps
        fine = ops.sum(logistic_bits(error, spread, noise), (1, 2, 3))
        whole = round_given(error) / step + mean
        if cells is False:
            return whole, whole, 0.0, fine
        coarse = coarse_bits(error / unit, spread - ops.log(unit) / LOG2, cells)
        coarse = ops.sum(coarse, (1, 2, 3))
        return whole, quantise(error) / step + mean, coarse, fine - coarse

    def loss(noise=noisy):
        steps = (lambdas * (LOG2 / 18)) ** -0.5
        colours = constant("colours", lambda: settings["colours"])
        planes = ops.reshape((high - 0.5) * 255, (-1, 3))
        planes = ops.reshape(ops.matmul(planes, transposed(colours)), (n, height, width, 3))
        planes = ops.transpose(planes, (0, 3, 1, 2))
        sizes, cells = choose_sizes(planes, steps)
        first = sizes * places(
            "first", lambda y, x, m, n: y % m == 0 and x % n == 0
        )
        kinds = ops.concat([first, (sizes - first)[..., 1:]])
        norms = ops.reshape(
            ops.matmul(ops.reshape(kinds, (-1, 15)), weights["kind_norms"]),
            (n, h, w, channels),
        )
        latents = to_channels(cells) / norms
        wide = ops.reshape(steps * settings["pathWidth"], (n, 1, 1, 1))
        gain = ops.log(norms / wide) * (1 / LOG2)
        rows = places("rows", lambda y, x, m, n: y % m / m)
        columns = places("columns", lambda y, x, m, n: x % n / n)
        blocks = ops.concat(
            [times(kinds, "kind planes", kind_planes)]
            + [ops.sum(sizes * rows, (3,), True)]
            + [ops.sum(sizes * columns, (3,), True)]
        )

        seen = [as_context(latents), plane(h, w, [level, coarseness]), blocks]
        x = layer(ops.concat(seen), "hyper_analysis/0")
        x = layer(x, "hyper_analysis/1", stride=2)
        hyper = layer(x, "hyper_analysis/2", relu=False, stride=2)
        shares = times(ops.pool(sizes, 4), "shares", lambda: SHARES)
        prior = ops.concat([shares, plane(h // 4, w // 4, [level, coarseness])])
        z = hyper.shape[3]
        unit, limit = settings["hyperUnit"], settings["hyperLimit"]

        def mean_of(predicted):
            mean = predicted[..., :z] * unit
            return through(mean, ops.round(mean)) / unit

        def coded(mean):
            error = hyper - mean
            return ops.clip(through(error, ops.round(error)) + mean, limit)

        def predict_hyper(own):
            x = ops.concat([prior, own])
            return linear(layer(x, "hyper_prior/0"), "hyper_prior/1")

        first = predict_hyper(hyper * 0)
        even = even_cells(h // 4, w // 4)
        second = predict_hyper(coded(mean_of(first)) * even)
        predicted = mix(first, second, even)
        mean = mean_of(predicted)
        hyper_bits = logistic_bits(hyper - mean, predicted[..., z:], noise)
        hyper_bits = ops.sum(hyper_bits, (1, 2, 3))
        rounded = coded(mean)
        x = layer(ops.concat([rounded, prior]), "hyper_synthesis/0")
        x = ops.to_space(layer(x, "hyper_synthesis/1"), 2)
        x = layer(x, "hyper_synthesis/2")
        features = ops.to_space(layer(x, "hyper_synthesis/3"), 2)
        squares = linear(rounded, "thumbnail") + 0.5
        # Of a block of 64 pixels, the first square stands for all four.
        firsts = ops.reshape(squares, (-1, 2, w // 8, 6))[:, 0, :, :3]
        firsts = ops.reshape(firsts, (n, h // 8, w // 8, 3))
        largest = shares[..., 3:]
        spread = ops.to_space(ops.concat([firsts] * 4), 2)
        thumbnail = squares * (1 - largest) + spread * largest

        known, start = [features, blocks], 0
        medium_bits, bits = hyper_bits, 0.0
        whole, coarse = [], []
        for group in groups:
            if group["layer"] == 2 and len(whole) == len(coarse):
                known[2:] = [as_context(x) for x in whole]
            fine, rough, first_bits, more_bits = code_group(
                group, start, latents, gain, known, noise
            )
            start += group["size"]
            medium_bits, bits = medium_bits + first_bits, bits + more_bits
            whole.append(fine)
            if group["layer"] == 1:
                coarse.append(rough)
            known.append(as_context(rough))
        bits = bits + medium_bits

        def in_cells(latents, count, side):
            x = to_cells(ops.concat(latents) * norms[..., :count], side)
            x = to_channels(mixed_to_cells(x, sizes, side), side)
            return x / weights["norms"][:count]

        def mse(a, b):
            return ops.mean(((a - b) * 255) ** 2, (1, 2, 3))

        medium = mse(correct_medium(in_cells(coarse, low, 4)), medium_image)
        medium = medium * lambdas * settings["mediumShare"]
        errors = (
            mse(correct_high(in_cells(whole, channels, 8)), high) * lambdas
            + medium
            + mse(thumbnail, ops.pool(medium_image, 16))
            * lambdas
            * settings["thumbnailShare"]
        )
        pixels = height * width
        first_layer = medium_bits / pixels + medium
        total = bits / pixels + errors
        total = total + first_layer * settings["firstLayerWeight"]
        return ops.mean(total * (lambdas * 100) ** -0.5, (0,))

    own = float(ops.stop(loss(False)))
    if not math.isclose(own, settings["loss"], rel_tol=1e-3):
        raise ValueError(f"its loss is {own}, and not {settings['loss']}")
    trainable = [weights[name] for name in settings["trainable"]]
    return loss, trainable, settings["clipNorm"]


def keras_codec(keras, tf, path, precision):
    class Ops:
        abs, exp, relu, floor, round = tf.abs, tf.exp, tf.nn.relu, tf.floor, tf.round
        log, sigmoid, sign, matmul = tf.math.log, tf.sigmoid, tf.sign, tf.matmul
        minimum, maximum, smaller = tf.minimum, tf.maximum, tf.minimum
        reshape, transpose, tile = tf.reshape, tf.transpose, tf.tile
        stop, sum, mean = tf.stop_gradient, tf.reduce_sum, tf.reduce_mean
        constant, variable, random = tf.constant, tf.Variable, tf.random.uniform
        to_space = tf.nn.depth_to_space

        def concat(values):
            return tf.concat(values, -1)

        def cast(x):
            return tf.cast(x, tf.float32)

        def clip(x, limit):
            return tf.clip_by_value(x, -limit, limit)

        def take(x, order):
            rows = tf.transpose(tf.reshape(x, (-1, len(order))))
            return tf.reshape(tf.transpose(tf.gather(rows, order)), x.shape)

        def pool(x, side):
            return tf.nn.avg_pool2d(x, side, side, "VALID")

        def enlarge(x, times):
            return tf.repeat(tf.repeat(x, times, 1), times, 2)

        def conv(x, filters, stride):
            if precision == "bfloat16":
                x, filters = (tf.cast(y, tf.bfloat16) for y in (x, filters))
            return tf.cast(tf.nn.conv2d(x, filters, stride, "SAME"), tf.float32)

    loss, weights, norm = make_step(Ops, path)
    adam = keras.optimizers.Adam(RATE, global_clipnorm=norm)
    adam.build(weights)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            value = loss()
        adam.apply(tape.gradient(value, weights), weights)
        return value

    return lambda: float(step())


def torch_codec(torch, path, precision, compiled):
    from torch.nn import functional

    class Ops:
        abs, exp, relu, floor, round = (
            *(torch.abs, torch.exp, torch.relu, torch.floor, torch.round),
        )
        log, sigmoid, sign, matmul = torch.log, torch.sigmoid, torch.sign, torch.matmul
        reshape, transpose, smaller = torch.reshape, torch.permute, torch.minimum
        tile, random, stop = torch.tile, torch.rand, torch.Tensor.detach
        sum, mean = torch.sum, torch.mean

        def constant(values):
            return torch.tensor(values)

        def variable(values):
            tensor = torch.tensor(values)
            if tensor.dim() == 4:
                # As filters are stored in this layout.
                tensor = tensor.permute(3, 2, 0, 1)
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            return tensor.requires_grad_()

        def concat(values):
            return torch.cat(values, -1)

        def minimum(x, limit):
            return torch.clamp(x, max=limit)

        def maximum(x, limit):
            return torch.clamp(x, min=limit)

        def clip(x, limit):
            return torch.clamp(x, -limit, limit)

        def cast(x):
            return x.float()

        def take(x, order):
            return x[..., order]

        def pool(x, side):
            y = functional.avg_pool2d(x.permute(0, 3, 1, 2), side)
            return y.permute(0, 2, 3, 1)

        def enlarge(x, times):
            return x.repeat_interleave(times, 1).repeat_interleave(times, 2)

        def to_space(x, side):
            n, h, w, c = x.shape
            x = x.reshape(n, h, w, side, side, -1).permute(0, 1, 3, 2, 4, 5)
            return x.reshape(n, h * side, w * side, -1)

        def conv(x, filters, stride):
            # Fixed filters are in the order of the file.
            if not filters.requires_grad:
                filters = filters.permute(3, 2, 0, 1)
            x = x.permute(0, 3, 1, 2)
            if stride == 1:
                y = functional.conv2d(x, filters, padding="same")
            else:
                y = functional.conv2d(functional.pad(x, (0, 1, 0, 1)), filters, None, 2)
            return y.permute(0, 2, 3, 1)

    loss, weights, norm = make_step(Ops, path)
    adam = torch.optim.Adam(weights, RATE, eps=1e-7, fused=True)
    mixed = precision == "bfloat16"

    def loss_of():
        with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
            return loss()

    if compiled:
        loss_of = torch.compile(loss_of, dynamic=False)

    def step():
        adam.zero_grad(set_to_none=True)
        value = loss_of()
        value.backward()
        torch.nn.utils.clip_grad_norm_(weights, norm)
        adam.step()
        return value.item()

    return step
