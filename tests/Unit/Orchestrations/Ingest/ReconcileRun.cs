using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Unit.Functions.Azure.Runs;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>One reconcile over a real store, whose starts are kept.</summary>
internal sealed class ReconcileRun(SharedServers servers)
{
    public const string Text = "The harbour of Port Alder was closed.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Mock<DurableTaskClient> Client { get; } = new("test");

    /// <summary>Ids of the runs that were started, in order.</summary>
    public List<string> Started { get; } = [];

    public async Task<AssetRig> OpenAsync()
    {
        Client.KeepsStartsIn(Started);
        return await AssetRig.OpenIndexedAsync(servers);
    }

    public void Exists(string instance, OrchestrationRuntimeStatus status = OrchestrationRuntimeStatus.Running) =>
        Client
            .Setup(client => client.GetInstanceAsync(instance, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new OrchestrationMetadata(nameof(IngestAsset), instance) { RuntimeStatus = status });

    public async Task<ReconcileReport> RunAsync(
        AssetRig rig,
        TimeSpan? grace = null,
        TimeSpan? stuckAfter = null,
        DateTimeOffset? lostSince = null,
        AssetStores? stores = null
    )
    {
        ReconcileOptions options = new() { Grace = TimeSpan.Zero, StuckAfter = stuckAfter ?? TimeSpan.FromMinutes(15) };
        Reconciliation reconciliation = new(
            stores ?? rig.Get<AssetStores>(),
            stores is null ? rig.Get<LedgerViews>() : new LedgerViews(stores, TimeProvider.System),
            rig.Get<AssetIndex>(),
            rig.Get<AssetErasure>(),
            rig.Get<SidecarRevision>(),
            new LostUploads(rig.Get<AssetStores>(), rig.Get<Ledger>()),
            rig.Get<SourceBook>(),
            rig.Get<SourceListing>(),
            new UploadMending(rig.Get<AssetStores>(), rig.Get<Ledger>(), rig.Get<AssetIndex>(), options, TimeProvider.System),
            options,
            TimeProvider.System,
            NullLogger<Reconciliation>.Instance
        );
        return Assert.Single(await reconciliation.RunAsync(Client.Object, grace, lostSince, Token));
    }

    public static async Task<AssetSource> BeginAsync(AssetRig rig)
    {
        AssetSource source = await rig.Bucket.UploadAsync("a.mp4", [1, 2, 3]);
        await rig.Get<Ledger>().UpdateAsync(source, (entry, now) => entry.Begin(1, MediaKind.Video, "video/mp4", 3, now), Token);
        return source;
    }

    public static async Task<LedgerEntry> EntryAsync(AssetRig rig, AssetSource source) =>
        (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!.Find(source.VersionId)!;
}
