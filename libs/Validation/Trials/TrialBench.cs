using System.Diagnostics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media;
using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>
/// Does the steps of a trial, in the process on trial. What a model or package is to blame for is an answer; what is not breaks the
/// process.
/// </summary>
internal sealed class TrialBench : IDisposable
{
    private InferenceRuntime? _runtime;
    private TrialModel? _model;
    private TrialItems _items = TrialItems.None;

    public TrialAnswer Do(TrialAsk ask)
    {
        try
        {
            return ask.Step switch
            {
                TrialStep.Load => Load(ask),
                TrialStep.Prepare => Prepare(ask),
                TrialStep.Golden => new TrialAnswer(Items: _model!.AnswerEach(_items.Load(ask.From, ask.Count))),
                TrialStep.Probe => new TrialAnswer(Finding: Probes.Run(ask.Probe!, _model!, _items)),
                _ => Measure(ask),
            };
        }
        catch (Exception e)
            when (e
                    is ModelRejectedException
                        or ModelFaultException
                        or ServingException
                        or MediaRejectedException
                        or IOException
                        or OutOfMemoryException
            )
        {
            return new TrialAnswer(e is OutOfMemoryException ? $"The process ran out of memory ({e.Message})." : e.Message);
        }
    }

    public void Dispose()
    {
        _model?.Dispose();
        _runtime?.Dispose();
    }

    private TrialAnswer Load(TrialAsk ask)
    {
        ModelLimits limits = ask.Limits ?? ModelLimits.Default;
        ModelPackage package = ask.Model is null ? ModelPackage.Load(ask.Path!, limits) : ModelPackage.Load(ask.Path!, ask.Model, limits);
        _model = TrialModel.Open(package, MakeRuntime(ask));
        return new TrialAnswer(Task: _model.Task, Provider: _runtime!.Provider, Probes: Probes.NamesFor(_model));
    }

    private InferenceRuntime MakeRuntime(TrialAsk ask) =>
        _runtime = new InferenceRuntime(new RuntimeOptions { Threads = ask.Threads, MaxArenaBytes = IsolatedHost.ArenaOf(ask.MaxBytes) });

    private TrialAnswer Prepare(TrialAsk ask)
    {
        _items = ask.Path is null ? TrialItems.None : TrialItems.Open(ask.Path, ask.Task!.Value);
        return new TrialAnswer();
    }

    private TrialAnswer Measure(TrialAsk ask)
    {
        // Spread over the set, whose order may mean something, such as all short texts first.
        TrialItem[] chosen =
            _items.Count == 0
                ? Probes.Plain(_model!, 4)
                :
                [
                    .. Enumerable
                        .Range(0, Math.Min(8, _items.Count))
                        .SelectMany(i => _items.Load(i * _items.Count / Math.Min(8, _items.Count), 1)),
                ];
        double[] times = new double[ask.Count];
        for (int i = 0; i < times.Length; i++)
        {
            TrialItem item = chosen[(ask.From + i) % chosen.Length];
            long started = Stopwatch.GetTimestamp();
            _model!.Answer([item]);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        return new TrialAnswer(Milliseconds: times);
    }
}
