namespace Serverless.Inference;

/// <summary>
/// What one model version has cost since the process started, also before it was last loaded. A model that is registered under two names is
/// counted under that by which it was opened first.
/// </summary>
/// <param name="Items">Texts or parts of long ones, pictures, rows of tensors; one of each load is its trial.</param>
/// <param name="Processor">Of processors, inside ONNX Runtime.</param>
/// <param name="Gpu">How long runs held the GPU, zero where there is none; of runs that go on at once each has its share.</param>
public sealed record ModelSpending(string Model, string Version, long Items, TimeSpan Processor, TimeSpan Gpu);
