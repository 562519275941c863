using System.Diagnostics;
using Serverless.Inference.Serving;
using Serverless.Local.Stack.Load;
using Serverless.Packages;
using Serverless.Sizing.Capacity;

namespace Serverless.Benchmarks;

/// <summary>
/// The highest rate of Poisson arrivals at which the 99th percentile stays under a limit, with batching and with runs of one item, taking
/// turns.
/// </summary>
internal sealed class CapacityBenchmark(ServingBenchmark serving, TimeSpan trial, TimeProvider time)
{
    private const double LimitInSingles = 5;
    private const int Singles = 200;
    private const double Growth = 1.5;
    private const int Tries = 2;

    private readonly string[] _queries = BenchTexts.Queries(1_000, seed: 20_260_103);

    /// <param name="refinements">How often the step between a rate that held and one that did not is halved.</param>
    public async Task MeasureAsync(BenchReport report, int refinements, CancellationToken cancellationToken)
    {
        ModelVersion version = new(serving.Model.Name, 1);
        await using ModelServer batching = serving.Serve(new ServingOptions()),
            single = serving.Serve(new ServingOptions { MaxBatchItems = 1 });
        using ModelLease batched = await batching.AcquireAsync(version, cancellationToken),
            alone = await single.AcquireAsync(version, cancellationToken);
        double latency = await SingleAsync(alone.Model, cancellationToken);
        TimeSpan limit = TimeSpan.FromMilliseconds(LimitInSingles * latency);
        RateSearch with = new(500 / latency, Growth),
            without = new(500 / latency, Growth); // half of what one at a time would give
        for (int left = refinements; left > 0 || with.IsOpen || without.IsOpen; left -= with.IsOpen || without.IsOpen ? 0 : 1)
        {
            bool refines = !with.IsOpen && !without.IsOpen;
            if (refines || with.IsOpen)
            {
                with.Tell(await HoldsAsync(batched.Model, with.Next, limit, cancellationToken));
            }
            if (refines || without.IsOpen)
            {
                without.Tell(await HoldsAsync(alone.Model, without.Next, limit, cancellationToken));
            }
        }
        report.Add(new Measurement($"{serving.Model.Name}, one query at a time, p50", latency, "ms", "lower"));
        report.Add(
            new Measurement(
                $"{serving.Model.Name}, Poisson capacity at p99 ≤ {LimitInSingles} × that, queries",
                with.Best,
                "requests/s",
                "higher",
                Peer: "without batching",
                PeerValue: without.Best,
                Ratio: without.Best > 0 ? with.Best / without.Best : null
            )
        );
    }

    private async Task<double> SingleAsync(ServedModel model, CancellationToken cancellationToken)
    {
        List<double> times = [];
        for (int i = -20; i < Singles; i++)
        {
            long startedAt = Stopwatch.GetTimestamp();
            await model.EmbedAsync([_queries[i + 20]], default, cancellationToken);
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }
        }
        return times.Order().ElementAt(Singles / 2);
    }

    /// <summary>
    /// Tried again where it did not hold: something else may have kept the machine busy. A run on its caller's thread must not keep the
    /// next caller from coming.
    /// </summary>
    private async Task<bool> HoldsAsync(ServedModel model, double rate, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(trial);
            LoadReport load = await new PoissonLoad(
                n => Task.Run(() => AskAsync(model, _queries[n % _queries.Length]), cancellationToken),
                rate,
                TimeSpan.Zero,
                seed: (int)rate + i,
                time
            ).RunAsync(stop.Token);
            cancellationToken.ThrowIfCancellationRequested();
            if (!load.Failures.Any() && load.Latency(0.99) <= limit)
            {
                return true;
            }
        }
        return false;
    }

    private static async Task<(int Status, string Answer)> AskAsync(ServedModel model, string query)
    {
        try
        {
            await model.EmbedAsync([query], default, CancellationToken.None);
            return (200, "");
        }
        catch (ServingException e)
        {
            return (503, e.Message);
        }
    }
}
