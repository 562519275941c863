using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Local.Stack.Load;
using Serverless.Packages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;
using Serverless.Sizing.Costs;
using Serverless.Statistics.Sequential;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;

namespace Serverless.Local.Stack.Recommend;

/// <summary>What a process that measures is asked, as JSON in its standard input.</summary>
/// <param name="Threads">Of all sessions; a process has one number of them.</param>
/// <param name="Golden">Null for none.</param>
/// <param name="Seconds">Of each load.</param>
internal sealed record MeasureAsk(
    string Folder,
    string Graph,
    int Threads,
    ProviderPreference Provider,
    string? CudaFolder,
    IReadOnlyList<int> Batches,
    string? Golden,
    double Seconds
);

/// <summary>What it answers, as JSON on its standard output.</summary>
/// <param name="Fault">Null where it was measured.</param>
internal sealed record MeasureAnswer(string? Fault, string Digest, IReadOnlyList<MeasuredSetting> Settings);

/// <summary><c>measure</c>: what <c>recommend</c> starts for each variant and number of threads.</summary>
internal static class MeasureCommand
{
    public const string Name = "measure";

    private const int Singles = 40;
    private const int WarmUp = 16;
    private const int Windows = 10;
    private static readonly double[] Shares = [0.2, 0.4, 0.6, 0.75, 0.9];

    public static Command Create()
    {
        Command command = new(Name, "Measure a package in this process, for recommend") { Hidden = true };
        command.SetAction(
            async (_, cancellationToken) =>
            {
                MeasureAsk ask = JsonSerializer.Deserialize<MeasureAsk>(await Console.In.ReadToEndAsync(cancellationToken))!;
                Console.WriteLine(JsonSerializer.Serialize(await AnswerAsync(ask, cancellationToken)));
                return 0;
            }
        );
        return command;
    }

    private static async Task<MeasureAnswer> AnswerAsync(MeasureAsk ask, CancellationToken cancellationToken)
    {
        try
        {
            RuntimeOptions options = new()
            {
                Threads = ask.Threads,
                Provider = ask.Provider,
                CudaProviderFolder = ask.CudaFolder,
            };
            await using MeasuredModel model = MeasuredModel.Open(ask.Folder, options, ask.Golden);
            List<MeasuredSetting> settings = [];
            foreach (int batch in ask.Batches)
            {
                await model.ServeAsync(new ServingOptions { MaxBatchItems = batch }, cancellationToken);
                settings.Add(await MeasureAsync(model, ask, batch, cancellationToken));
            }
            return new MeasureAnswer(null, model.Digest, settings);
        }
        catch (Exception e)
            when (e
                    is ModelRejectedException
                        or ModelFaultException
                        or ServingException
                        or GoldenException
                        or InvalidOperationException
                        or IOException
            )
        {
            return new MeasureAnswer(e.Message.ReplaceLineEndings(" "), "", []);
        }
    }

    private static async Task<MeasuredSetting> MeasureAsync(
        MeasuredModel model,
        MeasureAsk ask,
        int batch,
        CancellationToken cancellationToken
    )
    {
        List<double> singles = [];
        for (int i = -WarmUp; i < Singles; i++)
        {
            long started = Stopwatch.GetTimestamp();
            await model.AskAsync(i + WarmUp, cancellationToken);
            if (i >= 0)
            {
                singles.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }
        TimeSpan lasts = TimeSpan.FromSeconds(ask.Seconds);
        double saturated = await SaturateAsync(model, Math.Clamp(4 * batch, 16, 256), lasts, cancellationToken);
        List<MeasuredRate> rates = [];
        foreach (double share in Shares)
        {
            rates.Add(await TryAsync(model, saturated * share, lasts, cancellationToken));
        }
        GoldenQuality? quality = model.Quality;
        return new MeasuredSetting(
            ask.Graph,
            model.Provider,
            ask.Threads,
            batch,
            Math.Round(model.LoadedIn.TotalMilliseconds, 1),
            Math.Round(MeasuredModel.PeakBytes / 1e6, 1),
            Math.Round(singles.Order().ElementAt(Singles / 2), 3),
            Math.Round(saturated, 2),
            rates,
            quality is null
                ? null
                : new MeasuredAccuracy(quality.Metric, quality.Value.Value, quality.Value.Low, quality.Value.High, quality.Items)
        );
    }

    /// <summary>Callers who each ask again once answered.</summary>
    private static async Task<double> SaturateAsync(MeasuredModel model, int callers, TimeSpan lasts, CancellationToken cancellationToken)
    {
        int asked = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(caller =>
                    Task.Run(
                        async () =>
                        {
                            while (Stopwatch.GetElapsedTime(start) < lasts)
                            {
                                await model.AskAsync(Interlocked.Increment(ref asked), cancellationToken);
                            }
                        },
                        cancellationToken
                    )
                )
        );
        return asked / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Poisson arrivals; a run on its caller's thread must not keep the next caller from coming.</summary>
    private static async Task<MeasuredRate> TryAsync(MeasuredModel model, double rate, TimeSpan lasts, CancellationToken cancellationToken)
    {
        LoadTally tally = new(lasts, Windows);
        OpenLoop loop = new(
            number => Task.Run(() => AskAsync(model, number), cancellationToken),
            TimeSpan.Zero,
            mostUnderway: 20_000,
            (_, sample) => tally.Add("", sample.Due, sample.Left - sample.Due, sample.Answered, sample.Status),
            TimeProvider.System
        );
        await loop.RunAsync(RateShape.Constant(Math.Min(rate, RateShape.MostASecond), lasts).Arrivals(seed: 1), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (tally.Sorts is not [{ Latencies.Total: > 0 } sort])
        {
            return new MeasuredRate(rate, 0, 0, 0, Kept: false);
        }
        LatencyHistogram found = sort.Latencies;
        bool isKept = sort.Failed == 0 && StabilityTest.Judge(tally.Windows).Grows != true;
        return new MeasuredRate(
            Math.Round(rate, 3),
            Round(found.Quantile(0.5)),
            Round(found.Quantile(0.95)),
            Round(found.Quantile(0.99)),
            isKept
        );
    }

    private static async Task<(int Status, string Answer)> AskAsync(MeasuredModel model, int number)
    {
        try
        {
            await model.AskAsync(number, CancellationToken.None);
            return (200, "");
        }
        catch (ServingException e)
        {
            return (503, e.Message);
        }
    }

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);
}
