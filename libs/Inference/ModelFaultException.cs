using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>A loaded model that failed, or gave numbers that are none, for one batch; other batches may do well.</summary>
public sealed class ModelFaultException(ModelReference model, string fault, Exception? cause = null)
    : Exception($"Model {model.Name}/{model.Version} ({model.Digest}): {fault}", cause)
{
    public ModelReference Model { get; } = model;

    /// <summary>The run was ended since it took more memory than a run may; the message says which bound it was.</summary>
    public bool IsOverMemory { get; init; }
}
