using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Captures;
using Serverless.Serving.Costs;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>
/// How all processes together have answered and captured since the look before, what their models cost, and how objectives stand by that.
/// </summary>
internal sealed class FleetSource(FleetReader fleet, ObjectiveBook objectives, PriceOptions prices) : IAlertSource
{
    private const string ErrorRule = "errorShare";
    private const string LatencyRule = "latency";
    private const string CaptureRule = "captureLoss";
    private const string CostRule = "cost";
    private const string FastRule = "burnFast";
    private const string SlowRule = "burnSlow";
    private const int MinCount = 20;

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        FleetDelta delta = await fleet.ReadAsync(cancellationToken);
        IReadOnlyList<ObjectiveStanding> standings = await objectives.AddAsync(delta, cancellationToken);
        return Of(delta, standings, rules, prices);
    }

    internal static AlertSighting Of(FleetDelta delta, IReadOnlyList<ObjectiveStanding> standings, AlertRules rules, PriceOptions prices) =>
        new(
            [
                .. delta.Serving.SelectMany(line => ServingConditions(line, rules)),
                .. Enum.GetValues<CaptureKind>().Select(kind => CaptureCondition(kind, delta, rules[CaptureRule].Limit ?? 0)),
                CostCondition(delta, rules[CostRule].Limit, prices),
                .. standings.SelectMany(BurnConditions),
            ],
            ErrorRule,
            LatencyRule,
            FastRule,
            SlowRule
        );

    /// <summary>Each environment by itself: it is there that somebody rolls back.</summary>
    private static IEnumerable<AlertCondition> ServingConditions(ServingLine line, AlertRules rules)
    {
        ServingCounts counts = line.Counts;
        double share = counts.Requests == 0 ? 0 : (double)counts.Failed / counts.Requests,
            mean = counts.Answered == 0 ? 0 : counts.Milliseconds / counts.Answered;
        double allowedShare = rules[ErrorRule].Limit ?? 0,
            allowedMean = rules[LatencyRule].Limit ?? 0;
        string subject = $"{line.Model}/{line.Version} in {line.Environment}";
        AlertAbout? about = line.IsOfOthers ? null : new(line.Model, line.Version, line.Environment);
        string link = $"/api/console#models/{Uri.EscapeDataString(line.Model)}";
        yield return new AlertCondition(
            ErrorRule,
            subject,
            Active: counts.Requests >= MinCount && share > allowedShare,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Failed} of {counts.Requests} requests of the last minute failed, allowed is a share of {allowedShare:0.###}."
            ),
            share,
            allowedShare,
            link,
            about
        );
        yield return new AlertCondition(
            LatencyRule,
            subject,
            Active: counts.Answered >= MinCount && mean > allowedMean,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Answered} answers of the last minute took {mean:0} ms in the mean, allowed are {allowedMean:0} ms."
            ),
            mean,
            allowedMean,
            link,
            about
        );
    }

    private static AlertCondition CaptureCondition(CaptureKind kind, FleetDelta delta, double limit)
    {
        CaptureCounts counts = delta.Captures.FirstOrDefault(line => line.Kind == kind)?.Counts ?? default;
        long lost = counts.Dropped + counts.Failed,
            all = lost + counts.Captured + counts.SampledOut;
        double share = all == 0 ? 0 : (double)lost / all;
        return new AlertCondition(
            CaptureRule,
            $"{kind.ToString().ToLowerInvariant()} records",
            Active: all >= MinCount && share > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{lost} of {all} records of the last minute were dropped or failed, allowed is a share of {limit:0.###}."
            ),
            share,
            limit,
            "/api/metrics"
        );
    }

    /// <summary>Nothing is told without a limit, and without a price there is no cost.</summary>
    private static AlertCondition CostCondition(FleetDelta delta, double? limit, PriceOptions prices)
    {
        double hours = (delta.Until - delta.From).TotalHours;
        double anHour =
            hours > 0 && prices.CostOf(delta.Spent.Processor.TotalSeconds, delta.Spent.Gpu.TotalSeconds) is { } cost ? cost / hours : 0;
        return new AlertCondition(
            CostRule,
            "models",
            Active: anHour > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"By the last minute models cost {anHour:G3} {prices.Currency} an hour, allowed are {limit ?? 0:G3}."
            ),
            anHour,
            limit ?? 0,
            "/api/console#cost"
        );
    }

    private static IEnumerable<AlertCondition> BurnConditions(ObjectiveStanding standing) =>
        new[] { (Rule: FastRule, IsUrgent: true), (Rule: SlowRule, IsUrgent: false) }
            .Select(rule => (rule.Rule, Window: standing.Burning(rule.IsUrgent)))
            .Where(rule => rule.Window is not null)
            .Select(rule => ConditionOf(rule.Rule, standing, rule.Window!));

    private static AlertCondition ConditionOf(string rule, ObjectiveStanding standing, BurnReading window) =>
        new(
            rule,
            $"{standing.Kind.ToString().ToLowerInvariant()} of {standing.Model} in {standing.Environment}",
            Active: true,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{window.Bad} of {window.Requests} requests of {window.LongHours:0.##} hours were bad: the budget burns "
                    + $"{window.LongBurn:0.#} times as fast as it may, {window.ShortBurn:0.#} times in the last {window.ShortHours * 60:0} "
                    + $"minutes; allowed is {window.Factor:0.#}."
            ),
            window.LongBurn,
            window.Factor,
            "/api/console#objectives",
            new AlertAbout(standing.Model, Environment: standing.Environment)
        );
}
