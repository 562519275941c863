using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Alerts;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>What is told to nobody for a while.</summary>
public sealed class MutesFunction(AlertBook book)
{
    private const int MaxSubject = 200;

    [Function("ListMutes")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/alerts/mutes")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(new ListAnswer<AlertMute>(await book.ListMutesAsync(cancellationToken), Next: null));

    [Function("MuteAlerts")]
    public async Task<IResult> MuteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/alerts/mutes")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        MuteRequest wanted = await request.ReadJsonAsync<MuteRequest>(cancellationToken);
        if (wanted.Subject is { } subject && (subject.Length is 0 or > MaxSubject || subject.Any(char.IsControl)))
        {
            throw RequestProblem.BadRequest($"subject has {subject.Length} characters; allowed are 1 to {MaxSubject} printable ones.");
        }
        AlertMute mute = await book.MuteAsync(
            wanted.Rule,
            wanted.Subject,
            wanted.Until ?? throw RequestProblem.BadRequest("until is missing; it says when the mute ends."),
            request.ReadRequester(),
            ReasonRequest.Demand(wanted.Reason),
            cancellationToken
        );
        return Answers.Json(mute, StatusCodes.Status201Created);
    }

    [Function("UnmuteAlerts")]
    public async Task<IResult> UnmuteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/alerts/mutes/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) => await book.UnmuteAsync(id, cancellationToken) ? Results.NoContent() : throw RequestProblem.NotFound($"There is no mute '{id}'.");
}
