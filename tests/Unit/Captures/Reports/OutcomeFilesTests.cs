using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Captures;
using Serverless.Captures.Reports;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Captures.Reports;

public sealed class OutcomeFilesTests(SharedServers servers)
{
    private const string Name = "feedback/inbox/monday.jsonl";
    private static readonly string[] Environments = ["prod"];

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFile_IsTaken_WithItsBadLinesNamed_AndRemoved()
    {
        (IObjectStore store, OutcomeFiles files) = await OpenAsync();
        string id = IdOf("news", 2);
        await PutAsync(
            store,
            $$"""
            {"predictionId":"{{id}}","label":"sport"}

            {"predictionId":"{{id}}"}
            {"predictionId":"made up","label":"sport"}
            {"predictionId":"{{IdOf("news", 2)}}","value":"high"}
            {"predictionId":"{{IdOf("desk", 1)}}","value":0.5}
            """
        );

        OutcomeFileResult result = Assert.Single(await files.TakeAsync(Environments, Token));

        Assert.Equal(("monday.jsonl", 2, 3), (result.Name, result.Taken, result.Rejected));
        Assert.Equal([3, 4, 5], result.Faults.Select(fault => fault.Line));
        Assert.Contains("neither value nor label", result.Faults[0].Fault);
        Assert.Contains("predictionId is 'made up'", result.Faults[1].Fault);
        CaptureRecord captured = Assert.Single(await ReadAsync(store, "news", 2));
        Assert.Equal((id, "sport", result.Received), (captured.PredictionId, captured.Feedback!.Label, captured.Time));
        Assert.Equal(0.5, Assert.Single(await ReadAsync(store, "desk", 1)).Feedback!.Value);
        Assert.Null(await store.FindAsync(Name, Token));
        Assert.Equal(result.Rejected, Assert.Single((await files.ListAsync(10, Token)).Items).Rejected);
        Assert.Empty(await files.TakeAsync(Environments, Token));
    }

    /// <summary>As after a process that died between the captures and the removal.</summary>
    [Fact]
    public async Task TheSameFileAgain_LeavesOneTrace()
    {
        (IObjectStore store, OutcomeFiles files) = await OpenAsync();
        string line = $$"""{"predictionId":"{{IdOf("news", 2)}}","label":"sport"}""";
        StoredObject first = await PutAsync(store, line);
        IObjectStore undying = new UndeletingStore(store);

        await new OutcomeFiles(undying, IntakeOf(store), _time).TakeAsync(Environments, Token);
        await files.TakeAsync(Environments, Token);

        Assert.Single(await ReadAsync(store, "news", 2));
        Assert.Single((await files.ListAsync(10, Token)).Items);
        Assert.Equal(Name, first.Path);
    }

    [Fact]
    public async Task ALineThatIsTooLong_IsNamed_AndSpoilsNoOther()
    {
        (IObjectStore store, OutcomeFiles files) = await OpenAsync();
        string good = $$"""{"predictionId":"{{IdOf("news", 2)}}","label":"sport"}""";
        await PutAsync(store, $"{good}\n{new string('x', 300_000)}\n{good.Replace("sport", "weather", StringComparison.Ordinal)}");

        OutcomeFileResult result = Assert.Single(await files.TakeAsync(Environments, Token));

        Assert.Equal((2, 1), (result.Taken, result.Rejected));
        OutcomeFault fault = Assert.Single(result.Faults);
        Assert.Equal((2, "The line has more than 16,384 bytes."), (fault.Line, fault.Fault));
    }

    [Fact]
    public async Task MoreLinesThanAllowed_AreLeftOut_AndSaid()
    {
        (IObjectStore store, OutcomeFiles files) = await OpenAsync();
        await PutAsync(store, new string('\n', OutcomeFile.MaxLines) + "{}\n{}\n");

        OutcomeFileResult result = Assert.Single(await files.TakeAsync(Environments, Token));

        OutcomeFault fault = Assert.Single(result.Faults);
        Assert.Equal(OutcomeFile.MaxLines + 1, fault.Line);
        Assert.Contains("more than 500,000 lines", fault.Fault);
    }

