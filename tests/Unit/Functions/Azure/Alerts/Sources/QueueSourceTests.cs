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

    /// <summary>Of more than 32 that wait, an Azure queue does not tell how many are taken.</summary>
    [Fact]
    public async Task ALongQueue_ThatNobodyTakes_IsFoundAfterHalfAMinute()
    {
        (AzureWorkQueue jobs, QueueSource source, _) = await OpenAsync();
        await SendAsync(jobs, 40);

        AlertCondition young = await LookAsync(source);
        _time.Advance(TimeSpan.FromSeconds(35));
        AlertCondition old = await LookAsync(source);

        Assert.Equal((false, true), (young.Active, old.Active));
        Assert.StartsWith("40 jobs are there, 0 in hand; the oldest waits for 3", old.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(3)] // those that a killed worker holds count as taken until their leases end
    public async Task JobsInHand_AreWaitedFor_UntilTheirWorkerFallsSilent_AndFoundWithinAMinute(int count)
    {
        (AzureWorkQueue jobs, QueueSource source, MemberReports reports) = await OpenAsync();
        await SendAsync(jobs, count);
        await jobs.ReceiveAsync(1, TimeSpan.FromHours(1), Token);
        _time.Advance(TimeSpan.FromMinutes(5));
        JobInHand held = new("a", JobLane.Long, _time.GetUtcNow());
        ReportedMember worker = new("w-1", _time.GetUtcNow(), Jobs: [held]);
        await reports.WriteAsync("w-1", TimeSpan.FromSeconds(20), [worker], Token);

        List<AlertCondition> looks = [await LookAsync(source)];
        for (int look = 0; look < 3; look++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            looks.Add(await LookAsync(source));
        }

        Assert.Equal([false, false, false, true], looks.Select(look => look.Active));
        Assert.Contains(" 1 in hand", looks[0].Summary, StringComparison.Ordinal);
        Assert.StartsWith($"{count} jobs are there, 0 in hand", looks[^1].Summary, StringComparison.Ordinal);
    }

    private async Task<(AzureWorkQueue Jobs, QueueSource Source, MemberReports Reports)> OpenAsync()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetStores stores = new([store]);
        HealthOptions options = new();
        AzureWorkQueue jobs = new((await servers.Azurite).Options, $"backlog-{Guid.NewGuid():N}");
        PipelineHealth health = new(stores, new LedgerViews(stores, _time), options, _time, jobs);
        return (jobs, new QueueSource(health, options), new MemberReports(store, _time));
    }

    private static Task SendAsync(AzureWorkQueue jobs, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => jobs.SendAsync($"{i}", new BinaryData("{}"), Token)));

    private static async Task<AlertCondition> LookAsync(QueueSource source) =>
        Assert.Single((await source.LookAsync(AlertRules.Default, client: null!, Token)).Conditions);
}
