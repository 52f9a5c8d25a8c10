/**
 * Takes the parts of the README that the front page repeats.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

/** The parts of a README. */
export interface ReadmeParts {
  /** The heading, without its mark. */
  readonly title: string;
  /** Paragraphs before the first picture, Markdown. */
  readonly idea: string;
  /** The first picture. */
  readonly picture: { readonly alt: string; readonly path: string };
  /** Paragraphs between the picture and the first section, Markdown. */
  readonly caption: string;
  /** The section on the two commands, Markdown without its heading. */
  readonly commands: string;
  /** What each notebook is about, by its file's name, from a table. */
  readonly sections: ReadonlyMap<string, string>;
}

/** A row of a table: a section, what it does, and its notebook. */
const sectionRow = /^\| [^|]+ \| ([^|]*\S) +\| .*\(notebooks\/([^)]+)\)/gm;

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
  const picture = /^!\[([^\]]*)\]\(([^)\s]+)\)$/m.exec(start);
  const commands = sections.find((section) =>
    section.startsWith(`${commandsHeading}\n`)
  );
  if (title === undefined) throw missing("a title (# …)");
  if (picture === null) throw missing("a picture before its first section");
  if (commands === undefined) throw missing(`a section "${commandsHeading}"`);
  const [whole, alt = "", path = ""] = picture;
  const [idea = "", caption = ""] = start.replace(`# ${title}`, "")
    .split(whole);
  return {
    title,
    idea: idea.trim(),
    picture: { alt: alt.replace(/\s+/g, " "), path },
    caption: caption.trim(),
    commands: commands.slice(commandsHeading.length).trim(),
    sections: new Map(
      Array.from(readme.matchAll(sectionRow), ([, about = "", name = ""]) => [
        name,
        about,
      ]),
    ),
  };
}

function missing(part: string): UserError {
  return new UserError(`The front page needs ${part} in "README.md".`);
}
