using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// One invocation as its handler sees it: what the Runtime API says of it, and the variables that Lambda sets for the process.
/// </summary>
internal sealed class LambdaContext(string requestId, DateTimeOffset deadline, TimeProvider time) : ILambdaContext
{
    public string AwsRequestId { get; } = requestId;

    public string TraceId { get; init; }

    public string TenantId { get; init; }

    public string InvokedFunctionArn { get; init; }

    public string FunctionName { get; } = Variable("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion { get; } = Variable("AWS_LAMBDA_FUNCTION_VERSION");

    public int MemoryLimitInMB { get; } =
        int.TryParse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out int size) ? size : 128;

    public string LogGroupName { get; } = Variable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName { get; } = Variable("AWS_LAMBDA_LOG_STREAM_NAME");

    public ILambdaLogger Logger { get; } = new LambdaConsole(requestId, time);

    public TimeSpan RemainingTime => deadline - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // Only a mobile application that calls the function directly has these.
    public IClientContext ClientContext => null;

    public ICognitoIdentity Identity => null;

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name);
}
