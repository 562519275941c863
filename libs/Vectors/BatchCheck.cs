namespace Serverless.Vectors;

/// <summary>What every batch must fulfil before any of it is applied.</summary>
internal static class BatchCheck
{
    /// <exception cref="ArgumentException">Names the vector and what is wrong with it.</exception>
    public static void Run(AssetVectors batch, int dimensions)
    {
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            ReadOnlySpan<float> vector = batch.Entries[i].Vector.Span;
            if (vector.Length != dimensions)
            {
                throw new ArgumentException(
                    $"Vector {i} of asset {batch.Asset} has {vector.Length} dimensions; this index holds vectors of {dimensions}.",
                    nameof(batch)
                );
            }
            if (!Unit.IsFinite(vector))
            {
                throw new ArgumentException($"Vector {i} of asset {batch.Asset} holds an element that is not finite.", nameof(batch));
            }
        }
    }
}
