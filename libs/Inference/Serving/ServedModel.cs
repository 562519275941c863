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
        Labels = Task == ModelTask.Tensors ? null : package.Labels;
        _signature = new TensorSignature(Version.ToString(), package.Graph.Model);
        Batching = _signature.Batches
            ? new RowBatching(_signature.MostRows(options.MaxBatchElements), options.MaxBatchItems, options.MaxDelay)
            : null;
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

    /// <summary>Of its outputs, in their order; null where the package names none, or is for raw tensors alone.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>As the graph declares them.</summary>
    public IReadOnlyList<TensorSpec> Inputs => [.. _signature.Inputs.Select(i => i.Spec)];

    public IReadOnlyList<TensorSpec> Outputs => [.. _signature.Outputs.Select(i => i.Spec)];

    /// <summary>How rows of raw tensors are joined; null where the graph names no batch.</summary>
    public RowBatching? Batching { get; }

    public ModelStatistics Statistics => _meter.Statistics;

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
    /// <param name="overran">Called once a run has taken longer than it may, before its requests fail; it must not wait.</param>
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
            _meter.Answered(name, times, _time.GetUtcNow());
            activity?.SetTag("batch.items", watch.Last.BatchItems);
            return new ServedAnswer<T>(value, Reference, times, watch.Last.BatchItems, watch.Tokens, watch.Last.Spent);
        }
        catch (Exception e)
        {
            string outcome = e switch
            {
                ServingException s => s.Fault.ToString(),
                OperationCanceledException => "cancelled",
                _ => "failed",
            };
            _meter.Failed(name, outcome, watch.Elapsed, _time.GetUtcNow());
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
    }
}
