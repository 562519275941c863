namespace Serverless.Drift.Checks;

/// <summary>
/// What all looks at a version so far have brought, for each stream of looks: a feature's aspect in a slice. A look counts once, in
/// whatever order looks come.
/// </summary>
/// <param name="Looks">Names of the reports that count, the newest last.</param>
/// <param name="Sums">As <see cref="Serverless.Statistics.Sequential.LookEvidence"/>.</param>
public sealed record DriftEvidence(IReadOnlyList<string> Looks, IReadOnlyDictionary<string, double> Sums)
{
    /// <summary>An older look that comes again counts twice, which no timer does.</summary>
    private const int MaxLooks = 1_000;

    public static DriftEvidence None { get; } = new([], new Dictionary<string, double>());

    public bool Has(string look) => Looks.Contains(look);

    /// <summary>A stream that is gone from the looks keeps what it has; there are at most as many as features and slices.</summary>
    public DriftEvidence With(string look, IEnumerable<KeyValuePair<string, double>> sums)
    {
        Dictionary<string, double> merged = new(Sums);
        foreach ((string stream, double sum) in sums)
        {
            merged[stream] = sum;
        }
        return new DriftEvidence([.. Looks.TakeLast(MaxLooks - 1), look], merged);
    }
}
