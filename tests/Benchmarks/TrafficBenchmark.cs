using System.Diagnostics;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;
using Serverless.Rollout;

namespace Serverless.Benchmarks;

/// <summary>What callers notice while a model's traffic is changed in every way there is: an open loop of 100 requests a second.</summary>
internal static class TrafficBenchmark
{
    private const string Model = "entities";

    public static async Task MeasureAsync(BenchReport report, LocalStack stack, TimeSpan dwell, CancellationToken cancellationToken)
    {
        using PipelineClient client = new(stack);
        int other = await SampleModels.RegisterAnotherAsync(
            client.Http,
            Model,
            Path.Combine(stack.Options.DataDirectory, "another"),
            cancellationToken
        );
        using ChangeDrill drill = new(
            stack,
            client.Http,
            Model,
            stable: 1,
            other,
            new DrillPlan(Rate: 100, dwell, Validates: true, Seed: 20_260_101),
            TimeProvider.System
        );
        DrillReport seen = await drill.RunAsync(cancellationToken);

        LoadReport steady = seen.Steady;
        double seconds = seen.Load.Samples[^1].Due.TotalSeconds;
        Add(report, "requests", seen.Load.Samples.Count, "", null);
        report.Add(
            new Measurement(
                "Traffic under change: rate",
                seen.Load.Samples.Count / seconds,
                "/s",
                "higher",
                Peer: "for so many seconds",
                PeerValue: seconds
            )
        );
        Add(report, "failed or not taken at once, but for the restart", seen.Dropped.Count, "", aim: 0);
        Add(report, "answered by a version that did not serve", seen.Unlawful.Count, "", aim: 0);
        foreach ((int percent, double? aim) in new (int, double?)[] { (50, null), (95, 250), (99, null) })
        {
            Add(report, $"p{percent} but for the restart", steady.Latency(percent / 100.0).TotalMilliseconds, "ms", aim);
        }
        Add(report, "longest gap but for the restart", seen.LongestGap.TotalMilliseconds, "ms", aim: 1000);
        Add(report, "longest gap of the restart", seen.RestartGap.TotalMilliseconds, "ms", null);
        Add(report, "requests under way that the stop cut off", seen.Abandoned.Count, "", aim: 0);
        Add(report, "requests that tried again over the restart", seen.Load.Samples.Count(sample => sample.Tries > 1), "", null);
        foreach ((string what, TimeSpan took) in seen.PickUps)
        {
            Add(
                report,
                $"{what}, until nobody met the version before",
                took.TotalSeconds,
                "s",
                what.StartsWith("rollback", StringComparison.Ordinal) ? 5 : 2
            );
        }
        for (int i = 0; i < seen.Moments.Count; i++)
        {
            AddStretch(report, seen, i);
        }
    }

    /// <summary>A change of the rollout record, until each of two hosts over the same stores sends its callers elsewhere.</summary>
    public static async Task MeasureTwoHostsAsync(BenchReport report, LocalStack stack, int changes, CancellationToken cancellationToken)
    {
        using PipelineClient client = new(stack);
        using DrillCallers first = new(client.Http, Model, TimeSpan.FromMinutes(1));
        using DrillCallers second = first.At(await stack.StartAnotherHostAsync(cancellationToken));
        RolloutStore rollouts = new(client.Azure, TimeProvider.System);
        int stable = (await first.AskAsync("who", cancellationToken))!.Value,
            other = stable == 1 ? 2 : 1;
        List<double> here = [],
            there = [];
        for (int i = -2; i < changes; i++) // the first ones load what the second host has not met yet
        {
            RolloutRecord wanted = RolloutRecord.Idle("prod", Model, stable) with { Canary = i % 2 == 0 ? new CanaryArm(other, 1) : null };
            await rollouts.UpdateAsync("prod", Model, _ => wanted, cancellationToken);
            long changed = Stopwatch.GetTimestamp();
            double[] took = await Task.WhenAll(
                new[] { first, second }.Select(host => FollowAsync(host, wanted.Canary?.Version ?? stable, changed, cancellationToken))
            );
            if (i < 0)
            {
                continue;
            }
            here.Add(took[0]);
            there.Add(took[1]);
        }
        foreach ((string host, List<double> times) in new[] { ("the host", here), ("a second host", there) })
        {
            report.Add(
                new Measurement(
                    $"A rollout record changes, until {host} follows, the longest of {changes}",
                    times.Max(),
                    "s",
                    "lower",
                    Aim: 2,
                    Peer: "median",
                    PeerValue: times.Order().ElementAt(changes / 2)
                )
            );
        }
    }

    private static async Task<double> FollowAsync(DrillCallers host, int version, long changed, CancellationToken cancellationToken)
    {
        while (await host.AskAsync("who", cancellationToken) != version)
        {
            await Task.Delay(5, cancellationToken);
        }
        return Stopwatch.GetElapsedTime(changed).TotalSeconds;
    }

    /// <summary>When it happened, and what callers met from then until the next change.</summary>
    private static void AddStretch(BenchReport report, DrillReport seen, int index)
    {
        DrillMoment moment = seen.Moments[index];
        LoadReport stretch = seen.Load.Between(moment.At, index + 1 < seen.Moments.Count ? seen.Moments[index + 1].At : TimeSpan.MaxValue);
        report.Add(new Measurement($"  from here: {moment.What}", Math.Max(0, moment.At.TotalSeconds), "s", "lower"));
        if (stretch.Samples.Count < 20)
        {
            return;
        }
        report.Add(
            new Measurement(
                "    p95",
                stretch.Latency(0.95).TotalMilliseconds,
                "ms",
                "lower",
                Peer: "longest",
                PeerValue: stretch.Latency(1).TotalMilliseconds
            )
        );
    }

    private static void Add(BenchReport report, string what, double value, string unit, double? aim) =>
        report.Add(new Measurement($"Traffic under change: {what}", value, unit, "lower", aim));
}
