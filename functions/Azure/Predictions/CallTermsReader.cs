using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Registry;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>
/// Reads the terms of a prediction from a request's headers: X-Environment, X-Routing-Key, X-Rollout-Arm, X-Priority, X-Deadline-Ms.
/// </summary>
public sealed class CallTermsReader(PredictionOptions options, RegistryOptions environments, ForcedArm forced, TimeProvider time)
{
    public const string EnvironmentHeader = "X-Environment";
    public const string RoutingKeyHeader = "X-Routing-Key";
    public const string PriorityHeader = "X-Priority";
    public const string DeadlineHeader = "X-Deadline-Ms";

    /// <summary>A deadline counts from the arrival, which is now.</summary>
    /// <exception cref="RequestProblem">A header is not as allowed, or names an arm that the caller may not choose.</exception>
    public CallTerms Read(HttpRequest request, string model)
    {
        long arrived = time.GetTimestamp();
        string environment = ReadEnvironment(request);
        string? arm = Text(request, ForcedArm.Header);
        if (arm is not null)
        {
            forced.Check(request, model, arm);
        }
        return new CallTerms(
            environment,
            Text(request, RoutingKeyHeader),
            arm,
            ReadPriority(request),
            time.GetUtcNow() + ReadDeadline(request, options.MaxDeadline),
            arrived
        );
    }

    /// <exception cref="RequestProblem">It is none of the registry's.</exception>
    public string ReadEnvironment(HttpRequest request)
    {
        string environment = Text(request, EnvironmentHeader) ?? options.Environment;
        return environments.Environments.Contains(environment)
            ? environment
            : throw RequestProblem.BadRequest(
                $"{EnvironmentHeader} is '{environment}'; allowed are {string.Join(", ", environments.Environments)}."
            );
    }

    private static RequestPriority ReadPriority(HttpRequest request) =>
        Text(request, PriorityHeader) switch
        {
            null or "normal" => RequestPriority.Normal,
            "high" => RequestPriority.High,
            "low" => RequestPriority.Low,
            var other => throw RequestProblem.BadRequest($"{PriorityHeader} is '{other}'; allowed are low, normal, high."),
        };

    /// <summary>How long the caller waits for its answer.</summary>
    public static TimeSpan ReadDeadline(HttpRequest request, TimeSpan longest)
    {
        if (Text(request, DeadlineHeader) is not { } text)
        {
            return longest;
        }
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)
            && milliseconds >= 1
            && milliseconds <= longest.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw RequestProblem.BadRequest($"{DeadlineHeader} is '{text}'; allowed are 1 to {longest.TotalMilliseconds:0}.");
    }

    private static string? Text(HttpRequest request, string header)
    {
        string? text = request.Headers[header];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return text.Length <= CallTerms.MaxCharacters
            ? text
            : throw RequestProblem.BadRequest($"{header} has {text.Length} characters; allowed are 1 to {CallTerms.MaxCharacters}.");
    }
}
