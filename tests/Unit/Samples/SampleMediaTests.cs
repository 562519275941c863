using Serverless.Inference;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Shots;
using Serverless.Media.Text;
using Serverless.Media.Video;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Samples;

/// <summary>The sample models on the sample media: what the demonstration promises, without hosts and stores.</summary>
public sealed class SampleMediaTests
{
    /// <summary>The model is small and its names are made up: it misses some here. A worse one must not take its place unseen.</summary>
    private const double LargestShareMissed = 0.3;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. SampleMedia.Assets.Select(asset => asset.File)];
    public static TheoryData<string> Texts => [.. SampleMedia.Assets.Where(asset => asset.Kind == "text").Select(asset => asset.File)];
    public static TheoryData<string> Images => [.. SampleMedia.Assets.Where(asset => asset.Kind == "image").Select(asset => asset.File)];

    public static TheoryData<string> Videos => [.. SampleMedia.Assets.Where(asset => asset.Kind == "video").Select(asset => asset.File)];

    [Fact]
    public void Expected_NamesEveryFile_AndNoOther()
    {
        string[] files =
        [
            .. Directory.GetFiles(SampleMedia.Folder).Select(file => Path.GetFileName(file)).Where(file => file != "expected.json"),
        ];

        Assert.Equal(files.Order(StringComparer.Ordinal), SampleMedia.Assets.Select(asset => asset.File).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(All))]
    public void Sniff_SampleFile_IsOfItsType(string file)
    {
        byte[] bytes = File.ReadAllBytes(SampleMedia.FileOf(file));

        MediaVerdict verdict = MediaSniffer.Sniff(bytes.AsSpan(0, Math.Min(bytes.Length, MediaSniffer.HeadBytes)), bytes.Length);

        Assert.Equal(
            (SampleMedia.Of(file).MediaType, SampleMedia.Of(file).Kind),
            (verdict.MediaType, verdict.Kind?.ToString().ToLowerInvariant())
        );
    }

    [Fact]
    public void Recognize_SampleTexts_FindsMostOfTheirNames()
    {
        (string File, SampleMedia.ExpectedEntity Entity, bool Found)[] names = [.. Texts.Select(row => row.Data).SelectMany(Names)];

        string[] missed = [.. names.Where(name => !name.Found).Select(name => $"{name.Entity.Text} ({name.File})")];

        Assert.True(
            missed.Length <= LargestShareMissed * names.Length,
            $"missed {missed.Length} of {names.Length}: {string.Join(", ", missed)}"
        );
    }

    [Theory, MemberData(nameof(Images))]
    public void Classify_SampleImage_SaysWhatItShows(string file)
    {
        using DecodedImage image = new ImageReader(new ImageOptions()).Decode(File.ReadAllBytes(SampleMedia.FileOf(file)), 512);

        IReadOnlyList<LabelScore> labels = Samples.Labels.Classify([new RgbImage(image.Rgb, image.Width, image.Height)], 1, Ct)[0];

        Assert.Equal((SampleMedia.Of(file).Width, SampleMedia.Of(file).Height), (image.OriginalWidth, image.OriginalHeight));
        Assert.Equal(SampleMedia.Of(file).Label, labels[0].Label);
        Assert.True(labels[0].Score > 0.5f, $"{labels[0]}");
    }

    [Theory, MemberData(nameof(Videos))]
    public async Task Shots_SampleVideo_BeginAtItsCuts(string file)
    {
        var reader = new VideoReader(new VideoOptions());
        SampleMedia.ExpectedAsset expected = SampleMedia.Of(file);
        VideoInfo info = await reader.ProbeAsync(SampleMedia.FileOf(file), Ct);
        using var tracker = new ShotTracker(new ShotOptions());
        List<Shot> shots = [];
        await foreach (VideoFrame frame in reader.ReadFramesAsync(SampleMedia.FileOf(file), info, null, 160, Ct))
        {
            if (tracker.Add(frame) is { } shot)
            {
                shots.Add(shot);
            }
        }
        shots.AddRange(tracker.Finish(info.Duration!.Value));

        Assert.Equal((expected.Width, expected.Height), (info.Width, info.Height));
        Assert.Equal(expected.Cuts!.Length + 1, shots.Count);
        Assert.All(expected.Cuts.Zip(shots.Skip(1)), pair => Assert.Equal(pair.First, pair.Second.Start.TotalSeconds, 0.5));
        foreach (Shot shot in shots)
        {
            shot.Keyframe.Dispose();
        }
    }

    [Fact]
    public void Search_SampleTexts_FindsEachByItsQuestion()
    {
        var index = new VectorIndex(Samples.Texts.Dimensions);
        foreach (string file in Texts.Select(row => row.Data))
        {
            (_, string[] passages) = Read(file);
            VectorEntry[] entries =
            [
                .. Samples.Texts.Embed(passages, Ct).Select((vector, i) => new VectorEntry("text", $"{i}", "", vector)),
            ];
            index.Apply(new AssetVectors(file, "1", DateTimeOffset.UnixEpoch, entries));
        }

        string[] missed = [.. Texts.Select(row => row.Data).Where(file => !Finds(index, SampleMedia.Of(file).Search!, file))];

        Assert.True(missed.Length == 0, $"not among the first three: {string.Join(", ", missed)}");
        Assert.All(SampleMedia.Searches, search =>
            Assert.Equal(search.Finds, index.Search(Samples.Texts.Embed([search.Query], Ct)[0], 1)[0].Asset)
        );
    }

    private static IEnumerable<(string File, SampleMedia.ExpectedEntity Entity, bool Found)> Names(string file)
    {
        (_, string[] passages) = Read(file);
        HashSet<(string, string)> found =
        [
            .. Samples
                .Entities.Recognize(passages, Ct)
                .SelectMany((spans, i) => spans.Select(span => (passages[i].Substring(span.Start, span.Length), span.Type))),
        ];
        return SampleMedia.Of(file).Entities!.Select(entity => (file, entity, found.Contains((entity.Text, entity.Type))));
    }

    private static bool Finds(VectorIndex index, string query, string file) =>
        index.Search(Samples.Texts.Embed([query], Ct)[0], 3).Any(hit => hit.Asset == file);

    /// <summary>The long chronicle would take longer than a unit test may: of every text the first passages serve.</summary>
    private static (TextDocument Document, string[] Passages) Read(string file)
    {
        const int most = 12;
        TextDocument document = TextDocument.Read(
            File.ReadAllBytes(SampleMedia.FileOf(file)),
            SampleMedia.Of(file).MediaType,
            new TextOptions(),
            Ct
        );
        return (document, [.. Samples.Split(document).Take(most).Select(passage => document.Slice(passage.Range).ToString())]);
    }
}
