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

    private readonly TensorRunner runner;
    private readonly TensorSignature signature;
    private readonly Batcher<TensorWork> batcher;
    private readonly long least;
    private long loners;

    public TensorLane(InferenceRuntime runtime, ModelPackage package, TensorSignature signature, ServingOptions options, TimeProvider time, ModelMeter meter)
    {
        this.signature = signature;
        runner = new TensorRunner(runtime, package, signature);
        least = Math.Max(1, options.MaxBatchElements / MostInBatch);
        batcher = new Batcher<TensorWork>(options.LimitsFor("elements", options.MaxBatchElements, null), Run, time, meter);
    }

    /// <summary>The results are in the work.</summary>
    public Task<ItemTimes> RunAsync(TensorWork work, RequestTerms terms, CancellationToken ct) =>
        batcher.RunAsync([new(work, KeyOf(work), Math.Max(work.Elements, least))], terms, ct);

    /// <summary>Runs zeros of the smallest shape, alone and on this thread: what a model does at its first run it has then done.</summary>
    public void Warm()
    {
        if (signature.Inputs.Any(i => i.Type is null))
            return;
        NamedTensor[] zeros = [.. signature.Inputs.Select(i => Zeros(i))];
        try
        {
            runner.RunBatch([new TensorWork(zeros, signature.CheckOutputs(null))], CancellationToken.None);
        }
        catch (ModelFaultException)
        {
            // A graph may demand more of its input than its signature says: real requests will show.
        }
    }

    public long QueuedCost => batcher.QueuedCost;

    public void Dispose()
    {
        batcher.Dispose();
        runner.Dispose();
    }

    private BatchKey KeyOf(TensorWork work) => signature.Batches && work.Inputs.All(i => i.Shape[0] == work.Rows && i.Shape[0] > 0)
        ? new BatchKey(0, $"{string.Join(';', work.Inputs.Select(i => string.Join(',', i.Shape.Skip(1))))}|{string.Join(',', work.Outputs)}")
        : new BatchKey(Interlocked.Increment(ref loners));

    private static NamedTensor Zeros(TensorPort input)
    {
        long[] shape = [.. (input.Shape ?? [1]).Select(d => Math.Max(d, 1))];
        int count = checked((int)(TensorPort.Elements(shape) ?? int.MaxValue)), bytes = input.Type?.Bytes ?? 0;
        var tensor = new NamedTensor(input.Name, input.Type?.Name ?? "", shape);
        return bytes > 0 ? tensor with { Data = new byte[count * bytes] } : tensor with { Items = new ReadOnlyMemory<byte>[count] };
    }

    private RunTimes Run(ReadOnlyMemory<TensorWork> work, Memory<Exception?> faults, CancellationToken ct)
    {
        RunTimes times = runner.RunBatch(work.Span, ct);
        faults.Span.Clear();
        return times;
    }
}
