namespace Serverless.Training;

/// <summary>Vectors and the classes that they are of. Immutable.</summary>
public sealed class TrainingSet
{
    /// <summary>256 MB of vectors of 384 dimensions are 170,000 rows.</summary>
    public const long MaxValues = 1L << 26;

    private readonly float[] _values;
    private readonly int[] _classOf;

    private TrainingSet(float[] values, int dimensions, int[] classOf, IReadOnlyList<string> classes) =>
        (_values, Dimensions, _classOf, Classes) = (values, dimensions, classOf, classes);

    public int Rows => _classOf.Length;

    public int Dimensions { get; }

    /// <summary>In order, byte by byte.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Rows of each class, by its name.</summary>
    public IReadOnlyDictionary<string, int> Counts =>
        new SortedDictionary<string, int>(
            _classOf.CountBy(index => Classes[index]).ToDictionary(count => count.Key, count => count.Value),
            StringComparer.Ordinal
        );

    /// <exception cref="TrainingRefusedException">The vectors differ in length, are no numbers, or a class has too few.</exception>
    public static TrainingSet Create(IReadOnlyList<(float[] Vector, string Class)> rows, int minRowsOfClass)
    {
        string[] classes = [.. rows.Select(row => row.Class).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new TrainingRefusedException($"The {rows.Count} rows are of {classes.Length} classes; needed are 2 at least.");
        }
        string[] few =
        [
            .. rows.CountBy(row => row.Class)
                .Where(count => count.Value < minRowsOfClass)
                .OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => $"'{count.Key}' ({count.Value})"),
        ];
        if (few.Length > 0)
        {
            throw new TrainingRefusedException(
                $"These classes have fewer rows than the {minRowsOfClass} that are needed: {string.Join(", ", few)}."
            );
        }
        int dimensions = rows[0].Vector.Length;
        if (dimensions == 0 || (long)dimensions * rows.Count > MaxValues)
        {
            throw new TrainingRefusedException(
                $"{rows.Count} vectors of {dimensions} dimensions were found; allowed are 1 to {MaxValues:N0} values."
            );
        }
        Dictionary<string, int> indices = classes.Index().ToDictionary(found => found.Item, found => found.Index);
        float[] values = new float[dimensions * rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Vector.Length != dimensions || !rows[i].Vector.All(float.IsFinite))
            {
                throw new TrainingRefusedException(
                    $"Vector {i} has {rows[i].Vector.Length} values; expected are {dimensions} finite numbers, as the first has."
                );
            }
            rows[i].Vector.CopyTo(values, i * dimensions);
        }
        return new TrainingSet(values, dimensions, [.. rows.Select(row => indices[row.Class])], classes);
    }

    internal ReadOnlySpan<float> VectorOf(int row) => _values.AsSpan(row * Dimensions, Dimensions);

    /// <summary>The index of its class.</summary>
    internal int ClassOf(int row) => _classOf[row];
}
