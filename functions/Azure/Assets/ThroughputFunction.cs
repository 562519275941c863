using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Assets;

/// <summary>How much came in, how much was done, and how long it waited, over the last hours.</summary>
public sealed class ThroughputFunction(LedgerViews views, TimeProvider time)
{
    private const int Buckets = 60;
    private const int MaxHours = 30 * 24;

    [Function("IngestThroughput")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ingest/throughput")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        AssetFilter filter = AssetFilter.Read(request, views);
        int hours = request.ReadNumber("hours", 1, MaxHours, otherwise: 24);
        await views.RefreshPacedAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return Answers.Json(IngestThroughput.Count(views.NewestFirst().Where(filter.Admits), now.AddHours(-hours), now, Buckets));
    }
}
