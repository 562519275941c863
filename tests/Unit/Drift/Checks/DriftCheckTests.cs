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

    /// <summary>However often people look, the timer's check of the same window is a run and a report of its own.</summary>
    [Fact]
    public async Task Run_AskedFor_IsNamedApart_AndLeavesNoEvidence()
    {
        (IObjectStore store, DriftStore drift, DriftCheck check) = await OpenAsync();
        await StoreAsync(store, Start, share: 0.5);
        await StoreAsync(store, Start.AddHours(1), share: 0.6);
        await check.RunAsync(RequestOf(Start), validated: null, Token);
        DriftCheckRequest request = RequestOf(Start.AddHours(1));
        DriftEvidence before = await drift.ReadEvidenceAsync(Subject, DriftReference.Pinned, Token);

        DriftReport asked = await check.RunAsync(request with { Asked = true }, validated: null, Token);
        await check.RunAsync(request with { Asked = true }, validated: null, Token); // its report is known then
        DriftEvidence after = await drift.ReadEvidenceAsync(Subject, DriftReference.Pinned, Token);
        DriftReport timed = await check.RunAsync(request, validated: null, Token);
        DriftReport later = await check.RunAsync(request with { AsOf = Start, Asked = true }, validated: null, Token);

        Assert.Equal("20300107T02-1h-pinned-asked", asked.Name);
        Assert.Equal("20300107T02-1h-pinned", timed.Name);
        Assert.Equal(before.Looks, after.Looks);
        Assert.Empty(after.Sums);
        Assert.Contains(timed.Name, (await drift.ReadEvidenceAsync(Subject, DriftReference.Pinned, Token)).Looks);
        // What the timer's look brought is not counted again.
        Assert.Equal(LabelOf(asked).Evidence, LabelOf(later).Evidence);

        static FeatureFinding LabelOf(DriftReport report) =>
            report.Findings.First(finding => finding is { Slice: "all", Feature: FeatureNames.Label });
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

    /// <summary>Mondays are as other Mondays and unlike Sundays: the day before is no reference of the same hours of the week.</summary>
    [Fact]
    public async Task Run_HourOfWeekAgainstThePrevious_ComparesWithTheWeekBefore()
    {
        (IObjectStore store, _, DriftCheck check) = await OpenAsync();
        await StoreAsync(store, Start.AddHours(8), share: 0.9);
        await StoreAsync(store, Start.AddDays(6).AddHours(8), share: 0.1);
        await StoreAsync(store, Start.AddDays(7).AddHours(8), share: 0.9);
        await StoreAsync(store, Start.AddDays(13).AddHours(8), share: 0.9);

        DriftReport monday = await RunDayAsync(7),
            sunday = await RunDayAsync(13);

        Assert.Equal((DriftVerdict.Steady, Start), (monday.Verdict, monday.Reference!.From));
        Assert.Equal((DriftVerdict.Alarm, Start.AddDays(6)), (sunday.Verdict, sunday.Reference!.From));

        Task<DriftReport> RunDayAsync(int day) =>
            check.RunAsync(new(Subject, DayOf(day), DriftReference.Previous, DriftLikeness.HourOfWeek), validated: null, Token);
    }

    /// <summary>The first day alone would be held against nothing but days of its name.</summary>
    [Fact]
    public async Task Run_HourOfWeekWithoutAReference_PinsTheFirstWholeWeek()
    {
        (IObjectStore store, DriftStore drift, DriftCheck check) = await OpenAsync();
        for (int day = 0; day < 9; day++)
        {
            await StoreAsync(store, Start.AddDays(day).AddHours(8), share: day % 7 == 6 ? 0.1 : 0.9);
        }
        await StoreAsync(store, Start.AddDays(13).AddHours(8), share: 0.9);
        List<DriftReport> reports = [];
        foreach (int day in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 8, 13])
        {
            DriftCheckRequest request = new(Subject, DayOf(day), DriftReference.Pinned, DriftLikeness.HourOfWeek);
            reports.Add(await check.RunAsync(request, validated: null, Token));
        }

        PinnedReference pinned = (await drift.FindReferenceAsync(Subject, Token))!;
        Assert.Equal(new DriftWindow(Start, Start.AddDays(7)), pinned.Window.Window);
        Assert.All(reports.Take(7), report => Assert.Equal(DriftVerdict.NotEnoughData, report.Verdict));
        Assert.Equal([DriftVerdict.Steady, DriftVerdict.Steady, DriftVerdict.Alarm], reports.Skip(7).Select(report => report.Verdict));
    }

    /// <summary>A reference of one day is from before the setting; what people pinned would stay.</summary>
    [Fact]
    public async Task Run_HourOfWeekWithAPinnedDayOfItsOwn_PinsAWholeWeekInstead()
    {
        (IObjectStore store, DriftStore drift, DriftCheck check) = await OpenAsync();
        for (int day = 0; day < 8; day++)
        {
            await StoreAsync(store, Start.AddDays(day).AddHours(8), share: 0.5);
        }
        await check.RunAsync(new(Subject, DayOf(0), DriftReference.Pinned, DriftLikeness.Any), validated: null, Token);

        await check.RunAsync(new(Subject, DayOf(6), DriftReference.Pinned, DriftLikeness.HourOfWeek), validated: null, Token);

        Assert.Equal(new DriftWindow(Start, Start.AddDays(7)), (await drift.FindReferenceAsync(Subject, Token))!.Window.Window);
    }

    [Theory]
    [InlineData(DriftLikeness.Any, 6, 6)]
    [InlineData(DriftLikeness.HourOfDay, 6, 24)]
    [InlineData(DriftLikeness.HourOfDay, 36, 48)]
    [InlineData(DriftLikeness.HourOfWeek, 24, 168)]
    [InlineData(DriftLikeness.HourOfWeek, 200, 336)]
    public void Previous_IsTheLastWindowOfTheSameHours(DriftLikeness likeness, int hours, int earlier)
    {
        DriftWindow window = new(Start, Start.AddHours(hours));

        DriftCheckRequest request = new(Subject, window, DriftReference.Previous, likeness);

        Assert.Equal(new DriftWindow(Start.AddHours(-earlier), Start.AddHours(hours - earlier)), request.Previous());
        Assert.True(request.IsCoveredBy(request.Previous()));
        Assert.Equal(hours == earlier ? 1 : 2, request.Spans().Count);
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
    }

    private static DriftWindow DayOf(int day) => new(Start.AddDays(day), Start.AddDays(day + 1));

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
