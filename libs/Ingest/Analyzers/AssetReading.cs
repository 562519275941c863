using Serverless.Storage;

namespace Serverless.Ingest.Analyzers;

internal static class AssetReading
{
    /// <summary>The whole of a version; admission has bounded its length.</summary>
    public static async Task<byte[]> ReadAsync(
        this AssetStores stores,
        AnalysisRequest request,
        StageClock clock,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        byte[] bytes = new byte[request.Length];
        await using Stream stream = await stores
            .MediaOf(request.Source)
            .OpenAsync(stores.PathOf(request.Source), request.Source.Version, 0, cancellationToken);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        clock.AddReading(time.GetElapsedTime(started));
        return bytes;
    }
}
