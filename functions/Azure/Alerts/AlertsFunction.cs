using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>Alerts: what is open, what was, and what people do about them.</summary>
public sealed class AlertsFunction(AlertBook book, AlertTest test, MailLog mails)
{
    private const int MaxPage = 1_000;

    [Function("ListAlerts")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/alerts")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        bool isOpen = request.ReadOneOf("state", ["open", "resolved"]) != "resolved";
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        if (!isOpen)
        {
            return Answers.Json(Answers.ListOf(await book.ListResolvedAsync(limit, cancellationToken), alert => alert));
        }
        (IReadOnlyList<Alert> open, string? beyond) = await book.ListOpenAsync(cancellationToken);
        string? rest = open.Count > limit ? $"{open.Count} alerts are open, of which these are the latest {limit}." : null;
        return Answers.Json(new ListAnswer<Alert>([.. open.Take(limit)], Next: null, beyond ?? rest));
    }

    [Function("ShowAlert")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/alerts/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) => Answers.Json(await book.FindAsync(id, cancellationToken) ?? throw RequestProblem.NotFound($"There is no alert '{id}'."));

    [Function("AcknowledgeAlert")]
    public async Task<IResult> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/alerts/{id}/acknowledge")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        string reason = await ReasonRequest.DemandAsync(request, cancellationToken);
        return Answers.Json(await book.AcknowledgeAsync(id, request.ReadRequester(), reason, cancellationToken));
    }

    [Function("ResolveAlert")]
    public async Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/alerts/{id}/resolve")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        string reason = await ReasonRequest.DemandAsync(request, cancellationToken);
        return Answers.Json(await book.ResolveAsync(id, request.ReadRequester(), reason, cancellationToken));
    }

    /// <summary>Through every route at once, whatever is muted.</summary>
    [Function("TestAlerts")]
    public async Task<IResult> TestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/alerts/test")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(new TestAnswer(await test.RunAsync(request.ReadRequester(), cancellationToken)));

    [Function("ListMails")]
    public async Task<IResult> ListMailsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/alerts/mails")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MailLog.MaxKept, otherwise: 50);
        return Answers.Json(Answers.ListOf(await mails.ListAsync(limit, cancellationToken), mail => mail));
    }
}
