using Amazon.Lambda.Core;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>One invocation as its handler sees it.</summary>
internal sealed class LambdaContext(LambdaFunction function, string requestId, DateTimeOffset deadline, TimeProvider time) : ILambdaContext
{
    public string AwsRequestId { get; } = requestId;

    public string? TraceId { get; init; }

    public string? TenantId { get; init; }

    public string InvokedFunctionArn { get; init; } = function.Arn;

    public string FunctionName => function.Name;

    public string FunctionVersion => function.Version;

    public int MemoryLimitInMB => function.MemoryMb;

    public string LogGroupName => function.LogGroup;

    public string LogStreamName => function.LogStream;

    public ILambdaLogger Logger { get; } = new LambdaConsole(requestId);

    public TimeSpan RemainingTime => deadline - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // Only a mobile application that calls the function directly has these.
    public IClientContext? ClientContext => null;

    public ICognitoIdentity? Identity => null;
}

/// <summary>What stays the same over all invocations, read from the variables that Lambda sets.</summary>
internal sealed record LambdaFunction(string Name, string Version, int MemoryMb, string LogGroup, string LogStream, string Arn)
{
    public static LambdaFunction Create(string name, string region, int memoryMb) => new(
        Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME") ?? name,
        Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_VERSION") ?? "$LATEST",
        int.TryParse(Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), out int size) ? size : memoryMb,
        Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_GROUP_NAME") ?? $"/aws/lambda/{name}",
        Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_STREAM_NAME") ?? "embedded",
        $"arn:aws:lambda:{region}:123456789012:function:{name}");
}

/// <summary>Lines as Lambda writes them to its log: time, request, level, message.</summary>
internal sealed class LambdaConsole(string requestId) : ILambdaLogger
{
    public void Log(string message) => Console.Write(message);

    public void LogLine(string message) => Log("Information", message);

    public void Log(string level, string message) =>
        Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}\t{requestId}\t{ShortNameOf(level)}\t{message}");

    private static string ShortNameOf(string level) => level switch
    {
        "Trace" => "trce",
        "Debug" => "dbug",
        "Information" => "info",
        "Warning" => "warn",
        "Error" => "fail",
        "Critical" => "crit",
        _ => level,
    };
}
