using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.GpuBatch;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Runs;
using Serverless.Unit.Servers;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.GpuBatch;

public sealed class JobRunnerTests(SharedServers servers)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static JobRunner RunnerOf(AssetRig rig, int maxAttempts = 5) =>
        new(
            rig.Get<VideoAnalyzer>(),
            rig.Get<AssetAnalysis>(),
            rig.Get<AnalysisModels>(),
            new JobAnswers(rig.Get<AssetSettlement>(), rig.Get<ResultAnnouncer>(), completions: null),
            UnreadWork.In(rig.Bucket),
            new WorkerOptions { Lease = Lease, MaxAttempts = maxAttempts },
            new GpuBatchMeter(rig.Get<IMeterFactory>(), TimeProvider.System),
            TimeProvider.System,
            NullLogger<JobRunner>.Instance
        );

    private static async Task<(AssetSource Source, WorkItem Item)> HandOutAsync(AssetRig rig, string text, string mediaType = "text/plain")
    {
        AssetSource source = await rig.Bucket.UploadAsync("long.txt", text);
        await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Cancellation);
        AnalysisRequest request = new(
            source,
            MediaKind.Text,
            mediaType,
            System.Text.Encoding.UTF8.GetByteCount(text),
            1,
            DateTimeOffset.UnixEpoch
        );
        GpuJobMessage job = new(source.InstanceId(), request, InstanceId: null, TimeProvider.System.GetUtcNow());
        await rig.Get<IWorkQueue>().SendAsync(job.JobId, AssetsJson.Write(job), Cancellation);
        return (source, Assert.Single(await rig.Get<IWorkQueue>().ReceiveAsync(1, Lease, Cancellation)));
    }

    [Fact]
    public async Task ALongText_IsAnalysedSettledAndTakenOffTheQueue()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        (AssetSource source, WorkItem item) = await HandOutAsync(
            rig,
            string.Join(' ', Enumerable.Repeat("Anna Berg visited Oslo in May.", 40))
        );

        await RunnerOf(rig).RunAsync(rig.Get<IWorkQueue>(), item with { Attempt = 2 }, Cancellation);

        Assert.Equal(AssetState.Processed, await rig.Get<AssetSettlement>().StateOfAsync(source, Cancellation));
        AnalysisDocument document = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Cancellation))!;
        Assert.Equal(40, document.Text!.Sentences.Count);
        Assert.Equal(2, document.Attempts);
        Assert.Null(await rig.Bucket.FindAsync($"jobs/{item.Id}.json", Cancellation));
    }

    [Fact]
    public async Task AJob_ThatIsToBeAlone_BeginsOnceTheOthersHaveEnded()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        (AssetSource source, WorkItem item) = await HandOutAsync(rig, "Anna Berg visited Oslo in May.");
        TaskCompletionSource others = new();

        Task run = RunnerOf(rig).RunAsync(rig.Get<IWorkQueue>(), item, Cancellation, others.Task);
        Assert.Null(await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Cancellation));
        Assert.False(run.IsCompleted);
        others.SetResult();
        await run;

        Assert.Equal(AssetState.Processed, await rig.Get<AssetSettlement>().StateOfAsync(source, Cancellation));
    }

    [Fact]
    public async Task BadBytes_AreQuarantinedWithTheirReason()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using MeasuredValues measured = new(rig.Get<IMeterFactory>());
        (AssetSource source, WorkItem item) = await HandOutAsync(rig, "<p></p><script>only code</script>", "text/html");

        await RunnerOf(rig).RunAsync(rig.Get<IWorkQueue>(), item, Cancellation);

        Assert.Equal(AssetState.Quarantined, await rig.Get<AssetSettlement>().StateOfAsync(source, Cancellation));
        Assert.Equal(["kind=text outcome=refused: 1"], measured.Of("serverless.gpu_batch.jobs"));
    }

    [Fact]
    public async Task AJob_WhoseWorkersEndedWithIt_IsNotBegunOnceMore()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        (AssetSource source, WorkItem item) = await HandOutAsync(rig, "Anna Berg visited Oslo in May.");

        await RunnerOf(rig, maxAttempts: 3).RunAsync(rig.Get<IWorkQueue>(), item with { Attempt = 4 }, Cancellation);

        QuarantineRecord? record = await rig.Get<Quarantine>().FindAsync("s3", source.AssetId, Cancellation);
        Assert.Equal((FailureKind.Exhausted, 3), (record!.Failure.Kind, record.Attempts));
        Assert.Null(await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Cancellation));
    }

    [Fact]
    public async Task AJob_HandedBackManyTimes_IsAnalysedAllTheSame()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        (AssetSource source, WorkItem item) = await HandOutAsync(rig, "Anna Berg visited Oslo in May.");
        IWorkQueue queue = rig.Get<IWorkQueue>();
        for (int stop = 0; stop < 3; stop++)
        {
            await RunnerOf(rig, maxAttempts: 1).RunAsync(queue, item, new CancellationToken(canceled: true));
            item = Assert.Single(await queue.ReceiveAsync(1, Lease, Cancellation));
        }

        await RunnerOf(rig, maxAttempts: 1).RunAsync(queue, item, Cancellation);

        Assert.Equal(4, item.Attempt);
        Assert.Equal(AssetState.Processed, await rig.Get<AssetSettlement>().StateOfAsync(source, Cancellation));
    }

    [Fact]
    public async Task AnAbandonedJob_IsHandedBackAtOnce()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using MeasuredValues measured = new(rig.Get<IMeterFactory>());
        (_, WorkItem item) = await HandOutAsync(rig, "Some text.");

        await RunnerOf(rig).RunAsync(rig.Get<IWorkQueue>(), item, new CancellationToken(canceled: true));

        WorkItem again = Assert.Single(await rig.Get<IWorkQueue>().ReceiveAsync(1, Lease, Cancellation));
        Assert.Equal((item.Id, item.Attempt + 1), (again.Id, again.Attempt));
        Assert.Equal(["kind=text outcome=handed_back: 1"], measured.Of("serverless.gpu_batch.jobs"));
    }

    [Fact]
    public async Task AJobThatKeepsFailing_EndsInQuarantine()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        (AssetSource source, WorkItem item) = await HandOutAsync(rig, "Some text.", "text/unheard-of");

        await RunnerOf(rig, maxAttempts: 1).RunAsync(rig.Get<IWorkQueue>(), item, Cancellation);

        Assert.Equal(AssetState.Quarantined, await rig.Get<AssetSettlement>().StateOfAsync(source, Cancellation));
    }

    [Fact]
    public async Task WhatIsNoJob_IsDropped()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        IWorkQueue queue = rig.Get<IWorkQueue>();
        await queue.SendAsync("odd", BinaryData.FromString("""{"hello":"world"}"""), Cancellation);
        WorkItem item = Assert.Single(await queue.ReceiveAsync(1, Lease, Cancellation));

        await RunnerOf(rig).RunAsync(queue, item, Cancellation);

        Assert.Null(await rig.Bucket.FindAsync("jobs/odd.json", Cancellation));
    }
}
