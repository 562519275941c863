using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>On what terms a prediction is asked for, as its headers say; the same on every prediction route.</summary>
/// <param name="Environment">X-Environment, else the configured one.</param>
/// <param name="RoutingKey">X-Routing-Key: callers with the same key meet the same version.</param>
/// <param name="Arm">X-Rollout-Arm, for testing.</param>
/// <param name="Priority">X-Priority: low, normal or high.</param>
/// <param name="Deadline">From X-Deadline-Ms, counted from the arrival.</param>
/// <param name="Arrived">Time stamp of the arrival, for durations.</param>
internal sealed record CallTerms(string Environment, string? RoutingKey, string? Arm, RequestPriority Priority, DateTimeOffset Deadline, long Arrived)
{
    public const string EnvironmentHeader = "X-Environment";
    public const string RoutingKeyHeader = "X-Routing-Key";
    public const string ArmHeader = "X-Rollout-Arm";
    public const string PriorityHeader = "X-Priority";
    public const string DeadlineHeader = "X-Deadline-Ms";

    private const int MaxHeaderCharacters = 256;

    /// <summary>For captures: tells callers apart without naming them.</summary>
    public string? KeyHash => RoutingKey is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RoutingKey)).AsSpan(0, 8));

    public static CallTerms Read(HttpRequest request, PredictionOptions options, IEnumerable<string> environments, TimeProvider time)
    {
        long arrived = time.GetTimestamp();
        string environment = Text(request, EnvironmentHeader) ?? options.Environment;
        if (!environments.Contains(environment))
            throw RequestProblem.BadRequest($"{EnvironmentHeader} is '{environment}'; allowed are {string.Join(", ", environments)}.");
        return new CallTerms(
            environment,
            Text(request, RoutingKeyHeader),
            Text(request, ArmHeader),
            ReadPriority(request),
            time.GetUtcNow() + ReadDeadline(request, options.MaxDeadline),
            arrived);
    }

    /// <summary>A key in the body counts where no header has one.</summary>
    public CallTerms WithKey(string? key)
    {
        if (RoutingKey is not null || string.IsNullOrEmpty(key)) return this;
        return key.Length <= MaxHeaderCharacters
            ? this with { RoutingKey = key }
            : throw RequestProblem.BadRequest($"The routing key has {key.Length} characters; allowed are 1 to {MaxHeaderCharacters}.");
    }

    private static RequestPriority ReadPriority(HttpRequest request) => Text(request, PriorityHeader) switch
    {
        null or "normal" => RequestPriority.Normal,
        "high" => RequestPriority.High,
        "low" => RequestPriority.Low,
        var other => throw RequestProblem.BadRequest($"{PriorityHeader} is '{other}'; allowed are low, normal, high."),
    };

    private static TimeSpan ReadDeadline(HttpRequest request, TimeSpan longest)
    {
        if (Text(request, DeadlineHeader) is not { } text) return longest;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds >= 1 && milliseconds <= longest.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw RequestProblem.BadRequest($"{DeadlineHeader} is '{text}'; allowed are 1 to {longest.TotalMilliseconds:0}.");
    }

    private static string? Text(HttpRequest request, string header)
    {
        string? text = request.Headers[header];
        if (string.IsNullOrEmpty(text)) return null;
        return text.Length <= MaxHeaderCharacters
            ? text
            : throw RequestProblem.BadRequest($"{header} has {text.Length} characters; allowed are 1 to {MaxHeaderCharacters}.");
    }
}
