using Microsoft.Extensions.Time.Testing;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class QueueSourceTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A look comes every 15 seconds, so that half a minute of waiting is told of in under one.</summary>
    [Fact]
    public async Task JobsThatNobodyTakes_AreFoundAfterHalfAMinute_AndJobsInHandAreWaitedFor()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        S3WorkQueue jobs = new(store, AssetLayout.BucketJobsQueue, _time);
        AssetStores stores = new([store]);
        HealthOptions options = new();
        QueueSource source = new(new PipelineHealth(stores, new LedgerViews(stores, _time), options, _time, bucketJobs: jobs), options);

        AlertCondition empty = await LookAsync(source);
        await jobs.SendAsync("a", new BinaryData("{}"), Token);
        await jobs.SendAsync("b", new BinaryData("{}"), Token);
        AlertCondition young = await LookAsync(source);
        _time.Advance(TimeSpan.FromSeconds(35));
        AlertCondition old = await LookAsync(source);
        await jobs.ReceiveAsync(1, TimeSpan.FromHours(1), Token);
        AlertCondition taken = await LookAsync(source);
        _time.Advance(options.StuckAfter);
        AlertCondition slow = await LookAsync(source);

        Assert.Equal([false, false, true, false, true], new[] { empty, young, old, taken, slow }.Select(found => found.Active));
        Assert.Equal(("backlogAge", "jobs of the bucket", 30d), (old.Rule, old.Subject, old.Limit));
        Assert.StartsWith("2 jobs are there, 0 in hand; the oldest waits for 3", old.Summary, StringComparison.Ordinal);
        Assert.Equal(options.StuckAfter.TotalSeconds, slow.Limit);
    }

    private static async Task<AlertCondition> LookAsync(QueueSource source) =>
        Assert.Single((await source.LookAsync(AlertRules.Default, client: null!, Token)).Conditions);
}
