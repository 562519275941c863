using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Tensors;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Takes raw tensors through a model, one request after another, for whoever tries a model rather than serves it. Thread-safe; Dispose
/// closes the model where no other has it open.
/// </summary>
public sealed class RawModel : IDisposable
{
    private readonly TensorSignature _signature;
    private readonly TensorRunner _runner;

    public RawModel(InferenceRuntime runtime, ModelPackage package)
    {
        _signature = new TensorSignature($"{package.Name}/{package.Version}", package.Graph.Model);
        _runner = new TensorRunner(runtime, package, _signature, CancellationToken.None);
    }

    /// <summary>As the graph declares them.</summary>
    public IReadOnlyList<TensorSpec> Inputs => [.. _signature.Inputs.Select(i => i.Spec)];

    /// <summary>All outputs that are tensors, in the order of the graph.</summary>
    /// <exception cref="ServingException">An input is not what the graph takes.</exception>
    /// <exception cref="ModelFaultException">The model failed.</exception>
    public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs, CancellationToken cancellationToken)
    {
        TensorWork work = new(_signature.Check(inputs), _signature.CheckOutputs(null));
        _runner.RunBatch([work], cancellationToken);
        return work.Results;
    }

    /// <summary>
    /// Runs zeros of the smallest shape. False where the graph does not take them, which does not show that it takes nothing.
    /// </summary>
    public bool Warm() => _runner.TryRunZeros(CancellationToken.None);

    public void Dispose() => _runner.Dispose();
}
