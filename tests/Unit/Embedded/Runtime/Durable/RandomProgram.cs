using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Serverless.Unit.Embedded.Runtime.Durable;

/// <summary>An orchestration as data: what it does, and the text that doing it must give.</summary>
internal sealed record RandomProgram(string Kind, int Value, RandomProgram[] Steps)
{
    public static RandomProgram Sequence(Random random, int depth) =>
        new("sequence", 0, [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Step(random, depth - 1))]);

    private static RandomProgram Step(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 or 1 => new("activity", random.Next(100), []),
        2 => new("flaky", random.Next(100), []),
        3 => new("timer", random.Next(1, 60), []),
        4 => new("event", random.Next(1000), []),
        5 => new("fan", 0, [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => Step(random, depth - 1))]),
        6 => new("child", random.Next(1000), [Sequence(random, depth)]),
        _ => Sequence(random, depth),
    };

    public static EngineHost RegisterIn(EngineHost host)
    {
        ConcurrentDictionary<string, int> attempts = new();
        return host
            .ActivityAsync("activity", async (int value) =>
            {
                await Task.Yield();
                return value + 1;
            })
            .Activity("flaky", ((string Key, int Value) input) =>
                attempts.AddOrUpdate(input.Key, 1, (_, n) => n + 1) == 1 ? throw new IOException("once") : input.Value)
            .Orchestrator("Program", context => context.GetInput<RandomProgram>()!.RunAsync(context, context.InstanceId))
            .Orchestrator("Child", async context => await context.GetInput<RandomProgram>()!.RunAsync(context, context.Parent!.InstanceId + "."));
    }

    public string Expected() => Kind switch
    {
        "activity" => $"a{Value + 1}",
        "flaky" => $"f{Value}",
        "timer" => "t",
        "event" => $"e{EventName.Length}",
        _ => $"({string.Join(' ', Steps.Select(step => step.Expected()))})",
    };

    /// <summary>The events that the program waits for itself, leaving those of its children to them.</summary>
    public IEnumerable<(string Instance, string Name)> Events(string instance) => Kind switch
    {
        "event" => [(instance, EventName)],
        "child" => [],
        _ => Steps.SelectMany((step, i) => step.Events($"{instance}.{i}")),
    };

    private string EventName => new('x', Value % 7 + 1);

    private async Task<string> RunAsync(TaskOrchestrationContext context, string path)
    {
        switch (Kind)
        {
            case "activity":
                return $"a{await context.CallActivityAsync<int>("activity", Value)}";
            case "flaky":
                TaskOptions retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(5)));
                return $"f{await context.CallActivityAsync<int>("flaky", (Key: path, Value), retry)}";
            case "timer":
                await context.CreateTimer(TimeSpan.FromSeconds(Value), CancellationToken.None);
                return "t";
            case "event" when context.Parent is null:
                return $"e{await context.WaitForExternalEvent<int>($"{path}/{EventName}")}";
            case "event":
                context.SendEvent(context.InstanceId, path, EventName.Length);
                return $"e{await context.WaitForExternalEvent<int>(path.ToUpperInvariant())}";
            case "child":
                return await context.CallSubOrchestratorAsync<string>("Child", Steps[0]) is { } text ? $"({text})" : "";
            case "fan":
                return $"({string.Join(' ', await Task.WhenAll(Steps.Select((step, i) => step.RunAsync(context, $"{path}.{i}"))))})";
            default:
                List<string> parts = [];
                for (int i = 0; i < Steps.Length; i++)
                    parts.Add(await Steps[i].RunAsync(context, $"{path}.{i}"));
                return $"({string.Join(' ', parts)})";
        }
    }
}
