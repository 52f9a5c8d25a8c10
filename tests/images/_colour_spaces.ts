/**
 * Colour spaces, and ICC profiles of them by primaries and a curve or by a
 * table.
 *
 * @module
 */

/** Rows of a 3x3 matrix. */
export type Matrix = readonly (readonly [number, number, number])[];

/** Three values: red, green and blue, or X, Y and Z. */
export type Triple = readonly [number, number, number];

/** A colour space that an ICC profile describes. */
export interface ColourSpace {
  /** Its usual name. */
  readonly name: string;
  /** Linear RGB to XYZ, adapted to D50; grey profiles have none. */
  readonly toXyz?: Matrix;
  /** The exponent of its tone curve; sRGB's own curve if absent. */
  readonly gamma?: number;
  /** The numbers of a parametric curve of the profile, as ICC.1 orders them. */
  readonly parametric?: readonly number[];
  /** The type of its profile's table, beside curves and a matrix of sRGB. */
  readonly table?: "lut16" | "lut8 to Lab" | "lut16 to Lab" | "lutAToB";
}

// B. Lindbloom, "RGB/XYZ Matrices", Bradford-adapted to D50.
export const srgb: ColourSpace = {
  name: "sRGB",
  toXyz: [
    [0.4360747, 0.3850649, 0.1430804],
    [0.2225045, 0.7168786, 0.0606169],
    [0.0139322, 0.0971045, 0.7141733],
  ],
};

export const displayP3: ColourSpace = {
  name: "Display P3",
  toXyz: [
    [0.515102, 0.291965, 0.157153],
    [0.241182, 0.692236, 0.066582],
    [-0.001049, 0.041882, 0.784378],
  ],
};

export const adobeRgb: ColourSpace = {
  name: "Adobe RGB",
  gamma: 2 + 51 / 256,
  toXyz: [
    [0.6097559, 0.2052401, 0.1492240],
    [0.3111242, 0.6256560, 0.0632197],
    [0.0194811, 0.0608902, 0.7448387],
  ],
};

export const proPhoto: ColourSpace = {
  name: "ProPhoto RGB",
  gamma: 1.8,
  toXyz: [
    [0.7976749, 0.1351917, 0.0313534],
    [0.2880402, 0.7118741, 0.0000857],
    [0, 0, 0.8252100],
  ],
};

