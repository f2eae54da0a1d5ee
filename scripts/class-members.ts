/** How large classes are, read from their formatted text. */

/** Members of each class: fields, accessors and methods, public or private; its constructor is none. */
export function membersOf(text: string): readonly (readonly [string, number])[] {
  const classes = text.split(/^(?=(?:export )?class )/m).filter((part) => /^(?:export )?class /.test(part));
  return classes.map((body) => {
    const name = /class (\w+)/.exec(body)?.[1] ?? "";
    const inside = body.slice(0, body.search(/^\}/m));
    const members =
      inside.match(
        /^ {2}(?:readonly |async |get |set |static |protected |private )*(?!constructor\b)[#\w]+(?=[<(:=?;\s])/gm,
      ) ?? [];
    return [name, members.length] as const;
  });
}
