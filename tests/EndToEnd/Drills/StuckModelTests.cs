using System.Diagnostics;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A run in native code cannot be called off: a worker that is told to stop ends all the same.</summary>
public sealed class StuckModelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Five seconds to finish, ten for the host to stop and ten for its models; twice that on a busy machine.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(50);

    /// <summary>Five that count, and some that come before a worker has the job.</summary>
    private const int MostKills = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_WithARunThatDoesNotEnd_EndsWhenItIsToldTo()
    {
        await using LocalStack stack = await StartAsync("stuck-model");
        using PipelineClient client = new(stack);

        await PipelineClient.UploadAsync(client.Azure, "stuck.txt", LongText(), Cancellation);
        using Process worker = await Eventually.HoldsAsync(
            () => Task.FromResult(FindComputing(stack)),
            "a worker that computes",
            Limit,
            Cancellation
        );
        long told = Stopwatch.GetTimestamp();
        stack.Workers.Single().Terminate();
        await UntilAsync(() => worker.HasExited, "the end of a worker that was told to stop", EndsWithin);
        TestContext.Current.SendDiagnosticMessage($"It ended after {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s.");

        await AssertOthersGoOnAsync(client);
    }

    /// <summary>As the kernel ends a process that takes more memory than there is.</summary>
    [Fact(Explicit = true)]
    public async Task AJob_WhoseWorkerDiesEachTime_IsQuarantined_AndHoldsUpNoOther()
    {
        await using LocalStack stack = await StartAsync("killing-job", ("Worker:Lease", "00:00:15"));
        using PipelineClient client = new(stack);
        AssetSource killer = await PipelineClient.UploadAsync(client.Azure, "killer.txt", LongText(), Cancellation);
        for (int kills = 0; kills < MostKills; kills++)
        {
            object next = await Eventually.HoldsAsync(
                async () => (object?)await FindQuarantinedAsync(client, killer) ?? FindComputing(stack),
                "a worker that computes, or the end of the job",
                Limit,
                Cancellation
            );
            if (next is not Process worker)
            {
                break;
            }
            using (worker)
            {
                worker.Kill();
                await worker.WaitForExitAsync(Cancellation);
            }
        }

        string reason = (await Settled.ResultAsync(client, killer, Limit, Cancellation)).Failure!.Message;
        Assert.Equal("Its analysis was begun 5 times, and the worker's process ended each time.", reason);
        await AssertOthersGoOnAsync(client);
    }

    private static async Task<LocalStack> StartAsync(string name, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string> models = new(SampleModels.FoldersOfRoles)
        {
            ["entities"] = StuckModel.Make(Path.Combine(Checkout.Root, "artifacts", "end-to-end", $"{name}-entities")),
        };
        StackOptions options = OwnStack.Options(name, settings) with { Models = models };
        return await LocalStack.StartAsync(options, TimeProvider.System, Cancellation);
    }

    /// <summary>The worker, once it has computed for longer than its start takes.</summary>
    private static Process? FindComputing(LocalStack stack)
    {
        int worker = stack.Workers.Single().ProcessId;
        return TimeOf(worker) > TimeSpan.FromSeconds(15) ? Process.GetProcessById(worker) : null;
    }

    private static async Task<LedgerEntry?> FindQuarantinedAsync(PipelineClient client, AssetSource source) =>
        await Settled.EntryAsync(client, source, Cancellation) is { State: AssetState.Quarantined } entry ? entry : null;

    private static TimeSpan TimeOf(int process)
    {
        try
        {
            using Process running = Process.GetProcessById(process);
            return running.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero; // ended, and not started again yet
        }
    }

    private static async Task AssertOthersGoOnAsync(PipelineClient client)
    {
        AssetSource whole = await PipelineClient.UploadAsync(client.Azure, "whole.txt", "The council met."u8.ToArray(), Cancellation);
        Assert.Equal(AssetState.Processed, (await Settled.ResultAsync(client, whole, Limit, Cancellation)).State);
    }

    private static byte[] LongText() =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 800).Select(i => $"On day {i} a {StuckModel.Word} came in. ")));

    private static Task UntilAsync(Func<bool> holds, string what, TimeSpan limit) =>
        Eventually.HoldsAsync(() => Task.FromResult(holds() ? "" : null), what, limit, Cancellation);
}
