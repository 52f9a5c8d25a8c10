/**
 * The clip of the demo: a button, a slider and the frames, as soon as they are
 * decoded.
 *
 * @module
 */
/// <reference lib="dom" />
import { checkAnswer } from "@/web/fetch_file.ts";
import { pageCodec } from "@/web/page_codec.ts";
import { ClipPlayer } from "./clip_player.ts";
import type { DemoClip } from "./demo_clip.ts";
import { openRanges } from "./open_ranges.ts";

const root = document.querySelector<HTMLElement>("#clip")!;
const part = <Part extends HTMLElement>(name: string) =>
  root.querySelector<Part>(`[data-part="${name}"]`)!;
const button = part<HTMLButtonElement>("play");
const slider = part<HTMLInputElement>("seek");
const canvas = part<HTMLCanvasElement>("frame");
const demo = new URL("demo/", document.baseURI);
const folder = new URL("clip/", demo);

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function start(list: DemoClip): void {
  const file = openRanges(new URL(list.ours.path, folder));
  const player = new ClipPlayer({
    ...{ read: file.read, canvas },
    startCodec: () => pageCodec(list.model, demo, list.clipModel),
    onChange: () => show(),
  });
  const show = () => {
    const { frame, size, isPlaying, waitsFor, speeds, fault } = player.state;
    if (size !== undefined) {
      canvas.hidden = false;
      part("poster").hidden = true;
    }
    setText(button, isPlaying ? "Pause" : "Play");
    slider.value = `${frame}`;
    const what = `frame ${frame + 1} of ${list.frames}`;
    slider.setAttribute("aria-valuetext", what);
    setText(part("place"), what + (size === undefined ? "" : `, ${size}`));
    setText(
      part("received"),
      `${count(file.received())} of ${count(list.ours.bytes)} bytes` +
        Object.entries(speeds).map(([size, speed]) =>
          `; ${size} frames decoded at ${speed.toFixed(1)} a second`
        ).join(""),
    );
    setText(
      part("status"),
      fault ?? (waitsFor === undefined ? "" : `Waiting for ${waitsFor}…`),
    );
  };
  const toggle = () => {
    if (player.state.isPlaying) player.pause();
    else void player.play();
  };
  button.addEventListener("click", toggle);
  canvas.addEventListener("click", toggle);
  part("poster").addEventListener("click", toggle);
  slider.addEventListener(
    "input",
    () => void player.seek(slider.valueAsNumber),
  );
  root.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target !== slider) return;
    event.preventDefault();
    toggle();
  });
  slider.max = `${list.frames - 1}`;
  show();
}

/** Texts that are read out are only set when they change. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

async function open(): Promise<void> {
  const response = await fetch(new URL("clip.json", folder));
  checkAnswer(response, "the clip");
  start(await response.json() as DemoClip);
  part("controls").hidden = false;
}

open().catch(({ message }: Error) => {
  part("status").textContent = message;
});
