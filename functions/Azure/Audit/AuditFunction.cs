using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Audit;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Audit;

/// <summary>Who did what, when and why.</summary>
public sealed class AuditFunction(AuditLog log)
{
    private const int MaxPage = 200;
    private const int MaxText = 200;

    [Function("ListActs")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/audit")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        AuditFilter filter = new(
            request.ReadText("act", MaxText),
            request.ReadText("by", MaxText),
            request.ReadText("target", MaxText),
            ReadPosition(request)
        );
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        AuditPage page = await log.ListAsync(filter, limit, cancellationToken);
        return Answers.Json(
            new ListAnswer<AuditedAct>(
                page.Acts,
                page.Next?.ToString(CultureInfo.InvariantCulture),
                page.Faults == 0 ? null : $"{page.Faults} records are not as they were written; the verification says which."
            )
        );
    }

    [Function("VerifyActs")]
    public async Task<IResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/audit/verify")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(await log.VerifyAsync(cancellationToken));

    private static long? ReadPosition(HttpRequest request) =>
        request.ReadText("after", 20) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long before) ? before
        : throw RequestProblem.UnknownToken();
}
