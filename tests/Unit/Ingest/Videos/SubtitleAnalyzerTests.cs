using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Media.Video;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Ingest.Videos;

public sealed class SubtitleAnalyzerTests(SharedServers servers, TestVideos films) : IClassFixture<TestVideos>
{
    private const string Words =
        "1\n00:00:00,500 --> 00:00:02,000\nThe harbour of Port Alder was closed.\n\n"
        + "2\n00:00:04,000 --> 00:00:05,000\nMaria Lopez said so on Friday.\n\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilmWithTrack()
    {
        string words = films.Write("words.srt", Encoding.UTF8.GetBytes(Words));
        string[] streams = ["-i", films.Cuts, "-i", words, "-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", "mov_text"];
        return films.Make("spoken.mp4", [.. streams, "-metadata:s:s:0", "language=eng"]);
    }

    private static async Task<AnalysisDocument> AnalyseAsync(AssetRig rig, string file, string name, int revision = 1)
    {
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        AssetSource source = await rig.Bucket.UploadAsync(name, bytes);
        AnalysisRequest request = new(source, MediaKind.Video, "video/mp4", bytes.Length, 1, DateTimeOffset.UnixEpoch, 1, revision);
        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, new JobClaim(name, 1), TimeSpan.Zero, Token);
        Assert.True(outcome.Status == AnalysisStatus.Analysed, $"{outcome}");
        return (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;
    }

    private static async Task<List<VectorEntry>> EntriesAsync(AssetRig rig, AnalysisDocument document)
    {
        List<VectorEntry> entries = [];
        foreach (EmbeddingFile file in document.Embeddings)
        {
            VectorSpace space = new(file.Space, file.Dimensions);
            entries.AddRange((await AnalysisWriter.ReadVectorsAsync(rig.Bucket, file.Path, space, Token)).Entries);
        }
        return entries;
    }

    [Fact]
    public async Task AnalyseAsync_ReadsTheTrackAndTheFilesBesideTheFilm()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        await rig.Bucket.UploadAsync("news/film.de.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nDer Hafen ist zu.\n");
        await rig.Bucket.UploadAsync("news/film.mp4.srt", "1\n00:00:01,000 --> 09:00:00,000\nClosed.\n");
        await rig.Bucket.UploadAsync("news/film.trailer.srt", Words);
        await rig.Bucket.UploadAsync("news/film2.srt", Words);

        AnalysisDocument document = await AnalyseAsync(rig, FilmWithTrack(), "news/film.mp4");

