using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Serverless.Local.Lambda;

/// <summary>
/// What AWS keeps beside a function: its limits, its queue with the redrive policy, the event source mapping between them. Section
/// "Lambda" of the environment, but for the names that AWS gives the region and the function.
/// </summary>
internal sealed class LambdaOptions
{
    /// <summary>What starts the function: a program and its arguments.</summary>
    [MinLength(1, ErrorMessage = "No function was named: give the program that starts it, for instance dotnet FUNCTION.dll.")]
    public IReadOnlyList<string> Command { get; set; } = [];

    /// <summary>The queue listens here on 127.0.0.1, 9324 by default; 0 takes a free port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 9324;

    /// <summary>Where the queue is kept: ".data" by default.</summary>
    [Required]
    public string DataDirectory { get; set; } = ".data";

    [RegularExpression("[A-Za-z0-9_-]{1,64}")]
    public string FunctionName { get; set; } = "function";

    /// <summary>The queue's name, "{function}-queue" where it is not set.</summary>
    [RegularExpression("[A-Za-z0-9_-]{1,80}")]
    public string? QueueName { get; set; }

    [Range(128, 10_240)]
    public int MemoryMb { get; set; } = 1024;

    /// <summary>How long an invocation may take before its process is ended, 15 minutes by default: Lambda's largest.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:15:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Invocations at a time, each in a process of its own that loads all it needs; 1 by default.</summary>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 1;

    /// <summary>Messages per invocation, 10 by default. Raising it saves invocations and lets a message wait for its neighbours.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 10;

    /// <summary>How long a message waits for its batch to fill, none by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan BatchWindow { get; set; }

    /// <summary>Deliveries before a message becomes a dead letter, 5 by default.</summary>
    [Range(1, 1000)]
    public int MaxReceiveCount { get; set; } = 5;

    /// <summary>
    /// How long a message that failed stays hidden, 1 s by default; doubled for each further failure, up to a minute. One in flight stays
    /// hidden until its invocation ends.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "12:00:00")]
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What running invocations get to finish once the process is asked to stop, 9 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:15:00")]
    public TimeSpan StopLimit { get; set; } = TimeSpan.FromSeconds(9);

    public string Region { get; set; } = "us-east-1";

    public string Queue => QueueName ?? $"{FunctionName}-queue";

    public string FunctionArn => $"arn:aws:lambda:{Region}:{SqsBatch.Account}:function:{FunctionName}";

    public static LambdaOptions Read(IConfiguration configuration)
    {
        LambdaOptions options = new();
        configuration.GetSection("Lambda").Bind(options);
        options.FunctionName = configuration["AWS_LAMBDA_FUNCTION_NAME"] ?? options.FunctionName;
        options.Region = configuration["AWS_REGION"] ?? options.Region;
        return options;
    }

    /// <exception cref="InvalidOperationException">Names everything that is wrong, in one line.</exception>
    public LambdaOptions Validated()
    {
        List<ValidationResult> problems = [];
        return Validator.TryValidateObject(this, new(this), problems, validateAllProperties: true)
            ? this
            : throw new InvalidOperationException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
    }
}
