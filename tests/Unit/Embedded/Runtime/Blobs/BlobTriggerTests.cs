using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Blobs;

/// <summary>Against a real Azurite and its access log.</summary>
public sealed class BlobTriggerTests(SharedServers servers) : IAsyncLifetime
{
    private readonly Recorder _recorder = new();
    private readonly string _name = $"c{Guid.NewGuid():N}";
    private AzuriteServer _azurite = null!;
    private BlobContainerClient _container = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await servers.Azurite;
        _container = new BlobContainerClient(_azurite.ConnectionString, _name);
        await _container.CreateAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Blobs_ThatAreThereAtTheStart_AndThatCome_AreSeenOnce()
    {
        await UploadAsync("in/early.txt", "1");
        await UploadAsync("out/early.txt", "1");
        await using var app = await StartAsync(typeof(Texts));
        Assert.Equal("early txt = 1", await _recorder.NextAsync());

        await UploadAsync("in/late.md", "2");
        await UploadAsync("in/last.md", "3");

        Assert.Equal(["last md = 3", "late md = 2"], (await _recorder.NextAsync(2)).Order());
    }

    [Fact]
    public async Task Upload_ReachesTheFunction_WithinMilliseconds()
    {
        await using var app = await StartAsync(typeof(Texts));
        await UploadAsync("in/warm.txt", "1");
        await _recorder.NextAsync();

        var started = TimeProvider.System.GetTimestamp();
        await UploadAsync("in/timed.txt", "2");
        await _recorder.NextAsync();

        TestContext.Current.TestOutputHelper!.WriteLine($"begin of upload to function: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
    }

    [Fact]
    public async Task Overwriting_IsANewVersion_AndARestartIsNot()
    {
        var app = await StartAsync(typeof(Texts));
        await UploadAsync("in/a.txt", "1");
        Assert.Equal("a txt = 1", await _recorder.NextAsync());
        await UploadAsync("in/a.txt", "2");
        Assert.Equal("a txt = 2", await _recorder.NextAsync());
        await app.StopAsync();

        await using var again = await StartAsync(typeof(Texts), app.Directory);
        await UploadAsync("in/b.txt", "3");

        Assert.Equal("b txt = 3", await _recorder.NextAsync());
    }

    [Theory]
    [InlineData("in/spaces and %25 100%.txt")]
    [InlineData("in/emoji 😀 ü#?&+=.txt")]
    [InlineData("in/back\\slash.txt")]
    public async Task Names_OfAnyKind_AreSeen(string name)
    {
        await using var app = await StartAsync(typeof(Names));
        await UploadAsync(name, "1");

        Assert.Equal(name.Replace('\\', '/'), await _recorder.NextAsync());
    }

    [Fact]
    public async Task Name_Of900Characters_IsSeen()
    {
        var name = "in/" + new string('x', 897);
        await using var app = await StartAsync(typeof(Names));
        await UploadAsync(name, "1");

        Assert.Equal(name, await _recorder.NextAsync());
    }

    [Fact]
    public async Task BlockLists_AndCopies_AreSeenLikeUploads()
    {
        await using var app = await StartAsync(typeof(Names));
        var blocks = _container.GetBlockBlobClient("in/blocks");
        var id = Convert.ToBase64String("block-1"u8);
        await blocks.StageBlockAsync(id, new MemoryStream(new byte[10]));
        await blocks.CommitBlockListAsync([id]);
        Assert.Equal("in/blocks", await _recorder.NextAsync());

        await _container.GetBlobClient("in/copy").StartCopyFromUriAsync(blocks.Uri);

        Assert.Equal("in/copy", await _recorder.NextAsync());
    }

    [Fact]
    public async Task Failure_IsTriedFiveTimes_AndThenReported()
    {
        await using var app = await StartAsync(typeof(Fails));
        await UploadAsync("in/bad.txt", "1");

        Assert.Equal(["in/bad.txt 0", "in/bad.txt 1", "in/bad.txt 2", "in/bad.txt 3", "in/bad.txt 4"], await _recorder.NextAsync(5));
        var poison = await PoisonAsync("in/bad.txt");
        var etag = (await _container.GetBlobClient("in/bad.txt").GetPropertiesAsync()).Value.ETag.ToString("H");
        Assert.Equal(
            $$"""{"Type":"BlobTrigger","FunctionId":"Host.Functions.Fails","BlobType":"BlockBlob","ContainerName":"{{_name}}","BlobName":"in/bad.txt","ETag":{{JsonSerializer.Serialize(etag)}}}""",
            poison);
    }

    [Fact]
    public async Task Blob_DeletedBeforeItIsRead_EndsQuietly()
    {
        await using var app = await StartAsync(typeof(Deletes));
        await UploadAsync("in/gone.txt", "1");
        Assert.Equal("in/gone.txt", await _recorder.NextAsync());

        await UploadAsync("in/next.txt", "1");

        Assert.Equal("in/next.txt", await _recorder.NextAsync()); // and not the first again
    }

    [Fact]
    public async Task Work_ThatAStopCuts_IsDoneAtTheNextStart()
    {
        var app = await StartAsync(typeof(HangsOnce));
        HangsOnce.Hang = true;
        await UploadAsync("in/slow.txt", "1");
        Assert.Equal("0", await _recorder.NextAsync());
        await app.StopAsync();
        HangsOnce.Hang = false;

        await using var again = await StartAsync(typeof(HangsOnce), app.Directory);

        Assert.Equal("0", await _recorder.NextAsync());
    }

    [Fact]
    public async Task BlobsCanBeReadAndWritten_ByTheNamesOfTheEvent()
    {
        await UploadAsync("side/a.txt", "side");
        await using var app = await StartAsync(typeof(Joins));
        await UploadAsync("in/a.txt", "main");

        Assert.Equal("main+side", await _recorder.NextAsync());
    }

    private Task<TestApp> StartAsync(Type functions, string? directory = null) => TestApp.StartAsync(new TestAppSetup(functions)
    {
        Azurite = _azurite,
        Directory = directory,
        HostJson = """{ "extensions": { "blobs": { "firstRetryDelay": "00:00:00.001" } } }""",
        Settings = new() { ["Container"] = _name, ["Embedded:StopGrace"] = "00:00:00.05" },
        Configure = builder => builder.Services.AddSingleton(_recorder),
    });

    private Task UploadAsync(string name, string text) => _container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true);

