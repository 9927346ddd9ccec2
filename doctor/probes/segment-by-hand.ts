/**
 * Opens a segment for each request where the X-Ray SDK has no middleware for the framework: `traced` goes before
 * everything else a request passes through. The probe of inbound requests shows it, docs/doctor.md too, and a test runs
 * it.
 */
export const SEGMENT_BY_HAND = `const AWSXRay = require("aws-xray-sdk-core");
AWSXRay.middleware.setDefaultName("NAME");

function traced(request, response, next) {
  // Reads the trace header, asks the sampling rules, and closes the segment with the response.
  const segment = AWSXRay.middleware.traceRequestResponseCycle(request, response);
  AWSXRay.getNamespace().runAndReturn(() => {
    AWSXRay.setSegment(segment);
    next();
  });
}`;
