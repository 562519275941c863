using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Entities;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>The orchestrations that a simulation runs, in every host the same. Their outputs follow from their inputs alone.</summary>
internal sealed class SimulatedCode
{
    public static readonly EntityId Sum = new("counter", "sum");
    public static readonly EntityId Left = new("counter", "left");
    private static readonly EntityId Right = new("counter", "right");

    public SimulatedCode(DateTime start)
    {
        Entities.Add("counter", () => new CounterEntity(() => Task.CompletedTask));
        Activities.Add("Twice", () => new ActivityCode(text => Task.FromResult(Twice(text))));
        Activities.Add("Flaky", () => new ActivityCode(text => IsBroken ? throw new IOException("away") : Task.FromResult(text)));
        Add("Fan", (code, context, input) => FanAsync(code, context, input, start));
        Add("Child", async (_, context, input) => await context.ScheduleTask<string>("Twice", "", input));
        Add("Loop", LoopAsync);
        Add("Transfer", (code, context, _) => TransferAsync(code, context));
        Add("Flaky", (_, context, input) => FlakyAsync(context, input));
        Add("Wait", async (code, _, _) => (await code.WaitForEventAsync("go")).Trim('"'));
        Add("Parent", (_, context, _) =>
            context.CreateSubOrchestrationInstance<string>("Wait", "", $"{context.OrchestrationInstance.InstanceId}-child", null)
        );
    }

    public CodeByName<TaskOrchestration> Orchestrations { get; } = new();

    public CodeByName<TaskActivity> Activities { get; } = new();

    public CodeByName<TaskEntity> Entities { get; } = new();

    /// <summary>Whether the activity "Flaky" fails.</summary>
    public bool IsBroken { get; set; } = true;

    public static string Twice(string number) =>
        (2 * int.Parse(number, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private void Add(string name, Func<OrchestrationCode, OrchestrationContext, string, Task<string>> code) =>
        Orchestrations.Add(name, () => new OrchestrationCode((self, context, input) => code(self, context, input?.Trim('"') ?? "")));

    private static async Task<string> FanAsync(OrchestrationCode code, OrchestrationContext context, string number, DateTime start)
    {
        string id = context.OrchestrationInstance.InstanceId;
        Task<string> twice = context.ScheduleTask<string>("Twice", "", number);
        Task<string> child = context.CreateSubOrchestrationInstance<string>("Child", "", $"{id}-child", number);
        Task<string> timer = context.CreateTimer(start.AddSeconds(int.Parse(number, CultureInfo.InvariantCulture)), "t");
        code.SignalEntity(context, Sum, "add", "1");
        return string.Join(' ', await twice, await child, await timer, (await code.WaitForEventAsync("go")).Trim('"'));
    }

    // Takes the letters in their order; one that a client sent twice is left out. Nobody awaits the activity, whose result comes too late.
    private static async Task<string> LoopAsync(OrchestrationCode code, OrchestrationContext context, string letters)
    {
        char next = (char)('a' + letters.Length);
        _ = context.ScheduleTask<string>("Twice", "", "1");
        while ((await code.WaitForEventAsync("more")).Trim('"') != next.ToString()) { }

        letters += next;
        if (letters.Length < 3)
        {
            context.ContinueAsNew(letters);
        }

        return letters;
    }

    private static async Task<string> TransferAsync(OrchestrationCode code, OrchestrationContext context)
    {
        await code.LockAsync(context, Left, Right);
        int before = int.Parse(await code.CallEntityAsync(context, Left, "get", null, 1) ?? "0", CultureInfo.InvariantCulture);
        await code.CallEntityAsync(context, Left, "add", "1", 2);
        int after = int.Parse(await code.CallEntityAsync(context, Left, "get", null, 3) ?? "0", CultureInfo.InvariantCulture);
        code.Unlock(context);
        return $"{after - before}";
    }

    private static async Task<string> FlakyAsync(OrchestrationContext context, string input)
    {
        Task<string> flaky = context.ScheduleTask<string>("Flaky", "", "ok");
        Task<string[]> twice = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.ScheduleTask<string>("Twice", "", input)));
        return await flaky + (await twice)[0];
    }
}
