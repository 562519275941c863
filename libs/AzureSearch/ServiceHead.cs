using Azure.Search.Documents.Models;

namespace Serverless.AzureSearch;

/// <summary>Which version of an asset the index has, and in which spaces it has vectors.</summary>
internal sealed record ServiceHead(
    string Asset,
    string Content,
    string Version,
    int Revision,
    DateTimeOffset Modified,
    bool IsGone,
    IReadOnlyList<string> Spaces
)
{
    /// <summary>Fields of <see cref="Read"/>.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        ServiceFields.Asset,
        ServiceFields.Content,
        ServiceFields.Version,
        ServiceFields.Revision,
        ServiceFields.Modified,
        ServiceFields.Gone,
        ServiceFields.Spaces,
    ];

    public static string IdOf(string asset) => asset;

    /// <summary>Of two the later wins, then the greater version, then the later revision, then the end of the asset.</summary>
    public bool Supersedes(ServiceHead known)
    {
        if (Modified != known.Modified)
        {
            return Modified > known.Modified;
        }
        int version = string.CompareOrdinal(Version, known.Version);
        return version != 0 ? version > 0
            : Revision != known.Revision ? Revision > known.Revision
            : IsGone && !known.IsGone;
    }

    /// <summary>What is written again changes nothing, unless it now has vectors in another space.</summary>
    public bool AddsTo(ServiceHead known) =>
        Supersedes(known) || !known.Supersedes(this) && Spaces.Except(known.Spaces, StringComparer.Ordinal).Any();

    public static ServiceHead Read(ServiceDocument document) =>
        new(
            document.Asset,
            document.Content ?? document.Asset,
            document.Version,
            document.Revision ?? 0,
            new DateTimeOffset(document.Modified ?? 0, TimeSpan.Zero),
            document.Gone == true,
            [.. (document.Spaces ?? []).Select(string.Intern)]
        );

    public SearchDocument Write() =>
        new()
        {
            [ServiceFields.Id] = IdOf(Asset),
            [ServiceFields.Is] = "head",
            [ServiceFields.Asset] = Asset,
            [ServiceFields.Content] = Content,
            [ServiceFields.Version] = Version,
            [ServiceFields.Revision] = Revision,
            [ServiceFields.Modified] = Modified.UtcTicks,
            [ServiceFields.Gone] = IsGone,
            [ServiceFields.Spaces] = Spaces,
        };
}
