using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Runs models through ONNX Runtime: one for a process, thread-safe. Every model is opened once and closed after its last user; all
/// share one thread pool that sleeps when idle. Dispose it after whatever was made from it.
/// </summary>
public sealed class InferenceRuntime : IDisposable
{
    private readonly ProviderChoice _provider;
    private readonly StringMemory _strings;
    private readonly SessionPool _sessions = new();
    private readonly ConcurrentDictionary<(string Model, string Version), SpendingCounter> _spending = new();

    public InferenceRuntime(RuntimeOptions options)
    {
        Options = options;
        _strings = new StringMemory(options.MaxStringBytes);
        Threads = OrtEnvironment.Ensure(options.Threads == 0 ? Environment.ProcessorCount : options.Threads, options.MaxArenaBytes);
        _provider = ProviderChoice.Make(options.Provider, options.CudaProviderFolder);
    }

    /// <summary>"CUDA" or "CPU".</summary>
    public string Provider => _provider.Name;

    /// <summary>Why it is this provider, to be said at start.</summary>
    public string ProviderReason => _provider.Reason;

    public int Threads { get; }

    /// <summary>What each open model has done so far.</summary>
    public IReadOnlyList<ModelUsage> Usage => _sessions.Usage;

    /// <summary>What each model version has cost here, also those that are closed again: some 200 bytes for each.</summary>
    public IReadOnlyList<ModelSpending> Spending => [.. _spending.Values.Select(counter => counter.Read())];

    /// <summary>The same of all versions together.</summary>
    public ModelTime Spent => Spending.Aggregate(default(ModelTime), (sum, model) => sum + new ModelTime(model.Processor, model.Gpu));

    /// <summary>How long models have kept processors busy since the process started, over all of its threads.</summary>
    public static TimeSpan ProcessorTime => Sessions.ProcessorTime.Total;

    internal RuntimeOptions Options { get; }

    /// <exception cref="OperationCanceledException">It was stopped while it opened.</exception>
    internal SessionLease Open(ModelPackage package, CancellationToken cancellationToken) =>
        _sessions.Open($"{package.Digest} {package.Graph.File}", () => Create(package, cancellationToken));

    public void Dispose() => _sessions.Dispose();

    private ModelSession Create(ModelPackage package, CancellationToken cancellationToken)
    {
        try
        {
            InferenceSession session = Open(package.Files.FullPath(package.Graph.File), cancellationToken);
            StringMemory? strings = package.Graph.Model.HasStrings ? _strings : null;
            return new ModelSession(package.Reference, session, SpendingOf(package.Reference), strings);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw package.Files.Reject(package.Graph.File, $"what ONNX Runtime refuses ({e.Message})", "a model that it can open", e);
        }
    }

    private SpendingCounter SpendingOf(ModelReference model) =>
        _spending.GetOrAdd((model.Name, model.Version), key => new SpendingCounter(key.Model, key.Version, _provider.IsGpu));

    private InferenceSession Open(string file, CancellationToken cancellationToken)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableMemoryPattern = false, // a pattern is kept for every input shape ever seen, and ours vary
        };
        options.DisablePerSessionThreads();
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1"); // weights stay out of the arena
        _provider.AppendTo(options);
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(
            o => ((SessionOptions)o!).SetLoadCancellationFlag(true),
            options
        );
        return new InferenceSession(file, options);
    }
}
