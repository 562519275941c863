namespace Serverless.Statistics.Shifts.Categories;

/// <summary>
/// How often each category came in two windows, the same place in both arrays being the same category. Immutable; a category that only
/// one window has counts 0 in the other.
/// </summary>
public sealed class CategoryCounts
{
    private readonly long[] _reference;
    private readonly long[] _current;

    public CategoryCounts(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length)
        {
            throw new ArgumentException(
                $"The reference has {reference.Length} categories, the current window {current.Length}; expected the same ones.",
                nameof(current)
            );
        }
        (_reference, _current) = (reference.ToArray(), current.ToArray());
        (ReferenceTotal, CurrentTotal) = (Sum(_reference, nameof(reference)), Sum(_current, nameof(current)));
    }

    public ReadOnlySpan<long> Reference => _reference;

    public ReadOnlySpan<long> Current => _current;

    /// <summary>Of doubles, since the sum of many large counts has no room in a long.</summary>
    public double ReferenceTotal { get; }

    public double CurrentTotal { get; }

    /// <summary>By name, in ordinal order.</summary>
    public static CategoryCounts ByName(IReadOnlyDictionary<string, long> reference, IReadOnlyDictionary<string, long> current)
    {
        string[] names = [.. reference.Keys.Union(current.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new CategoryCounts(
            [.. names.Select(name => reference.GetValueOrDefault(name))],
            [.. names.Select(name => current.GetValueOrDefault(name))]
        );
    }

    private static double Sum(long[] counts, string window)
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum +=
                counts[i] >= 0
                    ? counts[i]
                    : throw new ArgumentException($"Category {i} of {counts.Length} came {counts[i]} times, expected 0 or more.", window);
        }
        return sum;
    }
}
