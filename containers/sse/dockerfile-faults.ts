const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * Finds what could make two builds of one Dockerfile differ: a base that is neither an earlier stage, nor a digest, nor
 * a build argument (which `npm run image` fills with a digest), and a copy from anything but an earlier stage.
 */
export function dockerfileFaults(text: string): readonly string[] {
  const stages = new Set<string>();
  const wanting = new Set<string>();
  return text.split("\n").flatMap((line, index) => {
    const place = `Dockerfile:${index + 1}`;
    const argument = /^ARG\s+(\w+)(=?)/i.exec(line);
    if (argument?.[1] !== undefined && argument[2] === "") wanting.add(argument[1]);
    const from = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from?.[1] !== undefined) {
      const [, base, name] = from;
      const variable = /^\$\{(\w+)\}$/.exec(base)?.[1];
      const pinned =
        BY_DIGEST.test(base) || stages.has(base) || (variable !== undefined && wanting.has(variable));
      if (name !== undefined) stages.add(name);
      return pinned
        ? []
        : [`${place}: found FROM ${base}; expected name@sha256:DIGEST or an ARG without default.`];
    }
    const copied = /^(?:COPY|ADD)\s.*--from=(\S+)/i.exec(line)?.[1];
    if (copied !== undefined && !stages.has(copied))
      return [`${place}: found --from=${copied}; expected an earlier stage of this file.`];
    return /^ADD\s+(?:\S+\s+)*https?:/i.test(line)
      ? [`${place}: found a download; expected a file of the build context with its checksum verified.`]
      : [];
  });
}
