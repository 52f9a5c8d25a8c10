import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { barChart, photoGrid } from "@/charts/mod.ts";
import { decodePixels, encodePixels } from "@/images/mod.ts";
import { jupyterDisplay, show } from "@/notebook/mod.ts";
import { testPage } from "./_page.ts";

const bars = [{ name: "a", values: [1] }];
const chart = barChart({ title: "Bars", label: "dB", bars });
const grey = { width: 2, height: 2, data: new Uint8Array(12).fill(99) };

Deno.test("show gives the live chart, the picture and the words", async () => {
  const { shown, display } = testPage();
  await show(chart, display);
  assertEquals(shown.length, 1);
  const { bundle, options } = shown[0]!;
  assertEquals(Object.keys(bundle), [
    "application/vnd.vegalite.v5+json",
    "image/svg+xml",
    "text/plain",
  ]);
  assertEquals(bundle["application/vnd.vegalite.v5+json"], chart);
  assertStringIncludes(String(bundle["image/svg+xml"]), "<svg ");
  assertEquals(bundle["text/plain"], "Bars. dB: a 1.00.");
  assertEquals(options, { alt: "Bars. dB: a 1.00." });
});

Deno.test("show names the kind of picture by its bytes", async () => {
  const { shown, display } = testPage();
  for (const format of ["png", "jpeg"] as const) {
    const rows = [{ label: "", photos: [grey] }];
    const photos = await photoGrid({ rows, format });
    await show({ photos, alt: "Grey" }, display);
  }
  const types = shown.map(({ bundle }) => Object.keys(bundle)[0]);
  assertEquals(types, ["image/png", "image/jpeg"]);
  assertEquals(shown[0]!.options, { alt: "Grey" });
  assertStringIncludes(String(shown[0]!.bundle["image/png"]), "iVBORw0KGgo");
});

Deno.test("show refuses bytes of another kind", async () => {
  const { shown, display } = testPage();
  await assertRejects(
    () =>
      show({ photos: new TextEncoder().encode("<svg/>"), alt: "x" }, display),
    TypeError,
    'not one that starts with "3c737667"',
  );
  assertEquals(shown, []);
});

Deno.test("show escapes the values of a table", async () => {
  const { shown, display } = testPage();
  const columns = [{ title: "<Model>" }];
  await show({ caption: "Quality", columns, rows: [["a&b"]] }, display);
  const html = String(shown[0]!.bundle["text/html"]);
  assertStringIncludes(html, "&lt;Model&gt;");
  assertStringIncludes(html, "a&amp;b");
});

Deno.test("outside Jupyter there is no display and show does nothing", async () => {
  assertEquals(jupyterDisplay(), undefined);
  await show(chart);
  await show({ photos: new Uint8Array(), alt: "nothing" });
  await show({ caption: "", columns: [], rows: [] });
  await show("nothing");
});

Deno.test("show gives a string as Markdown, and awaits a promise", async () => {
  const { shown, display } = testPage();
  await show(Promise.resolve("**bold**"), display);
  const text = { "text/markdown": "**bold**", "text/plain": "**bold**" };
  assertEquals(shown.map(({ bundle }) => bundle), [text]);
});

Deno.test("show refuses what cannot be shown", async () => {
  const { display } = testPage();
  const wrong = { loss: 1 } as unknown as string;
  await assertRejects(
    () => show(wrong, display),
    TypeError,
    "not an object of loss.",
  );
});

Deno.test("show takes pixels, decoded files, tensors, files and their paths", async () => {
  const { shown, display } = testPage();
  const file = await encodePixels(grey, "png", {});
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/grey.png`, file);
    const tensor = (shape: number[]) => ({
      shape,
      dtype: "float32",
      data: () => Promise.resolve(new Float32Array(12).fill(99 / 255)),
      toString: () => "Tensor of 12",
    });
    for (
      const content of [
        grey,
        { medium: grey, high: undefined, highIs: "missing" },
        file,
        `${folder}/grey.png`,
        tensor([2, 2, 3]),
      ]
    ) {
      await show(content, display);
      const { bundle, options } = shown.pop()!;
      assertEquals(options, { alt: "A picture of 2 × 2 pixels" });
      const bytes = Uint8Array.fromBase64(String(bundle["image/png"]));
      assertEquals((await decodePixels(bytes)).data, grey.data);
    }
    await show(tensor([12]), display);
    assertEquals(shown.pop()!.bundle, { "text/plain": "Tensor of 12" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("show makes a large picture small, and refuses others in a sentence", async () => {
  const { shown, display } = testPage();
  const data = new Uint8Array(3 * 2500 * 1250);
  await show({ width: 2500, height: 1250, data }, display);
  const file = Uint8Array.fromBase64(String(shown[0]!.bundle["image/jpeg"]));
  assertEquals((await decodePixels(file)).width, 1000);
  for (const [wrong, words] of [[7, "not 7."], [{ a: 1 }, "an object of a."]]) {
    const error = await assertRejects(
      () => show(wrong as string, display),
      TypeError,
    );
    assertStringIncludes(error.message, String(words));
  }
  assertEquals(shown.length, 1);
});
