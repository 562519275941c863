using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

public sealed class ReconciliationTests(SharedServers servers)
{
    private readonly ReconcileRun _run = new(servers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithUploadsThatNoEventToldOf_StartsEachOnce()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource first = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        AssetSource second = await rig.Bucket.UploadAsync("b.txt", ReconcileRun.Text);

        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal((2, 2), (report.Listed, report.Started));
        Assert.Equal(new[] { first.InstanceId(), second.InstanceId() }.Order(), _run.Started.Order());
        Assert.Equal(AssetState.Expected, (await ReconcileRun.EntryAsync(rig, first)).State);
    }

    [Fact]
    public async Task Run_WhereOneStoreIsAway_MendsTheOthers_AndNamesIt()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        Mock<IObjectStore> away = new(MockBehavior.Strict);
        away.SetupGet(store => store.Name).Returns("azure");
        AssetStores stores = new([away.Object, .. rig.Get<AssetStores>().All]);

        var fault = await Assert.ThrowsAsync<AggregateException>(() => _run.RunAsync(rig, stores: stores));

        Assert.Equal([source.InstanceId()], _run.Started);
        string named = Assert.Single(fault.InnerExceptions).Message;
        Assert.StartsWith("Store 'azure' could not be reconciled: ", named, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithTheMarkOfAFolder_StartsNothing_AndForgetsWhatStandsForIt()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource mark = await rig.Bucket.UploadAsync("folder/", "");
        await rig.Get<DirectIngest>().IngestAsync(mark, 1, Token);

        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal((0, 0, 1), (report.Listed, report.Started, report.Gone));
        Assert.Empty(_run.Started);
    }

    [Fact]
    public async Task Run_WithAnUploadYoungerThanTheGrace_LeavesItToItsEvent()
    {
        await using AssetRig rig = await _run.OpenAsync();
        await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);

        ReconcileReport report = await _run.RunAsync(rig, grace: TimeSpan.FromMinutes(1));

        Assert.Equal((1, 0), (report.TooYoung, report.Started));
    }

    [Fact]
    public async Task Run_WithAResultThatWasNotAnnounced_IndexesItOnce()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        ReconcileReport[] reports = [await _run.RunAsync(rig), await _run.RunAsync(rig)];

        Assert.Equal([1, 0], reports.Select(report => report.Indexed));
        Assert.True(rig.Get<AssetIndex>().Knows(source.AssetId, source.VersionId));
        Assert.Empty(_run.Started);
    }

    [Fact]
    public async Task Run_AfterADeletion_ForgetsTheAsset()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await _run.RunAsync(rig);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);

        ReconcileReport[] reports = [await _run.RunAsync(rig), await _run.RunAsync(rig)];

        Assert.Equal([1, 0], reports.Select(report => report.Gone));
        Assert.False(rig.Get<AssetIndex>().Holds(source.AssetId));
        Assert.Empty(await rig.Bucket.ListAsync(AssetLayout.Analyses(source.AssetId), Token).ToListAsync(Token));
        Assert.Equal(AssetState.Gone, (await ReconcileRun.EntryAsync(rig, source)).State);
    }

    [Fact]
    public async Task Run_WithARunThatEndedWithoutAResult_StartsTheNext()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await ReconcileRun.BeginAsync(rig);
        _run.Exists(source.InstanceId(), OrchestrationRuntimeStatus.Failed);

        ReconcileReport report = await _run.RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _run.Started);
    }

    /// <summary>A Lambda function that it ended each time; the attempts of another run would be counted from the beginning.</summary>
    [Fact]
    public async Task Run_WithWorkThatNoRunKnows_GoesOnAsItsRun()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await ReconcileRun.BeginAsync(rig);

        ReconcileReport report = await _run.RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(1)], _run.Started);
    }

    [Fact]
    public async Task Run_WithARunAtWork_LeavesIt()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await ReconcileRun.BeginAsync(rig);
        _run.Exists(source.InstanceId());

        ReconcileReport report = await _run.RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(new ReconcileReport("s3", Listed: 1), report);
    }
}
