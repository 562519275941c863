using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Audit;
using Serverless.Captures;
using Serverless.Ingest;
using Serverless.Orchestrations.Operations.Retention;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Runs;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class ApplyRetentionTests(SharedServers servers)
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Steps_AreOfWhatHasAnAge()
    {
        RetentionOptions options = new()
        {
            FailedRuns = TimeSpan.FromDays(30),
            Audit = TimeSpan.FromDays(400),
            GoldenDrafts = TimeSpan.FromDays(90),
        };

        Assert.Equal(
            [
                new(RetentionKind.FailedRuns, Now.AddDays(-30)),
                new(RetentionKind.Audit, Now.AddDays(-400)),
                new RetentionStep(RetentionKind.GoldenDrafts, Now.AddDays(-90)),
            ],
            options.StepsAt(Now)
        );
        Assert.Empty(new RetentionOptions().StepsAt(Now));
    }

    [Fact]
    public async Task Run_RemovesEachKindUntilThereIsNoMore_WithPausesBetween()
    {
        Queue<RemovedSome> answers = new([new(100, true, "page-2"), new(30, false), new(0, false)]);
        List<RetentionStep> asked = [];
        Mock<TaskOrchestrationContext> context = new();
        context
            .Setup(one => one.CallActivityAsync<RemovedSome>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? step, TaskOptions? _) => asked.Add((RetentionStep)step!))
            .Returns(() => Task.FromResult(answers.Dequeue()));

        RetentionStatus ended = await ApplyRetention.RunAsync(
            context.Object,
            new RetentionInput([new(RetentionKind.Captures, Now), new(RetentionKind.Audit, Now)])
        );

        Assert.Equal([RetentionKind.Captures, RetentionKind.Captures, RetentionKind.Audit], asked.Select(step => step.Kind));
        Assert.Equal([null, "page-2", null], asked.Select(step => step.After));
        Assert.Equal(new RetentionStatus("completed", 130), ended);
        context.Verify(one => one.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()), Times.Never);
        context.Verify(one => one.CreateTimer(ApplyRetention.Pause, It.IsAny<CancellationToken>()), Times.Once);
        context.Verify(one => one.ContinueAsNew(It.IsAny<object>(), It.IsAny<bool>()), Times.Never);
    }

    [Fact]
    public async Task Captures_OfOldHours_AreRemoved_AndYoungerStay()
    {
        DateTimeOffset hour = new(2001, 2, 3, 4, 0, 0, TimeSpan.Zero); // older than those of other tests
        string model = $"retention-{Guid.NewGuid():N}";
        AzureObjectStore store = new((await servers.Azurite).Options);
        string old = await WriteAsync(store, CapturePath.Make(model, 1, hour, hour, "w", 1).Path);
        string young = await WriteAsync(store, CapturePath.Make(model, 1, hour.AddHours(1), hour.AddHours(1), "w", 2).Path);
        string other = await WriteAsync(store, $"captures/{model}/note.txt");
        using AuditLog audit = new(store, TimeProvider.System, $"audit/{model}");

        RemovedSome removed = await new RemoveOld(new AssetStores([store]), store, audit, null!, null!).RunAsync(
            new RetentionStep(RetentionKind.Captures, hour.AddHours(1)),
            null!,
            Token
        );

        bool[] left = await Task.WhenAll(new[] { old, young, other }.Select(async path => await store.FindAsync(path, Token) is not null));
        Assert.Equal(new RemovedSome(1, IsMore: false), removed);
        Assert.Equal([false, true, true], left);
        AuditedAct act = Assert.Single((await audit.ListAsync(new AuditFilter(), 10, Token)).Acts);
        Assert.Equal(("RemoveOld", "retention", "1 Captures of before 2001-02-03 05:00:00Z"), (act.Act, act.By, act.Why));
    }

    /// <summary>A listing goes on where the call before ended, also in the next store.</summary>
    [Fact]
    public async Task Records_OfEachStore_AreRemoved_SomeAtATime()
    {
        IObjectStore first = await TestBucket.OpenAsync(servers);
        using AuditLog audit = new(first, TimeProvider.System, "audit");
        await Parallel.ForAsync(0, 130, Token, async (i, _) => await WriteAsync(first, $"quarantine/{i:d3}.json"));
        RemoveOld activity = new(new AssetStores([first]), null!, audit, null!, null!);
        RetentionStep step = new(RetentionKind.Quarantine, TimeProvider.System.GetUtcNow().AddHours(1));

        RemovedSome some = await activity.RunAsync(step, null!, Token);
        RemovedSome rest = await activity.RunAsync(step with { After = some.After }, null!, Token);

        Assert.Equal((100, true, 30, false), (some.Removed, some.IsMore, rest.Removed, rest.IsMore));
        Assert.False(await first.ListAsync("quarantine/", Token).AnyAsync(Token));
    }

    /// <summary>A page with nothing old, or one that is exactly full, is not the last; and a call looks at so many pages.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    public async Task Runs_ThatAreOld_AreAllPurged_HoweverManyPagesThereAre(int young)
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        string name = $"retention-{Guid.NewGuid():N}";
        using AuditLog audit = new(store, TimeProvider.System, $"audit/{name}");
        using RunIndex index = new([store], new RunIndexOptions(), TimeProvider.System, NullLogger<RunIndex>.Instance);
        List<OrchestrationMetadata> runs = [.. Enumerable.Range(0, young).Select(i => RunOf($"a-{i:d4}", Now))];
        runs.AddRange(Enumerable.Range(0, 150).Select(i => RunOf($"b-{i:d4}", Now.AddDays(-2))));
        Mock<DurableTaskClient> client = new("client");
        client
            .Setup(one => one.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>()))
            .Returns((OrchestrationQuery query) => new UnorderedRuns(runs).List(query));
        client
            .Setup(one => one.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, CancellationToken _) => new PurgeResult(runs.RemoveAll(run => run.InstanceId == id)));
        RemoveOld activity = new(new AssetStores([store]), store, audit, new PurgedRuns(index, null!, TimeProvider.System), null!);

        RetentionStep step = new(RetentionKind.CompletedRuns, Now.AddDays(-1));
        RemovedSome some = await activity.RunAsync(step, client.Object, Token);
        int calls = 1;
        for (; some.IsMore; calls++)
        {
            step = step with { After = some.After };
            some = await activity.RunAsync(step, client.Object, Token);
        }

        Assert.Equal(young, runs.Count);
        Assert.InRange(calls, 3, 6);
    }

    private static OrchestrationMetadata RunOf(string id, DateTimeOffset updated) =>
        new("CheckDrift", id)
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Completed,
            CreatedAt = Now.AddDays(-3),
            LastUpdatedAt = updated,
        };

    private static async Task<string> WriteAsync(IObjectStore store, string path)
    {
        using MemoryStream body = new("a"u8.ToArray());
        await store.WriteAsync(path, body, WriteCondition.Always, "text/plain", Token);
        return path;
    }
}
