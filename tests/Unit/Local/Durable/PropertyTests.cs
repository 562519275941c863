using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Entities;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>
/// Any sequence of starts, events, signals, waits and crashes loses nothing and doubles nothing: every acknowledged start ends with the
/// result that a run without a crash has, and every effect is in the history once.
/// </summary>
public class PropertyTests
{
    private static readonly EntityId Counter = new("counter", "sum");

    private enum Step
    {
        Start,
        RaiseEvent,
        Signal,
        MoveClock,
        Yield,
        Crash,
    }

    [Fact]
    public void AnySequence_OfOperationsAndCrashes_LosesAndDoublesNothing()
    {
        Gen<Step[]> sequences = Gen.Frequency(
                (6, Gen.Constant(Step.Start)),
                (4, Gen.Constant(Step.RaiseEvent)),
                (3, Gen.Constant(Step.Signal)),
                (2, Gen.Constant(Step.MoveClock)),
                (4, Gen.Constant(Step.Yield)),
                (3, Gen.Constant(Step.Crash))
            )
            .ArrayOf(25);

        Prop.ForAll(sequences.ToArbitrary(), steps => HoldsAsync(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8).WithReplay(20_30, 7));
    }

    private static async Task HoldsAsync(Step[] steps)
    {
        await using OrchestrationHost host = new OrchestrationHost()
            .Counter()
            .Activity("Twice", text => (2 * int.Parse(text, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture))
            .Orchestrator("Child", async (context, input) => await context.ScheduleTask<string>("Twice", "", input.Trim('"')))
            .Orchestrator("Main", MainAsync);
        await host.StartAsync();
        List<string> started = [];
        int raised = 0;
        int signalled = 0;
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Step.Start:
                    string id = $"run-{started.Count}";
                    await host.BeginAsync("Main", $"{started.Count}", id);
                    started.Add(id);
                    break;
                case Step.RaiseEvent when raised < started.Count:
                    await host.RaiseAsync(started[raised], "go", $"e{raised++}");
                    break;
                case Step.Signal:
                    await host.SignalAsync(Counter, "add", "1");
                    signalled++;
                    break;
                case Step.MoveClock:
                    host.Time.Advance(TimeSpan.FromSeconds(7));
                    break;
                case Step.Yield:
                    for (int i = 0; i < 200; i++)
                    {
                        await Task.Yield();
                    }

                    break;
                case Step.Crash:
                    await host.CrashAndRestartAsync();
                    break;
            }
        }

        for (; raised < started.Count; raised++)
        {
            await host.RaiseAsync(started[raised], "go", $"e{raised}");
        }

        await EndAsync(host, started);
        await host.QuietAsync();
        Assert.Equal((signalled + started.Count).ToString(CultureInfo.InvariantCulture), await host.CounterAsync(Counter) ?? "0");
        Assert.Equal(0, host.Count("SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM activities)"));
    }

    private static async Task<string> MainAsync(OrchestrationCode code, OrchestrationContext context, string input)
    {
        string id = context.OrchestrationInstance.InstanceId;
        string number = input.Trim('"');
        Task<string> twice = context.ScheduleTask<string>("Twice", "", number);
        Task<string> child = context.CreateSubOrchestrationInstance<string>("Child", "", $"{id}-child", number);
        Task<string> timer = context.CreateTimer(context.CurrentUtcDateTime.AddSeconds(5), "t");
        code.SignalEntity(context, Counter, "add", "1");
        return string.Join(' ', await twice, await child, await timer, (await code.WaitForEventAsync("go")).Trim('"'));
    }

    private static async Task EndAsync(OrchestrationHost host, List<string> started)
    {
        for (int i = 0; i < started.Count; i++)
        {
            await host.QuietAsync();
            host.Time.Advance(TimeSpan.FromSeconds(30));
            OrchestrationState done = await host.FinishAsync(started[i]);
            Assert.Equal($"{2 * i} {2 * i} t e{i}", done.Output);
        }
    }
}
