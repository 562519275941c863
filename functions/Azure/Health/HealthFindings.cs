using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Access;
using Serverless.Inference.Serving;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Media;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Health;

/// <summary>All that this app finds wrong with the whole: run store, stores, search, backlogs, workers, models. Thread-safe.</summary>
public sealed class HealthFindings(
    PipelineHealth pipeline,
    RunStoreHealth runs,
    IAssetSearch search,
    IAssetIndex index,
    AwaitedSpaces awaited,
    ModelServer server,
    AnalysisModels models,
    HealthOptions options,
    AccessOptions access,
    RegistryOptions registry,
    TimeProvider time
)
{
    // What a file says is followed by each who goes by it; these are for what is wrong with it.
    private readonly (string Setting, Followed<object> File)[] _files =
    [
        ("Access:File", access.Follow<object>(current => current)),
        ("Registry:KeysFile", registry.FollowKeys<object>(current => current)),
    ];

    private readonly HealthProbe<bool> _search = new(
        "search",
        async cancellationToken =>
        {
            await search.CheckAsync(cancellationToken);
            return true;
        },
        options,
        time
    );

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(0.5);

    /// <param name="client">Functions get theirs with each call.</param>
    public async Task<(PipelineReport Report, IReadOnlyList<HealthFinding> Findings)> TakeAsync(
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        Task<HealthFinding?> runStore = runs.FaultAsync(client, cancellationToken),
            searches = _search.FaultAsync(cancellationToken);
        PipelineReport report = await pipeline.TakeAsync(cancellationToken);
        return (
            report,
            [
                .. Some(await runStore),
                .. Some(await searches),
                .. index.Damaged.Select(Fault),
                .. awaited.StuckFor(options.SpaceFillsWithin).Select(Fault),
                .. report.Findings,
                .. server.Residents.SelectMany(Faults),
                .. Some(await FindUnservedAsync(cancellationToken)),
                .. _files.SelectMany(Faults),
            ]
        );
    }

    internal static HealthFinding Fault(DamagedSegment segment) =>
        new(
            $"index segment {segment.Path}",
            $"it is damaged, so that searches may miss what it held: {segment.Fault}",
            "a segment as it was written; the next reconcile writes again what it lost"
        );

    internal static HealthFinding Fault(AwaitedSpace space) =>
        new(
            $"searches by {space.Wanted.Model}",
            $"{space.Serving.Model}/{space.Serving.Version} still answers instead of {space.Wanted.Model}/{space.Wanted.Version}, whose "
                + FormattableString.Invariant($"space has lacked {space.Lacking:N0} of {space.Assets:N0} assets since {space.Since:u}"),
            "their analysis anew, or a lower Roles:SwitchCoverage"
        );

    /// <summary>Who changed it believes that the former key is refused, and the new one taken.</summary>
    internal static IEnumerable<HealthFinding> Faults((string Setting, Followed<object> File) followed) =>
        followed.File.Fault is { } fault
            ? [new HealthFinding($"file of {followed.Setting}", $"{fault} What it said before holds.", "a file that can be read")]
            : [];

    /// <summary>A model that a role of uploads names and nothing serves: uploads wait for it. Null too while the store is away.</summary>
    private async Task<HealthFinding?> FindUnservedAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A film may need every role.
            AnalysisOutcome? waiting = await models
                .FindUnservedAsync(MediaKind.Video, cancellationToken)
                .WaitAsync(LookLimit, time, cancellationToken);
            return waiting is null ? null : new HealthFinding("models of uploads", waiting.Failure!.Message, "a version that serves");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null; // the store's own finding says it
        }
    }

    private static IEnumerable<HealthFinding> Faults(ResidentModel model) =>
        model.State == ResidentState.Failed
            ? [new HealthFinding($"model {model.Version}", model.Fault ?? "it could not be loaded", "a model that can be loaded")]
            : [];

    private static IEnumerable<HealthFinding> Some(HealthFinding? finding) => finding is null ? [] : [finding];
}
