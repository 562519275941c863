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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_WithARunThatDoesNotEnd_EndsWhenItIsToldTo()
    {
        StackOptions options = OwnStack.Options("stuck-model");
        Dictionary<string, string> models = new(SampleModels.FoldersOfRoles)
        {
            ["entities"] = StuckModel.Make(Path.Combine(Checkout.Root, "artifacts", "end-to-end", "stuck-entities")),
        };
        await using LocalStack stack = await LocalStack.StartAsync(options with { Models = models }, TimeProvider.System, Cancellation);
        using PipelineClient client = new(stack);
        using Process worker = Process.GetProcessById(stack.Workers.Single().ProcessId);
        TimeSpan before = worker.TotalProcessorTime;

        await PipelineClient.UploadAsync(client.Azure, "stuck.txt", LongText(), Cancellation);
        await UntilAsync(() => worker.TotalProcessorTime - before > TimeSpan.FromSeconds(8), "a worker that computes", Limit);
        long told = Stopwatch.GetTimestamp();
        stack.Workers.Single().Terminate();
        await UntilAsync(() => worker.HasExited, "the end of a worker that was told to stop", EndsWithin);
        TestContext.Current.SendDiagnosticMessage($"It ended after {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s.");

        // Another takes its place, and whatever has no such word is analysed.
        AssetSource whole = await PipelineClient.UploadAsync(client.Azure, "whole.txt", "The council met."u8.ToArray(), Cancellation);
        Assert.Equal(AssetState.Processed, (await Settled.ResultAsync(client, whole, Limit, Cancellation)).State);
    }

    private static byte[] LongText() =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 800).Select(i => $"On day {i} a {StuckModel.Word} came in. ")));

    private static Task UntilAsync(Func<bool> holds, string what, TimeSpan limit) =>
        Eventually.HoldsAsync(() => Task.FromResult(holds() ? "" : null), what, limit, Cancellation);
}