    private async Task<string> PoisonAsync(string blob)
    {
        var queue = new QueueClient(_azurite.ConnectionString, "webjobs-blobtrigger-poison");
        string? found = null;
        await Recorder.UntilAsync(async () =>
        {
            if (await queue.ExistsAsync())
                found ??= (await queue.PeekMessagesAsync(32)).Value.Select(message => Encoding.UTF8.GetString(Convert.FromBase64String(message.MessageText)))
                    .FirstOrDefault(text => text.Contains(_name) && text.Contains(blob));
            return found is not null;
        });
        return found!;
    }

    public sealed class Texts(Recorder recorder)
    {
        [Function("Texts")]
        public void Run([BlobTrigger("%Container%/in/{name}.{extension}")] string text, string name, string extension) =>
            recorder.Add($"{name} {extension} = {text}");
    }

    public sealed class Names(Recorder recorder)
    {
        [Function("Names")]
        public void Run([BlobTrigger("%Container%/{name}")] BlobClient blob, string blobTrigger, string name)
        {
            Assert.Equal(blob.Name.Replace('\\', '/'), name);
            recorder.Add(blobTrigger[(blobTrigger.IndexOf('/') + 1)..]);
        }
    }

    public sealed class Fails(Recorder recorder)
    {
        [Function("Fails")]
        public Task Run([BlobTrigger("%Container%/{name}")] Stream content, string name, FunctionContext context)
        {
            recorder.Add($"{name} {context.RetryContext.RetryCount}");
            throw new InvalidOperationException("no good");
        }
    }

    public sealed class Deletes(Recorder recorder)
    {
        [Function("Deletes")]
        public async Task Run([BlobTrigger("%Container%/{name}")] BlobClient blob)
        {
            recorder.Add(blob.Name);
            await blob.DeleteAsync();
            await blob.DownloadContentAsync();
        }
    }

    public sealed class HangsOnce(Recorder recorder)
    {
        public static bool Hang { get; set; }

        [Function("HangsOnce")]
        public Task Run([BlobTrigger("%Container%/{name}")] byte[] content, FunctionContext context)
        {
            recorder.Add($"{context.RetryContext.RetryCount}");
            return Hang ? Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken) : Task.CompletedTask;
        }
    }

    public sealed class Joins(Recorder recorder)
    {
        [Function("Joins")]
        [BlobOutput("%Container%/out/{name}")]
        public string Join([BlobTrigger("%Container%/in/{name}")] string main, [BlobInput("%Container%/side/{name}")] string side) => $"{main}+{side}";

        [Function("Out")]
        public void Out([BlobTrigger("%Container%/out/{*}")] BinaryData data) => recorder.Add(data.ToString());
    }
}
