using System.Text;
using Microsoft.Extensions.Time.Testing;
using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Media.Images;
using Serverless.Orchestrations.Exports;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Exports;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;
using Xunit;

namespace Serverless.Unit.Orchestrations.Exports;

/// <summary>Drafts of golden sets, drawn, reviewed, finished and erased.</summary>
public sealed class GoldenDraftingTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Draw_OfUploadedPictures_KeepsThemAsTheyWereAnalysed()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        byte[] first = TestImages.Save("jpegsave"),
            second = TestImages.Save("pngsave");
        AssetSource[] uploads = [await rig.IngestAsync("a.jpg", first), await rig.IngestAsync("b.png", second)];
        ExportCard card = await rig.ExportAsync([.. uploads.Select((upload, i) => (OfPicture(i, upload), i == 0 ? "beach" : "boat"))]);

        GoldenDraft draft = (await rig.DrawAsync(card))!;

        Assert.Equal((ModelTask.ImageClassification, 2), (draft.Task, draft.Count(GoldenReview.Open)));
        IReadOnlyList<GoldenItem> items = await rig.Drafts.ReadAsync(draft.Id, Token);
        Assert.Equal([("beach", uploads[0].AssetId), ("boat", uploads[1].AssetId)], items.Select(item => (item.Label, item.Asset!)));
        Assert.Equal(first, (await rig.Sets.ReadMediaAsync(items[0].Media!, Token)).ToArray());
        Assert.Equal(64, rig.Images.ReadHeader(await rig.Sets.ReadThumbnailAsync(items[1].Media!, 320, Token)).Width);
        Assert.Equal(16, rig.Images.ReadHeader(await rig.Sets.ReadThumbnailAsync(items[1].Media!, 16, Token)).Width);
    }

    /// <summary>A picture of another version would be judged by a label that somebody gave to this one.</summary>
    [Fact]
    public async Task Draw_OfPicturesThatWereOverwrittenOrHaveNoVersion_LeavesThemOutAndSaysSo()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        AssetSource stays = await rig.IngestAsync("a.jpg", TestImages.Save("jpegsave")),
            before = await rig.IngestAsync("b.jpg", TestImages.Save("jpegsave"));
        await rig.IngestAsync("b.jpg", TestImages.Save("pngsave"));
        CaptureRecord unnamed = OfPicture(3, stays) with { AssetVersion = null };
        ExportCard card = await rig.ExportAsync([(OfPicture(1, stays), "beach"), (OfPicture(2, before), "beach"), (unnamed, "beach")]);

        GoldenDraft draft = (await rig.DrawAsync(card))!;

        Assert.Single(draft.Reviews);
        Assert.Equal((1, 1), (draft.LeftOut[UploadedPictures.Gone], draft.LeftOut[GoldenDrafting.Unversioned]));
    }

    /// <summary>The erasure of the film reaches the picture that a draft keeps of it. Old captures do not say the moment.</summary>
    [Fact]
    public async Task Draw_OfKeyframes_KeepsThoseThatTheAnalysisHas_UntilTheFilmIsErased()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        byte[] keyframe = TestImages.Save("jpegsave");
        AssetSource film = await rig.IngestFilmAsync("a.mp4", moment: 12.345, keyframe);
        ExportCard card = await rig.ExportAsync([
            (OfKeyframe(1, film, 12.345), "beach"),
            (OfKeyframe(2, film, 80), "beach"),
            (OfKeyframe(3, film, moment: null), "beach"),
        ]);

        GoldenDraft draft = (await rig.DrawAsync(card))!;
        GoldenItem item = Assert.Single(await rig.Drafts.ReadAsync(draft.Id, Token));
        byte[] kept = (await rig.Sets.ReadMediaAsync(item.Media!, Token)).ToArray();
        await rig.Erasure.RemoveAsync(film.AssetId, "ana", Token);

        Assert.Equal((ModelTask.ImageClassification, 12.345, film.AssetId), (draft.Task, item.Moment, item.Asset));
        Assert.Equal(keyframe, kept);
        Assert.Equal((1, 1), (draft.LeftOut[UploadedKeyframes.Gone], draft.LeftOut[GoldenDrafting.Momentless]));
        Assert.Null(await rig.Drafts.FindAsync(draft.Id, Token));
        Assert.Empty(await rig.StoredAsync("golden/"));
    }

    [Fact]
    public async Task Draw_OfAKeyframe_ThatIsLargerThanItsAnalysisSays_LeavesItOut()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        byte[] keyframe = TestImages.Save("jpegsave");
        AssetSource sound = await rig.IngestFilmAsync("a.mp4", moment: 1, keyframe),
            overwritten = await rig.IngestFilmAsync("b.mp4", moment: 2, TestImages.Save("pngsave"), new byte[GoldenSets.MaxMediaBytes + 1]);
        ExportCard card = await rig.ExportAsync([(OfKeyframe(1, sound, 1), "beach"), (OfKeyframe(2, overwritten, 2), "beach")]);

        GoldenDraft draft = (await rig.DrawAsync(card))!;

        Assert.Equal(sound.AssetId, Assert.Single(await rig.Drafts.ReadAsync(draft.Id, Token)).Asset);
        Assert.Equal(1, draft.LeftOut[UploadedPictures.TooLarge]);
    }

    /// <summary>One that somebody looked at lately stays, and so does a picture that another draft needs.</summary>
    [Fact]
    public async Task RemoveOld_TakesDraftsThatNobodyTouched_AndWhatAnInterruptedDrawingLeft()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        AssetSource upload = await rig.IngestAsync("a.jpg", TestImages.Save("jpegsave"));
        ExportCard card = await rig.ExportAsync([(OfPicture(1, upload), "beach")]);
        GoldenDraft old = (await rig.DrawAsync(card))!,
            others = (await rig.DrawAsync(card, suggest: true))!;
        string orphan = GoldenDraft.IdOf("interrupted/1", 1, 1, suggest: false);
        await rig.InterruptAsync(old.Id, orphan);
        rig.Time.Advance(TimeSpan.FromDays(30));
        await rig.ReviewAsync(others, others.Reviews.Keys.First(), GoldenReview.Accepted);
        DateTimeOffset before = rig.Time.GetUtcNow().AddDays(-10);

        int removed = await rig.Removal.RemoveOldAsync(before, Token);
        int again = await rig.Removal.RemoveOldAsync(before, Token);

        Assert.Equal((2, 0), (removed, again));
        Assert.Null(await rig.Drafts.FindAsync(old.Id, Token));
        Assert.NotNull(await rig.Drafts.FindAsync(others.Id, Token));
        Assert.Equal([$"golden/draft-items/{others.Id}.jsonl", $"golden/drafts/{others.Id}.json"], await rig.StoredAsync("golden/draft"));
        Assert.Single(await rig.StoredAsync("golden/media/"));
    }

    [Fact]
    public async Task Draw_TheSameAgain_IsTheSameDraft_WithWhatPeopleSaid()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        ExportCard card = await rig.ExportAsync([(OfText(1), "harbour")]);
        GoldenDraft draft = (await rig.DrawAsync(card))!;
        await rig.Drafts.ReviewAsync(draft.Id, draft.Reviews.Keys.Single(), GoldenReview.Rejected, label: null, "ana", Token);

        GoldenDraft again = (await rig.DrawAsync(card))!;

        Assert.Equal((draft.Id, 1), (again.Id, again.Count(GoldenReview.Rejected)));
    }

    [Fact]
    public async Task Draw_WithSuggestedLabels_TakesWhatWasAnswered_AndMarksIt()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        CaptureRecord unlabelled = OfText(2);
        await rig.Exports.CaptureAsync(unlabelled);
        ExportCard card = await rig.ExportAsync([(OfText(1), "beach")]);

        GoldenDraft reported = (await rig.DrawAsync(card))!;
        GoldenDraft suggested = (await rig.DrawAsync(card, suggest: true))!;

        Assert.Single(reported.Reviews);
        Assert.Equal(2, suggested.Reviews.Count);
        Assert.True(suggested.Reviews[unlabelled.PredictionId].Suggested);
        GoldenItem item = (await rig.Drafts.ReadAsync(suggested.Id, Token)).Single(one => one.Id == unlabelled.PredictionId);
        Assert.Equal(unlabelled.Output!.Label, item.Label);
    }

    [Fact]
    public async Task Finish_TakesWhatWasAccepted_WithTheLabelsThatPeopleGave()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        ExportCard card = await rig.ExportAsync([(OfText(1), "harbour"), (OfText(2), "harbour"), (OfText(3), "harbour")]);
        GoldenDraft draft = (await rig.DrawAsync(card))!;
        string[] ids = [.. draft.Reviews.Keys.Order(StringComparer.Ordinal)];
        await rig.ReviewAsync(draft, ids[0], GoldenReview.Accepted, "beach");
        await rig.ReviewAsync(draft, ids[1], GoldenReview.Rejected);

        GoldenException open = await Assert.ThrowsAsync<GoldenException>(async () => await rig.FinishAsync(draft.Id));
        await rig.ReviewAsync(draft, ids[2], GoldenReview.Accepted);
        IReadOnlyList<GoldenItem> items = await rig.FinishAsync(draft.Id);

        Assert.Equal("Nobody has looked at 1 of the 3 items; accept or reject each of them first.", open.Message);
        Assert.Equal([(ids[0], "beach"), (ids[2], "harbour")], items.Select(item => (item.Id, item.Label!)).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task Review_RefusesALabelThatCannotBeOne(string label)
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        GoldenDraft draft = (await rig.DrawAsync(await rig.ExportAsync([(OfText(1), "harbour")])))!;

        GoldenException refused = await Assert.ThrowsAsync<GoldenException>(() =>
            rig.ReviewAsync(draft, draft.Reviews.Keys.Single(), GoldenReview.Accepted, label)
        );

        Assert.Equal(GoldenFault.Invalid, refused.Fault);
    }

    /// <summary>One of two pictures is in a set already; another upload with the same bytes keeps what it needs.</summary>
    [Fact]
    public async Task AnErasedAsset_LeavesNoItemAndNoPicture_InDraftsAndSets()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        byte[] shared = TestImages.Save("jpegsave");
        AssetSource erased = await rig.IngestAsync("a.png", TestImages.Save("pngsave")),
            same = await rig.IngestAsync("b.jpg", shared),
            other = await rig.IngestAsync("c.jpg", shared);
        ExportCard card = await rig.ExportAsync([
            (OfPicture(1, erased), "beach"),
            (OfPicture(2, same), "beach"),
            (OfPicture(3, other), "beach"),
        ]);
        GoldenDraft draft = (await rig.DrawAsync(card))!;
        Dictionary<string, string> mediaOf = (await rig.Drafts.ReadAsync(draft.Id, Token)).ToDictionary(
            item => item.Asset!,
            item => item.Media!
        );
        foreach (string id in draft.Reviews.Keys)
        {
            await rig.ReviewAsync(draft, id, GoldenReview.Accepted);
        }
        ReadOnlyMemory<byte> lines = await rig.Drafts.FinishAsync((await rig.Drafts.FindAsync(draft.Id, Token))!, Token);
        GoldenScope scope = GoldenScope.OfModel("labels");
        GoldenSet set = await rig.Sets.StoreAsync(scope, GoldenLines.Read(lines, ModelTask.ImageClassification), Token);
        await rig.Sets.PointAsync("prod", scope, set, "ana", expectedTag: null, Token);

        await rig.Erasure.RemoveAsync(erased.AssetId, "ana", Token);
        await rig.Erasure.RemoveAsync(same.AssetId, "ana", Token);

        GoldenPointer left = (await rig.Sets.FindPointerAsync("prod", scope, Token))!;
        Assert.Contains(other.AssetId, (await rig.Sets.ReadAsync($"{scope}", left.Digest, Token)).ToString(), StringComparison.Ordinal);
        Assert.Equal(1, left.Items);
        Assert.Equal(other.AssetId, Assert.Single(await rig.Drafts.ReadAsync(draft.Id, Token)).Asset);
        Assert.Single((await rig.Drafts.FindAsync(draft.Id, Token))!.Reviews);
        Assert.Equal(shared, (await rig.Sets.ReadMediaAsync(mediaOf[other.AssetId], Token)).ToArray());
        GoldenException gone = await Assert.ThrowsAsync<GoldenException>(() => rig.Sets.ReadMediaAsync(mediaOf[erased.AssetId], Token));
        Assert.Equal(GoldenFault.Missing, gone.Fault);
    }

    [Fact]
    public async Task Draw_OfAnAssetThatIsErasedMeanwhile_KeepsNothingOfIt()
    {
        await using Rig rig = await Rig.OpenAsync(servers);
        AssetSource erased = await rig.IngestAsync("a.jpg", TestImages.Save("jpegsave"));
        ExportCard card = await rig.ExportAsync([(OfPicture(1, erased), "beach")]);
        rig.Erased.Add(erased.AssetId);

        Assert.Null(await rig.DrawAsync(card));
        Assert.Empty(await rig.StoredAsync("golden/"));
    }

    private static CaptureRecord OfPicture(int minute, AssetSource upload) =>
        ExportRig.Prediction(minute) with
        {
            Input = new InputSummary("image", 1, 9_000),
            Asset = upload.AssetId,
            AssetVersion = upload.VersionId,
            Source = CaptureRecord.Upload,
        };

    private static CaptureRecord OfKeyframe(int minute, AssetSource film, double? moment) =>
        OfPicture(minute, film) with
        {
            Input = new InputSummary("video", 1, 9_000, Moment: moment),
        };

    private static CaptureRecord OfText(int minute) =>
        ExportRig.Prediction(minute) with
        {
            Input = new InputSummary("text", 1, 20, "en", Payload: $"text {minute}"),
        };

    /// <summary>Exports, uploads and golden sets, each in a bucket of its own.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly AssetRig _assets;
        private readonly GoldenDrafting _drafting;

        private Rig(ExportRig exports, AssetRig assets)
        {
            (Exports, _assets) = (exports, assets);
            Sets = new GoldenSets(exports.Store, new RegistryOptions(), Images, Time);
            Drafts = new GoldenDrafts(Sets, Time);
            GoldenPictures pictures = new(Sets, Drafts);
            Erasure = new GoldenErasure(Sets, Drafts, pictures);
            Removal = new GoldenDraftRemoval(Drafts, pictures);
            _drafting = new GoldenDrafting(
                new GoldenDraw(exports.Exports, new ExportsOptions()),
                new UploadedPictures(assets.Get<AssetStores>(), assets.Get<Ledger>()),
                new UploadedKeyframes(assets.Get<AssetStores>(), assets.Get<Ledger>(), assets.Get<AnalysisWriter>()),
                Sets,
                Drafts,
                pictures,
                new ErasedItems(Erasure, _ => Task.FromResult<IReadOnlySet<string>>(Erased)),
                Time
            );
        }

        public ExportRig Exports { get; }

        public ImageReader Images { get; } = new(new ImageOptions());

        public GoldenSets Sets { get; }

        public GoldenDrafts Drafts { get; }

        public GoldenErasure Erasure { get; }

        public GoldenDraftRemoval Removal { get; }

        /// <summary>Begins now: objects have the times of their store.</summary>
        public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

        public HashSet<string> Erased { get; } = [];

        public static async Task<Rig> OpenAsync(SharedServers servers) =>
            new(await ExportRig.OpenAsync(servers), await AssetRig.OpenAsync(servers));

        public async Task<AssetSource> IngestAsync(string name, byte[] picture)
        {
            AssetSource source = await _assets.Bucket.UploadAsync(name, picture);
            await _assets.Get<DirectIngest>().IngestAsync(source, 1, Token);
            return source;
        }

        /// <summary>Of one shot, whose keyframe is as given.</summary>
        /// <param name="overwritten">What lies in its place since.</param>
        public async Task<AssetSource> IngestFilmAsync(string name, double moment, byte[] keyframe, byte[]? overwritten = null)
        {
            AssetSource source = await IngestAsync(name, keyframe);
            string path = AssetLayout.Artifact(source.AssetId, source.VersionId, "keyframe-00000.jpg");
            await WriteAsync(_assets.Bucket, path, overwritten ?? keyframe);
            ArtifactFile file = new(path, "image/jpeg", keyframe.Length);
            AnalysisWriter analyses = _assets.Get<AnalysisWriter>();
            AnalysisDocument picture = (await analyses.ReadDocumentAsync(source, Token))!;
            VideoFindings film = new()
            {
                Container = "mp4",
                DurationSeconds = 90,
                Width = 64,
                Height = 64,
                FrameRate = 25,
                VideoCodec = "h264",
                Shots = [new ShotFinding(0, 0, 90, new KeyframeFinding(moment, 1, file), [])],
                Captions = file,
            };
            await analyses.WriteDocumentAsync(picture with { Revision = picture.Revision + 1, Image = null, Video = film }, Token);
            return source;
        }

        /// <summary>As if the process had ended before the draft was written beside its items.</summary>
        public async Task InterruptAsync(string draft, string orphan) =>
            await WriteAsync(
                Exports.Store,
                $"golden/draft-items/{orphan}.jsonl",
                (await Exports.Store.ReadAsync($"golden/draft-items/{draft}.jsonl", 1 << 20, Token))!.Data.ToArray()
            );

        public async Task<ExportCard> ExportAsync((CaptureRecord Line, string Label)[] labelled)
        {
            await Exports.CaptureAsync([.. labelled.Select(one => one.Line)]);
            await Exports.CaptureAsync([.. labelled.Select(one => ExportRig.Feedback(one.Line, one.Label))]);
            return await Exports.ExportAsync(ExportRig.Plan);
        }

        public Task<GoldenDraft?> DrawAsync(ExportCard card, bool suggest = false) =>
            _drafting.DrawAsync(card, 10, seed: 0, suggest, "ana", Token);

        public Task<GoldenDraft> ReviewAsync(GoldenDraft draft, string item, GoldenReview review, string? label = null) =>
            Drafts.ReviewAsync(draft.Id, item, review, label, "ana", Token);

        public async Task<IReadOnlyList<GoldenItem>> FinishAsync(string id) =>
            GoldenLines.Read(await Drafts.FinishAsync((await Drafts.FindAsync(id, Token))!, Token), ModelTask.TextClassification).Items;

        public async Task<IReadOnlyList<string>> StoredAsync(string prefix)
        {
            List<string> paths = [];
            await foreach (StoredObject found in Exports.Store.ListAsync(prefix, Token))
            {
                paths.Add(found.Path);
            }
            return paths;
        }

        private static async Task WriteAsync(IObjectStore store, string path, byte[] content)
        {
            using MemoryStream body = new(content);
            await store.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", Token);
        }

        public async ValueTask DisposeAsync()
        {
            Exports.Dispose();
            await _assets.DisposeAsync();
        }
    }
}
