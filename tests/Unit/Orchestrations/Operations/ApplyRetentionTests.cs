using Microsoft.DurableTask;
using Moq;
using Serverless.Audit;
using Serverless.Captures;
using Serverless.Ingest;
using Serverless.Orchestrations.Operations.Retention;
using Serverless.Storage;
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
        RetentionOptions options = new() { FailedRuns = TimeSpan.FromDays(30), Audit = TimeSpan.FromDays(400) };

        Assert.Equal(
            [new(RetentionKind.FailedRuns, Now.AddDays(-30)), new RetentionStep(RetentionKind.Audit, Now.AddDays(-400))],
            options.StepsAt(Now)
        );
        Assert.Empty(new RetentionOptions().StepsAt(Now));
    }

    [Fact]
    public async Task Run_RemovesEachKindUntilThereIsNoMore_WithPausesBetween()
    {
        Queue<RemovedSome> answers = new([new(100, true), new(30, false), new(0, false)]);
        List<RetentionKind> asked = [];
        Mock<TaskOrchestrationContext> context = new();
        context
            .Setup(one => one.CallActivityAsync<RemovedSome>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? step, TaskOptions? _) => asked.Add(((RetentionStep)step!).Kind))
            .Returns(() => Task.FromResult(answers.Dequeue()));

        RetentionStatus ended = await ApplyRetention.RunAsync(
            context.Object,
            new RetentionInput([new(RetentionKind.Captures, Now), new(RetentionKind.Audit, Now)])
        );

        Assert.Equal([RetentionKind.Captures, RetentionKind.Captures, RetentionKind.Audit], asked);
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

        RemovedSome removed = await new RemoveOld(new AssetStores([store]), store, audit).RunAsync(
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

    private static async Task<string> WriteAsync(AzureObjectStore store, string path)
    {
        using MemoryStream body = new("a"u8.ToArray());
        await store.WriteAsync(path, body, WriteCondition.Always, "text/plain", Token);
        return path;
    }
}
