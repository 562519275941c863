using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions;

/// <param name="PredictionId">As the answer gave it.</param>
/// <param name="Value">The outcome as a number: 1 and 0 for right and wrong, an amount, a rating. Counts before a label.</param>
/// <param name="Label">What the answer to the first item should have been, letter for letter as the version would say it: the class, the
/// best object's class, the best document's index, the place of the largest value of a tensor. Counts as right or wrong; of entities and
/// vectors it is kept, and not counted.</param>
internal sealed record FeedbackBody([Required] string? PredictionId, double? Value, string? Label);

/// <param name="Correct">Whether the label is the one that was answered; null where there is none, or none to compare with.</param>
internal sealed record FeedbackAnswer(string PredictionId, bool? Correct);

/// <summary>What became of a prediction, captured beside it for guardrails and experiments.</summary>
public sealed class FeedbackFunction(CaptureWriter captures, PredictionSeals seals, RegistryOptions environments, TimeProvider time)
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
        PredictionId id = ReadId(body);
        ModelVersion version = new(id.Model, id.Version);
        CaptureRecord record = new()
        {
            Kind = CaptureKind.Feedback,
            PredictionId = id.ToString(),
            Time = time.GetUtcNow(),
            Model = version.Name,
            Version = version.Version,
            Environment = id.Environment,
            Arm = id.Arm,
            Feedback = await SummariseAsync(id, body),
        };
        if (!captures.TryWrite(record))
        {
            throw Unavailable("Too many captures wait for the storage; the feedback was not taken.");
        }
        return Answers.Json(new FeedbackAnswer(record.PredictionId, record.Feedback.Correct), StatusCodes.Status202Accepted);
    }

    private PredictionId ReadId(FeedbackBody body)
    {
        if (
            !PredictionId.TryParse(body.PredictionId, out PredictionId? id)
            || !environments.Environments.Contains(id.Environment)
            || id.Time > time.GetUtcNow() + Slack
        )
        {
            throw NoId(body);
        }
        return id;
    }

    /// <summary>
    /// An id without a seal is of an answer that was given without; anybody can make one up, so that it moves no guardrail.
    /// </summary>
    private async Task<FeedbackSummary> SummariseAsync(PredictionId id, FeedbackBody body)
    {
        if (id.Seal is null)
        {
            return new FeedbackSummary(body.Value, body.Label, id.Time);
        }
        PredictionSeal seal = await seals.FindAsync()
            ?? throw Unavailable("The key of prediction ids cannot be read; the feedback was not taken.");
        if (!seal.IsSealed(id))
        {
            throw NoId(body);
        }
        bool? correct = body.Label is { } label ? seal.Answered(id, label) : null;
        return new FeedbackSummary(body.Value, body.Label, id.Time, Sealed: true, correct);
    }

    private static RequestProblem NoId(FeedbackBody body) =>
        RequestProblem.BadRequest($"predictionId is '{body.PredictionId}'; expected the id that an answer gave.");

    private static RequestProblem Unavailable(string message) =>
        new(StatusCodes.Status503ServiceUnavailable, message) { RetryAfter = TimeSpan.FromSeconds(5) };

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
