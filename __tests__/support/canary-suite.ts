import { CanaryLab } from "./canary-lab";
import { describeWith } from "./tools";

/**
 * Declares a suite that shares one canary lab, reset before every test.
 *
 * @param suite receives a function that returns the lab; it has one only while tests run
 */
export function describeCanary(title: string, suite: (lab: () => CanaryLab) => void): void {
  describeWith(["moto"], title, () => {
    let lab: CanaryLab;

    beforeAll(async () => {
      lab = await CanaryLab.start();
    });

    beforeEach(() => lab.reset());

    afterEach(() => lab.log.end());

    afterAll(async () => {
      await lab?.stop();
    });

    suite(() => lab);
  });
}
