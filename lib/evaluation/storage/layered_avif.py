"""Layered AVIF by libavif: a file whose first layer has half the size.

Pillow's wheel brings libavif with all its symbols. Pillow itself writes no
layers, so the library is called by `ctypes`. The structures are those of
libavif 1 as far as they are used; it allocates them itself, and later versions
only add members at the end.
"""

import ctypes
import struct
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_uint8
from ctypes import c_uint16, c_uint32, c_uint64, c_void_p
from glob import glob
from os import path

import PIL


class Image(ctypes.Structure):
    _fields_ = [
        ("width", c_uint32),
        ("height", c_uint32),
        ("depth", c_uint32),
        ("yuv_format", c_uint32),
        ("yuv_range", c_uint32),
        ("chroma_sample_position", c_uint32),
        ("yuv_planes", c_void_p * 3),
        ("yuv_row_bytes", c_uint32 * 3),
        ("owns_yuv_planes", c_int32),
        ("alpha_plane", c_void_p),
        ("alpha_row_bytes", c_uint32),
        ("owns_alpha_plane", c_int32),
        ("alpha_premultiplied", c_int32),
        ("icc", c_void_p),
        ("icc_size", c_size_t),
        ("color_primaries", c_uint16),
        ("transfer_characteristics", c_uint16),
        ("matrix_coefficients", c_uint16),
    ]


class RgbImage(ctypes.Structure):
    _fields_ = [
        ("width", c_uint32),
        ("height", c_uint32),
        ("depth", c_uint32),
        ("format", c_uint32),
        ("chroma_upsampling", c_uint32),
        ("chroma_downsampling", c_uint32),
        ("avoid_libyuv", c_int32),
        ("ignore_alpha", c_int32),
        ("alpha_premultiplied", c_int32),
        ("is_float", c_int32),
        ("max_threads", c_int32),
        ("pixels", c_void_p),
        ("row_bytes", c_uint32),
        ("later_members", c_uint8 * 64),
    ]


class Encoder(ctypes.Structure):
    _fields_ = [
        ("codec_choice", c_uint32),
        ("max_threads", c_int32),
        ("speed", c_int32),
        ("keyframe_interval", c_int32),
        ("timescale", c_uint64),
        ("repetition_count", c_int32),
        ("extra_layer_count", c_uint32),
        ("quality", c_int32),
        ("quality_alpha", c_int32),
        ("quantizers", c_int32 * 4),
        ("tile_rows_log2", c_int32),
        ("tile_cols_log2", c_int32),
        ("auto_tiling", c_int32),
        ("scaling", c_int32 * 4),  # numerator and denominator, across and down
    ]


class Output(ctypes.Structure):
    _fields_ = [("data", POINTER(c_uint8)), ("size", c_size_t)]


RGB = 0
YUV444 = 1
AOM = 1
BT709_PRIMARIES = 1
SRGB_TRANSFER = 13
BT601_MATRIX = 6


def load():
    folder = path.join(path.dirname(path.dirname(PIL.__file__)), "pillow.libs")
    [file] = glob(path.join(folder, "libavif-*"))
    library = ctypes.CDLL(file)
    library.avifVersion.restype = c_char_p
    library.avifResultToString.restype = c_char_p
    library.avifImageCreate.restype = POINTER(Image)
    library.avifEncoderCreate.restype = POINTER(Encoder)
    library.avifEncoderAddImage.argtypes = [c_void_p, c_void_p, c_uint64, c_uint32]
    version = library.avifVersion().decode()
    if not version.startswith("1."):
        raise RuntimeError(f"libavif {version} is not version 1")
    return library, version


avif, VERSION = load()


def check(result, what):
    if result != 0:
        reason = avif.avifResultToString(result).decode()
        raise RuntimeError(f"libavif cannot {what}: {reason}")


