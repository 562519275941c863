using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Media;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Each bad upload, through both front doors: processed, or quarantined with what was found and what is allowed.</summary>
public sealed class BadInputTests(SharedStack shared)
{
    private static readonly string Canary = Path.Combine(Path.GetTempPath(), "serverless-canary.txt");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Refused() =>
        new()
        {
            { "empty.txt", "empty" },
            { "truncated.jpg", "truncat|damaged|premature|end of" },
            { "truncated.png", "truncat|damaged|premature|end of|IDAT|read" },
            { "truncated.mp4", "moov|truncat|damaged" },
            { "bomb.png", "50[,.']?000" },
            { "frames.gif", "frames" },
            { "lying-moov.mp4", "video stream|moov|damaged|truncat" },
            { "playlist.mp4", "playlist" },
            { "concat.mkv", "concat" },
            { "picture.svg", "SVG" },
            { "archive.zip", "ZIP" },
            { "binary.txt", "allowed" },
            { "invalid-utf8.txt", "UTF-8" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Upload_Bad_IsQuarantinedWithReason(string name, string reason)
    {
        byte[] content = Make(name);

        foreach (IObjectStore store in shared.Client.Stores)
        {
            AssetSource source = await PipelineClient.UploadAsync(store, $"bad/{name}", content, Cancellation);
            LedgerEntry entry = await Settled.ResultAsync(shared.Client, source, Cancellation);

            Assert.Equal(AssetState.Quarantined, entry.State);
            Assert.Matches(new Regex(reason, RegexOptions.IgnoreCase), entry.Failure!.Message);
            Assert.DoesNotContain(Canary, entry.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Upload_WrongExtension_IsReadByContent()
    {
        byte[] jpeg = await File.ReadAllBytesAsync(Sample("*.jpg"), Cancellation);

        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "bad/really-a-picture.txt", jpeg, Cancellation);
        AnalysisDocument analysis = await Settled.AnalysisAsync(shared.Client, source, Cancellation);

        Assert.Equal(MediaKind.Image, analysis.Kind);
        Assert.Equal("image/jpeg", analysis.MediaType);
    }

    [Fact]
    public async Task Upload_TextOf200MB_IsRefusedByItsSize()
    {
        using Stream text = new RepeatedText(200L << 20);

        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "bad/huge.txt", text, Cancellation);
        LedgerEntry entry = await Settled.ResultAsync(shared.Client, source, Cancellation);

        Assert.Equal(AssetState.Quarantined, entry.State);
        Assert.Equal(FailureKind.TooLarge, entry.Failure!.Kind);
    }

    public static TheoryData<string> OddNames() =>
        new(
            "odd/spaces and  more.txt",
            "odd/100%25 sure%2F.txt",
            "odd/émoji 🦊🚀.txt",
            "odd/..hidden/..txt",
            "odd/plus+and&amp;#.txt",
            "odd/" + string.Join('/', Enumerable.Repeat(new string('k', 99), 9))
        );

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Upload_OddKey_IsAnalysedUnderThatKey(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes("A short note about paper, ink and the shelf they lie on.");

        foreach (IObjectStore store in shared.Client.Stores)
        {
            AssetSource source = await PipelineClient.UploadAsync(store, name, text, Cancellation);
            AnalysisDocument analysis = await Settled.AnalysisAsync(shared.Client, source, Cancellation);

            Assert.Equal(source, analysis.Source);
        }
    }

    /// <summary>
    /// Amazon S3 takes keys that no request of ours can name, and keys that no XML can hold: each is refused, neither counts nor reconcile
    /// stumble over it, and it can be erased.
    /// </summary>
    [Theory]
    [InlineData("media/odd/line\nbreak.txt")]
    [InlineData("media/odd/start\u0001of heading + 100%.txt")]
    public async Task Upload_KeyWithAControlCharacter_IsQuarantinedCountedAndErased(string key)
    {
        string bucket = shared.Stack.Options.Bucket;
        _ = shared.Client; // knows the server's keys
        using AmazonS3Client anyone = new(new AmazonS3Config { ServiceURL = $"{shared.Stack.S3Address}", ForcePathStyle = true });
        PutObjectRequest note = new()
        {
            BucketName = bucket,
            Key = key,
            ContentBody = "A note.",
        };
        AssetSource source = new("s3", bucket, key, (await anyone.PutObjectAsync(note, Cancellation)).ETag.Trim('"'));

        LedgerEntry entry = await Settled.ResultAsync(shared.Client, source, Cancellation);
        IReadOnlyList<ReconcileSeen> reports = await shared.Client.ReconcileAsync(since: null, Cancellation);
        SummaryAnswer summary = await shared.Client.FetchSummaryAsync(Cancellation);
        using HttpRequestMessage erase = new(HttpMethod.Delete, $"assets/{source.AssetId}") { Headers = { { "X-Requested-By", "tests" } } };
        using HttpResponseMessage erased = await shared.Client.Http.SendAsync(erase, Cancellation);

        Assert.Equal(AssetState.Quarantined, entry.State);
        Assert.Contains("control characters", entry.Failure!.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, summary.Total.Quarantined);
        Assert.Contains(reports, report => report is { Store: "s3", Failed: 0 });
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
    }

    /// <summary>
    /// Azure takes names that clients do not all ask for alike: each is settled by its event, long before the reconcile.
    /// </summary>
    [Theory]
    [InlineData("odd/ends with a dot.", "must not end in '.'")]
    [InlineData("odd/line\nbreak.txt", "control characters")]
    [InlineData("odd/delete\u007fcharacter.txt", "control characters")]
    public async Task Upload_NameThatAzureOnlyLists_IsQuarantinedByItsEvent(string name, string fault)
    {
        BlobContainerClient container = new(shared.Stack.AzureConnectionString, "media");
        Azure.ETag tag = (await container.UploadBlobAsync(name, BinaryData.FromString("A note."), Cancellation)).Value.ETag;
        AssetSource source = new("azure", "media", name, tag.ToString("H").Trim('"'));

        LedgerEntry entry = await Settled.ResultAsync(shared.Client, source, TimeSpan.FromSeconds(30), Cancellation);
        await shared.Client.ReconcileAsync(Cancellation);

        Assert.Equal(AssetState.Quarantined, entry.State);
        Assert.Contains(fault, entry.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains((await shared.Client.FetchAssetsAsync("state=quarantined&limit=200", Cancellation)).Items, item =>
            item.Key == name && item.Failure!.Message == entry.Failure.Message
        );
    }

    [Theory]
    [InlineData("odd/start\u0001of heading.txt")]
    [InlineData("odd/no\uffffcharacter.txt")]
    public async Task Upload_NameThatAzuriteCannotList_IsRefused(string name)
    {
        BlobContainerClient container = new(shared.Stack.AzureConnectionString, "media");

        var refused = await Assert.ThrowsAsync<Azure.RequestFailedException>(() =>
            container.UploadBlobAsync(name, BinaryData.FromString("A note."), Cancellation)
        );

        Assert.Equal((400, "InvalidUri"), (refused.Status, refused.ErrorCode));
        List<BlobItem> listed = await container.GetBlobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.DoesNotContain(listed, blob => blob.Name == name);
    }

    [Fact]
    public async Task Upload_DeletedAtOnce_IsNotMissing()
    {
        byte[] text = Encoding.UTF8.GetBytes("Here now, gone in a moment.");

        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "gone.txt", text, Cancellation);
        Assert.True(await shared.Client.Azure.DeleteAsync("media/gone.txt", Cancellation));
        await shared.Client.ReconcileAsync(Cancellation);

        // A run may or may not have met it; whichever, nothing may wait for it.
        LedgerEntry? entry = await Settled.EntryAsync(shared.Client, source, Cancellation);
        if (entry is not null)
        {
            await Settled.ResultAsync(shared.Client, source, Cancellation);
        }
        await Eventually.HoldsAsync(
            async () =>
                await shared.Client.FetchAssetsAsync("state=processing&limit=200", Cancellation) is { } page
                && page.Items.All(item => item.Key != source.Key)
                    ? page
                    : null,
            "an end of the deleted upload's processing",
            TimeSpan.FromSeconds(60),
            Cancellation
        );
    }

    [Fact]
    public async Task Upload_OverwrittenAtOnce_EndsWithTheNewVersion()
    {
        await PipelineClient.UploadAsync(shared.Client.Azure, "twice.txt", Encoding.UTF8.GetBytes("The first words."), Cancellation);

        AssetSource second = await PipelineClient.UploadAsync(
            shared.Client.Azure,
            "twice.txt",
            Encoding.UTF8.GetBytes("The second, longer words."),
            Cancellation
        );
        AnalysisDocument analysis = await Settled.AnalysisAsync(shared.Client, second, Cancellation);

        Assert.Equal(second.Version, analysis.Source.Version);
        Assert.Equal(25, analysis.Text!.Characters);
    }

    private static byte[] Make(string name) =>
        name switch
        {
            "empty.txt" => [],
            "truncated.jpg" => BadFiles.Truncated(Sample("*.jpg"), 0.4),
            "truncated.png" => BadFiles.Truncated(Sample("*.png"), 0.5),
            "truncated.mp4" => BadFiles.Truncated(Sample("*.mp4"), 0.5),
            "bomb.png" => BadFiles.PngBomb(50_000),
            "frames.gif" => BadFiles.AnimatedGif(10_000),
            "lying-moov.mp4" => BadFiles.LyingMoov(),
            "playlist.mp4" => BadFiles.Playlist(Canary),
            "concat.mkv" => BadFiles.ConcatScript(Canary),
            "picture.svg" => BadFiles.Svg(),
            "archive.zip" => BadFiles.Zip(),
            "binary.txt" => RandomBytes(5000),
            "invalid-utf8.txt" => [.. Encoding.UTF8.GetBytes(new string('a', 9000)), 0xC3, 0x28, .. "more"u8],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such bad file."),
        };

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(20261121).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The largest sample of a type, so that half of it is surely broken.</summary>
    private static string Sample(string pattern) =>
        new DirectoryInfo(Checkout.SamplesMedia).GetFiles(pattern, SearchOption.AllDirectories).MaxBy(file => file.Length)!.FullName;
}
