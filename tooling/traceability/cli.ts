import { run } from "./command";

const { code, stdout, stderr } = run(process.argv.slice(2), process.cwd());
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
