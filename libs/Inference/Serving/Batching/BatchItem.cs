using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>What may share a run: items of one key become rows of one tensor.</summary>
/// <param name="Size">Bucketed tokens of a text, packed width and height of an image.</param>
/// <param name="Shape">Names, types and shapes of raw tensors; else empty.</param>
internal readonly record struct BatchKey(long Size, string Shape = "");

/// <summary>What is run together: a row, or of raw tensors all of a request.</summary>
/// <param name="Cost">Counted in what the model's work grows with: padded tokens, pixels or elements.</param>
internal readonly record struct BatchItem<T>(T Work, BatchKey Key, long Cost, long Rows = 1);

/// <summary>
/// Runs the rows of one batch. A row that came out well has its fault set to null; the others keep the one that they came with. What it
/// throws is the fault of all rows.
/// </summary>
internal delegate RunTimes BatchRun<T>(ReadOnlyMemory<T> work, Memory<Exception?> faults, CancellationToken cancellationToken);
