namespace Serverless.Local.Stack.Releases;

/// <summary>One value in which two releases differ.</summary>
/// <param name="From">Null where it is not there.</param>
internal sealed record ReleaseDifference(string Path, string? From, string? To)
{
    public static IReadOnlyList<ReleaseDifference> Between(ReleaseDocument from, ReleaseDocument to)
    {
        SortedDictionary<string, string> before = from.Values();
        SortedDictionary<string, string> after = to.Values();
        return
        [
            .. before
                .Keys.Union(after.Keys)
                .Order(StringComparer.Ordinal)
                .Select(path => new ReleaseDifference(path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))
                .Where(difference => difference.From != difference.To),
        ];
    }

    public override string ToString() => $"  {Path}: {From ?? "absent"} → {To ?? "absent"}";
}
