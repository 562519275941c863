using Serverless.EndToEnd.Drills;
using Xunit.Sdk;
using Xunit.v3;

namespace Serverless.EndToEnd;

/// <summary>Starts the long classes first: what starts last decides when the run ends.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(PromotionKillTests),
        nameof(RestoreDrillTests),
        nameof(KillTests),
        nameof(StoreFaultTests),
        nameof(OutageTests),
        nameof(StuckModelTests),
        nameof(TrafficTests),
        nameof(SourceKillTests),
        nameof(SourceTests),
        nameof(AliasTests),
        nameof(PublishedAppTests),
        nameof(ConsoleTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Place).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        int place = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
