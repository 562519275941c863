using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>When something is told, and to whom.</summary>
public sealed class AlertRulesFunction(AlertRulebook rulebook)
{
    [Function("ShowAlertRules")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/alerts/rules")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answer(request, await rulebook.ReadAsync(cancellationToken));

    /// <summary>If-Match holds the revision of the rules as whoever changes them saw them, or * for any.</summary>
    [Function("ReplaceAlertRules")]
    public async Task<IResult> ReplaceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/alerts/rules")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        RulesRequest wanted = await request.ReadJsonAsync<RulesRequest>(cancellationToken);
        AlertRules replaced = await rulebook.ReplaceAsync(
            await ReadRevisionAsync(request, cancellationToken),
            wanted.Rules ?? throw RequestProblem.BadRequest("rules is missing."),
            request.ReadRequester(),
            ReasonRequest.Demand(wanted.Reason),
            cancellationToken
        );
        return Answer(request, replaced);
    }

    private async Task<int> ReadRevisionAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string? match = request.ReadIfMatch();
        if (match is not null && int.TryParse(match, NumberStyles.None, CultureInfo.InvariantCulture, out int revision))
        {
            return revision;
        }
        int found = (await rulebook.ReadAsync(cancellationToken)).Revision;
        return match == IfMatch.Any
            ? found
            : throw new RequestProblem(
                match is null ? StatusCodes.Status428PreconditionRequired : StatusCodes.Status412PreconditionFailed,
                $"The rules are of revision {found}: say in If-Match which are to be replaced, \"{found}\" or *."
            );
    }

    private static IResult Answer(HttpRequest request, AlertRules rules)
    {
        request.HttpContext.Response.Headers.ETag = $"\"{rules.Revision}\"";
        return Answers.Json(RulesAnswer.Of(rules));
    }
}
