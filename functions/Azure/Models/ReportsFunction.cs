using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <summary>What was found out about a version after it was registered.</summary>
public sealed class ReportsFunction(ModelReports reports)
{
    [Function("ListReports")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}/reports")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    ) => Answers.Json(new ListAnswer<ReportEntry>(await reports.ListAsync(VersionsFunction.Parse(name, version), cancellationToken), null));

    [Function("ShowReport")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}/reports/{*report}")]
            HttpRequest request,
        string name,
        string version,
        string report,
        CancellationToken cancellationToken
    )
    {
        (Stream content, string? type) = await reports.OpenAsync(VersionsFunction.Parse(name, version), report, cancellationToken)
            ?? throw RequestProblem.NotFound($"Version {version} of '{name}' has no report '{report}'.");
        // A page among them is shown as it is drawn: it runs nothing and fetches nothing.
        request.HttpContext.Response.Headers.ContentSecurityPolicy =
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        return Results.Stream(content, type ?? "application/octet-stream");
    }
}
