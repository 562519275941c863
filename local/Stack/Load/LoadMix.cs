using System.Globalization;

namespace Serverless.Local.Stack.Load;

/// <summary>Which requests a load is made of: sorts by their shares, and the bodies of each in turn. Thread-safe.</summary>
internal sealed class LoadMix
{
    public const string Standard = "search=1,predict:entities=1";

    private const double GoldenRatio = 0.618033988749895; // multiples of it spread evenly over 0..1

    private readonly (double Until, IReadOnlyList<LoadBody> Bodies)[] _sorts;

    private LoadMix(IReadOnlyList<(double Share, IReadOnlyList<LoadBody> Bodies)> sorts)
    {
        double all = sorts.Sum(sort => sort.Share),
            until = 0;
        _sorts = [.. sorts.Select(sort => (until += sort.Share / all, sort.Bodies))];
        Sorts = [.. sorts.Select(sort => FormattableString.Invariant($"{sort.Bodies[0].Sort} {100 * sort.Share / all:0.#} %"))];
    }

    /// <summary>Each with its share.</summary>
    public IReadOnlyList<string> Sorts { get; }

    /// <summary>The first body of each sort.</summary>
    public IEnumerable<LoadBody> Firsts => _sorts.Select(sort => sort.Bodies[0]);

    public static bool IsPrediction(string sort) =>
        sort.StartsWith(LoadBody.Predict, StringComparison.Ordinal) && sort.Length > LoadBody.Predict.Length;

    /// <param name="given">Bodies of one's own, which replace the samples of their sorts; without a mix they are it.</param>
    /// <exception cref="StackException">A sort is none, is named twice, has no share above 0, or has no bodies.</exception>
    public static LoadMix Parse(string? mix, IReadOnlyList<LoadBody> given)
    {
        ILookup<string, LoadBody> own = given.ToLookup(body => body.Sort);
        if (mix is null && given.Count > 0)
        {
            return new LoadMix([.. own.Select(sort => ((double)sort.Count(), (IReadOnlyList<LoadBody>)[.. sort]))]);
        }
        List<(double Share, IReadOnlyList<LoadBody> Bodies)> sorts = [];
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (string part in (mix ?? Standard).Split(','))
        {
            string[] pair = part.Trim().Split('=', 2);
            if (pair[0] is not (LoadBody.Search or LoadBody.Upload) && !IsPrediction(pair[0]))
            {
                throw new StackException($"The mix names '{pair[0]}'; known are search, upload and predict:MODEL, as in {Standard}.", 2);
            }
            if (!named.Add(pair[0]))
            {
                throw new StackException($"The mix names {pair[0]} twice; expected is each sort once, as in {Standard}.", 2);
            }
            string written = pair.ElementAtOrDefault(1) ?? "1";
            if (!double.TryParse(written, CultureInfo.InvariantCulture, out double share) || !(share > 0 && double.IsFinite(share)))
            {
                throw new StackException($"The share of {pair[0]} in the mix is '{written}'; expected is a number above 0.", 2);
            }
            sorts.Add((share, own.Contains(pair[0]) ? [.. own[pair[0]]] : LoadBodies.OfSamples(pair[0])));
        }
        return new LoadMix(sorts);
    }

    /// <summary>The same for the same number and seed.</summary>
    public LoadBody At(int number, int seed)
    {
        double at = ((number * GoldenRatio) + (seed * 0.7548776662466927)) % 1;
        (_, IReadOnlyList<LoadBody> bodies) = _sorts.FirstOrDefault(sort => at < sort.Until, _sorts[^1]);
        return bodies[(int)((uint)number % bodies.Count)];
    }
}
