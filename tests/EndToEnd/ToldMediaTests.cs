using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Storage;
using Serverless.Unit.Media.Metadata;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What films and photographs say of themselves, through the front door.</summary>
public sealed class ToldMediaTests(SharedStack shared)
{
    private const string Words =
        "1\n00:00:00,500 --> 00:00:02,000\nThe lighthouse keeper of Port Alder retires.\n\n"
        + "2\n00:00:02,000 --> 00:00:03,500\nMaria Lopez said so on Friday.\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("azure")]
    [InlineData("s3")]
    public async Task Film_IsFoundByItsTrack_AndByAFileThatComesLater_UntilThatGoes(string storeName)
    {
        IObjectStore store = shared.Client.Stores.Single(one => one.Name == storeName);
        AssetSource film = await PipelineClient.UploadAsync(store, "told/keeper.mp4", await FilmAsync(), Token);
        AnalysisDocument first = await Settled.AnalysisAsync(shared.Client, film, Token);
        byte[] german = Encoding.UTF8.GetBytes("WEBVTT\n\n00:00.500 --> 00:03.000\nDer Leuchtturmwärter geht.\n");
        AssetSource sidecar = await PipelineClient.UploadAsync(store, "told/keeper.de.vtt", german, Token);

        AnalysisDocument second = await RevisedAsync(film, after: 1);
        AnalysisDocument own = await Settled.AnalysisAsync(shared.Client, sidecar, Token);
        SearchAnswer found = await shared.Client.SearchAsync("The lighthouse keeper of Port Alder retires.", "video", 10, Token);

        Assert.Equal("en", Assert.Single(first.Video!.Subtitles).Language);
        Assert.Equal(["en", "de"], second.Video!.Subtitles.Select(one => one.Language!));
        Assert.Equal("The keeper", second.Metadata!.Title);
        Assert.Equal("text/vtt", own.MediaType);
        Assert.Contains(found.Hits, hit => hit.Key == film.Key && hit.Place == "t=0.5,3.5");
        SearchHit said = await HitByWordsAsync("Leuchtturmwärter", film);
        Assert.Equal(("t=0.5,3", "caption", "Der Leuchtturmwärter geht."), (said.Place, said.Modality, said.Snippet));
        SearchHit titled = await HitByWordsAsync("\"the keeper\"", film);
        Assert.Equal(("", "metadata"), (titled.Place, titled.Modality));

        await store.DeleteAsync("media/told/keeper.de.vtt", Token);
        AnalysisDocument third = await RevisedAsync(film, after: second.Revision);
        Assert.Equal(["en"], third.Video!.Subtitles.Select(one => one.Language!));
    }

    [Fact]
    public async Task Photograph_KeepsWhatItSays_AndWhatItsUploaderSays()
    {
        byte[] sample = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "washed-ashore.jpg"), Token);
        byte[] photo = ToldFiles.Jpeg(
            sample,
            ToldFiles.Exif([(0x013B, "M. Lopez")], [(0x9003, "2024:05:01 12:30:00")], (33, 151)),
            ToldFiles.Iptc((5, "Sunset"), (25, "bay")),
            ToldFiles.Xmp("photoshop:City='Port Alder'", "")
        );
        using ByteArrayContent content = new(photo);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        using HttpResponseMessage answer = await shared.Client.Http.PostAsync(
            $"/api/assets?name=told/ashore.jpg&meta.desk=foreign&meta.note={Uri.EscapeDataString("für morgen")}",
            content,
            Token
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        StoredObject stored = (await shared.Client.Azure.FindAsync("media/told/ashore.jpg", Token))!;
        AnalysisDocument analysis = await Settled.AnalysisAsync(shared.Client, AssetStores.SourceOf(shared.Client.Azure, stored), Token);

        Assert.Equal(("Sunset", "2024-05-01T12:30:00"), (analysis.Metadata!.Title, analysis.Metadata.Taken));
        Assert.Equal(
            ("Port Alder", -33.5, 151.5),
            (analysis.Metadata.Place!.City, analysis.Metadata.Place.Latitude, analysis.Metadata.Place.Longitude)
        );
        Assert.Equal(["bay"], analysis.Metadata.Keywords);
        Assert.Equal(("foreign", "für morgen"), (analysis.Given!["desk"], analysis.Given["note"]));
        SearchHit hit = await HitByWordsAsync("\"Port Alder\" morgen", AssetStores.SourceOf(shared.Client.Azure, stored));
        Assert.Equal(("", "image", "metadata"), (hit.Place, hit.Kind, hit.Modality));
        const string Chosen = "q=sunset&told=city:port+alder&told=city:elsewhere&told=taken:2024-05&meta.desk=Foreign";
        SearchAnswer chosen = await shared.Client.SearchAsync($"{Chosen}&facets=told,meta", Token);
        Assert.Equal([hit.Asset], chosen.Hits.Select(found => found.Asset));
        Assert.Contains(chosen.Facets["told"], count => count is { Value: "keyword:bay", Count: 1 });
        Assert.Contains(chosen.Facets["meta"], count => count is { Value: "desk:foreign", Count: 1 });
        Assert.Empty((await shared.Client.SearchAsync($"{Chosen}&told=keyword:harbour", Token)).Hits);
    }

    private Task<AnalysisDocument> RevisedAsync(AssetSource film, int after) =>
        Eventually.HoldsAsync(
            async () => await shared.Client.FindAnalysisAsync(film.AssetId, Token) is { } found && found.Revision > after ? found : null,
            $"a revision of {film.Key} after {after}",
            TimeSpan.FromSeconds(120),
            Token
        );

    /// <summary>Its words are searchable a moment after its analysis is there.</summary>
    private Task<SearchHit> HitByWordsAsync(string query, AssetSource source) =>
        Eventually.HoldsAsync(
            async () =>
                (await shared.Client.SearchAsync($"q={Uri.EscapeDataString(query)}&mode=words", Token)).Hits.FirstOrDefault(hit =>
                    hit.Asset == source.AssetId
                ),
            $"a hit of {query} in {source.Key}",
            TimeSpan.FromSeconds(60),
            Token
        );

    private static async Task<byte[]> FilmAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("told-");
        try
        {
            string words = Path.Combine(folder.FullName, "words.srt"),
                film = Path.Combine(folder.FullName, "film.mp4");
            await File.WriteAllTextAsync(words, Words, Token);
            string[] pictures = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=15:d=4", "-i", words];
            string[] codecs = ["-map", "0", "-map", "1", "-c:v", "mpeg4", "-c:s", "mov_text"];
            string[] told = ["-metadata", "title=The keeper", "-metadata:s:s:0", "language=eng", film];
            using Process process = Process.Start("ffmpeg", [.. pictures, .. codecs, .. told]);
            await process.WaitForExitAsync(Token);
            Assert.Equal(0, process.ExitCode);
            return await File.ReadAllBytesAsync(film, Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
