using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Exports.Rows;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Exports;

/// <summary>Rows about uploads with what the analyses of these say.</summary>
public sealed class ExportAnalysesTests(SharedServers servers)
{
    private const string Asset = "abcdefghijklmnopqrstuvwxyz";

    private static readonly ExportPlan Plan = ExportRig.Plan with { Analyses = true };

    private static readonly AssetFacts Facts = new(
        "v1",
        ExportRig.Start,
        "text",
        "text/plain",
        900,
        "en",
        Labels: [],
        Topics: [new("sport", 0.25), new("weather", 0.75)],
        Objects: [],
        Entities: [new("LOC", "Oslo", 1), new("PER", "Ada", 2), new("PER", "Eve", 1)],
        Models: ["entities/1", "topics/2"],
        ExportRig.Start.AddSeconds(30)
    );

    [Fact]
    public async Task RowsOfAnUpload_HaveWhatItsAnalysisSays_AndThoseOfCallersHaveNothing()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] = [Facts];
        await rig.CaptureAsync(OfUpload(1), OfUpload(2), ExportRig.Prediction(3));

        ExportCard card = await rig.ExportAsync(Plan);

        IReadOnlyList<string?> topics = await rig.TextsAsync(card, "analysis.topics");
        const string expected = """[{"label":"weather","score":0.75},{"label":"sport","score":0.25}]""";
        Assert.Equal(
            (await rig.TextsAsync(card, "asset")).Select(asset => asset is { Length: > 0 } ? expected : ""),
            topics.Select(text => text ?? "")
        );
        Assert.Equal((2, 2), (card.Counts.WithAnalysis, topics.Count(text => text == expected)));
        Assert.Equal(1, rig.Looks);
        Assert.Contains(card.Columns, column => column.Name == "analysis.entities");
        Assert.Contains(card.Notes, note =>
            note.StartsWith("The columns analysis.* are of the analyses that stood", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task TheSameExportAgain_IsTheSameBytes_WhateverTheOrderOfFindings()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] = [Facts];
        await rig.CaptureAsync([.. Enumerable.Range(1, 90).Select(OfUpload)]);

        ExportCard first = await rig.ExportAsync(Plan);
        rig.Facts[Asset] = [Facts with { Topics = [.. Facts.Topics.Reverse()], Entities = [.. Facts.Entities.Reverse()] }];
        ExportCard again = await rig.ExportAsync(Plan);

        Assert.Equal((first.Version, first.Sha256), (again.Version, again.Sha256));
    }

    /// <summary>Another model than the one that is exported may have found them, and may call the types otherwise.</summary>
    [Fact]
    public async Task Redacted_EntitiesAreCountedByType_WithoutTheirWords()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] = [Facts];
        await rig.CaptureAsync(OfUpload(1));

        ExportCard open = await rig.ExportAsync(Plan);
        ExportCard redacted = await rig.ExportAsync(Plan with { Redact = ["PER"] });

        Assert.Contains("""{"type":"PER","text":"Ada","count":2}""", Assert.Single(await rig.TextsAsync(open, "analysis.entities")));
        Assert.Equal(
            """[{"type":"PER","count":3},{"type":"LOC","count":1}]""",
            Assert.Single(await rig.TextsAsync(redacted, "analysis.entities"))
        );
        Assert.Contains("Entities of analyses are counted by their type; their words are left out.", redacted.Notes);
    }

    /// <summary>An overwritten upload: the row is of the version that was there when it was made.</summary>
    [Fact]
    public async Task ARow_IsJoinedWithTheVersionThatHadComeLast_OrIsCounted()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] =
        [
            Facts with
            {
                Version = "v2",
                Registered = ExportRig.Start.AddMinutes(20),
            },
            Facts with
            {
                Version = "v1",
                Registered = ExportRig.Start.AddMinutes(10),
            },
        ];
        await rig.CaptureAsync(OfUpload(5), OfUpload(15), OfUpload(25));

        ExportCard card = await rig.ExportAsync(Plan);

        Assert.Equal(["", "v1", "v2"], (await rig.TextsAsync(card, "analysis.version")).Select(text => text ?? "").Order());
        Assert.Equal(1, card.LeftOut[LeftOut.Unanalysed]);
    }

    /// <summary>Overwritten while it was analysed: what answered late saw the version before.</summary>
    [Fact]
    public async Task ARowThatNamesItsVersion_IsJoinedWithThat_WhateverCameMeanwhile()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        AssetFacts first = Facts with { Registered = ExportRig.Start.AddMinutes(10) };
        rig.Facts[Asset] = [first with { Version = "v2", Registered = ExportRig.Start.AddMinutes(20) }, first];
        await rig.CaptureAsync(
            OfUpload(25) with
            {
                AssetVersion = "v1",
            },
            OfUpload(26) with
            {
                AssetVersion = "v2",
            },
            OfUpload(27) with
            {
                AssetVersion = "v3",
            }
        );

        ExportCard card = await rig.ExportAsync(Plan);

        Assert.Equal(["", "v1", "v2"], (await rig.TextsAsync(card, "analysis.version")).Select(text => text ?? "").Order());
        Assert.Equal(["v1", "v2", "v3"], (await rig.TextsAsync(card, "asset_version")).Order());
        Assert.Equal(1, card.LeftOut[LeftOut.Unanalysed]);
    }

    [Fact]
    public async Task FindingsOfOneSort_AreBounded_AndOddOnesLeftOut()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] =
        [
            Facts with
            {
                Topics = [new("odd", double.NaN), .. Enumerable.Range(0, 200).Select(i => new AssetLabel($"topic{i:000}", 0.5))],
                Entities = [new("PER", new string('x', 10_000), 1)],
            },
        ];
        await rig.CaptureAsync(OfUpload(1));

        ExportCard card = await rig.ExportAsync(Plan);

        string topics = Assert.Single(await rig.TextsAsync(card, "analysis.topics"))!;
        Assert.Equal(AssetFindings.MaxFindings, topics.Split("label").Length - 1);
        Assert.DoesNotContain("odd", topics, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(await rig.TextsAsync(card, "analysis.entities")) ?? "");
    }

    [Fact]
    public async Task NotAskedFor_NothingIsLookedUp()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        rig.Facts[Asset] = [Facts];
        await rig.CaptureAsync(OfUpload(1));

        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        Assert.DoesNotContain(card.Columns, column => column.Name.StartsWith("analysis.", StringComparison.Ordinal));
        Assert.Equal(0, rig.Looks);
    }

    private static CaptureRecord OfUpload(int minute) => ExportRig.Prediction(minute) with { Asset = Asset, Source = CaptureRecord.Upload };
}
