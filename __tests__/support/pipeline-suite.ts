import { PipelineLab } from "./pipeline-lab";
import { describeWith } from "./tools";

/**
 * Declares a suite that shares one lab, reset before every test.
 *
 * @param suite receives a function that returns the lab; it has one only while tests run
 */
export function describePipeline(title: string, suite: (lab: () => PipelineLab) => void): void {
  describeWith(["moto"], title, () => {
    let lab: PipelineLab;

    beforeAll(async () => {
      lab = await PipelineLab.start();
    });

    beforeEach(async () => {
      await lab.reset();
    });

    afterAll(async () => {
      await lab?.stop();
    });

    suite(() => lab);
  });
}
