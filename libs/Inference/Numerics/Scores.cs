using System.Numerics.Tensors;
using Serverless.Packages;

namespace Serverless.Inference.Numerics;

/// <summary>From a model's raw numbers to vectors of length one and to scores.</summary>
internal static class Scores
{
    /// <summary>
    /// Divides by the Euclidean length, at least 1e-12 as torch.nn.functional.normalize has it; false where a value is not finite.
    /// </summary>
    public static bool TryNormalise(Span<float> vector)
    {
        float length = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(length))
        {
            return false;
        }
        TensorPrimitives.Divide(vector, Math.Max(length, 1e-12f), vector);
        return true;
    }

    public static bool AreFinite(ReadOnlySpan<float> values) => float.IsFinite(TensorPrimitives.SumOfMagnitudes(values));

    public static void Apply(OutputFunction function, ReadOnlySpan<float> values, Span<float> scores)
    {
        switch (function)
        {
            case OutputFunction.Softmax:
                // TensorPrimitives.SoftMax does not subtract the largest value first, and exp(89) is infinite.
                TensorPrimitives.Subtract(values, TensorPrimitives.Max(values), scores);
                TensorPrimitives.Exp(scores, scores);
                TensorPrimitives.Divide(scores, TensorPrimitives.Sum(scores), scores);
                break;
            case OutputFunction.Sigmoid:
                TensorPrimitives.Sigmoid(values, scores);
                break;
            case OutputFunction.None:
                values.CopyTo(scores);
                break;
        }
    }

    /// <summary>The labels of the highest scores, highest first; all of them where there are fewer than top.</summary>
    public static LabelScore[] Best(OutputFunction function, ReadOnlySpan<float> values, IReadOnlyList<string> labels, int top)
    {
        float[] scores = new float[values.Length];
        Apply(function, values, scores);
        int[] best = new int[Math.Min(top, scores.Length)];
        Top(scores, best);
        return [.. best.Select(i => new LabelScore(labels[i], scores[i]))];
    }

    /// <summary>Fills best with the indices of the highest scores, highest first, of equals the earlier.</summary>
    public static void Top(ReadOnlySpan<float> scores, Span<int> best)
    {
        int found = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (found == best.Length && (found == 0 || scores[i] <= scores[best[^1]]))
            {
                continue;
            }
            int at = found < best.Length ? found++ : found - 1;
            for (; at > 0 && scores[i] > scores[best[at - 1]]; at--)
            {
                best[at] = best[at - 1];
            }
            best[at] = i;
        }
    }
}
