/** Images that may expire are tagged with this and what was deployed. */
export const RELEASE_TAG_PREFIX = "release-";

/** Days after which an image without a tag is only a leftover of a push. */
const UNTAGGED_DAYS = 14;

/** What expires, as ECR reads it (ECR user guide, "Lifecycle policy properties"). */
export interface LifecyclePolicy {
  readonly rules: readonly {
    readonly rulePriority: number;
    readonly description: string;
    readonly selection: {
      readonly tagStatus: "tagged" | "untagged";
      readonly tagPrefixList?: readonly string[];
      readonly countType: "imageCountMoreThan" | "sinceImagePushed";
      readonly countUnit?: "days";
      readonly countNumber: number;
    };
    readonly action: { readonly type: "expire" };
  }[];
}

/**
 * What expires in a repository of images: releases but the newest, and untagged leftovers. Nothing selects the
 * baseline, which therefore never expires.
 *
 * @param keepReleases how many releases remain; a function keeps running on the image it was deployed with only while
 *   that image is there
 */
export function imageLifecycle(keepReleases: number): LifecyclePolicy {
  return {
    rules: [
      {
        rulePriority: 1,
        description: `Keep the newest ${keepReleases} releases`,
        selection: {
          tagStatus: "tagged",
          tagPrefixList: [RELEASE_TAG_PREFIX],
          countType: "imageCountMoreThan",
          countNumber: keepReleases,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: "Drop what a push left without a tag",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: UNTAGGED_DAYS,
        },
        action: { type: "expire" },
      },
    ],
  };
}
