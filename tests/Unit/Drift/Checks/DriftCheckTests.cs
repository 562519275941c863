using Microsoft.Extensions.Time.Testing;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class DriftCheckTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero); // a Monday
    private static readonly DriftSubject Subject = new("prod", "m", 1);

    private readonly FakeTimeProvider _time = new(Start.AddDays(30));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TheFirstWindow_PinsItself_AndLaterOnesAreHeldAgainstIt()
    {
        (IObjectStore store, DriftStore drift, DriftCheck check) = await OpenAsync();
        await StoreAsync(store, Start, share: 0.5);
        await StoreAsync(store, Start.AddHours(1), share: 0.5);
        await StoreAsync(store, Start.AddHours(2), share: 0.95);

        DriftReport first = await check.RunAsync(RequestOf(Start), validated: null, Token),
            steady = await check.RunAsync(RequestOf(Start.AddHours(1)), validated: null, Token),
            shifted = await check.RunAsync(RequestOf(Start.AddHours(2)), validated: null, Token);

        Assert.Equal((DriftVerdict.NotEnoughData, null), (first.Verdict, first.Reference));
        Assert.Equal((DriftVerdict.Steady, DriftVerdict.Alarm), (steady.Verdict, shifted.Verdict));
        Assert.Equal(Start, shifted.Reference!.From);
        FeatureFinding alarm = shifted.Alarms().First(finding => finding.Slice == "all");
        Assert.Equal(FeatureNames.Label, alarm.Feature);
        Assert.Equal(
            ["20300107T03-1h-pinned", "20300107T02-1h-pinned", "20300107T01-1h-pinned"],
            await drift.ListAsync(Subject, 10, Token)
        );
        Assert.Null((await drift.FindReferenceAsync(Subject, Token))!.By);
    }

    /// <summary>Also where the first try ended between the report and its evidence.</summary>
    [Fact]
    public async Task Run_TheSameCheckAgain_GivesTheSameReport_AndCountsOnce()
    {
        (IObjectStore store, DriftStore drift, DriftCheck check) = await OpenAsync();
        await StoreAsync(store, Start, share: 0.5);
        await StoreAsync(store, Start.AddHours(1), share: 0.6);
        await check.RunAsync(RequestOf(Start), validated: null, Token);
        DriftReport first = await check.RunAsync(RequestOf(Start.AddHours(1)), validated: null, Token);
        DriftEvidence once = await drift.ReadEvidenceAsync(Subject, DriftReference.Pinned, Token);

        _time.Advance(TimeSpan.FromHours(5));
        DriftReport again = await check.RunAsync(RequestOf(Start.AddHours(1)), validated: null, Token);
        await store.DeleteAsync("drift/m/1/prod/evidence.json", Token);
        await check.RunAsync(RequestOf(Start.AddHours(1)), validated: null, Token);
        DriftEvidence repaired = await drift.ReadEvidenceAsync(Subject, DriftReference.Pinned, Token);

        Assert.Equal(first.Created, again.Created);
        Assert.Equal(once.Sums.OrderBy(sum => sum.Key), repaired.Sums.OrderBy(sum => sum.Key));
    }

    [Fact]
    public async Task Run_AgainstThePreviousWindow_ComparesLikeWithLike()
    {
        (IObjectStore store, _, DriftCheck check) = await OpenAsync();
        // Mornings differ from afternoons, and are as they were the day before.
        for (int day = 0; day < 2; day++)
        {
            await StoreAsync(store, Start.AddDays(day).AddHours(8), share: 0.9);
            await StoreAsync(store, Start.AddDays(day).AddHours(15), share: 0.1);
        }
        DriftWindow morning = new(Start.AddDays(1).AddHours(1), Start.AddDays(1).AddHours(13));

        DriftReport any = await check.RunAsync(new(Subject, morning, DriftReference.Previous, DriftLikeness.Any), validated: null, Token);
        DriftWindow day2 = new(Start.AddDays(1), Start.AddDays(2));
        DriftReport alike = await check.RunAsync(
            new(Subject, day2, DriftReference.Previous, DriftLikeness.HourOfDay),
            validated: null,
            Token
        );

        Assert.Equal(DriftVerdict.Alarm, any.Verdict);
        Assert.Equal(DriftVerdict.Steady, alike.Verdict);
    }

    [Theory]
    [InlineData(0, 0, "has 0 hours")]
    [InlineData(0, 24 * 32, "has 768 hours")]
    [InlineData(0.5, 3, "expected are full hours")]
    public void Fault_OfAWindow_SaysWhatIsAllowed(double from, double until, string fault) =>
        Assert.Contains(fault, new DriftWindow(Start.AddHours(from), Start.AddHours(until)).Fault());

    [Fact]
    public void LastBefore_GivesWindowsThatFollowEachOther()
    {
        DriftWindow one = DriftWindow.LastBefore(Start.AddHours(5.5), hours: 3),
            next = DriftWindow.LastBefore(Start.AddHours(6), hours: 3);

        Assert.Equal((Start, Start.AddHours(3)), (one.From, one.Until));
        Assert.Equal(one.Until, next.From);
        Assert.Equal(one.From, next.Before().From);
    }

    private static DriftCheckRequest RequestOf(DateTimeOffset hour) =>
        new(Subject, new DriftWindow(hour, hour.AddHours(1)), DriftReference.Pinned, DriftLikeness.Any);

    private async Task<(IObjectStore Store, DriftStore Drift, DriftCheck Check)> OpenAsync()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        DriftStore drift = new(store, _time);
        return (store, drift, new DriftCheck(drift, new WindowReader(store, _time), new DriftLimits(), _time));
    }

    /// <summary>The summary of an hour of 400 predictions, of which a share has the label a.</summary>
    private async Task StoreAsync(IObjectStore store, DateTimeOffset hour, double share)
    {
        TrafficSummary traffic = TrafficSummary.OfHour();
        for (int i = 0; i < 400; i++)
        {
            traffic.Add(DrawnTraffic.Row($"{hour:HH}-{hour.Day}-{i}", score: i % 20 / 20.0, label: i < share * 400 ? "a" : "b"));
        }
        HourSummary summary = new(hour, [], CaptureFaults.None, new Dictionary<string, StoredTraffic> { ["prod"] = traffic.ToStored() });
        string path = $"drift/m/1/hours/{hour:yyyy'/'MM'/'dd'/'HH}.json.gz";
        StoredDocument<HourSummary> document = new(store, path, SummaryFormat.MaxBytes, _time, SummaryFormat.Of<HourSummary>());
        await document.CreateAsync(summary, Token);
    }
}
