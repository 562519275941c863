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

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        IngestCounts counts = await views.CountAsync(cancellationToken);
        return counts.Unread > 0
            ? new AlertSighting([]) // what was not read yet counts as missing
            : new AlertSighting([
                .. counts.Stores.Select(store => Missing(store, rules[MissingRule].Limit ?? 0)),
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