    [Fact]
    public async Task AFileThatIsTooLarge_IsRefusedWhole()
    {
        (IObjectStore store, OutcomeFiles files) = await OpenAsync();
        await PutAsync(store, new string('\n', (int)OutcomeFiles.MaxBytes + 1));

        OutcomeFileResult result = Assert.Single(await files.TakeAsync(Environments, Token));

        OutcomeFault fault = Assert.Single(result.Faults);
        Assert.Equal((0, 0), (result.Taken, fault.Line));
        Assert.Contains("67,108,865 bytes; allowed are 67,108,864", fault.Fault);
    }

    private string IdOf(string model, int version) => PredictionId.Create(model, version, "prod", "stable", _time.GetUtcNow()).ToString();

    private async Task<(IObjectStore Store, OutcomeFiles Files)> OpenAsync()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        return (store, new OutcomeFiles(store, IntakeOf(store), _time));
    }

    private OutcomeIntake IntakeOf(IObjectStore store) =>
        new(new PredictionSeals(store, _time, NullLogger<PredictionSeals>.Instance), _time);

    private static async Task<StoredObject> PutAsync(IObjectStore store, string lines)
    {
        using MemoryStream body = new(Encoding.UTF8.GetBytes(lines));
        return await store.WriteAsync(Name, body, WriteCondition.Always, "application/jsonl", Token);
    }

    private async Task<IReadOnlyList<CaptureRecord>> ReadAsync(IObjectStore store, string model, int version)
    {
        CaptureReader reader = new(store, NullLogger<CaptureReader>.Instance);
        DateTimeOffset now = _time.GetUtcNow();
        return await reader.ReadAsync(model, version, now.AddHours(-2), now.AddHours(2), Token).ToListAsync(Token);
    }

    private sealed class UndeletingStore(IObjectStore store) : IObjectStore
    {
        public string Name => store.Name;

        public Uri Origin => store.Origin;

        public (string Container, string Key) Locate(string path) => store.Locate(path);

        public string PathOf(string container, string key) => store.PathOf(container, key);

        public IObjectStore In(string container) => store.In(container) is var other && other != store ? other : this;

        public Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken) =>
            store.HasContainerAsync(container, cancellationToken);

        public Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken) => store.FindAsync(path, cancellationToken);

        public Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken) =>
            store.OpenAsync(path, version, offset, cancellationToken);

        public Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken) =>
            store.ReadAsync(path, maxBytes, cancellationToken);

        public Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
            store.ReadHeadAsync(path, maxBytes, cancellationToken);

        public Task<StoredObject> WriteAsync(
            string path,
            Stream content,
            WriteCondition condition,
            string contentType,
            CancellationToken cancellationToken
        ) => store.WriteAsync(path, content, condition, contentType, cancellationToken);

        public Task<UploadAddress> CreateUploadAddressAsync(
            string path,
            IReadOnlyDictionary<string, string> given,
            DateTimeOffset expires,
            CancellationToken cancellationToken
        ) => store.CreateUploadAddressAsync(path, given, expires, cancellationToken);

        public Task<IReadOnlyList<UploadedPart>> ListUploadedPartsAsync(string path, CancellationToken cancellationToken) =>
            store.ListUploadedPartsAsync(path, cancellationToken);

        public Task<Uri> CreateDownloadAddressAsync(string path, DateTimeOffset expires, CancellationToken cancellationToken) =>
            store.CreateDownloadAddressAsync(path, expires, cancellationToken);

        public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken) =>
            store.FindRemainsAsync(path, cancellationToken);

        public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
            store.ListAsync(prefix, cancellationToken);

        public Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken) =>
            store.ListPageAsync(prefix, after, maxObjects, cancellationToken);
    }
}
