namespace Serverless.Inference.Sessions;

/// <summary>Takes one item's part of a batch's output; values are valid during the call.</summary>
/// <param name="shape">Without the batch dimension.</param>
internal delegate void OutputRowHandler(int item, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);
