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
    private readonly ModelMeter _meter;
    private readonly TimeProvider _time;
    private readonly TensorSignature _signature;
    private readonly TensorLane _tensors;
    private readonly TextLane? _texts;
    private readonly ImageLane? _images;
    private readonly IDisposable? _task; // the one of the task's types that the package is for

    private ServedModel(
        InferenceRuntime runtime,
        ModelPackage package,
        ServingOptions options,
        TimeProvider time,
        ModelMeter meter,
        Action<BatchOverrun> overran,
        CancellationToken cancellationToken
    )
    {
        (_meter, _time, Reference, Task) = (meter, time, package.Reference, package.Task);
        _signature = new TensorSignature(Version.ToString(), package.Graph.Model);
        _task = OpenTask(runtime, package, cancellationToken);
        try
        {
            if (TextRunnerOf(_task) is { } textRunner)
            {
                _texts = TextLane.Open(textRunner, runtime.Options, options, time, meter, overran);
            }
            if (ImageRunnerOf(_task) is { } imageRunner)
            {
                _images = ImageLane.Open(imageRunner, runtime.Options, options, time, meter, overran);
            }
            _tensors = new TensorLane(
                runtime,
                package,
                _signature,
                options,
                time,
                meter,
                overran,
                hasAnswered: _task is not null,
                cancellationToken
            );
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelVersion Version => _meter.Model;

    /// <summary>With the digest.</summary>
    public ModelReference Reference { get; }

    public ModelTask Task { get; }

    /// <summary>As the graph declares them.</summary>
    public IReadOnlyList<TensorSpec> Inputs => [.. _signature.Inputs.Select(i => i.Spec)];

    public IReadOnlyList<TensorSpec> Outputs => [.. _signature.Outputs.Select(i => i.Spec)];

    /// <summary>Answers named tensors. Rows of several callers run together where the graph names its first dimension a batch.</summary>
    public async Task<ServedAnswer<IReadOnlyList<NamedTensor>>> InferAsync(
        TensorRequest request,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) =>
        await MeasureAsync<IReadOnlyList<NamedTensor>>("infer", async watch =>
            {
                var work = new TensorWork(_signature.Check(request.Inputs), _signature.CheckOutputs(request.Outputs));
                watch.Last = await _tensors.RunAsync(work, terms, cancellationToken).ConfigureAwait(false);
                return work.Results;
            })
            .ConfigureAwait(false);

    /// <summary>Stops what waits, and closes the model.</summary>
    public void Dispose()
    {
        _texts?.Dispose();
        _images?.Dispose();
        _tensors?.Dispose();
        _task?.Dispose();
    }

    /// <summary>What waits, in the units of the lanes.</summary>
    internal long QueuedCost => _tensors.QueuedCost + (_texts?.QueuedCost ?? 0) + (_images?.QueuedCost ?? 0);

    /// <summary>Loads a package, which runs a trial input, so that the first request finds a model that has already run.</summary>
    /// <param name="overran">Called once a run has taken longer than it may; its requests have then failed.</param>
    internal static ServedModel Load(
        InferenceRuntime runtime,
        ModelPackage package,
        ServingOptions options,
        TimeProvider time,
        ModelMeter meter,
        Action<BatchOverrun> overran,
        CancellationToken cancellationToken
    )
    {
        var model = new ServedModel(runtime, package, options, time, meter, overran, cancellationToken);
        try
        {
            if (model.Task == ModelTask.Tensors)
            {
                model._tensors.Warm(cancellationToken);
            }
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private async Task<ServedAnswer<T>> MeasureAsync<T>(string name, Func<RequestWatch, Task<T>> answer)
    {
        using Activity? activity = _meter.Start(name);
        var watch = new RequestWatch(_time);
        try
        {
            T value = await answer(watch).ConfigureAwait(false);
            RequestTimes times = watch.Stop();
            _meter.Answered(name, times);
            activity?.SetTag("batch.items", watch.Last.BatchItems);
            return new ServedAnswer<T>(value, Reference, times, watch.Last.BatchItems);
        }
        catch (Exception e)
        {
            string outcome = e switch
            {
                ServingException s => s.Fault.ToString(),
                OperationCanceledException => "cancelled",
                _ => "failed",
            };
            _meter.Ended(name, outcome);
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
    }
}

/// <summary>Takes one request's times; one thread at a time.</summary>
internal sealed class RequestWatch(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _input;

    /// <summary>How the item that was answered last fared.</summary>
    public ItemTimes Last { get; set; }

    /// <summary>What went before this is preparation of the input.</summary>
    public void Prepared() => _input = time.GetElapsedTime(_start);

    public RequestTimes Stop()
    {
        TimeSpan known = _input + Last.Queue + Last.Run.Input + Last.Run.Infer + Last.Run.Output,
            total = time.GetElapsedTime(_start);
        return new RequestTimes(
            total > known ? total - known : TimeSpan.Zero,
            Last.Queue,
            _input + Last.Run.Input,
            Last.Run.Infer,
            Last.Run.Output
        );
    }
}
