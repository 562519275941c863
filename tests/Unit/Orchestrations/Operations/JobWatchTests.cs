using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Serverless.Audit;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Media;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class JobWatchTests(SharedServers servers)
{
    private const string JobId = "job-1";

    /// <summary>Near that of the queue's server, whose messages bear its time.</summary>
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly string _name = $"jobs-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_InNoQueueAndNoHand_IsSentAgainOnce_AndLogged()
    {
        AzureWorkQueue queue = await OpenQueueAsync();
        using AuditLog audit = await OpenAuditAsync();
        JobWatch watch = new(queue, audit, new RunWatchOptions(), _time);
        RunStanding standing = Standing();

        RunFinding? first = await LookAsync(watch, standing);
        _time.Advance(TimeSpan.FromMinutes(1));
        RunFinding? second = await LookAsync(watch, standing);
        _time.Advance(TimeSpan.FromMinutes(1));
        RunFinding? third = await LookAsync(watch, standing);

        Assert.Null(first); // a worker may just have taken it
        Assert.Equal((RunFinding.LostRule, JobId), (second!.Rule, second.Run));
        Assert.Null(third); // it is in the queue
        WorkItem item = Assert.Single(await queue.ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Equal(JobId, AssetsJson.Read<GpuJobMessage>(item.Body).JobId);
        AuditedAct act = Assert.Single((await audit.ListAsync(new AuditFilter(), 10, Token)).Acts);
        Assert.Equal(("RequeueJob", "watch", (int?)202), (act.Act, act.By, act.Status));
    }

    [Fact]
    public async Task Job_InAWorkersHand_IsLeft()
    {
        using AuditLog audit = await OpenAuditAsync();
        JobWatch watch = new(await OpenQueueAsync(), audit, new RunWatchOptions(), _time);
        ReportedMember worker = new("w-1", _time.GetUtcNow(), Jobs: [new JobInHand("m", JobLane.Long, _time.GetUtcNow(), JobId)]);

        for (int i = 0; i < 4; i++)
        {
            Assert.Null(await LookAsync(watch, Standing(), worker));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Job_ThatMayBeAmongThoseThatWait_IsLeft()
    {
        AzureWorkQueue queue = await OpenQueueAsync();
        await queue.SendAsync("another", BinaryData.FromString("{}"), Token);
        using AuditLog audit = await OpenAuditAsync();
        JobWatch watch = new(queue, audit, new RunWatchOptions(), _time);
        RunStanding standing = Standing() with { Since = _time.GetUtcNow().AddSeconds(-30) };

        for (int i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Null(await LookAsync(watch, standing));
        }
    }

    private async Task<RunFinding?> LookAsync(JobWatch watch, RunStanding standing, params ReportedMember[] members)
    {
        await watch.BeginAsync(members, Token);
        return await watch.FindAsync(new OrchestrationMetadata("IngestAsset", JobId), standing, Token);
    }

    private RunStanding Standing()
    {
        AnalysisRequest request = new(
            new AssetSource("azure", "media", "a.mp4", "v1"),
            MediaKind.Video,
            "video/mp4",
            Length: 5,
            Attempt: 1,
            _time.GetUtcNow()
        );
        GpuJobMessage job = new(JobId, request, JobId, _time.GetUtcNow());
        return new RunStanding(StandingKind.WaitingForJob, _time.GetUtcNow().AddMinutes(-10), "an answer", job);
    }

    /// <summary>One that is there, and empty.</summary>
    private async Task<AzureWorkQueue> OpenQueueAsync()
    {
        AzureWorkQueue queue = new((await servers.Azurite).Options, _name);
        await queue.SendAsync("first", BinaryData.FromString("{}"), Token);
        await queue.CompleteAsync(Assert.Single(await queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token)), Token);
        return queue;
    }

    private async Task<AuditLog> OpenAuditAsync() => new(new AzureObjectStore((await servers.Azurite).Options), _time, $"audit/{_name}");
}
