using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Serverless.Audit;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class RunWatchTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 11, 55, 0, TimeSpan.Zero));
    private readonly string _name = $"watch-{Guid.NewGuid():N}";
    private readonly Mock<DurableTaskClient> _client = new("client");
    private readonly List<HistoryEvent> _history = [];
    private OrchestrationMetadata _run = new("CheckDrift", "run-1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ThatWaitsForNothing_IsWokenOnce_AndToldOfUntilItGoesOn()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        Happened(new TaskScheduledEvent(0, "SummariseCaptures", null, "{}"), minutesAgo: 9);
        Happened(new TaskCompletedEvent(-1, 0, "{}"), minutesAgo: 8);

        RunFinding first = Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        RunFinding second = Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        Happened(new TaskScheduledEvent(1, "JudgeDrift", null, "{}"), minutesAgo: 0);
        IReadOnlyList<RunFinding> third = await watch.LookAsync(_client.Object, [], Token);

        Assert.Equal((RunFinding.HaltedRule, "CheckDrift", "run-1"), (first.Rule, first.Subject, first.Run));
        Assert.Equal(
            "Run 'run-1' of CheckDrift has done nothing since 2026-05-01 11:52:00Z, and waits for nothing. It was woken at "
                + "2026-05-01 12:00:00Z.",
            first.Found
        );
        Assert.Equal(first, second);
        Assert.Empty(third);
        _client.Verify(client => client.RaiseEventAsync("run-1", RunNudge.EventName, null, It.IsAny<CancellationToken>()), Times.Once);
        AuditedAct act = Assert.Single((await audit.ListAsync(new AuditFilter(), 10, Token)).Acts);
        Assert.Equal(("WakeRun", "watch", (int?)202), (act.Act, act.By, act.Status));
    }

    [Fact]
    public async Task Run_ThatWasWokenInVain_IsToldOfWithoutAPause_AlsoByAnotherProcess()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        Happened(new TaskCompletedEvent(-1, 0, "{}"), minutesAgo: 8);
        await watch.LookAsync(_client.Object, [], Token);
        Happened(new OrchestratorStartedEvent(-1), minutesAgo: 0);
        Happened(new EventRaisedEvent(-1, null) { Name = RunNudge.EventName }, minutesAgo: 0);
        Happened(new OrchestratorCompletedEvent(-1), minutesAgo: 0);
        _time.Advance(TimeSpan.FromMinutes(1));

        RunFinding second = Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        RunFinding other = Assert.Single(await (await WatchAsync(audit)).LookAsync(_client.Object, [], Token));

        Assert.EndsWith("waits for nothing. It was woken at 2026-05-01 12:00:00Z.", second.Found, StringComparison.Ordinal);
        Assert.Equal(second, other);
        _client.Verify(client => client.RaiseEventAsync("run-1", RunNudge.EventName, null, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Timer_ThatIsLate_IsToldOf_OnceTheHostIsUpLongEnough_AndTheGraceIsOver()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        Happened(new TimerCreatedEvent(0) { FireAt = _time.GetUtcNow().AddMinutes(-4).UtcDateTime }, minutesAgo: 90);

        Assert.Empty(await watch.LookAsync(_client.Object, [], Token));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(await watch.LookAsync(_client.Object, [], Token));
    }

    [Fact]
    public async Task Host_ThatWasAway_IsGivenItsTime_AndWhatWasFoundBeforeIsKept()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        await watch.LookAsync(_client.Object, [], Token);
        bool wasWhole = watch.IsWhole;
        Happened(new TaskCompletedEvent(-1, 0, "{}"), minutesAgo: 8);
        await watch.LookAsync(_client.Object, [], Token);
        Happened(new TimerCreatedEvent(0) { FireAt = _time.GetUtcNow().AddMinutes(1).UtcDateTime }, minutesAgo: 0);
        Assert.Empty(await watch.LookAsync(_client.Object, [], Token));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await watch.LookAsync(_client.Object, [], Token));
        Assert.False(watch.IsWhole);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        Assert.True(wasWhole && watch.IsWhole);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        Assert.False(watch.IsWhole);
    }

    [Fact]
    public async Task Run_ThatWasSuspended_IsToldOfNoMore()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        Happened(new TaskCompletedEvent(-1, 0, "{}"), minutesAgo: 8);
        Assert.Single(await watch.LookAsync(_client.Object, [], Token));
        _run = new OrchestrationMetadata("CheckDrift", "run-1") { RuntimeStatus = OrchestrationRuntimeStatus.Suspended };

        Assert.Empty(await watch.LookAsync(_client.Object, [], Token));
    }

    [Fact]
    public async Task Activity_PastItsLimit_IsToldOf_AndNothingIsDone()
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        Happened(new TaskScheduledEvent(0, "SummariseCaptures", null, "{}"), minutesAgo: 36);

        RunFinding found = Assert.Single(await watch.LookAsync(_client.Object, [], Token));

        Assert.Equal((RunFinding.SlowRule, "activity SummariseCaptures"), (found.Rule, found.Subject));
        _client.Verify(
            client => client.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object>(), It.IsAny<CancellationToken>()),
            Times.Never
        );
    }

    [Theory, InlineData(34, 34), InlineData(3, 1)]
    public async Task Run_ThatIsAtWork_OrWasJustNow_IsLeft(int scheduledMinutesAgo, int updatedMinutesAgo)
    {
        using AuditLog audit = await OpenAsync();
        RunWatch watch = await WatchAsync(audit);
        _run = new OrchestrationMetadata("CheckDrift", "run-1")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Running,
            LastUpdatedAt = _time.GetUtcNow().AddMinutes(-updatedMinutesAgo),
        };
        Happened(new TaskScheduledEvent(0, "SummariseCaptures", null, "{}"), scheduledMinutesAgo);

        Assert.Empty(await watch.LookAsync(_client.Object, [], Token));
    }

    private void Happened(HistoryEvent happened, int minutesAgo)
    {
        happened.Timestamp = _time.GetUtcNow().AddMinutes(-minutesAgo).UtcDateTime;
        _history.Add(happened);
    }

    private async Task<AuditLog> OpenAsync() => new(new AzureObjectStore((await servers.Azurite).Options), _time, $"audit/{_name}");

    /// <summary>One whose host is up for long enough.</summary>
    private async Task<RunWatch> WatchAsync(AuditLog audit)
    {
        _client
            .Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>()))
            .Returns(
                (OrchestrationQuery query) =>
                    Pageable.Create(
                        (_, _, _) =>
                            Task.FromResult(new Page<OrchestrationMetadata>(query.Statuses!.Contains(_run.RuntimeStatus) ? [_run] : []))
                    )
            );
        _client.Setup(client => client.GetInstancesAsync("run-1", false, It.IsAny<CancellationToken>())).ReturnsAsync(() => _run);
        _client.Setup(client => client.GetInstanceAsync("run-1", It.IsAny<CancellationToken>())).ReturnsAsync(() => _run);
        _client
            .Setup(client => client.GetOrchestrationHistoryAsync("run-1", It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => [.. _history]);
        RunWatchOptions options = new();
        AzureWorkQueue queue = new((await servers.Azurite).Options, _name);
        RunWatch watch = new(new JobWatch(queue, audit, options, _time), new RunNudge(audit, _time), options, _time);
        await watch.LookAsync(_client.Object, [], Token);
        _time.Advance(options.HaltedAfter);
        _run = new OrchestrationMetadata("CheckDrift", "run-1")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Running,
            LastUpdatedAt = _time.GetUtcNow().AddMinutes(-8),
        };
        return watch;
    }
}
