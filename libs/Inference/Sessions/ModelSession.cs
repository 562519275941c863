using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Serverless.Packages;

namespace Serverless.Inference.Sessions;

/// <summary>
/// One model open in ONNX Runtime, shared by all its callers; thread-safe. A run whose caller has gone may outlast the owner: the session
/// closes with the last of them, since native code runs on in what is closed under it.
/// </summary>
/// <param name="strings">Bounds what its strings take; null where it has none.</param>
internal sealed class ModelSession(ModelReference model, InferenceSession session, SpendingCounter spending, StringMemory? strings)
    : IDisposable
{
    private readonly UsageCounter _usage = new(model);
    private int _holders = 1; // the owner, and each run

    public ModelReference Model { get; } = model;

    public ModelUsage Usage => _usage.Snapshot();

    /// <summary>Runs one batch; the output belongs to the caller, who disposes it.</summary>
    /// <exception cref="ModelFaultException">The model failed.</exception>
    public RunOutput Run(
        IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputs,
        string output,
        int items,
        long units,
        CancellationToken cancellationToken
    ) => new(Run(inputNames, inputs, [output], items, units, cancellationToken));

    /// <summary>Runs one batch for several outputs, in the order of their names; they belong to the caller.</summary>
    /// <exception cref="ModelFaultException">The model failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputs,
        IReadOnlyCollection<string> outputs,
        int items,
        long units,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        using var options = new RunOptions();
        using StringMemory.Watch? watch = strings?.Begin(options);
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(o => ((RunOptions)o!).Terminate = true, options);
        long start = Stopwatch.GetTimestamp();
        RunShares.Start share = RunShares.Begin();
        try
        {
            return session.Run(options, inputNames, inputs, outputs);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException e) when (watch?.GrownBytes is { } grown)
        {
            throw new ModelFaultException(
                Model,
                $"a batch of {items} was ended: the process had grown by {grown >> 20:N0} MB; allowed are {strings!.MaxBytes >> 20:N0} "
                    + "(MaxStringBytes)",
                e
            )
            {
                IsOverMemory = true,
            };
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFaultException(Model, $"a batch of {items} failed: {e.Message}", e);
        }
        finally
        {
            spending.Add(items, RunShares.End(share));
            _usage.Add(items, units, start);
            Leave();
        }
    }

    public void Dispose() => Leave();

    private void Enter()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _holders);
            ObjectDisposedException.ThrowIf(seen == 0, this);
        } while (Interlocked.CompareExchange(ref _holders, seen + 1, seen) != seen);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            session.Dispose();
        }
    }
}
