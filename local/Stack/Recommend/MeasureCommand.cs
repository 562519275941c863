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
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;

namespace Serverless.Local.Stack.Recommend;

internal enum MeasureStep
{
    /// <summary>Open the package and have it answer a first input.</summary>
    Open,

    /// <summary>Tell how good its answers to the golden set are.</summary>
    Judge,

    /// <summary>Measure it with one batch limit.</summary>
    Load,
}

/// <summary>One line to a process that measures.</summary>
/// <param name="Path">The package's folder, or the golden set.</param>
/// <param name="Threads">Of all sessions; a process has one number of them.</param>
/// <param name="Seconds">Of each load.</param>
/// <param name="MaxBytes">Of the process.</param>
internal sealed record MeasureAsk(
    MeasureStep Step,
    string? Path = null,
    int Threads = 0,
    ProviderPreference Provider = ProviderPreference.Cpu,
    string? CudaFolder = null,
    int Batch = 0,
    double Seconds = 0,
    long MaxBytes = 0
);

/// <summary>One line back.</summary>
/// <param name="Fault">Null where the step was done.</param>
/// <param name="Setting">Of a load.</param>
internal sealed record MeasureAnswer(string? Fault = null, string? Digest = null, MeasuredSetting? Setting = null);

/// <summary><c>measure</c>: what <c>recommend</c> starts for each variant and number of threads.</summary>
internal static class MeasureCommand
{
    public const string Name = "measure";

    /// <summary>Loads of which a measurement consists: one alone, one of all at once, and one at each share.</summary>
    public static int Loads => 2 + Shares.Length;

    private const int Singles = 40;
    private const int WarmUp = 16;
    private const int Windows = 10;
    private static readonly double[] Shares = [0.2, 0.4, 0.6, 0.75, 0.9];

    public static Command Create()
    {
        Argument<string> limit = new("limit") { Description = "Bytes of writable memory" };
        Argument<string> seconds = new("seconds") { Description = "Seconds of processors" };
        Command command = new(Name, "Measure a package in this process, for recommend") { limit, seconds };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(limit)!, parsed.GetValue(seconds)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string limit, string seconds, CancellationToken cancellationToken)
    {
        using IsolatedHost host = IsolatedHost.Begin(limit, seconds);
        MeasuredModel? model = null;
        try
        {
            foreach (string line in host.Asks)
            {
                MeasureAsk ask = JsonSerializer.Deserialize<MeasureAsk>(line, StoredJson.Options)!;
                try
                {
                    model ??= Open(ask);
                    host.Answer(await DoAsync(model, ask, cancellationToken));
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
                    host.Answer(new MeasureAnswer(e.Message.ReplaceLineEndings(" ")));
                }
            }
            return 0;
        }
        finally
        {
            if (model is not null)
            {
                await model.DisposeAsync();
            }
        }
    }

    private static MeasuredModel Open(MeasureAsk ask) =>
        MeasuredModel.Open(
            ask.Path!,
            new RuntimeOptions
            {
                Threads = ask.Threads,
                Provider = ask.Provider,
                CudaProviderFolder = ask.CudaFolder,
                MaxArenaBytes = IsolatedHost.ArenaOf(ask.MaxBytes),
            }
        );

    private static async Task<MeasureAnswer> DoAsync(MeasuredModel model, MeasureAsk ask, CancellationToken cancellationToken)
    {
        switch (ask.Step)
        {
            case MeasureStep.Open:
                return new MeasureAnswer(Digest: model.Digest);
            case MeasureStep.Judge:
                model.Judge(ask.Path!);
                return new MeasureAnswer();
            default:
                await model.ServeAsync(new ServingOptions { MaxBatchItems = ask.Batch }, cancellationToken);
                return new MeasureAnswer(Setting: await MeasureAsync(model, ask, cancellationToken));
        }
    }

    private static async Task<MeasuredSetting> MeasureAsync(MeasuredModel model, MeasureAsk ask, CancellationToken cancellationToken)
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
        double saturated = await SaturateAsync(model, Math.Clamp(4 * ask.Batch, 16, 256), lasts, cancellationToken);
        List<MeasuredRate> rates = [];
        foreach (double share in Shares)
        {
            rates.Add(await TryAsync(model, saturated * share, lasts, cancellationToken));
        }
        GoldenQuality? quality = model.Quality;
        return new MeasuredSetting(
            "",
            model.Provider,
            ask.Threads,
            ask.Batch,
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
