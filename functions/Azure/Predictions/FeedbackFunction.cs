using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Captures.Reports;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions;

/// <param name="Correct">Whether the label is the one that was answered; null where there is none, or none to compare with.</param>
internal sealed record FeedbackAnswer(string PredictionId, bool? Correct);

/// <summary>What became of a prediction, captured beside it for guardrails and experiments.</summary>
public sealed class FeedbackFunction(CaptureWriter captures, OutcomeIntake intake, RegistryOptions environments, TimeProvider time)
{
    [Function("Feedback")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/feedback")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, ReportedOutcome.MaxBytes, cancellationToken);
        ReportedOutcome report = BodyReader.ParseJson<ReportedOutcome>(body);
        CaptureRecord record = await intake.ReadAsync(report, environments.Environments, time.GetUtcNow());
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
        return Answers.Json(new FeedbackAnswer(record.PredictionId, record.Feedback!.Correct), StatusCodes.Status202Accepted);
    }
}
