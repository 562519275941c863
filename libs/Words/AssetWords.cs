namespace Serverless.Words;

/// <summary>All that one version of an asset has to be found by in words. With no places it is a tombstone: the asset is gone.</summary>
/// <param name="Modified">Tells which of an asset's versions and revisions is the latest, in whatever order they come.</param>
public sealed record AssetWords(string Asset, string Version, int Revision, DateTimeOffset Modified, IReadOnlyList<WordPlace> Places)
{
    /// <summary>Names the bytes: assets with the same content are found as one. Its own name where it is not known.</summary>
    public string Content { get; init; } = Asset;
    public string Store { get; init; } = "";

    /// <summary>By which it is named; filters take the beginning of one.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
    public DateTimeOffset Registered { get; init; }

    /// <summary>ISO 639-1; null where it is not known.</summary>
    public string? Language { get; init; }

    /// <summary>Those that looked, each by its name and as name/version.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What the file says of itself, each as name:value.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>What its uploader says of it, each as name:value.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>What is said in a film has languages of its own.</summary>
    public string? LanguageOf(WordPlace place) => place.Source == WordSource.Caption ? place.Language ?? Language : Language;

    public static AssetWords Tombstone(string asset, string version, DateTimeOffset deleted) => new(asset, version, 0, deleted, []);

    internal KnownWords Known => new(Version, Revision, Modified.UtcTicks, Places.Count == 0);
}

/// <summary>Where the words of a place come from.</summary>
public enum WordSource
{
    /// <summary>They are the text.</summary>
    Text,

    /// <summary>They say what is in a picture.</summary>
    Label,

    /// <summary>They are the subtitles of what is said there.</summary>
    Caption,

    /// <summary>They are told of the whole: its name, title, description, keywords.</summary>
    Metadata,
}

/// <summary>A passage, a picture or a shot.</summary>
/// <param name="Language">Whose rules its words follow, ISO 639-1; null for those of no language.</param>
/// <param name="Entities">Each as type:text.</param>
/// <param name="Picture">Path of the picture that shows the place.</param>
/// <param name="Told">What is told of what is seen there, found with the text; null where nothing is.</param>
public sealed record WordPlace(
    string Kind,
    string Place,
    string Text,
    string? Language,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Entities,
    WordSource Source,
    string? Picture = null,
    string? Told = null
)
{
    /// <summary>All that it is found by, and where in it begins what is told.</summary>
    public (string Text, int? Told) Joined()
    {
        string text = WordForm.Of(Text);
        return Told is null ? (text, null) : ($"{text}. {WordForm.Of(Told)}", text.Length + 2);
    }
}

/// <summary>Which version of an asset the index holds: of two, the later wins, then the greater version, then the tombstone.</summary>
internal readonly record struct KnownWords(string Version, int Revision, long Modified, bool IsTombstone)
{
    public bool Supersedes(KnownWords known)
    {
        if (Modified != known.Modified)
        {
            return Modified > known.Modified;
        }
        int version = string.CompareOrdinal(Version, known.Version);
        return version != 0 ? version > 0
            : Revision != known.Revision ? Revision > known.Revision
            : IsTombstone && !known.IsTombstone;
    }
}
