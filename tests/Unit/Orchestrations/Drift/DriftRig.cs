using System.IO.Compression;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Captures;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Exports;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Rollout;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Exports;
using Serverless.Unit.Registry;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift;

/// <summary>What follows from alarms, over a registry, with a client that remembers what was started.</summary>
internal sealed class DriftRig
{
    private readonly Mock<DurableTaskClient> _client = new("drift");

    private DriftRig() =>
        _client
            .Setup(client =>
                client.ScheduleNewOrchestrationInstanceAsync(
                    It.IsAny<TaskName>(),
                    It.IsAny<object>(),
                    It.IsAny<StartOrchestrationOptions>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .Callback(
                (TaskName _, object? input, StartOrchestrationOptions? options, CancellationToken _) =>
                    Started[options!.InstanceId!] = input!
            )
            .ReturnsAsync((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) => options!.InstanceId!);

    /// <summary>Of a model with the name "head".</summary>
    public static ObjectiveOptions Objectives { get; } =
        new()
        {
            Models =
            {
                ["head"] = new ServiceObjective { Availability = 0.99, LatencyMilliseconds = 200 },
            },
        };

    public required DriftRetraining Retraining { get; init; }

    public required DriftRollback Rollback { get; init; }

    public required DriftShadows Shadows { get; init; }

    public required RolloutStore Rollouts { get; init; }

    public DurableTaskClient Client => _client.Object;

    /// <summary>Inputs of runs, by id.</summary>
    public Dictionary<string, object> Started { get; } = [];

    /// <summary>How a run stands from now on.</summary>
    public void Stand(string run, OrchestrationRuntimeStatus status) =>
        _client
            .Setup(client => client.GetInstanceAsync(run, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new OrchestrationMetadata("run", run) { RuntimeStatus = status });

    public static DriftRig Of(RegistryRig rig, DriftOptions options, TimeProvider time)
    {
        RolloutStore rollouts = new(rig.Store, time);
        ModelRollback rollback = new(rollouts, rig.Aliases, rig.History, new WebhookPublisher(rig.Told, time));
        DriftActions actions = new(rig.Aliases, rig.History, options, time);
        return new DriftRig
        {
            Retraining = new DriftRetraining(
                actions,
                new PromotionPlans(new PromotionOptions()),
                Objectives,
                LearnableOf(rig),
                options,
                time
            ),
            Rollback = new DriftRollback(rollback, actions, rig.History, options, time),
            Shadows = new DriftShadows(rollouts, rig.Registry, rig.History, actions, options, time),
            Rollouts = rollouts,
        };
    }

    private static LearnableRows LearnableOf(RegistryRig rig) =>
        new(new ExportProbe(new CaptureReader(rig.Store, NullLogger<CaptureReader>.Instance)), new RetrainingOptions());

    /// <summary>One prediction of version 1, with a vector and a label.</summary>
    public static async Task CaptureAsync(RegistryRig rig, string environment, DateTimeOffset time, bool labelled = true)
    {
        CaptureRecord prediction = TestCaptures.Prediction(time, rig.Name) with
        {
            Environment = environment,
            Output = new OutputSummary("embed", null, null, [], 1, Valid: true, new EmbeddingSummary(2, 0.5, 0.5, 1, [1, 0])),
        };
        CaptureRecord[] lines = labelled ? [prediction, ExportRig.Feedback(prediction, "sport")] : [prediction];
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (CaptureRecord line in lines)
            {
                await JsonSerializer.SerializeAsync(gzip, line, CaptureJson.Options);
                gzip.WriteByte((byte)'\n');
            }
        }
        packed.Position = 0;
        string path = CapturePath.Make(rig.Name, 1, time, time.AddMinutes(2), "w", 1).Path;
        await rig.Store.WriteAsync(path, packed, WriteCondition.Always, "application/gzip", TestContext.Current.CancellationToken);
    }

    public static DriftReport ReportOf(DriftCheckRequest request, DriftVerdict verdict, string feature, DateTimeOffset created) =>
        new()
        {
            Name = request.Name(),
            Environment = request.Subject.Environment,
            Model = request.Subject.Model,
            Version = request.Subject.Version,
            Created = created,
            Verdict = verdict,
            Current = DriftSides.Of(new WindowSummary(request.Window, TrafficSummary.OfWindow(), CaptureFaults.None, 0, 0)),
            ReferenceKind = request.Reference,
            Likeness = request.Likeness,
            Streams = 1,
            Threshold = 1,
            LooksBetweenFalseAlarms = 1,
            Findings = [new("all", feature, FeatureAspect.Number, "kolmogorovSmirnov", 1e-9, 1e-9, 0.5, 0.1, 9, 500, 500, verdict)],
            LeftOut = 0,
        };
}
