using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Documents;

public sealed class AnalysisSchemaTests(SharedServers servers)
{
    private static readonly JsonSchemaCheck Schema = new(JsonSerializer.SerializeToElement(AnalysisSchema.Make()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepts_TheAnalysisOfAText()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync(
            "a.md",
            "# Port Alder\n\nThe harbour of Port Alder was closed. Maria Lopez said so on Friday."
        );

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        Assert.Empty(Schema.Faults(await ReadAnalysisAsync(rig, source)));
    }

    [Fact]
    public async Task Accepts_TheAnalysisOfAnImage()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.png", TestImages.Save("pngsave"));

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        Assert.Empty(Schema.Faults(await ReadAnalysisAsync(rig, source)));
    }

    [Fact]
    public void Accepts_TheAnalysisOfAVideo() => Assert.Empty(Schema.Faults(Video()));

    [Fact]
    public void Rejects_WhatItDoesNotPublish()
    {
        JsonNode wrong = JsonNode.Parse(Video().GetRawText())!;
        wrong["sha256"] = "abc";
        wrong["extra"] = 1;
        wrong["video"]!["shots"]![0]!["labels"]![0]!["score"] = 1.5;
        wrong.AsObject().Remove("attempts");

        IReadOnlyList<string> faults = Schema.Faults(JsonSerializer.SerializeToElement(wrong));

        Assert.Equal(4, faults.Count);
    }

    [Fact]
    public void Rejects_FindingsOfAnotherKind()
    {
        JsonNode wrong = JsonNode.Parse(Video().GetRawText())!;
        wrong["kind"] = "image";

        Assert.Equal(["$ fits not exactly one of oneOf"], Schema.Faults(JsonSerializer.SerializeToElement(wrong)));
    }

    private static async Task<JsonElement> ReadAnalysisAsync(AssetRig rig, AssetSource source)
    {
        ObjectContent? content = await rig.Bucket.ReadAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), 1 << 20, Token);
        return JsonDocument.Parse(content!.Data).RootElement.Clone();
    }

    private static JsonElement Video()
    {
        AssetSource source = new("azure", "media", "a.mp4", "0x1");
        AnalysisRequest request = new(source, MediaKind.Video, "video/mp4", 1000, 1, DateTimeOffset.UnixEpoch);
        ArtifactFile File(string name, string mediaType) =>
            new(AssetLayout.Artifact(source.AssetId, source.VersionId, name), mediaType, 10);
        VideoFindings findings = new()
        {
            Container = "mp4",
            DurationSeconds = 2.5,
            Width = 320,
            Height = 180,
            FrameRate = 25,
            VideoCodec = "h264",
            Audio = new AudioFinding("aac", 48000, 2),
            Shots =
            [
                new ShotFinding(
                    0,
                    0,
                    2.5,
                    new KeyframeFinding(1.2, 34.5, File("shot-0.jpg", "image/jpeg")),
                    [new LabelFinding("beach", 0.9f)]
                ),
            ],
            Captions = File("shots.vtt", "text/vtt"),
            Subtitles =
            [
                new()
                {
                    Source = "sidecar",
                    Sidecar = new SidecarVersion("media/film.en.srt", "1"),
                    Language = "en",
                    Codec = "subrip",
                    Cues = 1,
                    Passages = [new SpokenPassage(0.5, 2, 7)],
                    Entities = [new SpokenEntity(0.5, 2, "LOC", "Port Alder", 0.9f)],
                    Topics = [],
                    File = File("subtitles-0-en.vtt", "text/vtt"),
                },
            ],
            Warnings = ["Subtitle track 3 holds no text (dvd_subtitle) and was not read."],
        };
        ModelUse model = new("imageLabels", "labels", "1", "sha256:" + new string('a', 64));
        AnalysisDraft draft = new(new string('0', 64), new string('f', 64), [new EmbeddingFile("space", "analyses/x", 1, 8)], [model])
        {
            Video = findings,
            Spent = [new ModelSpent("labels", "1", 0.5, 0)],
        };
        AnalysisDocument document = draft.ToDocument(request, new AnalysisTimings { TotalMilliseconds = 12.5 }, DateTimeOffset.UnixEpoch);
        return JsonSerializer.SerializeToElement(document, AssetsJson.Options);
    }
}