def encode_layers(width, height, rgb, layers, speed, tune):
    """Encodes a photo, 8-bit sRGB, into a file of two layers, 4:4:4.

    `layers` has the quality of each, 0 to 100, and by how much it is scaled
    down, 1 or 2.
    """
    pixels = ctypes.create_string_buffer(rgb, len(rgb))
    image = avif.avifImageCreate(width, height, 8, YUV444)
    encoder = avif.avifEncoderCreate()
    output = Output()
    try:
        image.contents.color_primaries = BT709_PRIMARIES
        image.contents.transfer_characteristics = SRGB_TRANSFER
        image.contents.matrix_coefficients = BT601_MATRIX
        source = RgbImage()
        avif.avifRGBImageSetDefaults(byref(source), image)
        source.format = RGB
        source.pixels = ctypes.addressof(pixels)
        source.row_bytes = 3 * width
        check(avif.avifImageRGBToYUV(image, byref(source)), "convert the photo")
        settings = encoder.contents
        settings.codec_choice = AOM
        settings.max_threads = 1
        settings.speed = speed
        settings.extra_layer_count = len(layers) - 1
        option = avif.avifEncoderSetCodecSpecificOption
        check(option(encoder, b"tune", tune.encode()), f"tune for {tune}")
        for quality, scale in layers:
            settings.quality = quality
            settings.scaling[:] = [1, scale, 1, scale]
            check(avif.avifEncoderAddImage(encoder, image, 1, 0), "encode a layer")
        check(avif.avifEncoderFinish(encoder, byref(output)), "write the file")
        return ctypes.string_at(output.data, output.size)
    finally:
        avif.avifRWDataFree(byref(output))
        avif.avifEncoderDestroy(encoder)
        avif.avifImageDestroy(image)


def limit_frames(part, start, full, half):
    """Changes the largest frame size in the sequence header at `start`.

    See sections 5.3 and 5.5 of the AV1 specification. Sizes keep their number
    of bits, and frames have sizes of their own.
    """
    delimiter, header = bytes([0x12, 0x00]), 0x0A
    at = start + (2 if part[start : start + 2] == delimiter else 0)
    length = part[at + 1]
    if part[at] != header or length >= 128:
        raise RuntimeError("The AV1 data does not begin with a sequence header")
    bits = int.from_bytes(part[at + 2 : at + 2 + length], "big")
    place = 8 * length

    def read(count):
        nonlocal place
        place -= count
        return bits >> place & ((1 << count) - 1)

    read(3)  # profile
    if read(4) != 0:  # a reduced header, or fields for timing
        raise RuntimeError("The sequence header is not of the expected form")
    for _ in range(read(5) + 1):  # operating points
        read(12)
        if read(5) > 7:  # level
            read(1)
    counts = [read(4) + 1, read(4) + 1]
    for count, before, after in zip(counts, full, half):
        if read(count) != before - 1:
            raise RuntimeError("The sequence header has another size")
        bits += after - before << place
    part[at + 2 : at + 2 + length] = bits.to_bytes(length, "big")


def first_layer(file):
    """The prefix of a file of two layers that holds the first, as a file.

    Decoders refuse a file that is cut, so the boxes of the prefix are changed
    in place, which keeps its length: the image is half as large, also as the
    limit in AV1's sequence header, its data ends with the first layer, and the
    property with the sizes of layers is ignored.
    """
    place = file.index(b"iloc") + 4
    # Version and flags; sizes of numbers; items; of the first item its id, a
    # reference, its extents; of each of them offset and length.
    fields = struct.unpack_from(">IHHHHH4I", file, place)
    _, sizes, items, _, _, extents, start, size, second, rest = fields
    if (sizes, items, extents) != (0x4400, 1, 2) or second != start + size:
        raise RuntimeError("The layers of the AVIF file are not where expected")
    if second + rest != len(file):
        raise RuntimeError("The AVIF file does not end with its second layer")
    part = bytearray(file[:second])
    # Two extents remain, or the boxes would change their lengths.
    struct.pack_into(">4I", part, place + 14, start, size - 1, second - 1, 1)
    shape = file.index(b"ispe") + 8
    full = struct.unpack_from(">II", file, shape)
    half = [(side + 1) // 2 for side in full]
    struct.pack_into(">II", part, shape, *half)
    limit_frames(part, start, full, half)
    layers = file.index(b"a1lx")
    part[layers : layers + 4] = b"skip"
    data = file.index(b"mdat") - 4
    struct.pack_into(">I", part, data, second - data)
    return bytes(part)
