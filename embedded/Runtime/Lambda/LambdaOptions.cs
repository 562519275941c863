using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>
/// What AWS keeps beside a function: the bucket's notification, the queue's redrive policy, the event source mapping, the
/// function's own limits. Section "Lambda", but for the bucket ("S3") and what the embedded edition shares ("Embedded").
/// </summary>
internal sealed class LambdaOptions
{
    /// <summary>The S3 server, http://127.0.0.1:4568 by default.</summary>
    public Uri ServiceUrl { get; set; } = new("http://127.0.0.1:4568");

    [Required]
    public string Bucket { get; set; } = "assets";

    /// <summary>Only keys that start so are announced: "media/" by default.</summary>
    public string Prefix { get; set; } = "media/";

    /// <summary>Where the queue of the function is kept: ".data" by default.</summary>
    public string DataDirectory { get; set; } = ".data";

    /// <summary>The S3 server's access log, whose lines wake the runner; without one it scans the bucket more often.</summary>
    public string? AccessLog { get; set; }

    /// <summary>Messages per invocation, 10 by default. Raising it saves invocations and lets a message wait for its neighbours.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 10;

    /// <summary>Objects announced by one message where several are found at once, 3 by default.</summary>
    [Range(1, 100)]
    public int RecordsPerMessage { get; set; } = 3;

    /// <summary>Invocations at a time, one per processor by default.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Deliveries before a message becomes a dead letter, 5 by default.</summary>
    [Range(1, 1000)]
    public int MaxReceiveCount { get; set; } = 5;

    /// <summary>Wait before the second delivery, 1 s by default; doubled for each further one, up to a minute.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What <c>ILambdaContext.RemainingTime</c> counts down from, 15 minutes by default: Lambda's largest.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What running invocations get to finish once the process is asked to stop, 9 s by default.</summary>
    public TimeSpan StopLimit { get; set; } = TimeSpan.FromSeconds(9);

    public string FunctionName { get; set; } = Assembly.GetEntryAssembly()?.GetName().Name ?? "function";

    [Range(128, 10_240)]
    public int MemoryMb { get; set; } = 1024;

    public string Region { get; set; } = "us-east-1";

    /// <exception cref="InvalidOperationException">Names every setting that is wrong.</exception>
    public static LambdaOptions Read(IConfiguration configuration)
    {
        LambdaOptions options = new();
        configuration.GetSection("Lambda").Bind(options);
        configuration.GetSection("S3").Bind(options);
        options.DataDirectory = configuration["Embedded:DataDirectory"] ?? options.DataDirectory;
        options.AccessLog = configuration["Embedded:S3AccessLog"] ?? options.AccessLog;
        options.FunctionName = configuration["AWS_LAMBDA_FUNCTION_NAME"] ?? options.FunctionName;
        options.Region = configuration["AWS_REGION"] ?? options.Region;

        List<ValidationResult> problems = [];
        return Validator.TryValidateObject(options, new(options), problems, validateAllProperties: true)
            ? options
            : throw new InvalidOperationException($"Lambda is configured wrongly. {string.Join(' ', problems.Select(p => p.ErrorMessage))}");
    }
}
