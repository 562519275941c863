using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Replay;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class ReplayTests
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Advance_TurnsEventsIntoDecisions()
    {
        OrchestrationExecution execution = New(async context =>
        {
            string first = await context.CallActivityAsync<string>("A", 1);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            context.SendEvent("other", "Done", first);
            return first;
        });

        Turn one = execution.Advance(Start, [Started()]);
        Turn two = execution.Advance(Start.AddSeconds(1), [new ActivityCompleted(0, "\"x\"")]);
        Turn three = execution.Advance(Start.AddSeconds(61), [new TimerFired(1, Start.AddSeconds(61))]);

        Assert.Equal(new ActivityScheduled(0, "A", "", "1", null) { At = Start }, one.Events[^1]);
        Assert.Equal(new TimerScheduled(1, Start.AddSeconds(61)) { At = Start.AddSeconds(1) }, two.Events[^1]);
        Assert.Equal(new EventSent(2, "other", "Done", "\"x\"") { At = Start.AddSeconds(61) }, three.Events[^2]);
        Assert.Equal(new ExecutionCompleted(OrchestrationRuntimeStatus.Completed, "\"x\"", null) { At = Start.AddSeconds(61) }, three.End);
    }

    [Fact]
    public void Replay_ThenAdvance_GoesOnAsIfNothingHadHappened()
    {
        OrchestratorFunction code = async context =>
            await context.CallActivityAsync<int>("A", 1) + await context.CallActivityAsync<int>("B", 2);
        OrchestrationExecution alive = New(code);
        List<DurableEvent> history = [.. alive.Advance(Start, [Started()]).Events];
        history.AddRange(alive.Advance(Start, [new ActivityCompleted(0, "10")]).Events);
        OrchestrationExecution replayed = New(code);

        replayed.Replay(history);
        Turn expected = alive.Advance(Start, [new ActivityCompleted(1, "5")]);
        Turn actual = replayed.Advance(Start, [new ActivityCompleted(1, "5")]);

        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal("15", ((ExecutionCompleted)actual.End!).Output);
    }

    [Fact]
    public void Clock_NeverRunsBackwards()
    {
        OrchestrationExecution execution = New(context => Task.FromResult<object?>(null));
        execution.Replay([new TurnStarted { At = Start }]);

        Turn turn = execution.Advance(Start.AddHours(-1), [Started()]);

        Assert.Equal(Start, turn.Events[0].At);
    }

    [Theory]
    [InlineData("renamed", "step 0 was activity 'A', but the code now asks for activity 'B'")]
    [InlineData("gone", "step 0 was activity 'A', but the code no longer comes to it")]
    [InlineData("more", "asks for activity 'B' as step 1, of which the history knows nothing")]
    [InlineData("other kind", "but the code now asks for a timer")]
    [InlineData("early end", "the code ends here")]
    public void ChangedCode_FailsWithWhatDiffers(string change, string message)
    {
        OrchestrationExecution before = New(async context => await Task.WhenAll(
            context.CallActivityAsync<object>("A"), context.WaitForExternalEvent<object>("Go")));
        List<DurableEvent> history = [.. before.Advance(Start, [Started()]).Events];
        OrchestrationExecution after = New(async context =>
        {
            Task go = context.WaitForExternalEvent<object>("Go");
            if (change is "renamed")
                await context.CallActivityAsync("B");
            else if (change is "other kind")
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            else if (change is "more")
                await Task.WhenAll(context.CallActivityAsync("A"), context.CallActivityAsync("B"));
            else if (change is "early end")
                _ = context.CallActivityAsync("A");
            if (change is not "early end")
                await go;
            return null;
        });

        after.Replay(history);

        ExecutionCompleted end = Assert.IsType<ExecutionCompleted>(after.Ended);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.Status);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", end.Failure?.ErrorType);
        Assert.Contains(message, end.Output);
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("pool")]
    [InlineData("foreign")]
    public void CodeThatAwaitsWhatNoReplayRepeats_Fails(string how)
    {
        TaskCompletionSource never = new();
        OrchestrationExecution execution = New(async context =>
        {
            await (how switch
            {
                "delay" => Task.Delay(TimeSpan.FromHours(1)),
                "pool" => Task.Run(() => never.Task),
                _ => never.Task,
            });
            return null;
        });

        Turn turn = execution.Advance(Start, [Started()]);

        Assert.Contains("not a task of its TaskOrchestrationContext", ((ExecutionCompleted)turn.End!).Output);
    }

    [Fact]
    public void CodeThatLeavesItsTurn_ByConfigureAwait_Fails()
    {
        OrchestrationExecution execution = New(async context =>
        {
            await context.CallActivityAsync<int>("A").ConfigureAwait(false);
            return 1;
        });
        execution.Advance(Start, [Started()]);

        Turn turn = execution.Advance(Start, [new ActivityCompleted(0, "1")]);

        Assert.Contains("ConfigureAwait(false)", ((ExecutionCompleted)turn.End!).Output);
    }

    [Fact]
    public void YieldsAndContinuations_StayOnTheTurn()
    {
        OrchestrationExecution execution = New(async context =>
        {
            await Task.Yield();
            int a = await context.CallActivityAsync<int>("A");
            int b = await context.CallActivityAsync<int>("B").ContinueWith(task => task.Result + 1, TaskScheduler.Current);
            return (object?)(a + b);
        });

        execution.Advance(Start, [Started()]);
        execution.Advance(Start, [new ActivityCompleted(0, "1")]);
        Turn last = execution.Advance(Start, [new ActivityCompleted(1, "2")]);

        Assert.Equal("4", ((ExecutionCompleted?)last.End)?.Output);
    }

    [Fact]
    public async Task ContextUsedFromAnotherThread_IsRefused()
    {
        TaskOrchestrationContext? leaked = null;
        OrchestrationExecution execution = New(async context =>
        {
            leaked = context;
            return await context.WaitForExternalEvent<object>("Go");
        });
        execution.Advance(Start, [Started()]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => leaked!.CallActivityAsync("A"));
        Assert.Throws<InvalidOperationException>(() => leaked!.NewGuid());
    }

    [Fact]
    public void ResultThatComesTwice_ChangesNothing()
    {
        OrchestrationExecution execution = New(async context =>
            await context.CallActivityAsync<int>("A") + await context.CallActivityAsync<int>("B"));
        execution.Advance(Start, [Started()]);

        Turn turn = execution.Advance(Start, [new ActivityCompleted(0, "1"), new ActivityCompleted(0, "9"), new ActivityCompleted(1, "1")]);

        Assert.Equal("2", ((ExecutionCompleted?)turn.End)?.Output);
    }

    [Fact]
    public void NewestWaiter_IsServedFirst_AndAbandonedOnesTakeNothing()
    {
        OrchestrationExecution execution = New(async context =>
        {
            using CancellationTokenSource cancellation = new();
            Task<string> abandoned = context.WaitForExternalEvent<string>("E", cancellation.Token);
            Task<string> older = context.WaitForExternalEvent<string>("E");
            Task<string> newer = context.WaitForExternalEvent<string>("E");
            cancellation.Cancel();
            return $"{await newer}{await older}{abandoned.IsCanceled}";
        });
        execution.Advance(Start, [Started()]);

        Turn turn = execution.Advance(Start, [new EventRaised("e", "\"1\""), new EventRaised("E", "\"2\"")]);

        Assert.Equal("\"12True\"", ((ExecutionCompleted?)turn.End)?.Output);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void RecordedHistory_StillReplays(string file, string orchestrator)
    {
        RecordedHistory history = RecordedHistory.Read(Path.Combine(Folder, file));

        history.Replay(RecordedOrchestrators.Find(orchestrator));
    }

    [Fact]
    public void EveryEvent_ReadsBackAsItWasWritten()
    {
        TaskFailureDetails failure = new("T", "M", null, new TaskFailureDetails("T2", "M2", "S", null, null), null);
        DurableEvent[] events =
        [
            Started(), new TurnStarted(), new ExecutionCompleted(OrchestrationRuntimeStatus.Failed, "m", failure), new TerminationRequested("\"o\"", true),
            new Suspended("r"), new Resumed(null), new EventRaised("e", "{\"a\":\"é\"}"), new ActivityScheduled(1, "n", "v", "1", null),
            new ActivityCompleted(1, null), new ActivityFailed(1, failure), new ChildScheduled(2, "n", "v", "id", null, null),
            new ChildCompleted(2, "1"), new ChildFailed(2, failure), new TimerScheduled(3, Start), new TimerFired(3, Start), new EventSent(4, "i", "n", "1"),
        ];

        Assert.All(events, item => Assert.Equal(item with { At = Start.AddTicks(1) }, DurableJson.ReadEvent(DurableJson.Write(item with { At = Start.AddTicks(1) }))));
    }

    public static TheoryData<string, string> Recordings() => new()
    {
        { "fan-out-with-retry.jsonl", "FanOutWithRetry" },
        { "approval-with-timeout.jsonl", "ApprovalWithTimeout" },
    };

    private static string Folder => Path.Combine(RecordedOrchestrators.DataFolder, "histories");

    private static ExecutionStarted Started() => new("Main", "", null, null, null) { At = Start };

    private static OrchestrationExecution New(OrchestratorFunction code) => new(
        "instance", 1, new DurableRegistry().AddOrchestrator("Main", code), JsonDataConverter.Default, "", NullLoggerFactory.Instance);
}
