using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Health;

public sealed class PipelineHealthTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_WhileAStoreHangs_AnswersInTime_AndAsksItOnce()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        using S3ObjectStore store = new(
            new S3StorageOptions
            {
                ServiceUrl = address,
                Bucket = "b",
                Region = "eu",
            },
            TimeProvider.System
        );
        AssetStores stores = new([store]);
        HealthOptions options = new() { AnswerWithin = TimeSpan.FromSeconds(0.2) };
        PipelineHealth health = new(
            stores,
            new LedgerViews(stores, TimeProvider.System),
            options,
            TimeProvider.System,
            bucketJobs: new S3WorkQueue(store, AssetLayout.BucketJobsQueue, TimeProvider.System)
        );
        long started = Stopwatch.GetTimestamp();

        PipelineReport[] reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => health.TakeAsync(Token)));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.15), TimeSpan.FromSeconds(5));
        Assert.All(reports, report => Assert.Same(reports[0], report));
        Assert.Equal(["store s3", "jobs of the bucket"], reports[0].Findings.Select(finding => finding.Thing));
        Assert.All(reports[0].Findings, finding => Assert.Equal("no answer", finding.Found));
        Assert.All(reports[0].Findings, finding => Assert.Contains("0.2 s", finding.Expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Take_WithAStoreThatRefusesConnections_SaysSo()
    {
        using S3ObjectStore store = new(
            new S3StorageOptions
            {
                ServiceUrl = new Uri("http://127.0.0.1:9"),
                Bucket = "b",
                Region = "eu",
            },
            TimeProvider.System
        );
        AssetStores stores = new([store]);
        PipelineHealth health = new(stores, new LedgerViews(stores, _time), new HealthOptions(), TimeProvider.System);

        Assert.Equal(["store s3"], (await health.TakeAsync(Token)).Findings.Select(finding => finding.Thing));
    }

    [Fact]
    public async Task Take_WithJobsThatNobodyTakes_MissesTheWorker_UntilOneIsTaken()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        S3WorkQueue jobs = new(store, AssetLayout.BucketJobsQueue, _time);
        PipelineHealth health = HealthOf(store, jobs);
        await jobs.SendAsync("a", new BinaryData("{}"), Token);
        await jobs.SendAsync("b", new BinaryData("{}"), Token);

        PipelineReport young = await health.TakeAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(2));
        PipelineReport old = await health.TakeAsync(Token);
        await jobs.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token);
        PipelineReport taken = await health.TakeAsync(Token);

        Assert.Empty(young.Findings);
        HealthFinding missed = Assert.Single(old.Findings);
        Assert.Equal("jobs of the bucket", missed.Thing);
        Assert.Contains("2 jobs wait", missed.Found, StringComparison.Ordinal);
        Assert.Empty(taken.Findings);
        Assert.Equal((2, 1), (taken.Backlogs[^1].Items, taken.Backlogs[^1].InHand));
    }

    [Fact]
    public async Task Look_AtAnAzureQueue_TellsWhatWaitsFromWhatIsTaken()
    {
        AzureWorkQueue queue = new((await servers.Azurite).Options, $"look-{Guid.NewGuid():N}");
        Assert.Null(await queue.LookAsync(Token));
        await queue.SendAsync("a", new BinaryData("{}"), Token);
        await queue.SendAsync("b", new BinaryData("{}"), Token);
        await queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token);

        QueueLook look = (await queue.LookAsync(Token))!;

        Assert.Equal((1, 1), (look.Waiting, look.Taken));
        Assert.InRange(look.WaitingSince!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData(MediaKind.Text, 1)]
    [InlineData(MediaKind.Video, 0)] // a long one takes its time
    public async Task Take_WithAnUploadThatComesToNoResult_NamesIt(MediaKind kind, int expected)
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetSource source = await store.UploadAsync("a", "x");
        Ledger ledger = new(new AssetStores([store]), _time);
        await ledger.UpdateAsync(source, (entry, now) => entry.Begin(1, kind, "a/b", 1, now), Token);
        PipelineHealth health = HealthOf(store);

        Assert.Empty((await health.TakeAsync(Token)).Findings);
        _time.Advance(TimeSpan.FromMinutes(16));
        PipelineReport report = await health.TakeAsync(Token);

        Assert.Equal(expected, report.Findings.Count(finding => finding.Found.Contains(source.AssetId, StringComparison.Ordinal)));
        Assert.Equal((1, 1, 960.0), (report.Backlogs[0].Items, report.Backlogs[0].InHand, report.Backlogs[0].OldestSeconds));
    }

    private PipelineHealth HealthOf(S3ObjectStore store, S3WorkQueue? jobs = null)
    {
        AssetStores stores = new([store]);
        return new PipelineHealth(stores, new LedgerViews(stores, _time), new HealthOptions(), _time, bucketJobs: jobs);
    }
}
