using System.Security.Cryptography;
using System.Text;
using Azure.Search.Documents.Models;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.AzureSearch;

/// <summary>The words and vectors of one version of an asset → a document for each of its places. Pure.</summary>
internal static class ServicePlaces
{
    /// <param name="vectors">Of each space; without entries where the asset has none in it.</param>
    public static IReadOnlyList<SearchDocument> Of(AssetWords words, IReadOnlyDictionary<string, AssetVectors> vectors)
    {
        List<(WordPlace Place, SearchDocument Document)> documents = [];
        foreach (WordPlace place in words.Places.DistinctBy(place => (place.Place, place.Source)))
        {
            documents.Add((place, DocumentOf(words, place)));
        }
        Dictionary<string, List<(WordPlace Place, SearchDocument Document)>> byPlace = documents
            .GroupBy(one => one.Place.Place, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        foreach ((string space, AssetVectors batch) in vectors)
        {
            foreach (VectorEntry entry in batch.Entries)
            {
                if (!byPlace.TryGetValue(entry.Place, out List<(WordPlace Place, SearchDocument Document)>? there))
                {
                    // A passage that this model cut otherwise: its words are found by the other one.
                    WordPlace cut = Unnamed(words, entry);
                    there = byPlace[entry.Place] = [(cut, DocumentOf(words, cut))];
                    documents.AddRange(there);
                }
                DocumentOf(there, entry)[ServiceFields.VectorsOf(space)] = entry.Vector.ToArray();
            }
        }
        return [.. documents.Select(one => one.Document)];
    }

    /// <summary>Where a shot and what is said in it have the same time, the one whose words are those of the vector.</summary>
    private static SearchDocument DocumentOf(List<(WordPlace Place, SearchDocument Document)> there, VectorEntry entry) =>
        (
            there.Count > 1
            && there.FindIndex(one => WordForm.Of(one.Place.Text).StartsWith(WordForm.Of(entry.Text), StringComparison.Ordinal))
                is var found
                    and >= 0
                ? there[found]
                : there[0]
        ).Document;

    /// <summary>Of one version and revision, so that two that are written at once do not mix.</summary>
    private static string IdOf(AssetWords words, WordPlace place)
    {
        byte[] named = Encoding.UTF8.GetBytes($"{words.Modified.UtcTicks} {place.Source} {place.Place}");
        return $"{words.Asset}-{Convert.ToHexStringLower(SHA256.HashData(named).AsSpan(0, 12))}";
    }

    private static WordPlace Unnamed(AssetWords words, VectorEntry entry) =>
        new(
            entry.Kind,
            entry.Place,
            entry.Text,
            words.Language,
            [],
            [],
            entry.Kind == EntryKind.Of(MediaKind.Text) ? WordSource.Text : WordSource.Label
        );

    private static SearchDocument DocumentOf(AssetWords words, WordPlace place)
    {
        (string text, int? told) = place.Joined();
        SearchDocument document = new()
        {
            [ServiceFields.Id] = IdOf(words, place),
            [ServiceFields.Is] = "place",
            [ServiceFields.Asset] = words.Asset,
            [ServiceFields.Content] = words.Content,
            [ServiceFields.Version] = words.Version,
            [ServiceFields.Modified] = words.Modified.UtcTicks,
            [ServiceFields.Place] = place.Place,
            [ServiceFields.Kind] = place.Kind,
            [ServiceFields.Store] = words.Store,
            [ServiceFields.Key] = words.Paths[0],
            [ServiceFields.Path] = words.Paths[^1],
            [ServiceFields.Language] = words.LanguageOf(place),
            [ServiceFields.Labels] = place.Labels,
            [ServiceFields.Entities] = place.Entities,
            [ServiceFields.Models] = words.Models,
            [ServiceFields.LabelKeys] = Keys(place.Labels),
            [ServiceFields.EntityKeys] = Keys(place.Entities),
            [ServiceFields.ModelKeys] = Keys(words.Models),
            [ServiceFields.Facts] = words.Told,
            [ServiceFields.FactKeys] = Keys(words.Told),
            [ServiceFields.Given] = words.Given,
            [ServiceFields.GivenKeys] = Keys(words.Given),
            [ServiceFields.Registered] = words.Registered.UtcTicks,
            [ServiceFields.Source] = (int)place.Source,
            [ServiceFields.Picture] = place.Picture,
            [ServiceFields.Told] = told,
            [ServiceFields.Text] = text,
        };
        if (ServiceFields.FieldOf(place.Language) is { } field)
        {
            document[field] = text;
        }
        return document;
    }

    private static string[] Keys(IReadOnlyList<string> values) => [.. values.Select(ODataFilter.Normalise).Distinct()];
}
