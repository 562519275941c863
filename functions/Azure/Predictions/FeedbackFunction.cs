using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions;

/// <param name="PredictionId">As the answer gave it.</param>
/// <param name="Value">The outcome as a number: 1 and 0 for right and wrong, an amount, a rating.</param>
/// <param name="Label">What the answer should have been.</param>
internal sealed record FeedbackBody([Required] string? PredictionId, double? Value, string? Label);

internal sealed record FeedbackAnswer(string PredictionId);

/// <summary>What became of a prediction, captured beside it for guardrails and experiments.</summary>
public sealed class FeedbackFunction(CaptureWriter captures, RegistryOptions environments, TimeProvider time)
{
    private const int MaxBodyBytes = 16 << 10;
    private const int MaxLabelCharacters = 200;
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5); // between the clocks of two instances

    [Function("Feedback")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/feedback")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        FeedbackBody body = Read(await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken));
        DateTimeOffset now = time.GetUtcNow();
        if (
            !PredictionId.TryParse(body.PredictionId, out PredictionId? id)
            || !environments.Environments.Contains(id.Environment)
            || id.Time > now + Slack
        )
        {
            throw RequestProblem.BadRequest($"predictionId is '{body.PredictionId}'; expected the id that an answer gave.");
        }
        ModelVersion version = new(id.Model, id.Version);
        CaptureRecord record = new()
        {
            Kind = CaptureKind.Feedback,
            PredictionId = id.ToString(),
            Time = now,
            Model = version.Name,
            Version = version.Version,
            Environment = id.Environment,
            Arm = id.Arm,
            Feedback = new FeedbackSummary(body.Value, body.Label, id.Time),
        };
        if (!captures.TryWrite(record))
        {
            throw new RequestProblem(
                StatusCodes.Status503ServiceUnavailable,
                "Too many captures wait for the storage; the feedback was not taken."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
        return Answers.Json(new FeedbackAnswer(record.PredictionId), StatusCodes.Status202Accepted);
    }

    private static FeedbackBody Read(ReadOnlyMemory<byte> json)
    {
        FeedbackBody body = BodyReader.ParseJson<FeedbackBody>(json);
        if (body.Value is null && body.Label is null)
        {
            throw RequestProblem.BadRequest("The feedback has neither value nor label; at least one is needed.");
        }
        if (body.Value is { } value && !double.IsFinite(value))
        {
            throw RequestProblem.BadRequest($"value is {value}; allowed are finite numbers.");
        }
        if (body.Label is { Length: 0 or > MaxLabelCharacters } label)
        {
            throw RequestProblem.BadRequest($"label has {label.Length} characters; allowed are 1 to {MaxLabelCharacters}.");
        }
        return body;
    }
}
