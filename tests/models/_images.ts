/** Images for the tests of this room. */
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/**
 * Smooth images with some noise, so that their patches have a few strong
 * components and many weak ones: `[n, size, size, 3]` in 0..1.
 */
export function smoothImages(n: number, size: number): tf.Tensor4D {
  const random = seededRandom("smooth", n, size);
  const data = new Float32Array(n * size * size * 3);
  let at = 0;
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [random() * 6, random() * 6, random()];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const wave = Math.sin(a * x / size + b * y / size + channel * c);
          data[at++] = 0.45 + 0.35 * wave + 0.1 * (random() - 0.5);
        }
      }
    }
  }
  return tf.tensor4d(data, [n, size, size, 3]);
}

/** The maximum difference of two tensors of one shape. */
export function maxDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => a.sub(b).abs().max().dataSync()[0]!);
}
