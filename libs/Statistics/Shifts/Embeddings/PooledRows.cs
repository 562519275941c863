using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// The rows of both windows, the reference's first, less their mean, so that distances keep their digits where all rows point one way.
/// Takes 4 bytes a number. Immutable.
/// </summary>
internal sealed class PooledRows
{
    private readonly float[] _values;
    private readonly float[] _squares;

    public PooledRows(EmbeddingRows reference, EmbeddingRows current)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        Dimension = reference.Dimension;
        (ReferenceCount, Count) = (reference.Count, reference.Count + current.Count);
        _values = new float[(long)Count * Dimension];
        reference.Values.CopyTo(_values);
        current.Values.CopyTo(_values.AsSpan(reference.Values.Length));
        Center();
        _squares = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            _squares[i] = TensorPrimitives.SumOfSquares(this[i]);
        }
    }

    public int Dimension { get; }

    public int Count { get; }

    public int ReferenceCount { get; }

    public int CurrentCount => Count - ReferenceCount;

    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Dimension, Dimension);

    public float SquaredDistance(int one, int other) =>
        Math.Max(0, _squares[one] + _squares[other] - (2 * TensorPrimitives.Dot(this[one], this[other])));

    /// <summary>Of one row to those from <paramref name="first"/> on.</summary>
    public void SquaredDistances(int row, int first, Span<float> distances)
    {
        for (int k = 0; k < distances.Length; k++)
        {
            distances[k] = SquaredDistance(row, first + k);
        }
    }

    private void Center()
    {
        double[] mean = new double[Dimension];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> row = this[i];
            for (int k = 0; k < row.Length; k++)
            {
                mean[k] += row[k] / (double)Count;
            }
        }
        float[] rounded = [.. mean.Select(value => (float)value)];
        for (int i = 0; i < Count; i++)
        {
            Span<float> row = _values.AsSpan(i * Dimension, Dimension);
            TensorPrimitives.Subtract(row, rounded, row);
        }
    }
}
