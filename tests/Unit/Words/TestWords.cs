using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Unit.Words;

/// <summary>Small indexes of words and what is asked of them.</summary>
internal static class TestWords
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static WordIndex Open(string? folder = null, TimeProvider? time = null, ILogger<WordIndex>? log = null) =>
        new(new WordOptions { Folder = folder }, time ?? TimeProvider.System, log ?? NullLogger<WordIndex>.Instance);

    /// <summary>Texts of one passage each, by their names.</summary>
    public static WordIndex Of(params (string Asset, string? Language, string Text)[] texts)
    {
        WordIndex index = Open();
        foreach ((string asset, string? language, string text) in texts)
        {
            index.Apply(Text(asset, text, language));
        }
        index.Refresh();
        return index;
    }

    public static AssetWords Text(string asset, string text, string? language = "en", int version = 1, params string[] topics) =>
        new(asset, $"v{version}", 1, Start.AddMinutes(version), [Passage(text, language, topics)])
        {
            Store = "azure",
            Paths = [$"media/{asset}.txt"],
            Registered = Start.AddMinutes(version),
            Language = language,
            Models = ["embedding", "embedding/1"],
        };

    public static WordPlace Passage(string text, string? language = "en", params string[] topics) =>
        new("text", $"char=0,{text.Length}", text, language, topics, [], WordSource.Text);

    public static WordPlace Picture(string place, params string[] labels) =>
        new(
            place.Length > 0 ? "video" : "image",
            place,
            string.Join(", ", labels),
            "en",
            labels,
            [],
            WordSource.Label,
            $"picture-{place}.jpg"
        );

    /// <summary>The assets that are found, the best first.</summary>
    public static string[] Find(this WordIndex index, string query, WordFilter? filter = null)
    {
        using WordSearch search = index.Search(WordQuery.Parse(query), filter ?? new WordFilter());
        return [.. search.Rank(100).Select(hit => hit.Asset).Distinct()];
    }

    /// <summary>Whether something found by other means in a place is admitted.</summary>
    public static bool Admits(this WordSearch search, string asset, string place)
    {
        using VectorIndex index = new(1);
        index.Apply(new AssetVectors(asset, "1", DateTimeOffset.UnixEpoch, [new VectorEntry("text", place, "", new float[] { 1 })]));
        VectorFilter filter = VectorFilter.OfPlaces([
            .. search.Admitted(PlaceKey.Of).Select(part => new AdmittedTable(new(part.Keys.Assets, part.Keys.Places), part.Bits)),
        ]);
        return index.Search([1f], 1, filter).Count == 1;
    }
}
