/**
 * Child process of FunctionHost: loads one function as Lambda's Node runtime does and runs the invocations its parent
 * sends over IPC, one at a time.
 */
const { handler } = require(`${process.env.LAMBDA_TASK_ROOT}/index.js`);

function contextOf(invocation) {
  return {
    awsRequestId: invocation.requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: `/aws/lambda/${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    logStreamName: "lab",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => invocation.deadline - Date.now(),
  };
}

process.on("message", async (invocation) => {
  // Lambda rewrites the variable for every invocation and removes it when there is no header.
  if (invocation.traceHeader === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  let answer;
  try {
    const result = await handler(invocation.event, contextOf(invocation));
    answer = { requestId: invocation.requestId, result: JSON.stringify(result) ?? "null" };
  } catch (error) {
    const { name, message, stack } =
      error instanceof Error ? error : { name: "Error", message: String(error) };
    answer = { requestId: invocation.requestId, error: { name, message, stack } };
  }
  process.send(answer);
});

process.send({ ready: true });

// Whatever becomes of the parent, no function is left behind.
process.on("disconnect", () => process.exit());
