using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Captures;
using Serverless.Drift;
using Serverless.Drift.Summaries;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Drift.Summaries;

public sealed class HourSummariesTests(SharedServers servers)
{
    private static readonly DateTimeOffset Hour = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly DriftSubject Subject = new("prod", "m", 1);

    private readonly FakeTimeProvider _time = new(Hour.AddHours(1.5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_HostileCaptures_CountsAndNamesThem_AndTheRestStands()
    {
        (IObjectStore store, HourSummaries summaries) = await OpenAsync();
        await WriteAsync(store, 1, Line("a"), Line("b"), Line("b")); // the same twice
        await WriteAsync(store, 2, Line("c"), "{\"kind\":"); // torn
        await WriteAsync(store, 3, Line("d", Hour.AddYears(5)), Line("e", Hour.AddHours(-1))); // other clocks
        await WriteAsync(store, 4, Line("f"), $"\"{new string('x', 10 << 20)}\""); // 10 MB
        await WriteAsync(store, 5, Line("g", features: "\"x\":\"NaN\",\"y\":\"Infinity\""), Line("h", environment: "dev"));
        await WriteAsync(store, 6, bytes: Pack(Line("i") + "\n")[..^12]); // cut off

        HourSummary summary = (await summaries.UpdateAsync("m", 1, Hour, Token))!;
        HourSummary again = (await summaries.UpdateAsync("m", 1, Hour, Token))!;
        WindowSummary window = await ReadAsync(store);

        Assert.Equal((1, 2, 2), (summary.Faults.Damaged, summary.Faults.DamagedLines, summary.Faults.Misdated));
        Assert.Equal(4, summary.Faults.Named!.Count); // files 2, 3, 4 and 6
        Assert.Contains(summary.Faults.Named, named => named.Contains("-00000003.jsonl.gz: has lines of other hours"));
        Assert.Contains("-00000002.jsonl.gz: ", summary.Faults.FirstDamage);
        Assert.Equal(["dev", "prod"], summary.Environments.Keys.Order());
        Assert.Equal(summary.Environments["prod"].Slices["all"].Answered, again.Environments["prod"].Slices["all"].Answered);
        Assert.InRange(window.Traffic.All.Answered, 5, 6); // a, b, c, f, g, and i where its line was whole
        Assert.Equal(1, window.Traffic.Doubled);
        Assert.Equal(1, window.Traffic.All.Invalid("input.x"));
        Assert.Equal(6, window.Files);
    }

    [Fact]
    public async Task Update_FilesThatComeLate_AreAdded_AndStayWhenTheCapturesGo()
    {
        (IObjectStore store, HourSummaries summaries) = await OpenAsync();
        string first = await WriteAsync(store, 1, Line("a"));
        await summaries.UpdateAsync("m", 1, Hour, Token);
        await WriteAsync(store, 2, Line("b"));
        await summaries.UpdateAsync("m", 1, Hour, Token);
        await store.DeleteAsync(first, Token);
        await WriteAsync(store, 3, Line("c"));

        HourSummary summary = (await summaries.UpdateAsync("m", 1, Hour, Token))!;

        Assert.Equal(3, (await ReadAsync(store)).Traffic.All.Answered);
        Assert.Equal(2, summary.Faults.Late);
        Assert.Equal(
            ["-00000002.jsonl.gz: came late", "-00000003.jsonl.gz: came late"],
            summary.Faults.Named!.Select(named => named[named.LastIndexOf('-')..])
        );
    }

    /// <summary>Environments are whatever captured lines say: those that are there first stay apart, the others are summed up.</summary>
    [Fact]
    public async Task Update_MoreEnvironmentsThanAreKeptApart_CountsAndNamesTheOthers()
    {
        (IObjectStore store, HourSummaries summaries) = await OpenAsync();
        await WriteAsync(store, 1, [.. Enumerable.Range(0, 40).Select(i => Line($"a{i}", environment: $"e{i}"))]);
        await summaries.UpdateAsync("m", 1, Hour, Token);
        await WriteAsync(store, 2, Line("b", environment: "prod"), Line("c", environment: "e0"));

        HourSummary summary = (await summaries.UpdateAsync("m", 1, Hour, Token))!;
        WindowSummary window = await ReadAsync(store);

        Assert.Equal(HourDraft.MaxEnvironments + 1, summary.Environments.Count);
        Assert.Equal(9, summary.Environments[HourDraft.Others].Slices["all"].Answered);
        Assert.Equal(2, summary.Environments["e0"].Slices["all"].Answered);
        Assert.Equal(9, summary.Faults.Crowded);
        Assert.Contains("environment 'e32': one beyond 32, among (others)", summary.Faults.Named!);
        Assert.Equal((1, Hour), (window.Silent, Assert.Single(window.SilentHours!))); // prod came too late, which the report says
        Assert.Equal(9, window.Faults.Crowded);
    }

    [Fact]
    public async Task Read_HoursWithoutCaptures_AreSilent()
    {
        (IObjectStore store, HourSummaries summaries) = await OpenAsync();
        await WriteAsync(store, 1, Line("a"));
        await summaries.UpdateAsync("m", 1, Hour, Token);
        Assert.Null(await summaries.UpdateAsync("m", 1, Hour.AddHours(1), Token));

        WindowSummary window = await new WindowReader(store, _time).ReadAsync(
            Subject,
            new DriftWindow(Hour.AddHours(-2), Hour.AddHours(2)),
            hours: null,
            Token
        );

        Assert.Equal((1, 3), (window.Traffic.All.Answered, window.Silent));
    }

    private async Task<(IObjectStore Store, HourSummaries Summaries)> OpenAsync()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        return (store, new HourSummaries(store, new CaptureReader(store, NullLogger<CaptureReader>.Instance), _time));
    }

    private Task<WindowSummary> ReadAsync(IObjectStore store) =>
        new WindowReader(store, _time).ReadAsync(Subject, new DriftWindow(Hour, Hour.AddHours(1)), hours: null, Token);

    private static Task<string> WriteAsync(IObjectStore store, int sequence, params string[] lines) =>
        WriteAsync(store, sequence, Pack(string.Join('\n', lines) + "\n"));

    private static async Task<string> WriteAsync(IObjectStore store, int sequence, byte[] bytes)
    {
        string path = CapturePath.Make("m", 1, Hour, Hour.AddMinutes(59), "w", sequence).Path;
        using MemoryStream body = new(bytes);
        await store.WriteAsync(path, body, WriteCondition.Always, "application/gzip", Token);
        return path;
    }

    private static string Line(string id, DateTimeOffset? time = null, string environment = "prod", string features = "") =>
        $$$"""
            {"kind":"prediction","predictionId":"{{{id}}}","time":"{{{time ?? Hour.AddMinutes(5):O}}}","model":"m","version":1,
            "environment":"{{{environment}}}","arm":"stable","status":200,"input":{"kind":"text","items":1,"size":3,"features":{
            {{{features}}}
            }
            }
            }
            """.ReplaceLineEndings("");

    private static byte[] Pack(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }
}
