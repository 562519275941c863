using Microsoft.Extensions.Time.Testing;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Serving.Objectives;

public sealed class ObjectiveBookTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 7, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failures_CountForThreeDays_AndBurnTheLongerTheSlower()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ObjectiveBook book = new(store, new ObjectiveOptions(), _time);

        IReadOnlyList<ObjectiveStanding> atOnce = await book.AddAsync(Delta(new ServingCounts(1_000, 100, 0, 900)), Token);
        _time.Advance(TimeSpan.FromHours(2));
        IReadOnlyList<ObjectiveStanding> later = await new ObjectiveBook(store, new ObjectiveOptions(), _time).ReadAsync(Token);
        _time.Advance(TimeSpan.FromDays(4));
        IReadOnlyList<ObjectiveStanding> gone = await book.AddAsync(Delta(new ServingCounts(1_000, 0, 0, 900)), Token);

        Assert.Equal([100d, 100, 100], atOnce[0].Windows.Select(window => window.LongBurn));
        Assert.NotNull(atOnce[0].Burning(isUrgent: true));
        Assert.Equal([0d, 100, 100], later[0].Windows.Select(window => window.LongBurn));
        Assert.Null(later[0].Burning(isUrgent: true)); // the last half hour was quiet
        Assert.NotNull(later[0].Burning(isUrgent: false));
        Assert.Equal([0d, 0, 0], gone[0].Windows.Select(window => window.LongBurn));
        Assert.Equal(1_000, gone[0].Windows[^1].Requests);
    }

    [Fact]
    public void AWindow_KeepsTheMostAskedModels_AndAsManyBucketsAsItNeeds()
    {
        ObjectiveWindow window = ObjectiveWindow.Empty;
        for (int i = 0; i < 2_000; i++)
        {
            window = window.Add(Delta(new ServingCounts(1, 0, 0, 1)));
            _time.Advance(ObjectiveWindow.Bucket);
        }
        ServingLine[] many =
        [
            .. Enumerable.Range(1, 150).Select(i => new ServingLine("prod", $"m{i:D3}", 1, new ServingCounts(i, 0, 0, 1))),
        ];

        window = window.Add(new FleetDelta(_time.GetUtcNow(), _time.GetUtcNow(), many, []));

        Assert.Equal((3 * 24 * 12) + 1, window.Buckets.Count);
        Assert.Equal(ObjectiveWindow.MaxModels, window.Buckets[^1].Models.Count);
        Assert.Equal("m150", window.Buckets[^1].Models[0].Model);
    }

    private FleetDelta Delta(ServingCounts counts)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return new FleetDelta(now.AddMinutes(-1), now, [new ServingLine("prod", "m", 1, counts)], []);
    }
}
