using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;

namespace Serverless.Functions.Azure.Assets;

/// <summary>The newest version of an asset, in a list.</summary>
internal sealed record AssetAnswer(
    string Asset,
    string Store,
    string Key,
    string Version,
    AssetState State,
    MediaKind? Kind,
    string? MediaType,
    long? Length,
    int Run,
    int Attempts,
    DateTimeOffset Registered,
    DateTimeOffset Changed,
    DateTimeOffset? Finished,
    Failure? Failure,
    string? StorageClass
)
{
    public static AssetAnswer Of(LedgerRow row) =>
        new(
            row.Asset,
            row.Store,
            row.Key,
            row.Entry.Version,
            row.Entry.State,
            row.Entry.Kind,
            row.Entry.MediaType,
            row.Entry.Length,
            row.Entry.Run,
            row.Entry.Attempts,
            row.Entry.Registered,
            row.Entry.Changed,
            row.Entry.Finished,
            row.Entry.Failure,
            row.Entry.StorageClass
        );
}
