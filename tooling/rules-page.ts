import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PLAN_RULES, RULES } from "../policies/rules/registry";
import { GROUPS, type Group, type Rule } from "../policies/rules/rule";

/** Where the page lies. */
export const RULES_PAGE = join("docs", "rules.md");

function section(group: Group, rules: readonly Rule[]): string {
  const title = `${GROUPS[group].charAt(0).toUpperCase()}${GROUPS[group].slice(1)}`;
  const rows = rules.map((rule) => `| \`${rule.id}\` | ${rule.severity} | ${rule.statement} | ${rule.why} |`);
  return [`## ${title}`, "", "| Rule | Severity | What holds | Why |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function sections(rules: readonly Rule[]): string {
  return (Object.keys(GROUPS) as Group[])
    .map((group) => [group, rules.filter((rule) => rule.group === group)] as const)
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => section(group, members))
    .join("\n\n");
}

/** The table of all rules as Markdown, made from the rules themselves. */
export function rulesPage(): string {
  const ours = RULES.filter((rule) => !PLAN_RULES.includes(rule));
  return `# Rules

Made by \`npm run docs:rules\` from \`policies/rules/\`; edit the rules, not this page.

\`tracewright check FILE\` judges every subject of every rule: compliant, non-compliant, or **could not evaluate**, which
is never counted as a pass. A rule about something the file does not hold is not applicable. \`error\` means it does not
work, \`warning\` that it works badly or by luck, \`note\` that it could be better.

${sections(PLAN_RULES)}

# Rules for stacks made of our constructs

These run at synth only, together with all rules above; errors and warnings stop it.

${sections(ours)}
`;
}

if (process.argv[1]?.endsWith("run.mjs") === true) writeFileSync(RULES_PAGE, rulesPage());
