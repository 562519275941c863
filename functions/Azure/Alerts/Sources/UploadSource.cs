using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>
/// What became of uploads, store by store. A look lists the uploads, which takes the longer the more there are, so it comes as often as the
/// reconcile that mends what is missing.
/// </summary>
internal sealed class UploadSource(LedgerViews views, TimeProvider time) : IAlertSource
{
    private const string QuarantineRule = "quarantineRate";
    private const string MissingRule = "missingAssets";

    /// <summary>Of fewer results a share says little.</summary>
    private const int MinResults = 20;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Task<IngestSummary[]>? _counting;

    /// <summary>A count that takes long is waited for at the next looks: it keeps no other alert waiting.</summary>
    public TimeSpan Every => _counting is null ? TimeSpan.FromMinutes(5) : TimeSpan.Zero;

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        _counting ??= Task.WhenAll(views.All.Select(view => view.SummarizeAsync(CancellationToken.None)));
        await Task.WhenAny(_counting, Task.Delay(Patience, time, cancellationToken));
        if (!_counting.IsCompleted)
        {
            return new AlertSighting([]);
        }
        (Task<IngestSummary[]> counted, _counting) = (_counting, null);
        return new AlertSighting([
            .. (await counted).Select(store => Missing(store, rules[MissingRule].Limit ?? 0)),
            .. views.All.Select(view => Quarantined(view, rules[QuarantineRule].Limit ?? 0)),
        ]);
    }

    private static AlertCondition Missing(IngestSummary store, double limit)
    {
        long missing = store.Missing - store.Processing;
        return new AlertCondition(
            MissingRule,
            store.Store,
            Active: missing > limit,
            $"{missing} of {store.Expected} uploads have come to no result and are not in progress.",
            missing,
            limit,
            "/api/console#ingest"
        );
    }

    private AlertCondition Quarantined(LedgerView view, double limit)
    {
        DateTimeOffset from = time.GetUtcNow() - Window;
        AssetState[] results =
        [
            .. view.NewestFirst()
                .TakeWhile(row => row.Entry.Changed >= from)
                .Select(row => row.State)
                .Where(state => state is AssetState.Processed or AssetState.Quarantined),
        ];
        int quarantined = results.Count(state => state == AssetState.Quarantined);
        double share = results.Length == 0 ? 0 : (double)quarantined / results.Length;
        return new AlertCondition(
            QuarantineRule,
            view.Store,
            Active: results.Length >= MinResults && share > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{quarantined} of {results.Length} results of the last hour are quarantined, allowed is a share of {limit:0.###}."
            ),
            share,
            limit,
            "/api/quarantine"
        );
    }
}
