using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Serving.Tensors;
using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Lanes;

/// <summary>
/// Batches raw tensors of many callers, whose rows stay together: requests share a run where the graph names its first dimension a batch
/// and their other dimensions and wanted outputs are the same. A request costs its inputs' elements.
/// </summary>
internal sealed class TensorLane : IDisposable
{
    /// <summary>So that the number of requests that wait is bounded too, each costs at least this part of a batch.</summary>
    private const int MostInBatch = 1_024;

    private readonly TensorRunner _runner;
    private readonly TensorSignature _signature;
    private readonly Batcher<TensorWork> _batcher;
    private readonly long _least;
    private long _loners;
    private volatile bool _hasAnswered;

    /// <param name="hasAnswered">The model has run well before.</param>
    public TensorLane(
        InferenceRuntime runtime,
        ModelPackage package,
        TensorSignature signature,
        ServingOptions options,
        TimeProvider time,
        ModelMeter meter,
        Action<BatchOverrun> overran,
        bool hasAnswered,
        CancellationToken cancellationToken
    )
    {
        (_signature, _hasAnswered) = (signature, hasAnswered);
        _runner = new TensorRunner(runtime, package, signature, cancellationToken);
        _least = Math.Max(1, options.MaxBatchElements / MostInBatch);
        _batcher = new Batcher<TensorWork>(options.LimitsFor("elements", options.MaxBatchElements, null), Run, time, meter, overran);
    }

    /// <summary>The results are in the work.</summary>
    public Task<ItemTimes> RunAsync(TensorWork work, RequestTerms terms, CancellationToken cancellationToken) =>
        _batcher.RunAsync(
            [new(work, KeyOf(work), Math.Max(work.Elements, _least), _signature.Batches ? work.Rows : 1)],
            terms,
            cancellationToken
        );

    /// <summary>Alone and on this thread: what a model does at its first run it has then done.</summary>
    public void Warm(CancellationToken cancellationToken) => _hasAnswered |= _runner.TryRunZeros(cancellationToken);

    public long QueuedCost => _batcher.QueuedCost;

    public void Dispose()
    {
        _batcher.Dispose();
        _runner.Dispose();
    }

    private BatchKey KeyOf(TensorWork work) =>
        _signature.Batches && work.Inputs.All(i => i.Shape[0] == work.Rows && i.Shape[0] > 0)
            ? new BatchKey(
                0,
                $"{string.Join(';', work.Inputs.Select(i => string.Join(',', i.Shape.Skip(1))))}|{string.Join(',', work.Outputs)}"
            )
            : new BatchKey(Interlocked.Increment(ref _loners));

    private RunTimes Run(ReadOnlyMemory<TensorWork> work, Memory<Exception?> faults, CancellationToken cancellationToken)
    {
        try
        {
            RunTimes times = _runner.RunBatch(work.Span, cancellationToken);
            _hasAnswered = true;
            faults.Span.Clear();
            return times;
        }
        catch (ModelFaultException e) when (work.Length == 1 && e.IsOverMemory)
        {
            throw new ServingException(ServingFault.TooLarge, e.Message, e);
        }
        catch (ModelFaultException e) when (work.Length == 1 && _hasAnswered && e.InnerException is OnnxRuntimeException cause)
        {
            // A signature with dynamic dimensions does not say which sizes go together. A model that has answered before works.
            throw new ServingException(
                ServingFault.InvalidInput,
                $"Model {e.Model.Name}/{e.Model.Version}: found tensors that the graph cannot take ({cause.Message.Trim()}); "
                    + $"expected sizes "
                    + $"and values that go together.",
                e
            );
        }
    }
}
