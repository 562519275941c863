using Microsoft.DurableTask;
using Moq;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Promotion;
using Serverless.Unit.Orchestrations.Running;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift.Following;

public sealed class WatchShadowTests
{
    private static readonly ShadowInput Input = new(new PromotionTarget("shadow-1", "prod", "m", 1, 2), TimeSpan.FromHours(24));

    private readonly Mock<TaskOrchestrationContext> _context = new();
    private readonly TaskCompletionSource _timer = new();
    private readonly TaskCompletionSource<RunCancel> _cancel = new();
    private readonly List<ShadowEnd> _ended = [];

    public WatchShadowTests()
    {
        _context.Setup(context => context.CurrentUtcDateTime).Returns(DateTime.UnixEpoch);
        _context.Setup(context => context.CreateTimer(DateTime.UnixEpoch.AddHours(24), It.IsAny<CancellationToken>())).Returns(_timer.Task);
        _context
            .Setup(context => context.WaitForExternalEvent<RunCancel>(RunCancel.EventName, It.IsAny<CancellationToken>()))
            .Returns(_cancel.Task);
        _context
            .Setup(context => context.CallActivityAsync<ShadowStatus>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? end, TaskOptions? _) => _ended.Add((ShadowEnd)end!))
            .ReturnsAsync(new ShadowStatus("completed", "differences/shadow-1-shadow.json"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Run_EndsTheShadow_WhenItsTimeIsOver_OrAPersonSaysSo(bool isOver)
    {
        Task<ShadowStatus> run = WatchShadow.RunAsync(_context.Object, Input);
        Assert.Empty(_ended);

        if (isOver)
        {
            _timer.SetResult();
        }
        else
        {
            _cancel.SetResult(new RunCancel("ana", null));
        }
        ShadowStatus status = await run;

        Assert.Equal(new ShadowEnd(Input.Target, DateTime.UnixEpoch), Assert.Single(_ended));
        Assert.Equal("completed", status.Stage);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Run_AsksForTheEnd_InTheTurnInWhichItIsOver(bool isOver)
    {
        await using OrchestrationRunner runner = new();
        runner.Registry.AddOrchestrator<ShadowInput, ShadowStatus>(nameof(WatchShadow), WatchShadow.RunAsync);
        runner.ActivityAsync<ShadowEnd, ShadowStatus>(nameof(EndShadow), _ => Task.FromResult(new ShadowStatus("completed")));
        await runner.BeginAsync(nameof(WatchShadow), Input, "shadow-1");

        if (isOver)
        {
            runner.Time.Advance(Input.Lasting);
        }
        else
        {
            await runner.Client.RaiseEventAsync(
                "shadow-1",
                RunCancel.EventName,
                new RunCancel("ana", null),
                OrchestrationRunner.CancellationToken
            );
        }
        await runner.QuietAsync();

        Assert.True(runner.Read("shadow-1", run => run.IsCompleted));
    }
}
