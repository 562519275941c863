using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Functions.Azure.Health;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Runs;
using Serverless.Serving.Costs;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>
/// All that is looked at for alerts, each at its own interval: the queues at every look, what costs more less often. For one look at a
/// time; lives as long as the process.
/// </summary>
public sealed class AlertSources(
    PipelineHealth pipeline,
    HealthOptions options,
    HealthFindings health,
    LedgerViews views,
    RunIndex runs,
    RunWatch watch,
    FleetReader fleet,
    ObjectiveBook objectives,
    PriceOptions prices,
    AlertRulebook rulebook,
    TimeProvider time,
    ILogger<AlertSources> log
)
{
    /// <summary>A timer comes a little early or late; what is due within it is not left to the next.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly IAlertSource[] _sources =
    [
        new QueueSource(pipeline, options),
        new HealthSource(health),
        new UploadSource(views, time),
        new FailedRunSource(runs, time),
        new StandingRunSource(watch, pipeline),
        new FleetSource(fleet, objectives, prices),
    ];
    private readonly Dictionary<IAlertSource, long> _looked = [];

    /// <summary>A source that fails leaves its alerts as they are, and is asked again at the next look.</summary>
    internal async Task<AlertSighting> LookAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        AlertRules rules = await rulebook.TakeAsync(cancellationToken);
        List<AlertCondition> conditions = [];
        List<string> whole = [];
        foreach (IAlertSource source in _sources.Where(IsDue))
        {
            try
            {
                AlertSighting found = await source.LookAsync(rules, client, cancellationToken);
                conditions.AddRange(found.Conditions);
                whole.AddRange(found.Whole);
                _looked[source] = time.GetTimestamp();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                log.AlertSourceFailed(source.GetType().Name, e.GetBaseException().Message.Split('\n')[0].TrimEnd());
            }
        }
        return new AlertSighting(conditions, whole);
    }

    private bool IsDue(IAlertSource source) =>
        !_looked.TryGetValue(source, out long looked) || time.GetElapsedTime(looked) >= source.Every - Slack;
}
