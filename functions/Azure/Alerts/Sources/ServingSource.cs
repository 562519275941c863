using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Inference.Serving;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>How the models in this process's memory have answered since the look before. A look asks no store.</summary>
internal sealed class ServingSource(ModelServer server) : IAlertSource
{
    private const string ErrorRule = "errorShare";
    private const string LatencyRule = "latency";
    private const int MinRequests = 20;

    /// <summary>Null before the first look, which has nothing to compare with.</summary>
    private Dictionary<string, (TimeSum Success, TimeSum Fail)>? _before;

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, (TimeSum Success, TimeSum Fail)> now = server.Statistics.ToDictionary(
            model => model.Version.ToString(),
            model => (model.Success, model.Fail)
        );
        AlertSighting found = _before is { } before
            ? new AlertSighting(
                [.. now.SelectMany(model => ConditionsOf(model.Key, model.Value, before.GetValueOrDefault(model.Key), rules))],
                ErrorRule,
                LatencyRule
            )
            : new AlertSighting([]);
        _before = now;
        return Task.FromResult(found);
    }

    /// <summary>A version that was loaded anew counts from nothing.</summary>
    internal static IEnumerable<AlertCondition> ConditionsOf(
        string model,
        (TimeSum Success, TimeSum Fail) now,
        (TimeSum Success, TimeSum Fail) before,
        AlertRules rules
    )
    {
        if (now.Success.Count < before.Success.Count || now.Fail.Count < before.Fail.Count)
        {
            before = default;
        }
        long answered = now.Success.Count - before.Success.Count,
            failed = now.Fail.Count - before.Fail.Count;
        double share = failed == 0 ? 0 : (double)failed / (answered + failed),
            mean = answered == 0 ? 0 : (now.Success.Time - before.Success.Time).TotalMilliseconds / answered;
        double allowedShare = rules[ErrorRule].Limit ?? 0,
            allowedMean = rules[LatencyRule].Limit ?? 0;
        string link = $"/api/console#models/{Uri.EscapeDataString(model.Split('/')[0])}";
        yield return new AlertCondition(
            ErrorRule,
            model,
            Active: answered + failed >= MinRequests && share > allowedShare,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{failed} of {answered + failed} requests of the last minute failed, allowed is a share of {allowedShare:0.###}."
            ),
            share,
            allowedShare,
            link
        );
        yield return new AlertCondition(
            LatencyRule,
            model,
            Active: answered >= MinRequests && mean > allowedMean,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{answered} answers of the last minute took {mean:0} ms in the mean, allowed are {allowedMean:0} ms."
            ),
            mean,
            allowedMean,
            link
        );
    }
}
