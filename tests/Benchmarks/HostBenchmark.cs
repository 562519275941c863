using Serverless.Inference;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>What the Functions host adds: to a request, to an event, to a start.</summary>
internal static class HostBenchmark
{
    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        AnsiConsole.WriteLine("Functions host: starts ...");
        StartBenchmark starts = new(TimeProvider.System);
        await using LocalStack stack = await starts.MeasureStackAsync(report, cancellationToken);
        await starts.MeasureHostAsync(report, stack, times: quick ? 1 : 5, cancellationToken);
        AnsiConsole.WriteLine("Functions host: triggers ...");
        await TriggerBenchmark.MeasureAsync(report, stack, uploads: quick ? 5 : 50, cancellationToken);
        AnsiConsole.WriteLine("Functions host: shares of a request ...");
        using InferenceRuntime runtime = new(new RuntimeOptions()); // the threads that the raw sessions share
        await using BareForwarder forwarder = await BareForwarder.StartAsync();
        foreach (BenchModel model in new[] { BenchModel.Encoder(), BenchModel.Sample("entities") })
        {
            using PredictionBenchmark predictions = await PredictionBenchmark.StartAsync(stack, model, cancellationToken);
            using HostShares shares = new(stack, model, predictions, forwarder);
            await shares.MeasureAsync(report, rounds: quick ? 40 : 1000, cancellationToken);
        }
    }
}
