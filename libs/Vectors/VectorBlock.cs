using System.Numerics.Tensors;

namespace Serverless.Vectors;

/// <summary>
/// Vectors of one kind, end to end in one array, scaled to unit length so that a dot product is the cosine. Only ever appended to, by the
/// index's one writer; readers look no further than the count that their snapshot holds.
/// </summary>
internal sealed class VectorBlock(int dimensions, string kind, int capacity)
{
    private readonly float[] _vectors = new float[dimensions * capacity];
    private readonly VectorLabel[] _labels = new VectorLabel[capacity];

    public string Kind => kind;
    public int Capacity => capacity;
    public int Count { get; private set; }
    public bool IsFull => Count == capacity;

    public int Append(in VectorLabel label, ReadOnlySpan<float> vector)
    {
        Span<float> row = _vectors.AsSpan(Count * dimensions, dimensions);
        Unit.Scale(vector, row);
        _labels[Count] = label;
        return Count++;
    }

    public ReadOnlySpan<float> Vector(int index) => _vectors.AsSpan(index * dimensions, dimensions);

    public ref readonly VectorLabel Label(int index) => ref _labels[index];

    public float Score(ReadOnlySpan<float> unitQuery, int index) => TensorPrimitives.Dot(unitQuery, Vector(index));
}

/// <summary>What a vector stands for; the owner is shared by all vectors of an asset version.</summary>
internal readonly record struct VectorLabel(AssetVersion Owner, string Place, string Text);
