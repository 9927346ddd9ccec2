import { restOperation } from "../../lab/runtime/rest-operations";

test.each([
  ["xray", "POST", "/TraceSegments", "PutTraceSegments", {}],
  ["xray", "POST", "/GetSamplingRules", "GetSamplingRules", {}],
  [
    "lambda",
    "GET",
    "/2015-03-31/functions/a/configuration?Qualifier=live",
    "GetFunctionConfiguration",
    { FunctionName: "a" },
  ],
  [
    "lambda",
    "PUT",
    "/2015-03-31/functions/a/aliases/live",
    "UpdateAlias",
    { FunctionName: "a", Name: "live" },
  ],
  ["lambda", "POST", "/2015-03-31/functions/a/versions", "PublishVersion", { FunctionName: "a" }],
  ["lambda", "GET", "/2017-03-31/tags/arn%3Aaws%3Alambda", "ListTags", { Resource: "arn:aws:lambda" }],
  ["lambda", "GET", "/2099-01-01/novelty", "GET /2099-01-01/novelty", {}],
  ["s3", "PUT", "/bucket/a/b.json?x-id=PutObject", "PutObject", { Bucket: "bucket", Key: "a/b.json" }],
  ["s3", "GET", "/bucket?location", "GetBucketLocation", {}],
  ["s3", "HEAD", "/bucket", "HeadBucket", { Bucket: "bucket" }],
])("%s %s %s is %s", (service, method, target, operation, input) => {
  expect(restOperation({ service, method, target })).toEqual({ operation, input });
});
