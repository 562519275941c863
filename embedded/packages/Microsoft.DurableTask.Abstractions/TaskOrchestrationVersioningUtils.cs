namespace Microsoft.DurableTask.Abstractions;

/// <summary>Orders versions: none before any, then as <see cref="Version"/> where both parse, else as text.</summary>
public static class TaskOrchestrationVersioningUtils
{
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        bool hasSource = !string.IsNullOrWhiteSpace(sourceVersion);
        bool hasOther = !string.IsNullOrWhiteSpace(otherVersion);
        if (!hasSource || !hasOther)
            return hasSource.CompareTo(hasOther);
        if (Version.TryParse(sourceVersion, out Version? source) && Version.TryParse(otherVersion, out Version? other))
            return source.CompareTo(other);
        return string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
