using Microsoft.DurableTask;
using Moq;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Sources;
using Xunit;

namespace Serverless.Unit.Orchestrations.Sources;

public sealed class SyncSourceTests
{
    private static readonly SourceCursor Second = new(0, "token");

    private readonly Mock<TaskOrchestrationContext> _context = new();
    private readonly Queue<CountedPart> _counts = new();
    private readonly Queue<SyncedPart> _parts = new();
    private readonly List<(string Activity, SyncStep Step)> _called = [];
    private readonly List<DateTime> _timers = [];
    private readonly List<SyncStatus> _shown = [];
    private DateTime _now = DateTime.UnixEpoch;
    private SyncInput? _next;

    public SyncSourceTests()
    {
        _context.Setup(context => context.CurrentUtcDateTime).Returns(() => _now);
        _context
            .Setup(context => context.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Callback(
                (DateTime due, CancellationToken _) =>
                {
                    _timers.Add(due);
                    _now = due;
                }
            )
            .Returns(Task.CompletedTask);
        _context.Setup(context => context.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _context
            .Setup(context => context.SetCustomStatus(It.IsAny<object>()))
            .Callback((object? status) => _shown.Add((SyncStatus)status!));
        _context
            .Setup(context => context.ContinueAsNew(It.IsAny<object>(), It.IsAny<bool>()))
            .Callback((object? next, bool _) => _next = (SyncInput)next!);
        _context
            .Setup(context => context.CallActivityAsync<CountedPart>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback(Note)
            .Returns(() => Task.FromResult(_counts.Dequeue()));
        _context
            .Setup(context => context.CallActivityAsync<SyncedPart>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback(Note)
            .Returns(() => Task.FromResult(_parts.Dequeue()));
        _context
            .Setup(context => context.CallActivityAsync(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback(Note)
            .Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Run_CountsFirst_ThenBeginsPartAfterPartAtTheRate_AndHandsOver()
    {
        _counts.Enqueue(new CountedPart(4, Second));
        _counts.Enqueue(new CountedPart(2, null));
        _parts.Enqueue(new SyncedPart(new SyncCounts(4, 3, 2, 1, 1, 0), Second, RatePerSecond: 1));
        _parts.Enqueue(new SyncedPart(new SyncCounts(2, 2, 1, 0, 0, 1), null, RatePerSecond: 1, ["b: refused"]));

        SyncStatus status = await RunAsync();

        Assert.Equal(("completed", new SyncCounts(6, 5, 3, 1, 1, 1, Total: 6)), (status.Stage, status.Counts));
        Assert.Equal(["b: refused"], status.Errors);
        Assert.Equal([DateTime.UnixEpoch.AddSeconds(2)], _timers); // two begun, one a second; nothing follows the last
        Assert.Equal(
            [
                (nameof(CountSource), new SourceCursor()),
                (nameof(CountSource), Second),
                (nameof(SyncSourcePart), new SourceCursor()),
                (nameof(SyncSourcePart), Second),
                (nameof(EndSourceSync), Second),
            ],
            _called.Select(one => (one.Activity, one.Step.At))
        );
        Assert.Equal(1, _shown.First(shown => shown.Counts.Seen == 4).SecondsLeft); // two of six are left at two a second
    }

    [Fact]
    public async Task Run_WhileUploadsWait_LooksAgainWhereItWas()
    {
        _parts.Enqueue(new SyncedPart(new SyncCounts(), Second, IsBusy: true));
        _parts.Enqueue(new SyncedPart(new SyncCounts(1, 1, 1), null));

        SyncStatus status = await RunAsync(new SyncInput("s3", "archive", 1, IsCounted: true, Second));

        Assert.Equal(("completed", 1), (status.Stage, status.Counts.Begun));
        Assert.Equal([Second, Second, Second], _called.Select(one => one.Step.At));
        Assert.Contains(_shown, shown => shown.Stage == "waitingForUploads");
        _context.Verify(context => context.CreateTimer(SyncSource.BusyPause, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Run_OfManyParts_BeginsItsHistoryAnewWhereItIs()
    {
        for (int part = 0; part < 60; part++)
        {
            _parts.Enqueue(new SyncedPart(new SyncCounts(1, 1), Second));
        }

        await RunAsync(new SyncInput("s3", "archive", 1, IsCounted: true));

        Assert.Equal((true, Second, 50), (_next!.IsCounted, _next.At, _next.Status!.Counts.Seen));
        Assert.DoesNotContain(_called, one => one.Activity == nameof(EndSourceSync));
    }

    [Theory]
    [InlineData("paused by ben", null, "stopped")]
    [InlineData(null, "it is refused", "failed")]
    public async Task Run_OfASourceThatStandsOtherwise_Ends_AndHandsNothingOver(string? stopped, string? fault, string stage)
    {
        _counts.Enqueue(new CountedPart(1, null));
        _parts.Enqueue(new SyncedPart(new SyncCounts(), null, Stopped: stopped, Fault: fault));

        SyncStatus status = await RunAsync();

        Assert.Equal((stage, stopped ?? fault), (status.Stage, status.Reason));
        Assert.Equal([nameof(CountSource), nameof(SyncSourcePart)], _called.Select(one => one.Activity));
    }

    private void Note(TaskName activity, object? step, TaskOptions? options) => _called.Add((activity.Name, (SyncStep)step!));

    private Task<SyncStatus> RunAsync(SyncInput? input = null) =>
        SyncSource.RunAsync(_context.Object, input ?? new SyncInput("s3", "archive", 1));
}
