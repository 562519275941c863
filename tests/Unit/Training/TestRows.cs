namespace Serverless.Unit.Training;

/// <summary>300 rows of 6 dimensions and 3 classes, by formulas that other languages can write down too.</summary>
internal static class TestRows
{
    public static IReadOnlyList<(float[] Vector, string Class)> Make(int rows = 300) => [.. Enumerable.Range(0, rows).Select(RowOf)];

    private static (float[] Vector, string Class) RowOf(int i)
    {
        float[] x = [.. Enumerable.Range(0, 6).Select(j => (float)Math.Sin((i * 1.7 * (j + 1)) + (j * 0.9)))];
        double[] scores =
        [
            x[0] + (0.5 * x[1]) + (0.8 * Math.Sin(i * 2.3)),
            x[2] - (0.5 * x[3]) + (0.8 * Math.Sin(i * 3.1)),
            0.3 + (0.2 * x[4]) + (0.8 * Math.Sin(i * 4.7)),
        ];
        return (x, $"class {Array.IndexOf(scores, scores.Max())}");
    }
}
