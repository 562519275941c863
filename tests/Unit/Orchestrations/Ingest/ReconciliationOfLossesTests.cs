using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Runs;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>Of what a store has forgotten, or brings back.</summary>
public sealed class ReconciliationOfLossesTests(SharedServers servers)
{
    private readonly ReconcileRun _run = new(servers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithARunWhoseAnswerWasLost_AnswersIt()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await ReconcileRun.BeginAsync(rig);
        _run.Exists(source.InstanceId());
        using MemoryStream analysis = new("{}"u8.ToArray());
        await rig.Bucket.WriteAsync(
            AssetLayout.Analysis(source.AssetId, source.VersionId),
            analysis,
            WriteCondition.Always,
            "application/json",
            Token
        );

        ReconcileReport report = await _run.RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Answered);
        _run.Client.Verify(
            client =>
                client.RaiseEventAsync(
                    source.InstanceId(),
                    GpuCompletionMessage.EventName,
                    It.IsAny<GpuCompletionMessage>(),
                    It.IsAny<CancellationToken>()
                ),
            Times.Once
        );
    }

    [Fact]
    public async Task Run_WithALedgerEntryThatWasLost_BeginsTheNextRunAtOnce()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        _run.Exists(source.InstanceId(1), OrchestrationRuntimeStatus.Completed);
        _run.Exists(source.InstanceId(2), OrchestrationRuntimeStatus.Failed);

        ReconcileReport report = await _run.RunAsync(rig, grace: TimeSpan.FromHours(1));

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(3)], _run.Started);
    }

    [Fact]
    public async Task Run_WithALedgerThatWasSetBack_BeginsTheNextRunAtOnce()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await ReconcileRun.BeginAsync(rig);
        _run.Exists(source.InstanceId(), OrchestrationRuntimeStatus.Completed);

        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _run.Started);
    }

    [Fact]
    public async Task Run_WithAnAnalysisThatWasLost_HasItMadeAgain()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Bucket.DeleteAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), Token);

        ReconcileReport report = await _run.RunAsync(rig);
        await rig.Get<DirectIngest>().IngestAsync(source, 2, Token);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _run.Started);
        Assert.Equal(AssetState.Processed, (await ReconcileRun.EntryAsync(rig, source)).State);
        Assert.NotNull(await rig.Bucket.FindAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), Token));
    }

    [Fact]
    public async Task Run_OfAStoreThatWasSetBack_NamesWhatOnlyRunsKnow()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource there = await rig.Bucket.UploadAsync("there.txt", ReconcileRun.Text);
        AssetSource deleted = await rig.Bucket.UploadAsync("deleted.txt", ReconcileRun.Text);
        await rig.Get<Ledger>().UpdateAsync(deleted, (entry, now) => entry.Vanish(now), Token);
        await rig.Bucket.DeleteAsync("media/deleted.txt", Token);
        AssetSource lost = there with { Key = "media/lost.txt" };
        UnorderedRuns runs = new([
            RunOf(there),
            RunOf(deleted),
            RunOf(lost),
            RunOf(lost with { Version = "2" }),
            RunOf(there with { Key = "media/before.txt" }, DateTimeOffset.UnixEpoch),
        ]);
        _run.Client.Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns<OrchestrationQuery>(runs.List);

        ReconcileReport asked = await _run.RunAsync(rig, lostSince: DateTimeOffset.UnixEpoch.AddDays(1));
        ReconcileReport notAsked = await _run.RunAsync(rig);

        Assert.Equal(["media/lost.txt"], asked.Lost);
        Assert.Null(notAsked.Lost);
    }

    [Fact]
    public async Task AnErasedAsset_ThatComesBackWithARestoredStore_IsErasedAgain_AndANewUploadOfItsNameStays()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource secret = await IngestAsync(rig, "carol.txt");
        AssetSource anew = await IngestAsync(rig, "anew.txt");
        Dictionary<string, BinaryData> backup = [];
        await foreach (StoredObject kept in rig.Bucket.ListAsync("", Token))
        {
            backup[kept.Path] = (await rig.Bucket.ReadAsync(kept.Path, 16 << 20, Token))!.Data;
        }
        foreach (AssetSource one in new[] { secret, anew })
        {
            await rig.Get<AssetErasure>().EraseAsync((await rig.Get<Ledger>().ReadAsync("s3", one.AssetId, Token))!, "ana", Token);
        }
        anew = await IngestAsync(rig, "anew.txt");
        foreach ((string path, BinaryData content) in backup.Where(one => !one.Key.Contains(anew.AssetId, StringComparison.Ordinal)))
        {
            if (!path.Contains("anew", StringComparison.Ordinal))
            {
                await rig.Bucket.WriteAsync(path, content.ToStream(), WriteCondition.Always, "application/octet-stream", Token);
            }
        }

        ReconcileReport first = await _run.RunAsync(rig);
        ReconcileReport second = await _run.RunAsync(rig);

        Assert.Equal((1, 0), (first.Erased, second.Erased));
        Assert.Null(await rig.Bucket.FindAsync("media/carol.txt", Token));
        Assert.Null(await rig.Get<Ledger>().ReadAsync("s3", secret.AssetId, Token));
        Assert.Empty(await rig.Bucket.ListAsync(AssetLayout.Analyses(secret.AssetId), Token).ToListAsync(Token));
        Assert.Equal(AssetState.Processed, (await ReconcileRun.EntryAsync(rig, anew)).State);
        Assert.DoesNotContain(secret.InstanceId(1), _run.Started);
    }

    /// <summary>The store has forgotten that it was erased.</summary>
    [Fact]
    public async Task AnErasure_ThatWasReadOutBeforeTheStoreWasSetBack_IsRepeated_OnceItIsBroughtBack()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource secret = await IngestAsync(rig, "carol.txt");
        AssetSource other = await IngestAsync(rig, "other.txt");
        ErasureRecord record = new(secret.AssetId, "s3", DateTimeOffset.UtcNow.AddMinutes(1), "ana");

        bool isNew = await rig.Get<ErasureRecords>().BringBackAsync(record, Token);
        bool isNewAgain = await rig.Get<ErasureRecords>().BringBackAsync(record, Token);
        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal((true, false, 1), (isNew, isNewAgain, report.Erased));
        Assert.Null(await rig.Bucket.FindAsync("media/carol.txt", Token));
        Assert.NotNull(await rig.Bucket.FindAsync("media/other.txt", Token));
        Assert.NotNull(await rig.Get<Ledger>().ReadAsync("s3", other.AssetId, Token));
    }

    private static async Task<AssetSource> IngestAsync(AssetRig rig, string name)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, "Carol Winter lives in Quillhaven.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        return source;
    }

    private static OrchestrationMetadata RunOf(AssetSource source, DateTimeOffset? created = null) =>
        new(nameof(IngestAsset), source.InstanceId())
        {
            CreatedAt = created ?? DateTimeOffset.UnixEpoch.AddDays(2),
            SerializedInput = JsonDataConverter.Default.Serialize(new IngestInput(source, 1)),
            DataConverter = JsonDataConverter.Default,
        };
}
