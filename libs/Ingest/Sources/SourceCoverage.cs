namespace Serverless.Ingest.Sources;

/// <summary>The sources of one store, the one of its settings first, without those that were removed. Immutable.</summary>
public sealed class SourceCoverage(IReadOnlyList<MediaSource> sources)
{
    /// <summary>Those that begin new objects first: an object that others cover too is then begun.</summary>
    public IReadOnlyList<MediaSource> All { get; } =
    [.. sources.Where(source => source.State != SourceState.Removed).OrderByDescending(source => source.BeginsNew)];

    public IReadOnlyList<MediaSource> Added => [.. All.Where(source => !source.IsBuiltIn)];

    public bool Covers(string container, string key) => All.Any(source => source.Covers(container, key));
}
