namespace Serverless.Statistics.Metrics;

public static class Similarity
{
    /// <summary>The cosine of the angle between two vectors; 0 where one has no length or is not made of numbers.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"A vector of {a.Length} dimensions is compared with one of {b.Length}.", nameof(b));
        }
        double dot = 0,
            aa = 0,
            bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        double cosine = dot / Math.Sqrt(aa * bb);
        return double.IsFinite(cosine) ? cosine : 0;
    }
}
