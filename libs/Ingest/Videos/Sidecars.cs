using System.Text.RegularExpressions;
using Serverless.Media.Video;
using Serverless.Storage;

namespace Serverless.Ingest.Videos;

/// <summary>A file of subtitles beside a film.</summary>
/// <param name="Language">A tag of BCP 47, out of its name; null where it has none.</param>
public sealed record Sidecar(string Path, string Key, string Version, long Length, string? Language)
{
    public bool IsWebVtt => Path.EndsWith(".vtt", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Which files of subtitles belong to a film: those in its folder that are named like it, as players look for them: <c>film.srt</c>,
/// <c>film.mp4.srt</c>, <c>film.en.vtt</c>, <c>film.pt-BR.forced.srt</c>. Thread-safe.
/// </summary>
public sealed partial class Sidecars(AssetStores stores)
{
    public const int MaxSidecars = 8;

    /// <summary>Objects whose names begin like the film's that are looked at.</summary>
    private const int MaxListed = 1_000;

    /// <summary>In the order of their names, eight at most.</summary>
    public async Task<IReadOnlyList<Sidecar>> FindAsync(AssetSource film, CancellationToken cancellationToken)
    {
        IObjectStore store = stores.MediaOf(film);
        string path = stores.PathOf(film),
            stem = StemOf(path);
        List<Sidecar> found = [];
        int listed = 0;
        await foreach (StoredObject there in store.ListAsync($"{stem}.", cancellationToken))
        {
            if (Match(path, stem, there.Path) is { Success: true } name)
            {
                string? language = LanguageTag.Of(name.Groups["language"].Value);
                found.Add(new Sidecar(there.Path, store.Locate(there.Path).Key, there.Version, there.Length, language));
            }
            if (++listed == MaxListed || found.Count == MaxSidecars)
            {
                break;
            }
        }
        return found;
    }

    /// <summary>Whether a name is one that subtitles have.</summary>
    public static bool IsNamedLikeOne(string key) => Name().IsMatch(key);

    /// <summary>The objects beside it that a sidecar's name may belong to: they are films or not.</summary>
    public async Task<IReadOnlyList<AssetSource>> FindNeighboursAsync(AssetSource sidecar, CancellationToken cancellationToken)
    {
        IObjectStore store = stores.MediaOf(sidecar);
        string path = stores.PathOf(sidecar);
        int folder = path.LastIndexOf('/') + 1,
            dot = path.IndexOf('.', folder);
        List<AssetSource> found = [];
        int listed = 0;
        await foreach (StoredObject there in store.ListAsync(dot < 0 ? path : path[..dot], cancellationToken))
        {
            if (there.Path != path && !IsNamedLikeOne(there.Path) && Match(there.Path, StemOf(there.Path), path).Success)
            {
                found.Add(AssetStores.SourceOf(store, there));
            }
            if (++listed == MaxListed)
            {
                break;
            }
        }
        return found;
    }

    private static Match Match(string film, string stem, string other)
    {
        string? rest =
            other.StartsWith(film + ".", StringComparison.Ordinal) ? other[film.Length..]
            : other.StartsWith(stem + ".", StringComparison.Ordinal) ? other[stem.Length..]
            : null;
        return Rest().Match(rest ?? "");
    }

    private static string StemOf(string path)
    {
        int folder = path.LastIndexOf('/') + 1,
            dot = path.LastIndexOf('.');
        return dot > folder ? path[..dot] : path;
    }

    [GeneratedRegex(@"\.(srt|vtt)$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^(\.(?<language>[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}))?(\.(forced|sdh|cc))?\.(srt|vtt)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Rest();
}
