using Microsoft.DurableTask;
using Moq;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Drift;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift;

public sealed class CheckDriftTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);
    private static readonly DriftSubject Subject = new("prod", "m", 1);

    private readonly Mock<TaskOrchestrationContext> _context = new();
    private readonly List<SummaryInput> _summarised = [];

    public CheckDriftTests()
    {
        _context
            .Setup(context => context.CallActivityAsync(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? input, TaskOptions? _) => _summarised.Add((SummaryInput)input!))
            .Returns(Task.CompletedTask);
        _context
            .Setup(context =>
                context.CallActivityAsync<DriftCheckStatus>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>())
            )
            .ReturnsAsync(new DriftCheckStatus("judged", "report", DriftVerdict.Alarm, ["x"]));
    }

    [Theory]
    [InlineData(DriftReference.Pinned, 2)]
    [InlineData(DriftReference.Previous, 3)] // 60 hours in steps of 24
    public async Task Run_SummarisesEveryHourOnce_ThenCompares(DriftReference reference, int steps)
    {
        DriftCheckRequest request = new(Subject, new DriftWindow(Start, Start.AddHours(30)), reference, DriftLikeness.Any);

        DriftCheckStatus status = await CheckDrift.RunAsync(_context.Object, new DriftCheckInput(request, []));

        Assert.Equal(steps, _summarised.Count);
        Assert.Equal(_summarised[0].Window.From, reference == DriftReference.Previous ? request.Previous().From : request.Window.From);
        Assert.Equal(request.Window.Until, _summarised[^1].Window.Until);
        Assert.All(_summarised.Zip(_summarised.Skip(1)), pair => Assert.Equal(pair.First.Window.Until, pair.Second.Window.From));
        Assert.Equal(("completed", DriftVerdict.Alarm, null), (status.Stage, status.Verdict!.Value, status.Decisions));
    }

    [Fact]
    public async Task Run_WithFollowUps_DecidesAfterTheReport()
    {
        DriftDecision[] decisions = [new("alert", Done: true, "x", Start)];
        _context
            .Setup(context =>
                context.CallActivityAsync<IReadOnlyList<DriftDecision>>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>())
            )
            .ReturnsAsync(decisions);
        DriftCheckRequest request = new(Subject, new DriftWindow(Start, Start.AddHours(1)), DriftReference.Pinned, DriftLikeness.Any);

        DriftCheckStatus status = await CheckDrift.RunAsync(_context.Object, new DriftCheckInput(request, [DriftFollowUp.Alert]));

        Assert.Equal(decisions, status.Decisions);
    }

    [Fact]
    public async Task Backfill_ChecksWindowAfterWindow_AtTheRate_AndGoesOnAsNew()
    {
        List<DriftCheckInput> checks = [];
        List<DateTime> timers = [];
        BackfillInput? next = null;
        DateTime now = DateTime.UnixEpoch;
        Mock<TaskOrchestrationContext> context = new();
        context.Setup(c => c.CurrentUtcDateTime).Returns(() => now);
        context
            .Setup(c => c.WaitForExternalEvent<RunCancel>(RunCancel.EventName, It.IsAny<CancellationToken>()))
            .Returns(new TaskCompletionSource<RunCancel>().Task);
        context
            .Setup(c => c.CallSubOrchestratorAsync<DriftCheckStatus>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? input, TaskOptions? _) => checks.Add((DriftCheckInput)input!))
            .ReturnsAsync(new DriftCheckStatus("completed"));
        context
            .Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Callback((DateTime due, CancellationToken _) => timers.Add(now = due))
            .Returns(Task.CompletedTask);
        context.Setup(c => c.ContinueAsNew(It.IsAny<object>(), true)).Callback((object? input, bool _) => next = (BackfillInput)input!);
        BackfillInput input = new(
            Subject,
            new DriftWindow(Start, Start.AddHours(24)),
            Start.AddDays(60),
            DriftReference.Previous,
            DriftLikeness.Any,
            RatePerMinute: 30
        );

        BackfillStatus first = await BackfillDrift.RunAsync(context.Object, input);
        BackfillStatus last = await BackfillDrift.RunAsync(context.Object, next!);

        Assert.Equal(("checking", 50), (first.Stage, first.Windows));
        Assert.Equal(("completed", 60), (last.Stage, last.Windows));
        Assert.Equal(Enumerable.Range(0, 60).Select(day => Start.AddDays(day)), checks.Select(check => check.Request.Window.From));
        Assert.All(checks, check => Assert.Empty(check.FollowUps));
        Assert.All(checks, check => Assert.True(check.Request.Asked));
        Assert.Equal(TimeSpan.FromSeconds(2), timers[1] - timers[0]);
    }
}
