using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// What one model has done since the runtime started; RunTime is the time inside ONNX Runtime, summed over threads that wait for it.
/// </summary>
/// <param name="Units">Padded tokens for text, input pixels for images.</param>
public sealed record ModelUsage(ModelReference Model, long Batches, long Items, long Units, TimeSpan RunTime);