        IReadOnlyList<SubtitleFinding> subtitles = document.Video!.Subtitles;
        Assert.Equal(
            [("track", "en", 2), ("sidecar", "de", 1), ("sidecar", null, 1)],
            subtitles.Select(found => (found.Source, found.Language, found.Cues))
        );
        Assert.Equal(["media/news/film.de.vtt", "media/news/film.mp4.srt"], subtitles.Skip(1).Select(found => found.Sidecar!.Key));
        Assert.Equal(6, subtitles[2].Passages.Single().EndSeconds);
        Assert.Empty(document.Video.Warnings);
        string vtt = Encoding.UTF8.GetString((await rig.Bucket.ReadAsync(subtitles[0].File!.Path, 1 << 20, Token))!.Data);
        Assert.StartsWith("WEBVTT\n\n1\n00:00:00.500 --> 00:00:02.000\nThe harbour of Port Alder was closed.\n", vtt);
        List<VectorEntry> entries = await EntriesAsync(rig, document);
        VectorEntry spoken = entries.Single(entry => entry.Text.StartsWith("The harbour", StringComparison.Ordinal));
        Assert.Equal(("video", "t=0.5,5"), (spoken.Kind, spoken.Place));
        Assert.DoesNotContain(entries, entry => entry.Kind != "video");
    }

    [Fact]
    public async Task Words_OfAFilm_AreItsSubtitlesWhereTheyAreShown_ItsLabelsAndItsName()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await rig.Bucket.UploadAsync("news/evening_news.de.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nDer Hafen ist zu.\n");
        AnalysisDocument document = await AnalyseAsync(rig, FilmWithTrack(), "news/evening_news.mp4");

        AssetWords words = (await rig.Get<AnalysedWords>().ReadAsync(document.Source, DateTimeOffset.UnixEpoch, Token))!;

        Assert.Equal("en", words.Language);
        WordPlace english = words.Places.Single(place => place is { Source: WordSource.Caption, Language: "en" });
        Assert.Equal(("t=0.5,5", "The harbour of Port Alder was closed. Maria Lopez said so on Friday."), (english.Place, english.Text));
        WordPlace german = words.Places.Single(place => place is { Source: WordSource.Caption, Language: "de" });
        Assert.Equal(("t=1,3", "Der Hafen ist zu."), (german.Place, german.Text));
        WordPlace whole = words.Places.Single(place => place.Source == WordSource.Metadata);
        Assert.Equal(("evening news", document.Video!.Shots[0].Keyframe.Image.Path), (whole.Text, whole.Picture));
        Assert.Equal(document.Video.Shots.Last(shot => shot.StartSeconds <= 1).Keyframe.Image.Path, german.Picture);
        Assert.Equal(document.Video.Shots.Count, words.Places.Count(place => place.Source == WordSource.Label));
    }

    [Theory]
    [InlineData(new byte[] { 0x31, 0x0A, 0, 0, 0, 0xFF })]
    [InlineData(new byte[] { 0x63, 0x61, 0x66, 0xE9 })]
    public async Task AnalyseAsync_OfAFileThatCannotBeRead_Warns(byte[] content)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        await rig.Bucket.UploadAsync("film.srt", content);

        AnalysisDocument document = await AnalyseAsync(rig, films.Cuts, "film.mp4");

        Assert.Equal(0, Assert.Single(document.Video!.Subtitles).Cues);
        Assert.StartsWith("The file media/film.srt was not read: ", Assert.Single(document.Video.Warnings));
    }

    [Fact]
    public async Task AnalyseAsync_KeepsSilencesOutOfPassages()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        string slides = films.Slides("mp4");
        await rig.Bucket.UploadAsync(
            "slides.srt",
            "1\n00:00:01,000 --> 00:00:03,000\nThe first.\n\n2\n00:00:04,000 --> 00:00:05,000\nThe second.\n\n"
                + "3\n00:00:50,000 --> 00:00:51,000\nThe third.\n"
        );

        AnalysisDocument document = await AnalyseAsync(rig, slides, "slides.mp4");

        Assert.Equal(
            [(1.0, 5.0), (50.0, 51.0)],
            document.Video!.Subtitles.Single().Passages.Select(passage => (passage.StartSeconds, passage.EndSeconds))
        );
    }

    [Theory]
    [InlineData("media/a/film.srt", true)]
    [InlineData("media/a/film.en.vtt", true)]
    [InlineData("media/a/film.mp4.pt-BR.sdh.srt", true)]
    [InlineData("media/a/film.trailer.srt", false)]
    [InlineData("media/a/filmer.srt", false)]
    [InlineData("media/a/film.txt", false)]
    public async Task Sidecars_AreNamedLikeTheirFilm(string path, bool isSidecar)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource film = await rig.Bucket.UploadAsync("a/film.mp4", [1]);
        AssetSource other = await rig.Bucket.UploadAsync(path["media/".Length..], [1]);

        IReadOnlyList<Sidecar> found = await rig.Get<Sidecars>().FindAsync(film, Token);
        IReadOnlyList<AssetSource> neighbours = await rig.Get<Sidecars>().FindNeighboursAsync(other, Token);

        Assert.Equal(isSidecar ? [path] : [], found.Select(sidecar => sidecar.Path));
        Assert.Equal(isSidecar ? [film] : [], neighbours);
    }

    [Fact]
    public async Task SidecarRevision_FindsTheFilmWhoseSubtitlesCameLater()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisDocument film = await AnalyseAsync(rig, films.Cuts, "film.mp4");
        AssetSource source = film.Source;
        Admission admitted = await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token);
        AnalysisOutcome analysed = new(AnalysisStatus.Analysed);
        await rig.Get<AssetSettlement>().SettleAsync(source, analysed, admitted.Attempts, Token);
        SidecarRevision sidecars = rig.Get<SidecarRevision>();
        IReadOnlyList<RevisionInput> before = await sidecars.FindStaleAsync(source, kind: null, Token);

        AssetSource later = await rig.Bucket.UploadAsync("film.srt", Words);
        RevisionInput stale = Assert.Single(await sidecars.FindStaleAsync(later, kind: null, Token));
        AnalysisDocument revised = await AnalyseAsync(rig, films.Cuts, "film.mp4", revision: 2);

        Assert.Empty(before);
        Assert.Equal(source, stale.Source);
        Assert.Equal((2, 2), (revised.Revision, revised.Video!.Subtitles.Single().Cues));
        Assert.Empty(await sidecars.FindStaleAsync(later, kind: null, Token));
        Assert.Empty(await sidecars.FindStaleAsync(source, kind: null, Token));
    }

    [Fact]
    public async Task SidecarRevision_FindsTheFilmWhoseSubtitlesAreGone_AndComeAgain()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource file = await rig.Bucket.UploadAsync("film.srt", Words);
        AnalysisDocument film = await AnalyseAsync(rig, films.Cuts, "film.mp4");
        Admission admitted = await rig.Get<AssetAdmission>().AdmitAsync(film.Source, 1, Token);
        await rig.Get<AssetSettlement>().SettleAsync(film.Source, new(AnalysisStatus.Analysed), admitted.Attempts, Token);
        SidecarRevision sidecars = rig.Get<SidecarRevision>();
        SubtitleFinding read = film.Video!.Subtitles.Single();

        await rig.Bucket.DeleteAsync("media/film.srt", Token);
        RevisionInput gone = Assert.Single(await sidecars.FindLeftAsync(file, Token));
        AnalysisDocument without = await AnalyseAsync(rig, films.Cuts, "film.mp4", revision: 2);
        await rig.Bucket.UploadAsync("film.srt", Words);
        RevisionInput again = Assert.Single(await sidecars.FindStaleAsync(file, kind: null, Token));
        await AnalyseAsync(rig, films.Cuts, "film.mp4", revision: 3);
        await rig.Bucket.DeleteAsync("media/film.srt", Token);
        RevisionInput goneAgain = Assert.Single(await sidecars.FindLeftAsync(file, Token));

        Assert.Equal(3, new[] { gone, again, goneAgain }.Select(input => input.Target).Distinct().Count());
        Assert.Empty(without.Video!.Subtitles);
        Assert.Empty(await sidecars.FindLeftAsync(film.Source, Token));
        Assert.NotNull(await rig.Bucket.FindAsync(read.File!.Path, Token));
        await AnalyseAsync(rig, films.Cuts, "film.mp4", revision: 4);
        Assert.Null(await rig.Bucket.FindAsync(read.File.Path, Token));
        Assert.Null(await rig.Bucket.FindAsync(read.PassageTexts!.Path, Token));
    }

    /// <summary>A model of texts alone looks at a film for its words: promoted, it is to read those again.</summary>
    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Reanalysis_ByAModelOfTexts_SelectsTheFilmsThatHaveWords(bool hasWords)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AnalysisDocument film = await AnalyseAsync(rig, hasWords ? FilmWithTrack() : films.Cuts, "film.mp4");
        Admission admitted = await rig.Get<AssetAdmission>().AdmitAsync(film.Source, 1, Token);
        await rig.Get<AssetSettlement>().SettleAsync(film.Source, new(AnalysisStatus.Analysed), admitted.Attempts, Token);
        string model = RigModels.NameOf("entities");
        ModelUse[] uses = [.. film.Models.Select(use => use.Name == model ? use with { Version = "0" } : use)];
        await rig.Get<AnalysisWriter>().WriteDocumentAsync(film with { Models = uses, Revision = 2 }, Token);
        RevisionSelection selection = ActivatorUtilities.CreateInstance<RevisionSelection>(rig.Services);

        ReanalysisPage page = await selection.SelectAsync(new ReanalysisRequest(model, 1), null, Token);

        Assert.Equal(hasWords ? [film.Source] : [], page.Assets);
    }
}
