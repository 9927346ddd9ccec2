import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { requireInteger } from "./construct-error";
import { imageLifecycle } from "./image-lifecycle";

/** Props of {@link ImageRepository}. */
export interface ImageRepositoryProps {
  /** Name of the repository. @default none */
  readonly repositoryName: string;
  /** Releases to keep besides the baseline, 1 to 1000. @default none: each is storage, and one is the way back */
  readonly keepReleases: number;
}

/** A repository of container images whose tags never move, scanned on push, with a baseline that never expires. */
export class ImageRepository extends Construct {
  /** Address to push to, without tag. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    requireInteger(this, "keepReleases", props.keepReleases, 1, 1000);
    const repository = new EcrRepository(this, "repository", {
      name: props.repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "AES256" }],
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify(imageLifecycle(props.keepReleases)),
    });
    this.url = repository.repositoryUrl;
  }
}
