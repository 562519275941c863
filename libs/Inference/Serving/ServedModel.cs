using System.Diagnostics;
using Serverless.Inference.Images;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Serving.Lanes;
using Serverless.Inference.Serving.Tensors;
using Serverless.Inference.Text;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// One model version in memory: answers raw tensors, and its task. The requests of all callers are batched by cost. Thread-safe; may be
/// used as long as the lease that it came with.
/// </summary>
/// <remarks>
/// All methods throw ServingException for what is refused or late, ModelFaultException where the model fails or gives numbers that are
/// none, and OperationCanceledException for a caller that has gone.
/// </remarks>
public sealed partial class ServedModel : IDisposable
{
    private readonly ModelMeter meter;
    private readonly TimeProvider time;
    private readonly TensorSignature signature;
    private readonly TensorLane tensors;
    private readonly TextLane? texts;
    private readonly ImageLane? images;
    private readonly IDisposable? task; // the one of the task's types that the package is for

    private ServedModel(InferenceRuntime runtime, ModelPackage package, ServingOptions options, TimeProvider time, ModelMeter meter)
    {
        (this.meter, this.time, Reference, Task) = (meter, time, package.Reference, package.Task);
        signature = new TensorSignature(Version.ToString(), package.Graph.Model);
        task = OpenTask(runtime, package);
        try
        {
            if (TextRunnerOf(task) is { } textRunner)
                texts = TextLane.Open(textRunner, runtime.Options, options, time, meter);
            if (ImageRunnerOf(task) is { } imageRunner)
                images = ImageLane.Open(imageRunner, runtime.Options, options, time, meter);
            tensors = new TensorLane(runtime, package, signature, options, time, meter);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelVersion Version => meter.Model;

    /// <summary>With the digest.</summary>
    public ModelReference Reference { get; }

    public ModelTask Task { get; }

    /// <summary>As the graph declares them.</summary>
    public IReadOnlyList<TensorSpec> Inputs => [.. signature.Inputs.Select(i => i.Spec)];

    public IReadOnlyList<TensorSpec> Outputs => [.. signature.Outputs.Select(i => i.Spec)];

    /// <summary>Answers named tensors. Rows of several callers run together where the graph names its first dimension a batch.</summary>
    public async Task<ServedAnswer<IReadOnlyList<NamedTensor>>> InferAsync(TensorRequest request, RequestTerms terms, CancellationToken ct) =>
        await MeasureAsync<IReadOnlyList<NamedTensor>>("infer", async watch =>
        {
            var work = new TensorWork(signature.Check(request.Inputs), signature.CheckOutputs(request.Outputs));
            watch.Last = await tensors.RunAsync(work, terms, ct).ConfigureAwait(false);
            return work.Results;
        }).ConfigureAwait(false);

    /// <summary>Stops what waits, and closes the model.</summary>
    public void Dispose()
    {
        texts?.Dispose();
        images?.Dispose();
        tensors?.Dispose();
        task?.Dispose();
    }

    /// <summary>What waits, in the units of the lanes.</summary>
    internal long QueuedCost => tensors.QueuedCost + (texts?.QueuedCost ?? 0) + (images?.QueuedCost ?? 0);

    /// <summary>Loads a package, which runs a trial input, so that the first request finds a model that has already run.</summary>
    internal static ServedModel Load(InferenceRuntime runtime, ModelPackage package, ServingOptions options, TimeProvider time, ModelMeter meter)
    {
        var model = new ServedModel(runtime, package, options, time, meter);
        if (model.Task == ModelTask.Tensors)
            model.tensors.Warm();
        return model;
    }

    private async Task<ServedAnswer<T>> MeasureAsync<T>(string name, Func<RequestWatch, Task<T>> answer)
    {
        using Activity? activity = meter.Start(name);
        var watch = new RequestWatch(time);
        try
        {
            T value = await answer(watch).ConfigureAwait(false);
            RequestTimes times = watch.Stop();
            meter.Answered(name, times);
            activity?.SetTag("batch.items", watch.Last.BatchItems);
            return new ServedAnswer<T>(value, Reference, times, watch.Last.BatchItems);
        }
        catch (Exception e)
        {
            string outcome = e switch { ServingException s => s.Fault.ToString(), OperationCanceledException => "cancelled", _ => "failed" };
            meter.Ended(name, outcome);
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
    }
}

/// <summary>Takes one request's times; one thread at a time.</summary>
internal sealed class RequestWatch(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private TimeSpan input;

    /// <summary>How the item that was answered last fared.</summary>
    public ItemTimes Last { get; set; }

    /// <summary>What went before this is preparation of the input.</summary>
    public void Prepared() => input = time.GetElapsedTime(start);

    public RequestTimes Stop()
    {
        TimeSpan known = input + Last.Queue + Last.Run.Input + Last.Run.Infer + Last.Run.Output, total = time.GetElapsedTime(start);
        return new RequestTimes(total > known ? total - known : TimeSpan.Zero, Last.Queue, input + Last.Run.Input, Last.Run.Infer, Last.Run.Output);
    }
}
