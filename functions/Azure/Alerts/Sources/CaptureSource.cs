using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Captures;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>Records of predictions that this process lost since the look before. It counts in memory, so a look asks no store.</summary>
internal sealed class CaptureSource(CaptureWriter writer) : IAlertSource
{
    private const string Rule = "captureLoss";
    private const int MinRecords = 20;

    private readonly Dictionary<CaptureKind, CaptureCounts> _before = [];

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        double limit = rules[Rule].Limit ?? 0;
        return Task.FromResult(new AlertSighting([.. Enum.GetValues<CaptureKind>().Select(kind => ConditionOf(kind, limit))]));
    }

    private AlertCondition ConditionOf(CaptureKind kind, double limit)
    {
        CaptureCounts now = writer.CountsOf(kind),
            before = _before.GetValueOrDefault(kind);
        _before[kind] = now;
        long lost = now.Dropped + now.Failed - before.Dropped - before.Failed,
            all = lost + now.Captured + now.SampledOut - before.Captured - before.SampledOut;
        double share = all == 0 ? 0 : (double)lost / all;
        return new AlertCondition(
            Rule,
            $"{kind.ToString().ToLowerInvariant()} records",
            Active: all >= MinRecords && share > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{lost} of {all} records of the last minute were dropped or failed, allowed is a share of {limit:0.###}."
            ),
            share,
            limit,
            "/api/metrics"
        );
    }
}
