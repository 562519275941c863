using Serverless.Ingest.Models;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>What a search goes by.</summary>
public enum SearchMode
{
    /// <summary>Words and meaning, their rankings fused.</summary>
    Both,

    /// <summary>The words themselves, in all their forms; no model is asked.</summary>
    Words,

    /// <summary>Closeness of vectors.</summary>
    Meaning,

    /// <summary>
    /// How pictures and shots look, whatever is said of them; for a model for images that embeds texts too. Asked for alone, since some
    /// picture is nearest to any text: what it finds says <see cref="Meaning"/>, in <see cref="Modality.Picture"/>.
    /// </summary>
    Look,
}

/// <summary>What is looked for.</summary>
/// <param name="Words">Null where words play no part.</param>
/// <param name="Vector">Null where vectors play no part.</param>
/// <param name="Role">Whose vectors it is compared with.</param>
/// <param name="Limit">Assets of a page.</param>
public sealed record AssetQuery(WordQuery? Words, QueryVector? Vector, ModelRole Role, WordFilter Filter, int Limit)
{
    public SearchCursor? After { get; init; }

    /// <summary>What may be found on its page.</summary>
    public WordFilter FilterOfPage => After is { AsOf: var until } && !(Filter.To <= until) ? Filter with { To = until } : Filter;

    /// <summary>What is counted of all that is found; of <see cref="WordSearch.Facets"/>.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>An asset that is not to be found, since it is the question.</summary>
    public string? Without { get; init; }
}
