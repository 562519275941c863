using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Live;

/// <summary>
/// Tells pages that something has changed, by server-sent events, so that they ask for what they show then and not all the time. What has
/// changed is not told: a page asks as it does without a stream, and nobody is told what their role may not read.
/// </summary>
public sealed class ChangesFunction(RunIndex runs, LedgerViews assets, LiveStreams streams)
{
    private const string Runs = "runs";
    private const string Assets = "assets";

    [Function("WatchChanges")]
    public IResult Watch([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/changes")] HttpRequest request) =>
        request.ReadOneOf("of", [Runs, Assets]) switch
        {
            Runs => streams.Watch(LookAtRunsAsync),
            Assets => streams.Watch(LookAtAssetsAsync),
            _ => throw RequestProblem.BadRequest($"of is missing; allowed are {Runs} and {Assets}."),
        };

    private async Task<string> LookAtRunsAsync(CancellationToken cancellationToken) =>
        (await runs.ReadVersionAsync(cancellationToken)).ToString(CultureInfo.InvariantCulture);

    private async Task<string> LookAtAssetsAsync(CancellationToken cancellationToken)
    {
        await assets.RefreshPacedAsync(cancellationToken);
        return assets.NewestFirst().FirstOrDefault() is { } last ? $"{last.Asset} {last.LedgerVersion}" : "";
    }
}
