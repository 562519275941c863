using System.Numerics.Tensors;

namespace Serverless.Training.Heads;

/// <summary>A classifier of vectors: softmax(W·x + b). Immutable.</summary>
/// <param name="Weights">Class by class.</param>
public sealed record LinearHead(IReadOnlyList<string> Classes, int Dimensions, float[] Weights, float[] Biases)
{
    /// <summary>The probability of each class.</summary>
    public double[] Apply(ReadOnlySpan<float> vector)
    {
        double[] p = new double[Classes.Count];
        for (int k = 0; k < p.Length; k++)
        {
            p[k] = TensorPrimitives.Dot(Weights.AsSpan(k * Dimensions, Dimensions), vector) + Biases[k];
        }
        double max = p.Max();
        TensorPrimitives.Subtract(p, max, p);
        TensorPrimitives.Exp<double>(p, p);
        TensorPrimitives.Divide(p, p.Sum(), p);
        return p;
    }
}
