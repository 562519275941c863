namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// Finite numbers in rising order, sorted once however many tests look at them. Immutable, so that a reference may be kept and shared
/// between threads. What is missing, NaN or infinite is refused: its share is a category of its own and is compared as counts.
/// </summary>
public sealed class SortedSample
{
    /// <summary>
    /// Tests of two samples need so many of each: of 3 and 3 numbers the smallest possible p-value is 2 / C(6, 3) = 10 %, of 4 and 4 it
    /// is 2.9 %.
    /// </summary>
    public const int MinValues = 4;

    private readonly double[] _values;

    public SortedSample(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"Value {i} of {values.Length} is {values[i]}, expected finite numbers: count what is none apart.",
                    nameof(values)
                );
            }
        }
        _values = values.ToArray();
        Array.Sort(_values);
    }

    public ReadOnlySpan<double> Values => _values;

    public int Count => _values.Length;

    internal static bool AreEnough(SortedSample reference, SortedSample current) =>
        reference.Count >= MinValues && current.Count >= MinValues;
}
