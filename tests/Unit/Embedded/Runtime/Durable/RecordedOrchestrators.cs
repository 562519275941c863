using System.Runtime.CompilerServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Unit.Embedded.Runtime.Durable;

/// <summary>The orchestrators whose histories are recorded, and how they were recorded.</summary>
internal static class RecordedOrchestrators
{
    public static string DataFolder => Path.GetFullPath(Path.Combine(SourceFolder(), "../../../../Data"));

    public static OrchestratorFunction Find(string name) => name switch
    {
        "FanOutWithRetry" => async context => await FanOutWithRetry(context),
        "ApprovalWithTimeout" => async context => await ApprovalWithTimeout(context),
        _ => throw new ArgumentException($"No orchestrator '{name}' is recorded.", nameof(name)),
    };

    private static async Task<int> FanOutWithRetry(TaskOrchestrationContext context)
    {
        TaskOptions retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(10), 2));
        int[] parts = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => context.CallActivityAsync<int>("Flaky", n, retry)));
        context.SetCustomStatus("summing");
        return await context.CallSubOrchestratorAsync<int>("Sum", parts);
    }

    private static async Task<string> ApprovalWithTimeout(TaskOrchestrationContext context)
    {
        for (int asked = 1; asked <= 3; asked++)
        {
            await context.CallActivityAsync("Ask", $"{asked} {context.NewGuid()}");
            try
            {
                return await context.WaitForExternalEvent<string>("Answer", TimeSpan.FromHours(1));
            }
            catch (TaskCanceledException)
            {
                context.SetCustomStatus($"asked {asked} times in vain");
            }
        }

        return "nobody answered";
    }

    /// <summary>Writes the recordings anew; run by hand, since what is committed must keep replaying.</summary>
    public static async Task RecordAsync(string name, string file)
    {
        int calls = 0;
        EngineHost host = new();
        await using EngineHost _ = host;
        host.Registry.AddOrchestrator(name, Find(name));
        await host
            .Activity("Flaky", (int n) => ++calls % 3 == 0 ? throw new InvalidDataException($"call {calls}") : n)
            .Activity("Ask", (string question) => question.Length)
            .Orchestrator("Sum", context => Task.FromResult(context.GetInput<int[]>()!.Sum()))
            .StartAsync();

        string id = await host.BeginAsync(name, id: Path.GetFileNameWithoutExtension(file));
        for (int step = 0; step < 300; step++)
        {
            await host.QuietAsync();
            host.Time.Advance(TimeSpan.FromMinutes(0.5));
            if (step == 200 && await host.Client.GetInstanceAsync(id, EngineHost.Cancellation) is { IsCompleted: false })
                await host.Client.RaiseEventAsync(id, "answer", "yes", EngineHost.Cancellation);
        }

        await host.FinishAsync(id);
        await host.Engine.StopAsync(EngineHost.Cancellation);
        using DurableStore store = DurableStore.Open(host.Options.DatabasePath);
        new RecordedHistory(id, store.ReadHistory(id)).Write(Path.Combine(DataFolder, "histories", file));
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