/** From an encoded value of a colour space to a linear one, both 0..1. */
export function toLinear({ gamma }: ColourSpace, value: number): number {
  if (gamma !== undefined) return value ** gamma;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** From a linear value to an encoded one, both 0..1; clips. */
export function toEncoded({ gamma }: ColourSpace, linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  if (gamma !== undefined) return value ** (1 / gamma);
  return value <= 0.0031308
    ? value * 12.92
    : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Encoded colour of one space, 0..1, to the encoded colour of another. */
export function convert(
  colour: Triple,
  from: ColourSpace,
  to: ColourSpace,
): Triple {
  if (from.toXyz === undefined || to.toXyz === undefined) {
    const grey = toEncoded(to, toLinear(from, colour[0]));
    return [grey, grey, grey];
  }
  const linear = colour.map((v) => toLinear(from, v)) as unknown as Triple;
  const xyz = multiply(from.toXyz, linear);
  return multiply(inverse(to.toXyz), xyz)
    .map((v) => toEncoded(to, v)) as unknown as Triple;
}

function multiply(m: Matrix, v: Triple): Triple {
  return m.map((row) =>
    row[0] * v[0] + row[1] * v[1] + row[2] * v[2]
  ) as unknown as Triple;
}

function inverse(m: Matrix): Matrix {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [Triple, Triple, Triple];
  const minors = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ] as const;
  const det = a * minors[0][0] + b * minors[1][0] + c * minors[2][0];
  return minors.map((row) => row.map((v) => v / det) as unknown as Triple);
}

/**
 * A minimal ICC profile, version 2.4, of one curve and, for RGB, a matrix. If
 * it has a table, the matrix is another one, which readers must not use.
 */
export function iccProfile(space: ColourSpace): Uint8Array {
  const curve = curveTag(space);
  const toXyz = space.table ? srgb.toXyz : space.toXyz;
  const tags: [string, Uint8Array][] = [
    ["desc", descTag(space.name)],
    ["cprt", textTag("None")],
    ["wtpt", xyzTag([0.9642, 1, 0.8249])],
  ];
  if (toXyz === undefined) tags.push(["kTRC", curve]);
  else {
    if (space.table) tags.push(["A2B0", tableTag(space)]);
    for (const [i, letter] of ["r", "g", "b"].entries()) {
      const column = toXyz.map((row) => row[i]) as unknown as Triple;
      tags.push([`${letter}XYZ`, xyzTag(column)], [`${letter}TRC`, curve]);
    }
  }
  const start = 128 + 4 + tags.length * 12;
  const size = start + tags.reduce((sum, [, t]) => sum + padded(t.length), 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  const isNew = space.parametric || space.table === "lutAToB";
  view.setUint32(8, isNew ? 0x04000000 : 0x02400000);
  write(bytes, 12, "mntr");
  write(bytes, 16, space.toXyz === undefined ? "GRAY" : "RGB ");
  write(bytes, 20, space.table?.endsWith("Lab") ? "Lab " : "XYZ ");
  view.setUint16(24, 2026);
  view.setUint16(26, 1);
  view.setUint16(28, 1);
  write(bytes, 36, "acsp");
  [0.9642, 1, 0.8249].forEach((v, i) => view.setInt32(68 + 4 * i, fixed(v)));
  view.setUint32(128, tags.length);
  let at = start;
  for (const [i, [name, tag]] of tags.entries()) {
    write(bytes, 132 + 12 * i, name);
    view.setUint32(136 + 12 * i, at);
    view.setUint32(140 + 12 * i, tag.length);
    bytes.set(tag, at);
    at += padded(tag.length);
  }
  return bytes;
}

function curveTag(space: ColourSpace): Uint8Array {
  const { gamma, parametric } = space;
  if (parametric !== undefined) {
    const kind = [1, 3, 4, 5, 7].indexOf(parametric.length);
    const bytes = new Uint8Array(12 + 4 * parametric.length);
    const view = new DataView(bytes.buffer);
    write(bytes, 0, "para");
    view.setUint16(8, kind);
    parametric.forEach((v, i) => view.setInt32(12 + 4 * i, fixed(v)));
    return bytes;
  }
  const count = gamma === undefined ? 4096 : 1;
  const bytes = new Uint8Array(12 + 2 * count);
  const view = new DataView(bytes.buffer);
  write(bytes, 0, "curv");
  view.setUint32(8, count);
  if (gamma !== undefined) view.setUint16(12, Math.round(gamma * 256));
  else {
    for (let i = 0; i < count; i++) {
      const value = toLinear(space, i / (count - 1));
      view.setUint16(12 + 2 * i, Math.round(value * 65535));
    }
  }
  return bytes;
}

/** A table; see ICC.1:2022, sections 10.10 to 10.12. */
function tableTag(space: ColourSpace): Uint8Array {
  if (space.table === "lutAToB") return newTableTag(space);
  const isLab = space.table !== "lut16";
  const isByte = space.table === "lut8 to Lab";
  // Between eight corners, XYZ is linear; CIELAB takes a fine grid.
  const side = isLab ? 33 : 2;
  const inputs = isByte ? 256 : 4096;
  const outputs = isByte ? 256 : 2;
  const last = side - 1;
  const grid = Array.from({ length: side ** 3 }, (_, i) => {
    const steps = [Math.floor(i / side ** 2), Math.floor(i / side) % side];
    const colour = [...steps, i % side].map((v) => v / last);
    if (!isLab) {
      const xyz = multiply(space.toXyz!, colour as unknown as Triple);
      return xyz.map((v) => 32768 / 65535 * Math.max(0, v));
    }
    const linear = colour.map((v) => toLinear(space, v)) as unknown as Triple;
    const [l, a, b] = toLab(multiply(space.toXyz!, linear));
    const scale = isByte ? 1 : 65280 / 65535;
    return [l / 100, (a + 128) / 255, (b + 128) / 255].map((v) => v * scale);
  });
  const line = (count: number, curve = (v: number) => v) =>
    Array.from({ length: count }, (_, i) => curve(i / (count - 1)));
  const input = line(inputs, (v) => isLab ? v : toLinear(space, v));
  const output = line(outputs);
  const numbers = [
    ...[...input, ...input, ...input, ...grid.flat()],
    ...[...output, ...output, ...output],
  ];
  const size = isByte ? 1 : 2;
  const start = isByte ? 48 : 52;
  const bytes = new Uint8Array(start + size * numbers.length);
  const view = new DataView(bytes.buffer);
  write(bytes, 0, isByte ? "mft1" : "mft2");
  bytes.set([3, 3, side], 8);
  [0, 4, 8].forEach((i) => view.setInt32(12 + 4 * i, fixed(1)));
  if (!isByte) view.setUint16(48, inputs);
  if (!isByte) view.setUint16(50, outputs);
  numbers.forEach((v, i) =>
    isByte
      ? view.setUint8(start + i, Math.round(255 * v))
      : view.setUint16(start + 2 * i, Math.round(65535 * v))
  );
  return bytes;
}

/** Curves, a grid that changes nothing, curves, a matrix, and curves. */
function newTableTag(space: ColourSpace): Uint8Array {
  const same = curveTag({ name: "", gamma: 1 });
  const curve = curveTag(space);
  const three = (tag: Uint8Array) => {
    const one = join(tag, new Uint8Array(padded(tag.length) - tag.length));
    return join(one, one, one);
  };
  const matrix = new Uint8Array(48);
  space.toXyz!.flat().forEach((v, i) =>
    new DataView(matrix.buffer).setInt32(4 * i, fixed(v * 32768 / 65535))
  );
  const grid = new Uint8Array(20 + 3 * 8);
  grid.set([2, 2, 2]);
  grid[16] = 1; // byte per number
  for (let i = 0; i < 24; i++) grid[20 + i] = 255 * (i / 3 >> 2 - i % 3 & 1);
  const parts = [three(same), matrix, three(curve), grid, three(same)];
  const head = new Uint8Array(32);
  write(head, 0, "mAB ");
  head.set([3, 3], 8);
  let at = head.length;
  parts.forEach((part, i) => {
    new DataView(head.buffer).setUint32(12 + 4 * i, at);
    at += part.length;
  });
  return join(head, ...parts);
}

function toLab(xyz: Triple): Triple {
  const [x, y, z] = xyz.map((v, i) => {
    const ratio = v / [0.9642, 1, 0.8249][i]!;
    return ratio > 216 / 24389
      ? Math.cbrt(ratio)
      : (ratio * 24389 / 27 + 16) / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function xyzTag(xyz: Triple): Uint8Array {
  const bytes = new Uint8Array(20);
  write(bytes, 0, "XYZ ");
  const view = new DataView(bytes.buffer);
  xyz.forEach((v, i) => view.setInt32(8 + 4 * i, fixed(v)));
  return bytes;
}

function descTag(text: string): Uint8Array {
  const bytes = new Uint8Array(12 + text.length + 1 + 78);
  write(bytes, 0, "desc");
  new DataView(bytes.buffer).setUint32(8, text.length + 1);
  write(bytes, 12, text);
  return bytes;
}

function textTag(text: string): Uint8Array {
  const bytes = new Uint8Array(8 + text.length + 1);
  write(bytes, 0, "text");
  write(bytes, 8, text);
  return bytes;
}

export function write(bytes: Uint8Array, at: number, text: string): void {
  bytes.set(new TextEncoder().encode(text), at);
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function fixed(value: number): number {
  return Math.round(value * 65536);
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
