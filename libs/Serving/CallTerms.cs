using System.Security.Cryptography;
using System.Text;
using Serverless.Captures;
using Serverless.Inference.Serving;

namespace Serverless.Serving;

/// <summary>On what terms a prediction is asked for; the same for every way to ask.</summary>
/// <param name="Environment">Whose alias and rollout say which version answers.</param>
/// <param name="RoutingKey">Callers with the same key meet the same version.</param>
/// <param name="Arm">The arm that must answer, for testing; null where the rollout chooses.</param>
/// <param name="Deadline">After it no answer is wanted.</param>
/// <param name="Arrived">Time stamp of the arrival, for durations.</param>
public sealed record CallTerms(
    string Environment,
    string? RoutingKey,
    string? Arm,
    RequestPriority Priority,
    DateTimeOffset Deadline,
    long Arrived
)
{
    /// <summary>Where the model's queue is full the request waits until its deadline, for who has nobody to tell.</summary>
    public bool WaitsForRoom { get; init; }

    /// <summary>Who asks, as captures name it: <see cref="CaptureRecord.Upload"/>, or null of a caller of the API.</summary>
    public string? Source { get; init; }

    /// <summary>The id of the asset that is asked about; null of a caller's input.</summary>
    public string? Asset { get; init; }

    /// <summary>Which version of the asset.</summary>
    public string? AssetVersion { get; init; }

    public CallParameters Parameters { get; init; } = CallParameters.None;

    /// <summary>Of an environment, a routing key and an arm.</summary>
    public const int MaxCharacters = 256;

    /// <summary>For captures: tells callers apart without naming them.</summary>
    public string? KeyHash =>
        RoutingKey is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RoutingKey)).AsSpan(0, 8));

    /// <summary>A key in the body counts where no header has one.</summary>
    public CallTerms WithKey(string? key)
    {
        if (RoutingKey is not null || string.IsNullOrEmpty(key))
        {
            return this;
        }
        return key.Length <= MaxCharacters
            ? this with
            {
                RoutingKey = key,
            }
            : throw Refusal.Invalid($"The routing key has {key.Length} characters; allowed are 1 to {MaxCharacters}.");
    }
}
