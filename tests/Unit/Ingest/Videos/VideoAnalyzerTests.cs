using System.Text;
using Serverless.Imaging;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Media.Video;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Videos;

public sealed class VideoAnalyzerTests(SharedServers servers, TestVideos films) : IClassFixture<TestVideos>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static AnalysisRequest RequestFor(AssetSource source, long length, string mediaType = "video/mp4") =>
        new(source, MediaKind.Video, mediaType, length, 1, DateTimeOffset.UnixEpoch);

    private static async Task<(AssetRig Rig, AnalysisRequest Request)> UploadAsync(
        SharedServers servers,
        string file,
        TimeSpan? segment = null,
        Action<AssetsOptions>? configure = null
    )
    {
        AssetRig rig = await AssetRig.OpenAsync(servers, options =>
        {
            options.VideoAnalysis.Segment = segment ?? TimeSpan.FromSeconds(60);
            configure?.Invoke(options);
        });
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);
        AssetSource source = await rig.Bucket.UploadAsync("film", bytes);
        return (rig, RequestFor(source, bytes.Length));
    }

    private static async Task<string> ReadTextAsync(AssetRig rig, string path) =>
        Encoding.UTF8.GetString((await rig.Bucket.ReadAsync(path, 1 << 20, Cancellation))!.Data.ToArray());

    private static IEnumerable<string> SpentBy(AnalysisDocument document) =>
        document.Spent!.Where(model => model.ProcessorSeconds > 0).Select(model => $"{model.Name}/{model.Version}");

    private static async Task<List<string>> ListAsync(AssetRig rig, AnalysisRequest request)
    {
        List<string> names = [];
        string prefix = $"analyses/{request.Source.AssetId}/{request.Source.VersionId}/";
        await foreach (StoredObject found in rig.Bucket.ListAsync(prefix, Cancellation))
        {
            names.Add(found.Path[prefix.Length..]);
        }
        return names;
    }

    [Fact]
    public async Task AnalyseAsync_WritesShotsKeyframesCaptionsAndVectors()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        Assert.True(outcome.Status == AnalysisStatus.Analysed, $"{outcome}");
        AnalysisDocument document = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(request.Source, Cancellation))!;
        VideoFindings video = document.Video!;
        Assert.Equal([0, 1.5, 3, 4.5], video.Shots.Select(shot => shot.StartSeconds));
        Assert.Equal(
            (6.0, 320, 180, "mpeg4", "aac"),
            (video.DurationSeconds, video.Width, video.Height, video.VideoCodec, video.Audio!.Codec)
        );
        Assert.All(video.Shots, shot => Assert.NotEmpty(shot.Labels));
        Assert.All(video.Shots, shot => Assert.InRange(shot.Keyframe.TimeSeconds, shot.StartSeconds, shot.EndSeconds));
        Assert.Equal([4, 4], document.Embeddings.Select(file => file.Count));
        string captions = await ReadTextAsync(rig, video.Captions.Path);
        Assert.StartsWith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\n", captions);
        Assert.DoesNotContain(await ListAsync(rig, request), name => name.StartsWith("checkpoint") || name.StartsWith("segment"));
    }

    [Fact]
    public async Task AnalyseAsync_EndsTheLastShotWithTheFilm()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Slides("mp4"));
        await using AssetRig _ = rig;

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        Assert.True(outcome.Status == AnalysisStatus.Analysed, $"{outcome}");
        VideoFindings video = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(request.Source, Cancellation))!.Video!;
        Assert.Equal((60, 60), (video.DurationSeconds, video.Shots[^1].EndSeconds));
        Assert.Contains("--> 00:01:00.000\n", await ReadTextAsync(rig, video.Captions.Path));
    }

    [Fact]
    public async Task AnalyseAsync_BeginsTheFirstShotWithTheFilm_WhereSoundComesAMomentBefore()
    {
        string[] arguments = ["-i", films.CutsWebm, "-i", films.Cuts, "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "libopus"];
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Make("opus.webm", arguments));
        await using AssetRig _ = rig;

        await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        VideoFindings video = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(request.Source, Cancellation))!.Video!;
        Assert.Equal(0, video.Shots[0].StartSeconds);
        Assert.Equal(video.DurationSeconds, video.Shots[^1].EndSeconds);
        Assert.InRange(video.DurationSeconds, 6, 6.05);
    }

    [Fact]
    public async Task AnalyseAsync_WaitsForMemory()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;
        DecodeBudget budget = rig.Get<DecodeBudget>();
        DecodeBudget.Lease all = await budget.TakeAsync(budget.Total, Cancellation);
        Task<AnalysisOutcome> analysis = rig.Get<VideoAnalyzer>()
            .AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);
        while (!(await ListAsync(rig, request)).Contains("checkpoint.json"))
        {
            await Task.Yield();
        }

        Assert.False(analysis.IsCompleted);
        all.Dispose();

        Assert.Equal(AnalysisStatus.Analysed, (await analysis).Status);
        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task AnalyseAsync_RefusesAFilmThatNeedsMoreThanAllTogetherMayTake()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts, configure: options =>
            options.Decoding.MaxBytes = 1_000
        );
        await using AssetRig _ = rig;

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        Assert.Equal((AnalysisStatus.Refused, FailureKind.TooLarge), (outcome.Status, outcome.Failure!.Kind));
        Assert.Contains("a video of 320x180 pixels", outcome.Failure.Message);
    }

    [Fact]
    public async Task AnalyseAsync_NamesACodecThatIsNotRead()
    {
        string film = films.Make("wmv.mkv", ["-i", films.Cuts, "-t", "0.2", "-an", "-c:v", "wmv2"]);
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, film);
        await using AssetRig _ = rig;

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        Assert.Equal((AnalysisStatus.Refused, FailureKind.Unsupported), (outcome.Status, outcome.Failure!.Kind));
        Assert.Contains("'wmv2'", outcome.Failure.Message);
    }

    [Fact]
    public async Task AnalyseAsync_ContinuesFromTheLastSegmentOfAKilledWorker()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts, TimeSpan.FromSeconds(2));
        await using AssetRig _ = rig;
        using CancellationTokenSource killed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<AnalysisOutcome> first = rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, killed.Token);
        while (!(await ListAsync(rig, request)).Exists(name => name.StartsWith("segment")) && !first.IsCompleted)
        {
            await Task.Yield();
        }
        await killed.CancelAsync();
        await Record.ExceptionAsync(() => first);

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 2), TimeSpan.Zero, Cancellation);

        Assert.True(outcome.Status == AnalysisStatus.Analysed, $"{outcome}");
        AnalysisDocument document = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(request.Source, Cancellation))!;
        Assert.Equal([0, 1.5, 3, 4.5], document.Video!.Shots.Select(shot => shot.StartSeconds));
        Assert.Equal([0, 1, 2, 3], document.Video.Shots.Select(shot => shot.Index));
        Assert.Equal(document.Models.Select(use => $"{use.Name}/{use.Version}").Distinct().Order(), SpentBy(document).Order());
        Assert.Equal(AnalysisSpending.Of(document), outcome.Spent);
        Assert.Equal(6, outcome.Spent!.MediaSeconds);
    }

    [Fact]
    public async Task AnalyseAsync_OfWhatAnEarlierAttemptWroteDown_SaysWhatThatSpent()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;

        AnalysisOutcome first = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);
        AnalysisOutcome again = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 2), TimeSpan.Zero, Cancellation);

        Assert.True(first.Spent!.ProcessorSeconds > 0);
        Assert.Equal(first.Spent, again.Spent);
    }

    [Fact]
    public async Task Spools_OfOneFolder_KeepEachOthersFilms_AndRemoveWhatNobodyHolds()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;
        DirectoryInfo root = Directory.CreateTempSubdirectory("videos-");
        DirectoryInfo left = root.CreateSubdirectory("killed");
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "1"), "half a film", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "killed.hold"), "", Cancellation);
        VideoAnalysisOptions options = new() { SpoolFolder = root.FullName };

        using (VideoTempFiles first = new(rig.Get<AssetStores>(), options))
        {
            using VideoTempFiles.TempVideo film = await first.FetchAsync(request, Cancellation);
            using VideoTempFiles second = new(rig.Get<AssetStores>(), options);
            using VideoTempFiles.TempVideo same = await second.FetchAsync(request, Cancellation);

            Assert.Equal(new FileInfo(film.Path).Length, new FileInfo(same.Path).Length);
            Assert.NotEqual(film.Path, same.Path);
            Assert.False(Directory.Exists(left.FullName));
        }

        Assert.Empty(root.EnumerateFileSystemInfos());
        root.Delete();
    }

    [Fact]
    public async Task Progress_LetsOnlyTheLatestClaimWrite()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;
        VideoProgress old = await VideoProgress.ClaimAsync(rig.Bucket, request, new JobClaim("job", 1), Cancellation);
        VideoProgress current = await VideoProgress.ClaimAsync(rig.Bucket, request, new JobClaim("job", 2), Cancellation);

        await Assert.ThrowsAsync<FencedOffException>(() => old.ConfirmAsync(Cancellation));
        await Assert.ThrowsAsync<FencedOffException>(() =>
            VideoProgress.ClaimAsync(rig.Bucket, request, new JobClaim("job", 1), Cancellation)
        );
        await current.ConfirmAsync(Cancellation);
    }

    [Fact]
    public async Task AnalyseAsync_RefusesATruncatedVideo()
    {
        byte[] whole = await File.ReadAllBytesAsync(films.Cuts, Cancellation);
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Write("cut.mp4", whole.AsSpan(0, whole.Length / 2)));
        await using AssetRig _ = rig;

        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);

        Assert.Equal((AnalysisStatus.Refused, FailureKind.Malformed), (outcome.Status, outcome.Failure!.Kind));
        Assert.Contains("truncated", outcome.Failure.Message);
    }

    [Fact]
    public async Task AnalyseAsync_SaysWhenTheVersionIsGoneOrReplaced()
    {
        (AssetRig rig, AnalysisRequest request) = await UploadAsync(servers, films.Cuts);
        await using AssetRig _ = rig;
        await rig.Bucket.UploadAsync("film", [1, 2, 3]);
        AnalysisOutcome replaced = await rig.Get<VideoAnalyzer>()
            .AnalyseAsync(request, new JobClaim("job", 1), TimeSpan.Zero, Cancellation);
        await rig.Bucket.DeleteAsync("media/film", Cancellation);
        AnalysisOutcome gone = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim("job", 2), TimeSpan.Zero, Cancellation);

        Assert.Equal((AnalysisStatus.Superseded, AnalysisStatus.Gone), (replaced.Status, gone.Status));
    }
}
