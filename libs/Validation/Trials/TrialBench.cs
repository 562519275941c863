using System.Diagnostics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media;
using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>Does the steps of a trial, in the process on trial. What a model or package is to blame for is an answer; what is not breaks the process.</summary>
internal sealed class TrialBench : IDisposable
{
    private InferenceRuntime? runtime;
    private TrialModel? model;
    private TrialItems items = TrialItems.None;

    public TrialAnswer Do(TrialAsk ask)
    {
        try
        {
            return ask.Step switch
            {
                TrialStep.Load => Load(ask),
                TrialStep.Prepare => Prepare(ask),
                TrialStep.Golden => new TrialAnswer(Items: model!.AnswerEach(items.Load(ask.From, ask.Count))),
                TrialStep.Probe => new TrialAnswer(Finding: Probes.Run(ask.Probe!, model!, items)),
                _ => Measure(ask),
            };
        }
        catch (Exception e) when (e is ModelRejectedException or ModelFaultException or ServingException or MediaRejectedException or IOException or OutOfMemoryException)
        {
            return new TrialAnswer(e is OutOfMemoryException ? $"The process ran out of memory ({e.Message})." : e.Message);
        }
    }

    public void Dispose()
    {
        model?.Dispose();
        runtime?.Dispose();
    }

    private TrialAnswer Load(TrialAsk ask)
    {
        // Wide enough that the watch over resident memory, which says plainly what happened, comes first.
        runtime = new InferenceRuntime(new RuntimeOptions { Threads = ask.Threads, MaxArenaBytes = Math.Clamp(2 * ask.MaxBytes, 64L << 20, uint.MaxValue) });
        model = TrialModel.Open(ask.Path!, runtime);
        return new TrialAnswer(Task: model.Task, Provider: runtime.Provider, Probes: Probes.NamesFor(model));
    }

    private TrialAnswer Prepare(TrialAsk ask)
    {
        items = TrialItems.Open(ask.Path!, ask.Task!.Value);
        return new TrialAnswer();
    }

    private TrialAnswer Measure(TrialAsk ask)
    {
        // Spread over the set, whose order may mean something, such as all short texts first.
        TrialItem[] chosen = items.Count == 0 ? Probes.Plain(model!, 4) : [.. Enumerable.Range(0, Math.Min(8, items.Count)).SelectMany(i => items.Load(i * items.Count / Math.Min(8, items.Count), 1))];
        double[] times = new double[ask.Count];
        for (int i = 0; i < times.Length; i++)
        {
            TrialItem item = chosen[(ask.From + i) % chosen.Length];
            long started = Stopwatch.GetTimestamp();
            model!.Answer([item]);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        return new TrialAnswer(Milliseconds: times);
    }
}
