import { StreamLab } from "./stream-lab";
import { describeWith } from "./tools";

/**
 * Declares a suite that shares one lab.
 *
 * @param suite receives a function that returns the lab; it has one only while tests run
 */
export function describeStream(title: string, suite: (lab: () => StreamLab) => void): void {
  describeWith(["moto", "runtimeClient"], title, () => {
    let lab: StreamLab;

    beforeAll(async () => {
      lab = await StreamLab.start();
    });

    afterAll(async () => {
      await lab?.stop();
    });

    suite(() => lab);
  });
}
