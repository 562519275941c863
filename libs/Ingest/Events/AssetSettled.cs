using Serverless.Webhooks;

namespace Serverless.Ingest.Events;

/// <summary>An asset version came to a result, good or bad; the document and the ledger tell the rest.</summary>
/// <param name="Revision">Of its analysis; more than 1 where it was analysed anew.</param>
public sealed record AssetSettled(AssetSource Source, Ledgers.AssetState State, int Revision = 1)
{
    public const string EventType = "serverless.asset.settled.v1";

    /// <summary>The same for every announcement of the same result, so a receiver may drop repeats by source and id.</summary>
    public CloudEvent<AssetSettled> ToCloudEvent(DateTimeOffset time) =>
        new()
        {
            Id = $"{Source.AssetId}-{Source.VersionId}-{State.ToString().ToLowerInvariant()}" + (Revision == 1 ? "" : $"-{Revision}"),
            Source = $"/stores/{Source.Store}/{Uri.EscapeDataString(Source.Container)}",
            Type = EventType,
            Subject = $"{Source.AssetId}/{Source.VersionId}",
            Time = time,
            Data = this,
        };
}
