/**
 * Takes the parts of the README that the front page repeats.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

/** A picture of a README. */
export interface ReadmePicture {
  /** What it shows. */
  readonly alt: string;
  /** Its path. */
  readonly path: string;
}

/** The parts of a README. */
export interface ReadmeParts {
  /** The heading, without its mark. */
  readonly title: string;
  /** Paragraphs before the first picture, Markdown. */
  readonly idea: string;
  /** The first picture. */
  readonly picture: ReadmePicture;
  /** Paragraphs between the picture and the first section, Markdown. */
  readonly caption: string;
  /** The section on one's first photo, without its heading and picture. */
  readonly firstPhoto: string;
  /** The picture of that section. */
  readonly firstPicture: ReadmePicture;
  /** The section on the two commands, Markdown without its heading. */
  readonly commands: string;
  /** What each notebook is about, by its file's name, from a table. */
  readonly sections: ReadonlyMap<string, string>;
}

/** A row of a table: a section, what it does, and its notebook. */
const sectionRow = /^\| [^|]+ \| ([^|]*\S) +\| .*\(notebooks\/([^)]+)\)/gm;

/** The heading of the section on one's first photo. */
export const firstPhotoHeading = "One photo first";

/** The heading of the section on how to start. */
export const commandsHeading = "Two commands";

/**
 * Takes a README apart.
 *
 * @param readme Markdown.
 * @returns Its parts.
 * @throws {UserError} If a part is missing.
 */
export function readmeParts(readme: string): ReadmeParts {
  const [start = "", ...sections] = readme.split(/^## /m);
  const title = /^# (.+)$/m.exec(start)?.[1];
  const section = (heading: string) => {
    const text = sections.find((text) => text.startsWith(`${heading}\n`));
    if (text === undefined) throw missing(`a section "${heading}"`);
    return text.slice(heading.length).trim();
  };
  if (title === undefined) throw missing("a title (# …)");
  const opening = cutPicture(
    start.replace(`# ${title}`, ""),
    "before its first section",
  );
  const first = cutPicture(
    section(firstPhotoHeading),
    `in the section "${firstPhotoHeading}"`,
  );
  return {
    title,
    idea: opening.before,
    picture: opening.picture,
    caption: opening.after,
    firstPhoto: first.before,
    firstPicture: first.picture,
    commands: section(commandsHeading),
    sections: notebookSections(readme),
  };
}

/** What the sections of each notebook do, several with semicolons. */
function notebookSections(readme: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const [, about = "", name = ""] of readme.matchAll(sectionRow)) {
    const before = sections.get(name);
    sections.set(name, before === undefined ? about : `${before}; ${about}`);
  }
  return sections;
}

/** Cuts a text at its first picture. */
function cutPicture(text: string, place: string) {
  const found = /^!\[([^\]]*)\]\(([^)\s]+)\)$/m.exec(text);
  if (found === null) throw missing(`a picture ${place}`);
  const [whole, alt = "", path = ""] = found;
  const [before = "", after = ""] = text.split(whole);
  return {
    before: before.trim(),
    picture: { alt: alt.replace(/\s+/g, " "), path },
    after: after.trim(),
  };
}

function missing(part: string): UserError {
  return new UserError(`The front page needs ${part} in "README.md".`);
}
