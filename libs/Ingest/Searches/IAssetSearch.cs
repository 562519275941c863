namespace Serverless.Ingest.Searches;

/// <summary>Finds assets: the engine that is built in, or a search service. Thread-safe.</summary>
public interface IAssetSearch
{
    Task<FoundPage> SearchAsync(AssetQuery query, CancellationToken cancellationToken);

    /// <summary>The assets with the content of this one, itself among them; at most <see cref="AssetSearch.MaxLocations"/>.</summary>
    Task<IReadOnlyCollection<string>> LocationsOfAsync(string asset, CancellationToken cancellationToken);

    /// <summary>Ends well where searches can be answered.</summary>
    /// <exception cref="SearchServiceException">Why the service does not answer.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
