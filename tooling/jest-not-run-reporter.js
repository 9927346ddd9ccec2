/** Repeats, after jest's own summary, every suite that was left out because a tool is missing. */
module.exports = class NotRunReporter {
  onRunComplete(_contexts, results) {
    const left = results.testResults
      .flatMap((file) => file.testResults)
      .map((result) => result.title)
      .filter((title) => title.startsWith("NOT RUN:"));
    for (const title of left) process.stderr.write(`\n${title}\n`);
  }
};
