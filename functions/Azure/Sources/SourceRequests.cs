using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Sources;

namespace Serverless.Functions.Azure.Sources;

/// <summary>A container or bucket of an account that the deployment is configured for; an address or a key has no place here.</summary>
/// <param name="Store">"azure" or "s3".</param>
/// <param name="Container">Name of the container or bucket.</param>
/// <param name="Prefixes">Beginnings of keys; the whole container if absent.</param>
/// <param name="Types">"text", "image", "video" or extensions such as ".jpg"; all if absent.</param>
/// <param name="RatePerSecond">Objects that the first sync begins a second at most; 10 if absent.</param>
internal sealed record AddSourceRequest(
    string Name,
    string Store,
    string Container,
    IReadOnlyList<string>? Prefixes = null,
    IReadOnlyList<string>? Types = null,
    int? RatePerSecond = null,
    string? Reason = null
)
{
    public MediaSource ToSource(string by, DateTimeOffset now)
    {
        ReasonRequest.Check(Reason);
        return new MediaSource(
            Name,
            Store,
            Container,
            Prefixes ?? [""],
            Types ?? [],
            RatePerSecond ?? SourceRules.DefaultRatePerSecond,
            SourceState.Active,
            by,
            now,
            by,
            now,
            Version: 1
        );
    }
}

/// <summary>What is absent stays as it is.</summary>
/// <param name="Version">That is changed; 409 where another stands.</param>
internal sealed record ChangeSourceRequest(
    IReadOnlyList<string>? Prefixes = null,
    IReadOnlyList<string>? Types = null,
    int? RatePerSecond = null,
    int? Version = null,
    string? Reason = null
)
{
    /// <summary>Another choice of objects is synced anew; another rate is taken up by the sync that is at work.</summary>
    public MediaSource Apply(MediaSource source)
    {
        if (Version is { } expected && expected != source.Version)
        {
            throw RequestProblem.Conflict($"Source '{source.Name}' is at version {source.Version} by now; expected is {expected}.");
        }
        MediaSource next = source with { RatePerSecond = RatePerSecond ?? source.RatePerSecond };
        bool isSame = (Prefixes ?? source.Prefixes).SequenceEqual(source.Prefixes) && (Types ?? source.Types).SequenceEqual(source.Types);
        if (isSame)
        {
            return next == source ? source : next;
        }
        return next with { Prefixes = Prefixes ?? source.Prefixes, Types = Types ?? source.Types, Sync = source.Sync + 1, Synced = null };
    }
}
