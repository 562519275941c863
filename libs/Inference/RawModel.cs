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
    private readonly TensorSignature signature;
    private readonly TensorRunner runner;

    public RawModel(InferenceRuntime runtime, ModelPackage package)
    {
        signature = new TensorSignature($"{package.Name}/{package.Version}", package.Graph.Model);
        runner = new TensorRunner(runtime, package, signature);
    }

    /// <summary>As the graph declares them.</summary>
    public IReadOnlyList<TensorSpec> Inputs => [.. signature.Inputs.Select(i => i.Spec)];

    /// <summary>All outputs that are tensors, in the order of the graph.</summary>
    /// <exception cref="ServingException">An input is not what the graph takes.</exception>
    /// <exception cref="ModelFaultException">The model failed.</exception>
    public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs, CancellationToken ct)
    {
        TensorWork work = new(signature.Check(inputs), signature.CheckOutputs(null));
        runner.RunBatch([work], ct);
        return work.Results;
    }

    public void Dispose() => runner.Dispose();
}
