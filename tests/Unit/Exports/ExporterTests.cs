using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Exports.Rows;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Exports;

public sealed class ExporterTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_JoinsFeedback_InTheOrderOfTheHashes()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord[] asked = [.. Enumerable.Range(0, 40).Select(minute => ExportRig.Prediction(minute))];
        await rig.CaptureAsync(asked);
        await rig.CaptureAsync(ExportRig.Feedback(asked[3], "beach"), ExportRig.Feedback(asked[5], "harbour", minutesLater: 90));

        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        string[] order = [.. asked.Select(line => line.PredictionId).OrderBy(HashOf)];
        Assert.Equal(order, await rig.TextsAsync(card, "prediction_id"));
        IReadOnlyList<string?> targets = await rig.TextsAsync(card, "target");
        Assert.Equal("beach", targets[Array.IndexOf(order, asked[3].PredictionId)]);
        Assert.Equal("harbour", targets[Array.IndexOf(order, asked[5].PredictionId)]);
        Assert.Equal((40, 2, 2), (card.Rows, card.Counts.Labelled, card.Counts.WithFeedback));
        Assert.Equal(40, (await rig.ValuesAsync<double>(card, "score")).Count(score => score == 0.75));
        Assert.Equal(
            asked[3].Time.AddMinutes(1).UtcDateTime,
            (await rig.ValuesAsync<DateTime>(card, "feedback_time"))[Array.IndexOf(order, asked[3].PredictionId)]
        );
        Assert.Equal([("(none)", 38), ("beach", 1), ("harbour", 1)], card.Counts.Target.Select(count => (count.Key, count.Value)));
    }

    /// <summary>Also where the captures were written in another order, and into other files.</summary>
    [Fact]
    public async Task SameExportAgain_IsTheSameBytes_AndTheSameVersion()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers),
            other = await ExportRig.OpenAsync(servers);
        CaptureRecord[] asked =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(minute =>
                    ExportRig.Prediction(minute) with
                    {
                        Input = new InputSummary("text", 1, minute, "en", new Dictionary<string, double> { [$"f{minute % 3}"] = minute }),
                    }
                ),
        ];
        CaptureRecord[] reports = [.. asked.Where((_, i) => i % 7 == 0).Select(line => ExportRig.Feedback(line, "beach"))];
        await rig.CaptureAsync([.. asked, .. reports]);
        await other.CaptureAsync([.. reports.Reverse()]);
        await other.CaptureAsync([.. asked.Reverse().Take(20)]);
        await other.CaptureAsync([.. asked.Reverse().Skip(10)]);

        ExportCard first = await rig.ExportAsync(ExportRig.Plan);
        ExportCard again = await rig.ExportAsync(ExportRig.Plan);
        ExportCard elsewhere = await other.ExportAsync(ExportRig.Plan);

        byte[] bytes = await rig.ReadAsync(first);
        Assert.Equal(bytes, await other.ReadAsync(elsewhere));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), first.Sha256);
        Assert.Equal((first.Version, first.Version), (again.Version, elsewhere.Version));
        Assert.Equal(10, elsewhere.LeftOut[LeftOut.Doubled]);
        Assert.Equal("ana", Assert.Single((await rig.Exports.ListAsync("news", 10, Token)).Items).CreatedBy);
        Assert.NotEqual(first.Version, (await rig.ExportAsync(ExportRig.Plan with { Name = "other" })).Version);
    }

    [Fact]
    public async Task Sample_IsOfTheLeastHashes_WhateverElseThereIs()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord[] asked = [.. Enumerable.Range(0, 60).Select(minute => ExportRig.Prediction(minute))];
        await rig.CaptureAsync(asked);
        string[] order = [.. asked.Select(line => line.PredictionId).OrderBy(HashOf)];

        ExportCard few = await rig.ExportAsync(ExportRig.Plan with { Sample = new ExportSample(Rows: 7) });
        ExportCard half = await rig.ExportAsync(ExportRig.Plan with { Sample = new ExportSample(Share: 0.5) });

        Assert.Equal(order[..7], await rig.TextsAsync(few, "prediction_id"));
        Assert.Equal(53, few.LeftOut[LeftOut.BeyondRows]);
        string[] expected = [.. order.Where(id => HashOf(id) < 0.5 * ulong.MaxValue)];
        Assert.Equal(expected, await rig.TextsAsync(half, "prediction_id"));
        Assert.Equal(60 - expected.Length, half.LeftOut[LeftOut.SampledOut]);
    }

    [Fact]
    public async Task Filters_LeaveOut_AndTheCardSaysHowMany()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord right = ExportRig.Prediction(1),
            wrong = ExportRig.Prediction(2, "beach"),
            unsealed = ExportRig.Prediction(3);
        await rig.CaptureAsync(right, wrong, unsealed, ExportRig.Prediction(4, score: 0.2), ExportRig.Prediction(5) with { Status = 500 });
        await rig.CaptureAsync(ExportRig.Prediction(6) with { Environment = "qa" }, ExportRig.Prediction(7) with { Source = "upload" });
        await rig.CaptureAsync(
            ExportRig.Feedback(right, "harbour"),
            ExportRig.Feedback(wrong, "harbour"),
            ExportRig.Feedback(unsealed, "harbour", isSealed: false)
        );

        ExportCard card = await rig.ExportAsync(
            ExportRig.Plan with
            {
                Filters = new ExportFilters(Labelled: true, Source: "api", Labels: ["harbour"], MinScore: 0.5),
            }
        );

        Assert.Equal(["harbour", "harbour"], await rig.TextsAsync(card, "target"));
        Assert.Equal(
            [(LeftOut.Unsealed, 1), (LeftOut.Elsewhere, 1), (LeftOut.Unlabelled, 1), (LeftOut.Filtered, 2), (LeftOut.Failed, 1)],
            card.LeftOut.Select(count => (count.Key, (int)count.Value))
        );
    }

    [Fact]
    public async Task Vectors_AreLists_AndAbsentWhereNoneWasCaptured()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord[] asked =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    ExportRig.Prediction(i) with
                    {
                        Output = new OutputSummary("embed", null, null, [], 1, true, new EmbeddingSummary(2, 0, 0, 1, [i, i + 0.5f])),
                    }
                ),
            ExportRig.Prediction(3),
        ];
        await rig.CaptureAsync(asked);

        ExportCard card = await rig.ExportAsync(ExportRig.Plan with { Embeddings = true });

        (float[] values, int[] definitions, int[] repetitions) = await rig.VectorsAsync(card);
        CaptureRecord[] order = [.. asked.OrderBy(line => HashOf(line.PredictionId))];
        Assert.Equal(order.SelectMany(line => line.Output!.Embedding is null ? new[] { 0 } : [2, 2]), definitions);
        Assert.Equal(order.SelectMany(line => line.Output!.Embedding is null ? new[] { 0 } : [0, 1]), repetitions);
        Assert.Equal(order.SelectMany(line => line.Output!.Embedding?.Values ?? []), values.Take(6));
        Assert.Equal(3, card.Counts.WithVector);
    }

    /// <summary>Whoever may write to the store may have written any line.</summary>
    [Fact]
    public async Task HostileLines_AreLeftOut_AndHideNoOther()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord good = ExportRig.Prediction(1) with
        {
            Input = new InputSummary(
                "text",
                1,
                3,
                "\"><script>",
                new Dictionary<string, double>
                {
                    ["words"] = double.NaN,
                    ["length"] = 3,
                    ["no name"] = 1,
                    [new('x', 100)] = 1,
                }
            ),
            Output = new OutputSummary("classify", "harbour", double.PositiveInfinity, [], 1, true),
        };
        await rig.CaptureAsync(
            good,
            good,
            ExportRig.Prediction(2, label: new string('y', 10_000)),
            ExportRig.Prediction(3) with
            {
                PredictionId = "no id",
            },
            ExportRig.Prediction(4) with
            {
                Version = 2,
            },
            ExportRig.Prediction(5) with
            {
                Output = ExportRig.Prediction(5).Output! with { Valid = false },
            },
            ExportRig.Prediction(6) with
            {
                Output = null,
            }
        );
        await rig.CaptureAsync(ExportRig.Start.AddHours(1), JsonSerializer.Serialize(ExportRig.Prediction(7), CaptureJson.Options) + "\n{");

        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        Assert.Equal([good.PredictionId], await rig.TextsAsync(card, "prediction_id"));
        Assert.Equal([3.0], await rig.ValuesAsync<double>(card, "feature.length"));
        Assert.Equal([(double?)null], await rig.ValuesAsync<double>(card, "score"));
        Assert.DoesNotContain(card.Columns, column => column.Name.StartsWith("feature.x", StringComparison.Ordinal));
        Assert.Equal(3, card.LeftOut[LeftOut.Malformed]);
        Assert.Equal(1, card.LeftOut[LeftOut.Doubled]);
        Assert.Equal(1, card.LeftOut[LeftOut.Invalid]);
        Assert.Equal(1, card.LeftOut[LeftOut.DamagedFiles]);
    }

    [Fact]
    public async Task Uploads_NameTheirAsset()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync(
            ExportRig.Prediction(1) with
            {
                Source = CaptureRecord.Upload,
                Asset = "abc234",
            },
            ExportRig.Prediction(2) with
            {
                Source = CaptureRecord.Upload,
                Asset = "Maria Keller",
            }
        );

        ExportCard card = await rig.ExportAsync(ExportRig.Plan with { Filters = new ExportFilters(Source: "upload") });

        Assert.Equal(["abc234"], await rig.TextsAsync(card, "asset"));
        Assert.Equal(1, card.LeftOut[LeftOut.Malformed]);
    }

    [Fact]
    public async Task NothingCaptured_IsAnEmptyFile()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);

        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        Assert.Equal(0, card.Rows);
        Assert.Empty(await rig.TextsAsync(card, "prediction_id"));
    }

    [Fact]
    public async Task MoreThanTheDiskMayHold_IsRefused_ByNumber()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers, maxSpoolBytes: 4_000);
        await rig.CaptureAsync([.. Enumerable.Range(0, 59).Select(minute => ExportRig.Prediction(minute))]);

        ExportTooLargeException refused = await Assert.ThrowsAsync<ExportTooLargeException>(() => rig.ExportAsync(ExportRig.Plan));

        Assert.Contains("4,000 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redaction_LeavesNothingOfTheMaskedTypes_AnywhereInTheFile()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        CaptureRecord known = ExportRig.Text(
                1,
                "Maria Keller left Port Alder. Later maria keller wrote.",
                ("PER", "Maria Keller"),
                ("LOC", "Port Alder")
            ),
            unknown = ExportRig.Prediction(2) with { Input = new InputSummary("text", 1, 20, "en", Payload: "Maria Keller again") };
        await rig.CaptureAsync(known, unknown, ExportRig.Feedback(unknown, "Maria Keller"), ExportRig.Feedback(known, "PER"));

        ExportCard card = await rig.ExportAsync(ExportRig.Plan with { Redact = ["PER"], KnownLabels = ["B-PER", "PER"] });

        IReadOnlyList<string?> texts = await rig.TextsAsync(card, "text");
        Assert.Equal(["[PER] left Port Alder. Later [PER] wrote."], texts.Where(text => text is not null));
        string bytes = Encoding.Latin1.GetString(await rig.ReadAsync(card));
        Assert.DoesNotContain("keller", bytes, StringComparison.OrdinalIgnoreCase);
        foreach (CardColumn column in card.Columns.Where(column => column.Type == "string"))
        {
            Assert.DoesNotContain(await rig.TextsAsync(card, column.Name), text =>
                text?.Contains("keller", StringComparison.OrdinalIgnoreCase) == true
            );
        }
        Assert.Equal((1, 1), (card.Redaction!.Texts, card.Redaction.Mentions));
        Assert.Equal((1, 1), (card.LeftOut[LeftOut.Texts], card.LeftOut[LeftOut.UnknownLabels]));
    }

    private static ulong HashOf(string id) => PredictionHash.Of(id, HashPurpose.Exports);
}
