using System.Text;
using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Orchestrations.Exports;
using Serverless.Packages;
using Serverless.Unit.Exports;
using Serverless.Unit.Servers;
using Serverless.Validation.Golden;
using Xunit;

namespace Serverless.Unit.Orchestrations.Exports;

public sealed class GoldenDrawTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>30 rows of one label and 5 of another: as many of each as far as there are rows.</summary>
    [Fact]
    public async Task Draw_TakesEachLabelInTurn_AsFarAsThereAreRows()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        ExportCard card = await ExportAsync(rig, [.. Enumerable.Range(0, 35).Select(i => (TextOf(i), i < 30 ? "harbour" : "beach"))]);

        IReadOnlyList<GoldenItem> items = await DrawAsync(rig, card, rows: 16);

        Assert.Equal((11, 5), (items.Count(item => item.Label == "harbour"), items.Count(item => item.Label == "beach")));
        Assert.All(items, item => Assert.Equal($"text of {item.Label}", item.Text![..^3]));
    }

    [Fact]
    public async Task Draw_TheSameSeedAgain_DrawsTheSame_AndAnotherOthers()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        ExportCard card = await ExportAsync(rig, [.. Enumerable.Range(0, 40).Select(i => (TextOf(i), "harbour"))]);

        string[] first = await IdsAsync(seed: 1),
            again = await IdsAsync(seed: 1),
            other = await IdsAsync(seed: 2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(10, first.Distinct().Count());

        async Task<string[]> IdsAsync(int seed) => [.. (await DrawAsync(rig, card, rows: 10, seed)).Select(item => item.Id)];
    }

    /// <summary>An item without a language is in no slice of languages; an empty one could not be stored.</summary>
    [Fact]
    public async Task Draw_WhatNobodySaid_IsLeftOutOfTheItem()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        InputSummary unsaid = new("text", 1, 7, Payload: "unsaid.");
        ExportCard card = await ExportAsync(
            rig,
            [
                (ExportRig.Prediction(1) with { Input = unsaid, Asset = "" }, "harbour"),
                (
                    ExportRig.Prediction(2) with
                    {
                        Input = unsaid with { Language = "de" },
                        Asset = "a1",
                        Source = CaptureRecord.Upload,
                    },
                    "harbour"
                ),
            ]
        );

        GoldenItem[] items = [.. (await DrawAsync(rig, card, rows: 10)).OrderBy(item => item.Language, StringComparer.Ordinal)];

        Assert.Equal([(null, null, "api"), ("de", "a1", "upload")], items.Select(item => (item.Language, item.Asset, item.Source)));
    }

    /// <summary>The text of pairs is a query, and their label a document; pictures have no text; no label teaches nothing.</summary>
    [Fact]
    public async Task Draw_RowsThatAreNoLabelledTexts_AreNotDrawn()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord pairs = ExportRig.Prediction(1) with { Input = new InputSummary("pairs", 3, 90, "en", Payload: "a query") },
            picture = ExportRig.Prediction(2) with { Input = new InputSummary("image", 1, 9_000) },
            text = TextOf(3);
        await rig.CaptureAsync(TextOf(4));
        ExportCard card = await ExportAsync(rig, [(pairs, "2"), (picture, "beach"), (text, "beach")]);

        IReadOnlyList<GoldenItem> items = await DrawAsync(rig, card, rows: 10);

        Assert.Equal([text.PredictionId], items.Select(item => item.Id));
    }

    [Fact]
    public async Task Draw_NothingToDraw_IsEmpty()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync(ExportRig.Prediction(1));
        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        BinaryData lines = await new GoldenDraw(rig.Exports, new ExportsOptions()).DrawAsync(card, 10, seed: 0, Token);

        Assert.True(lines.ToMemory().IsEmpty);
    }

    private static CaptureRecord TextOf(int i) =>
        ExportRig.Prediction(i) with
        {
            Input = new InputSummary("text", 1, 20, "en", Payload: $"text of {(i < 30 ? "harbour" : "beach")} {i:00}"),
        };

    private static async Task<ExportCard> ExportAsync(ExportRig rig, (CaptureRecord Line, string Label)[] labelled)
    {
        await rig.CaptureAsync([.. labelled.Select(one => one.Line)]);
        await rig.CaptureAsync([.. labelled.Select(one => ExportRig.Feedback(one.Line, one.Label))]);
        return await rig.ExportAsync(ExportRig.Plan);
    }

    /// <summary>A label that callers reported may be wrong: somebody says of each item whether it is judged by.</summary>
    [Fact]
    public async Task Draw_IsStoredOnceEachItemIsReviewed_WithoutThoseThatWereRejected()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        ExportCard card = await ExportAsync(rig, [(TextOf(1), "harbour"), (TextOf(2), "beach")]);
        string lines = (await new GoldenDraw(rig.Exports, new ExportsOptions()).DrawAsync(card, 10, seed: 0, Token)).ToString();
        string[] items = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        GoldenException open = Assert.Throws<GoldenException>(() => Read($"{Said(items[0], "accepted")}\n{items[1]}"));
        GoldenLines reviewed = Read($"{Said(items[0], "accepted")}\n{Said(items[1], "rejected")}");

        Assert.Contains("was drawn and nobody has looked at it: its review must become accepted or rejected", open.Message);
        Assert.Equal("beach", Assert.Single(reviewed.Items).Label);
        Assert.Equal($"{Said(items[0], "accepted")}\n", Encoding.UTF8.GetString(reviewed.Bytes.Span));
    }

    private static string Said(string lines, string review) => lines.Replace("\"review\":\"open\"", $"\"review\":\"{review}\"");

    private static GoldenLines Read(string lines) => GoldenLines.Read(Encoding.UTF8.GetBytes(lines), ModelTask.TextClassification);

    /// <summary>As people would store them.</summary>
    private static async Task<IReadOnlyList<GoldenItem>> DrawAsync(ExportRig rig, ExportCard card, int rows, int seed = 0)
    {
        BinaryData lines = await new GoldenDraw(rig.Exports, new ExportsOptions()).DrawAsync(card, rows, seed, Token);
        return lines.ToMemory().IsEmpty ? [] : Read(Said(lines.ToString(), "accepted")).Items;
    }
}
