/** Which JPEGs a page refuses for their colours. */
import { isCmykJpeg } from "@/web/pictures.ts";
import { assertEquals } from "@std/assert";
import sharp from "sharp";

const create = { width: 9, height: 7, channels: 3, background: "red" } as const;
const red = () => sharp({ create });

Deno.test("JPEGs of four components are told from all other files", async () => {
  const cmyk = red().toColourspace("cmyk");
  const files: [expected: boolean, file: Uint8Array][] = [
    [true, await cmyk.clone().jpeg().toBuffer()],
    [true, await cmyk.clone().jpeg({ progressive: true }).toBuffer()],
    // A profile before the frame header, in segments of its own.
    [true, await cmyk.clone().withIccProfile("cmyk").jpeg().toBuffer()],
    [false, await red().jpeg().toBuffer()],
    [false, await red().withIccProfile("p3").jpeg().toBuffer()],
    [false, await red().grayscale().jpeg().toBuffer()],
    [false, await red().ensureAlpha().png().toBuffer()],
    [false, new Uint8Array()],
  ];
  for (const [i, [expected, file]] of files.entries()) {
    assertEquals(isCmykJpeg(file), expected, `file ${i}`);
  }
});

Deno.test("a JPEG that ends before its frame header is not taken for CMYK", async () => {
  const file = await red().toColourspace("cmyk").jpeg().toBuffer();
  const whole = Array.from(file.keys()).find((length) =>
    isCmykJpeg(file.subarray(0, length))
  )!;
  // The header gives the number of components in its tenth byte.
  assertEquals(file.subarray(whole - 10, whole - 8).toHex(), "ffc0");
});
