using System.Numerics.Tensors;

namespace Serverless.Vectors;

/// <summary>Scaling to length 1. A vector of zeros has no direction: it stays as it is and scores 0 against everything.</summary>
internal static class Unit
{
    public static void Scale(ReadOnlySpan<float> vector, Span<float> unit)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            unit.Clear();
            return;
        }

        // Scaled by the largest element first, so that squares neither overflow nor vanish.
        TensorPrimitives.Divide(vector, largest, unit);
        TensorPrimitives.Divide(unit, TensorPrimitives.Norm(unit), unit);
    }

    public static bool IsFinite(ReadOnlySpan<float> vector)
    {
        foreach (float element in vector)
        {
            if (!float.IsFinite(element))
            {
                return false;
            }
        }
        return true;
    }
}
