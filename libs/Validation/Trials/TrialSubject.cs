using Serverless.Packages;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation.Trials;

/// <summary>One version on trial: its process, what was seen of it, and where it ended if it did. Not thread-safe.</summary>
internal sealed class TrialSubject(int version, string folder, string? golden, ModelTask task, TrialOptions options, TimeProvider time)
    : IAsyncDisposable
{
    private const int BatchItems = 32;

    private readonly List<ItemAnswer> _answers = [];
    private readonly List<double> _times = [];
    private TrialProcess? _process;
    private double _loadMilliseconds;
    private long _peakBytes;

    public TrialFault? Fault { get; private set; }

    public ModelTask? Task { get; private set; }

    public string? Provider { get; private set; }

    public IReadOnlyList<string> Probes { get; private set; } = [];

    public TrialSide Side => new(version, Fault, Math.Round(_loadMilliseconds, 1), _peakBytes, _answers, _times);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _process = TrialProcess.Start(options, time);
        long started = time.GetTimestamp();
        TrialAnswer? loaded = await TryAskAsync(
            "load",
            new TrialAsk(TrialStep.Load, folder, Threads: options.Threads, MaxBytes: options.MaxMemoryBytes),
            options.LoadWithin,
            cancellationToken
        );
        if (loaded is null)
        {
            return;
        }
        _loadMilliseconds = time.GetElapsedTime(started).TotalMilliseconds;
        (Task, Provider, Probes) = (loaded.Task, loaded.Provider, loaded.Probes ?? []);
        if (golden is not null)
        {
            await TryAskAsync("golden set", new TrialAsk(TrialStep.Prepare, golden, task), options.StepWithin, cancellationToken);
        }
    }

    public async Task AnswerGoldenAsync(int items, CancellationToken cancellationToken) =>
        _answers.AddRange(await AnswerAsync("golden set", items, cancellationToken));

    /// <summary>The golden set is what is answered again afterwards.</summary>
    public async Task<IReadOnlyList<WatermarkFinding>> AnswerWatermarksAsync(
        IReadOnlyList<WatermarkSet> sets,
        CancellationToken cancellationToken
    )
    {
        List<WatermarkFinding> findings = [];
        foreach (WatermarkSet set in sets)
        {
            string step = $"watermark of the {set.Source}";
            await TryAskAsync(step, new TrialAsk(TrialStep.Prepare, set.File, task), options.StepWithin, cancellationToken);
            findings.Add(WatermarkCheck.Count(task, set, await AnswerAsync(step, set.Items.Count, cancellationToken)));
        }
        if (sets.Count > 0)
        {
            await TryAskAsync("golden set", new TrialAsk(TrialStep.Prepare, golden, task), options.StepWithin, cancellationToken);
        }
        return findings;
    }

    private async Task<IReadOnlyList<ItemAnswer>> AnswerAsync(string what, int items, CancellationToken cancellationToken)
    {
        List<ItemAnswer> answers = [];
        for (int from = 0; from < items && Fault is null; from += BatchItems)
        {
            TrialAnswer? answer = await TryAskAsync(
                $"{what}, items {from + 1} to {Math.Min(from + BatchItems, items)}",
                new TrialAsk(TrialStep.Golden, From: from, Count: BatchItems),
                options.StepWithin,
                cancellationToken
            );
            answers.AddRange(answer?.Items ?? []);
        }
        return answers;
    }

    /// <summary>A model that does not survive a probe is opened anew for the next.</summary>
    public async Task<ProbeFinding> ProbeAsync(string probe, CancellationToken cancellationToken)
    {
        TrialAnswer? answer = await TryAskAsync(
            "probe: " + probe,
            new TrialAsk(TrialStep.Probe, Probe: probe),
            options.StepWithin,
            cancellationToken
        );
        if (answer?.Finding is { } finding)
        {
            return finding;
        }
        ProbeFinding failed = new(probe, false, Fault!.Message);
        if (Fault.End != TrialEnd.Refused)
        {
            await _process!.DisposeAsync();
            Fault = null;
            await LoadAsync(cancellationToken);
        }
        else
        {
            Fault = null;
        }
        return failed;
    }

    public async Task MeasureAsync(int from, int count, bool keep, CancellationToken cancellationToken)
    {
        TrialAnswer? answer = await TryAskAsync(
            "timing",
            new TrialAsk(TrialStep.Measure, From: from, Count: count),
            options.StepWithin,
            cancellationToken
        );
        if (keep && answer is not null)
        {
            _times.AddRange(answer.Milliseconds ?? []);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>Null where the process, or the model, came to an end.</summary>
    private async Task<TrialAnswer?> TryAskAsync(string step, TrialAsk ask, TimeSpan within, CancellationToken cancellationToken)
    {
        if (Fault is not null)
        {
            return null;
        }
        try
        {
            TrialAnswer answer = await _process!.AskAsync(ask, within, cancellationToken);
            _peakBytes = Math.Max(_peakBytes, answer.PeakBytes);
            return answer;
        }
        catch (TrialEndedException e)
        {
            Fault = new TrialFault(step, e.End, e.Message);
            return null;
        }
    }
}
