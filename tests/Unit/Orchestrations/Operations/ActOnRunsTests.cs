using Microsoft.DurableTask;
using Moq;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class ActOnRunsTests
{
    private readonly Mock<TaskOrchestrationContext> _context = new();
    private readonly List<int> _from = [];
    private readonly List<ActOnRunsStatus> _shown = [];
    private readonly TaskCompletionSource<RunCancel> _cancel = new();
    private ActOnRunsInput? _next;

    public ActOnRunsTests()
    {
        _context.Setup(context => context.InstanceId).Returns("acts-1");
        _context
            .Setup(context => context.WaitForExternalEvent<RunCancel>(RunCancel.EventName, It.IsAny<CancellationToken>()))
            .Returns(_cancel.Task);
        _context
            .Setup(context => context.CallActivityAsync<ActCounts>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Returns((TaskName _, object input, TaskOptions? _) => Task.FromResult(Act((ActOnSomeInput)input)));
        _context.Setup(context => context.SetCustomStatus(It.IsAny<object>())).Callback((object? one) => _shown.Add((ActOnRunsStatus)one!));
        _context
            .Setup(context => context.ContinueAsNew(It.IsAny<object>(), It.IsAny<bool>()))
            .Callback((object? next, bool _) => _next = (ActOnRunsInput?)next);
    }

    [Fact]
    public async Task Runs_AreActedOnOnceEach_WithProgress()
    {
        ActOnRunsStatus ended = await RunAsync(45);

        Assert.Equal([0, 20, 40], _from);
        Assert.Equal(new ActOnRunsStatus("completed", BulkAct.Terminate, 45, new ActCounts(42, 3, "no 0")), ended);
        Assert.Equal([0, 20, 40, 45], _shown.Select(one => one.Counts.Sum));
        Assert.Null(_next);
    }

    [Fact]
    public async Task ManyRuns_GoOnInANewHistory_WhereTheyEnded()
    {
        ActOnRunsStatus ended = await RunAsync(2_000);

        Assert.Equal(("acting", 1_000, 1_000), (ended.Stage, ended.Counts.Sum, _next!.Counts!.Sum));
        await RunAsync(2_000, _next.Counts);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 20 * i), _from);
    }

    [Fact]
    public async Task Cancel_EndsItBeforeTheNextStep()
    {
        _cancel.SetResult(new RunCancel("ana", null));

        Assert.Equal(("cancelled", 0), ((await RunAsync(45)).Stage, _from.Count));
    }

    private Task<ActOnRunsStatus> RunAsync(int total, ActCounts? counts = null) =>
        ActOnRuns.RunAsync(_context.Object, new ActOnRunsInput(BulkAct.Terminate, total, "ana", "key:ops", "it is a test", counts));

    /// <summary>One of each step refuses.</summary>
    private ActCounts Act(ActOnSomeInput input)
    {
        Assert.Equal("acts-1", input.Selection);
        _from.Add(input.From);
        int some = Math.Min(ActOnRuns.AtOnce, input.Asked.Total - input.From);
        return new ActCounts(some - 1, 1, $"no {input.From}");
    }
}
