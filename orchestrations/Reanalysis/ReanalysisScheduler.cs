using Microsoft.DurableTask.Client;
using Serverless.Ingest.Reanalysis;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>Starts reanalyses and names them.</summary>
public static class ReanalysisScheduler
{
    public const string IdPrefix = "reanalyse-";

    /// <summary>The id of the run; the same key starts one run however often it comes.</summary>
    public static async Task<string> StartAsync(
        this DurableTaskClient client,
        ReanalysisRequest request,
        string key,
        CancellationToken cancellationToken
    )
    {
        string id = $"{IdPrefix}{request.Model}-{request.Version}-{key}";
        await client.ScheduleOnceAsync(nameof(Reanalyse), new ReanalysisInput(request), id, cancellationToken);
        return id;
    }
}
