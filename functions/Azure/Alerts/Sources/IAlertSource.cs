using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>Something that is looked at for alerts. For one look at a time.</summary>
internal interface IAlertSource
{
    /// <summary>How long it rests between looks; the timer comes every 15 seconds.</summary>
    TimeSpan Every { get; }

    /// <param name="client">Functions get theirs with each call.</param>
    Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken);
}

/// <param name="Whole">Rules of which these conditions are all there are.</param>
internal sealed record AlertSighting(IReadOnlyList<AlertCondition> Conditions, params IReadOnlyList<string> Whole);
